package backup

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"golang.org/x/sync/errgroup"

	"preship/adb/handset"
)

// table is what is asked of one provider. Columns the handset does not have are
// left out; names are those of AOSP's providers.
type table struct {
	file    string // items/FILE.jsonl
	uri     string
	numbers []string // asked for together
	texts   []string // asked for one by one, see parseText
}

// row is one row of a table: its columns, nil for NULL. A column that the
// handset does not have is not there.
type row map[string]*string

// text is a value, "" when it is missing.
func (r row) text(column string) string {
	if v := r[column]; v != nil {
		return *v
	}
	return ""
}

// errRefused: the handset does not give what was asked for. It is about one
// kind of data; the backup goes on with the next.
var errRefused = errors.New("the handset refused")

const (
	tableTries = 3
	// maxDoubtful bounds how many rows are asked for one by one.
	maxDoubtful = 500
	// noColumn is a column that no provider has.
	noColumn = "preship_no_such_column"
)

// rows reads a whole table, and again when it changed meanwhile.
func (k *keeper) rows(ctx context.Context, t *table) (rows []row, err error) {
	for range tableTries {
		if rows, err = k.rowsOnce(ctx, t); !errors.Is(err, errRows) {
			break
		}
	}
	if errors.Is(err, errRows) {
		return nil, fmt.Errorf("%w: %w", errRefused, err)
	}
	if err != nil {
		return nil, err
	}
	return rows, k.writeRows(t, rows)
}

func (k *keeper) rowsOnce(ctx context.Context, t *table) ([]row, error) {
	ids, err := k.ids(ctx, t)
	if err != nil || len(ids) == 0 {
		return nil, err
	}
	rows := make(map[string]row, len(ids))
	for _, id := range ids {
		rows[id] = row{"_id": &id}
	}
	texts, err := k.numbers(ctx, t, ids, rows)
	if err != nil {
		return nil, err
	}
	if err := k.columns(ctx, t, texts, ids, rows); err != nil {
		return nil, err
	}
	after, err := k.ids(ctx, t)
	if err != nil {
		return nil, err
	}
	before := slices.Sorted(slices.Values(ids))
	if !slices.Equal(before, slices.Sorted(slices.Values(after))) {
		return nil, fmt.Errorf("%w: %s changed while it was read", errRows, t.uri)
	}
	out := make([]row, len(ids))
	for n, id := range ids {
		out[n] = rows[id]
	}
	return out, nil
}

// ids counts the rows. None is believed only of a provider that looked: one that
// hands back nothing at all, because it hides its rows, prints the same. Asked
// about a column there is none of, the first complains and the second does not.
func (k *keeper) ids(ctx context.Context, t *table) ([]string, error) {
	line, err := handset.RowIDs.With(t.uri)
	if err != nil {
		return nil, err
	}
	a, err := k.query(ctx, line, t.file, "_id")
	if err != nil {
		return nil, err
	}
	ids, err := parseIDs(a)
	switch {
	case errors.Is(err, errRows):
		return nil, err
	case err != nil:
		return nil, fmt.Errorf("%w: %w", errRefused, err)
	case len(ids) > 0:
		return ids, nil
	}
	line, err = handset.ContentWhere.With(t.uri, "_id", noColumn+" IS NULL")
	if err != nil {
		return nil, err
	}
	_, err = k.query(ctx, line, t.file, "none")
	if errors.Is(err, errNoColumn) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	return nil, fmt.Errorf("%w: %s shows no rows and does not say that there are none", errRefused, t.uri)
}

// numbers reads the columns of numbers at once, and returns the columns that are
// left to be asked for one by one.
func (k *keeper) numbers(ctx context.Context, t *table, ids []string, rows map[string]row) (left []string, err error) {
	if len(t.numbers) == 0 {
		return t.texts, nil
	}
	line, err := handset.ContentRows.With(t.uri, "_id:"+strings.Join(t.numbers, ":"))
	if err != nil {
		return nil, err
	}
	all := append(slices.Clone(t.numbers), t.texts...)
	a, err := k.query(ctx, line, t.file, "numbers")
	if errors.Is(err, errNoColumn) {
		return all, nil
	}
	if err != nil {
		return nil, err
	}
	values, err := parseNumbers(a.Stdout, t.numbers, ids)
	if err != nil {
		return all, nil //nolint:nilerr // a column that is no number is asked for as text
	}
	for id, columns := range values {
		for name, value := range columns {
			rows[id][name] = value
		}
	}
	return t.texts, nil
}

// columns reads columns of text into rows.
func (k *keeper) columns(ctx context.Context, t *table, texts, ids []string, rows map[string]row) error {
	read := make([]map[string]*string, len(texts))
	g, gctx := errgroup.WithContext(ctx)
	for i, column := range texts {
		g.Go(func() (err error) {
			read[i], err = k.column(gctx, t, column, ids)
			return err
		})
	}
	if err := g.Wait(); err != nil {
		return err
	}
	for i, column := range texts {
		for id, value := range read[i] {
			rows[id][column] = value
		}
	}
	return nil
}

// column reads one column of text: the value of each row, nil for NULL. There are
// no values at all of a column that the handset does not have.
func (k *keeper) column(ctx context.Context, t *table, column string, ids []string) (map[string]*string, error) {
	line, err := handset.ContentRows.With(t.uri, "_id:"+column)
	if err != nil {
		return nil, err
	}
	a, err := k.query(ctx, line, t.file, column)
	if errors.Is(err, errNoColumn) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	values, doubtful, err := parseText(a.Stdout, column, ids)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", t.uri, err)
	}
	if err := k.oneByOne(ctx, t, column, doubtful, values); err != nil {
		return nil, err
	}
	missing, err := k.missing(ctx, t, column, values)
	if err != nil {
		return nil, err
	}
	out := make(map[string]*string, len(values))
	for id, value := range values {
		if out[id] = &value; missing[id] {
			out[id] = nil
		}
	}
	return out, nil
}

func (k *keeper) oneByOne(ctx context.Context, t *table, column string, ids []string, values map[string]string) error {
	if len(ids) > maxDoubtful {
		return fmt.Errorf("%w: %d rows of %s cannot be told apart", errRefused, len(ids), t.uri)
	}
	for _, id := range ids {
		line, err := handset.ContentWhere.With(t.uri, "_id:"+column, "_id="+id)
		if err != nil {
			return err
		}
		a, err := k.query(ctx, line, t.file, column+"."+id)
		if err != nil {
			return err
		}
		if values[id], err = parseOnly(a.Stdout, column, id); err != nil {
			return err
		}
	}
	return nil
}

// missing tells the rows whose value is NULL from those that hold that word.
func (k *keeper) missing(ctx context.Context, t *table, column string, values map[string]string) (map[string]bool, error) {
	doubt := false
	for _, v := range values {
		doubt = doubt || v == null
	}
	if !doubt {
		return nil, nil
	}
	line, err := handset.ContentWhere.With(t.uri, "_id", column+" IS NULL")
	if err != nil {
		return nil, err
	}
	a, err := k.query(ctx, line, t.file, column+".null")
	if err != nil {
		return nil, err
	}
	ids, err := parseIDs(a)
	if err != nil {
		return nil, fmt.Errorf("%s: %s IS NULL: %w", t.uri, column, err)
	}
	return set(ids), nil
}
