package provider

import (
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"

	"golang.org/x/sync/errgroup"

	"preship/adb/handset"
	"preship/backup/formats"
	"preship/backup/query"
)

// table is one table of a provider and the columns to save. Columns that the handset does
// not have are left out. The names are those of AOSP's providers.
type table struct {
	file    string // items/FILE.jsonl
	what    group  // the sort of its rows
	uri     string
	numbers []string                 // columns of numbers, asked for together
	texts   []string                 // columns of text, asked for one by one: see [query.ParseText]
	name    func(formats.Row) string // names a row for its owner; may be nil
}

const (
	tableTries = 3
	// maxDoubtful bounds the number of rows asked for one by one.
	maxDoubtful = 500
	// noColumn is a column that no provider has.
	noColumn = "preship_no_such_column"
)

// rows reads a whole table, and reads it again if it changed meanwhile. Values that the
// provider does not give are missing in their rows, and entered in out.
func (a *asker) rows(ctx context.Context, t *table, out *outcome) (rows []formats.Row, err error) {
	var lost map[string]error
	for range tableTries {
		if rows, lost, err = a.rowsOnce(ctx, t); !errors.Is(err, query.ErrRows) {
			break
		}
	}
	if errors.Is(err, query.ErrRows) {
		return nil, fmt.Errorf("%w: %w", query.ErrRefused, err)
	}
	if err != nil {
		return nil, err
	}
	out.of(t.what, len(rows))
	for _, r := range rows {
		if why := lost[r.Text("_id")]; why != nil {
			out.miss(t.what, r.Text("_id"), t.named(r), why)
		}
	}
	data, err := t.lines(rows)
	if err == nil && (len(lost) > 0 || out.keeps()) {
		sum := sha256.Sum256(data)
		err = a.setAside(t.file+".jsonl", sum[:])
	}
	if err != nil {
		return nil, err
	}
	return rows, a.write(t.file+".jsonl", data)
}

// tableRows holds the rows of one of several tables, empty if it was refused.
type tableRows struct {
	rows    []formats.Row
	refused error
}

// tables reads several tables of one kind. A refused table is entered in out. The error is
// [query.ErrRefused] if all are refused.
func (a *asker) tables(ctx context.Context, out *outcome, tables ...*table) ([]tableRows, error) {
	all := make([]tableRows, len(tables))
	given := false
	for i, t := range tables {
		rows, err := a.rows(ctx, t, out)
		if query.Ending(err) != nil {
			return nil, fmt.Errorf("%s: %w", t.file, err)
		}
		all[i] = tableRows{rows, err}
		given = given || err == nil
	}
	if !given {
		return nil, fmt.Errorf("%s: %w", tables[0].file, all[0].refused)
	}
	for i, t := range tables {
		if all[i].refused != nil {
			out.miss(t.what, "", "", all[i].refused)
		}
	}
	return all, nil
}

// countRows counts the rows of a table that was not refused.
func (k *Keeper) countRows(item string, t tableRows) {
	if t.refused == nil {
		k.count(item, len(t.rows))
	}
}

func (t *table) named(r formats.Row) string {
	if t.name == nil {
		return ""
	}
	return t.name(r)
}

func (a *asker) rowsOnce(ctx context.Context, t *table) (out []formats.Row, lost map[string]error, err error) {
	ids, lost, err := a.ids(ctx, t)
	if err != nil || len(ids) == 0 {
		return nil, nil, err
	}
	rows := make(map[string]formats.Row, len(ids))
	for _, id := range ids {
		rows[id] = formats.Row{"_id": &id}
	}
	asked := slices.DeleteFunc(slices.Clone(ids), func(id string) bool { return lost[id] != nil })
	texts, thrown, err := a.numbers(ctx, t, asked, rows)
	if err != nil {
		return nil, nil, err
	}
	more, err := a.columns(ctx, t, texts, asked, thrown, rows)
	if err != nil {
		return nil, nil, err
	}
	after, _, err := a.ids(ctx, t)
	if err != nil {
		return nil, nil, err
	}
	before := slices.Sorted(slices.Values(ids))
	if !slices.Equal(before, slices.Sorted(slices.Values(after))) {
		return nil, nil, query.Changing(t.uri)
	}
	out = make([]formats.Row, len(ids))
	for n, id := range ids {
		out[n] = rows[id]
	}
	maps.Copy(more, thrown)
	maps.Copy(more, lost)
	return out, more, nil
}

// ids returns the _ids of a table. An empty answer counts as "no rows" only if the
// provider rejects a query for an unknown column: a provider that hides its rows prints
// the same empty answer, and does not reject it.
//
// lost has the rows that the provider throws at although only their _id is asked for.
func (a *asker) ids(ctx context.Context, t *table) (ids []string, lost map[string]error, err error) {
	line, err := handset.RowIDs.With(t.uri)
	if err != nil {
		return nil, nil, err
	}
	answer, err := a.query(ctx, line, t.file, "_id")
	if atOneRow(err) {
		return a.idsInRanges(ctx, t, err)
	}
	if err != nil {
		return nil, nil, err
	}
	ids, err = query.ParseIDs(answer)
	switch {
	case errors.Is(err, query.ErrRows):
		return nil, nil, err
	case err != nil:
		return nil, nil, fmt.Errorf("%w: %w", query.ErrRefused, err)
	case len(ids) > 0:
		return ids, nil, nil
	}
	line, err = handset.ContentWhere.With(t.uri, "_id", noColumn+" IS NULL")
	if err != nil {
		return nil, nil, err
	}
	_, err = a.query(ctx, line, t.file, "none")
	if errors.Is(err, query.ErrNoColumn) {
		return nil, nil, nil
	}
	if err != nil {
		return nil, nil, err
	}
	return nil, nil, hidesRows(t)
}

// numbers reads the columns of numbers together. It returns the columns that must be asked
// for one by one, and the rows that the provider throws at.
func (a *asker) numbers(ctx context.Context, t *table, ids []string, rows map[string]formats.Row) (left []string, lost map[string]error, err error) {
	if len(t.numbers) == 0 || len(ids) == 0 {
		return t.texts, nil, nil
	}
	values := map[string]map[string]*string{}
	odd := false // a column has other values than numbers, and is asked for as text
	g := &gatherer{asker: a, table: t, columns: "_id:" + strings.Join(t.numbers, ":"), what: "numbers"}
	g.take = func(out []byte, ids []string) error {
		read, err := query.ParseNumbers(out, t.numbers, ids)
		odd = odd || err != nil
		maps.Copy(values, read)
		return nil
	}
	err = g.gather(ctx, ids, nil)
	if query.Ending(err) != nil {
		return nil, nil, err
	}
	if odd || errors.Is(err, query.ErrNoColumn) {
		return append(slices.Clone(t.numbers), t.texts...), nil, nil
	}
	if err != nil {
		return nil, nil, err
	}
	for id, columns := range values {
		for name, value := range columns {
			rows[id][name] = value
		}
	}
	return t.texts, g.lost, nil
}

// columns reads columns of text into rows. known has the rows that the provider threw at,
// lost those of which it did not give all these columns.
func (a *asker) columns(ctx context.Context, t *table, texts, ids []string, known map[string]error, rows map[string]formats.Row) (lost map[string]error, err error) {
	lost = map[string]error{}
	if len(ids) == 0 {
		return lost, nil
	}
	read := make([]*textColumn, len(texts))
	g, gctx := errgroup.WithContext(ctx)
	for i, name := range texts {
		g.Go(func() (err error) {
			read[i] = &textColumn{asker: a, table: t, name: name, values: map[string]string{}}
			return read[i].read(gctx, ids, known)
		})
	}
	if err := g.Wait(); err != nil {
		return nil, err
	}
	for _, c := range read {
		for id, value := range c.values {
			if rows[id][c.name] = &value; c.null[id] {
				rows[id][c.name] = nil
			}
		}
		maps.Copy(lost, c.lost)
	}
	return lost, nil
}
