package provider

import (
	"context"
	"errors"
	"fmt"
	"maps"

	"preship/adb/handset"
	"preship/backup/query"
	"preship/report/message"
)

// textColumn reads one column of text.
type textColumn struct {
	asker *asker
	table *table
	name  string

	values map[string]string // by _id; empty if the handset does not have the column
	null   map[string]bool   // by _id: the rows whose value is missing
	lost   map[string]error  // by _id: the rows whose value the provider does not give
}

func (c *textColumn) read(ctx context.Context, ids []string, known map[string]error) error {
	g := &gatherer{asker: c.asker, table: c.table, columns: "_id:" + c.name, what: c.name}
	var doubtful []string
	g.take = func(out []byte, ids []string) error {
		values, more, err := query.ParseText(out, c.name, ids)
		if err != nil {
			return fmt.Errorf("%s: %w", c.table.uri, err)
		}
		maps.Copy(c.values, values)
		doubtful = append(doubtful, more...)
		return nil
	}
	err := g.gather(ctx, ids, known)
	if errors.Is(err, query.ErrNoColumn) {
		return nil
	}
	if err != nil {
		return err
	}
	c.lost = g.lost
	if err := c.oneByOne(ctx, doubtful); err != nil {
		return err
	}
	return c.missing(ctx)
}

// oneByOne asks for each value alone, because they cannot be separated in one answer.
func (c *textColumn) oneByOne(ctx context.Context, ids []string) error {
	if len(ids) > maxDoubtful {
		return message.Kind(message.Join(message.Colon, message.Say("error.refused"), message.Say("backup.rows.unseparated", "count", len(ids), "uri", c.table.uri)), query.ErrRefused)
	}
	for _, id := range ids {
		line, err := handset.ContentWhere.With(c.table.uri, "_id:"+c.name, "_id="+id)
		if err != nil {
			return err
		}
		a, err := c.asker.query(ctx, line, c.table.file, c.name+"."+id)
		if atOneRow(err) {
			c.lost[id] = err
			continue
		}
		if err != nil {
			return err
		}
		if c.values[id], err = query.ParseOnly(a.Stdout, c.name, id); err != nil {
			return err
		}
	}
	return nil
}

// missing finds the rows without a value among those whose value prints as NULL.
func (c *textColumn) missing(ctx context.Context) error {
	var doubt []string
	for id, v := range c.values {
		if v == query.Null {
			doubt = append(doubt, id)
		}
	}
	if len(doubt) == 0 {
		return nil
	}
	ids, err := c.nulls(ctx, c.name+" IS NULL", ".null")
	if err == nil {
		c.null = make(map[string]bool, len(ids))
		for _, id := range ids {
			c.null[id] = true
		}
		return nil
	}
	if !atOneRow(err) {
		return err
	}
	c.null = map[string]bool{}
	if len(doubt) > maxDoubtful {
		return err
	}
	for _, id := range doubt {
		ids, err := c.nulls(ctx, "_id="+id+" AND "+c.name+" IS NULL", ".null."+id)
		if atOneRow(err) {
			c.lost[id] = err
			delete(c.values, id)
			continue
		}
		if err != nil {
			return err
		}
		c.null[id] = len(ids) > 0
	}
	return nil
}

func (c *textColumn) nulls(ctx context.Context, condition, what string) ([]string, error) {
	line, err := handset.ContentWhere.With(c.table.uri, "_id", condition)
	if err != nil {
		return nil, err
	}
	a, err := c.asker.query(ctx, line, c.table.file, c.name+what)
	if err != nil {
		return nil, err
	}
	ids, err := query.ParseIDs(a)
	if err != nil {
		return nil, fmt.Errorf("%s: %s IS NULL: %w", c.table.uri, c.name, err)
	}
	return ids, nil
}
