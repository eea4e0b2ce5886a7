package provider

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"maps"
	"math"
	"slices"
	"strconv"

	"preship/adb/handset"
	"preship/backup/query"

	"preship/report/message"
)

// maxPieces bounds the number of questions that a refused one is split into.
const maxPieces = 512

// errManyBad is the error for rows that were not asked for after maxPieces questions.
var errManyBad = message.Kind(message.Join(message.Colon, message.Say("error.refused"), message.Say("backup.why.many-bad-rows")), query.ErrRefused)

// gatherer reads some columns of a table. A provider that throws at one row gives no other
// row of the same answer either. The gatherer then asks for smaller and smaller parts,
// until only rows are missing that the provider throws at.
type gatherer struct {
	asker   *asker
	table   *table
	columns string // in the form of --projection
	what    string // names the answers in items/raw
	take    func(out []byte, ids []string) error

	asked int
	lost  map[string]error // by _id: the rows that the provider throws at
}

// gather calls take with answers until every row is in one of them, or is lost. known has
// the rows that the provider threw at before. The error is [query.ErrRefused] if the
// provider gives no row.
func (g *gatherer) gather(ctx context.Context, ids []string, known map[string]error) error {
	g.lost = map[string]error{}
	sorted := slices.Clone(ids)
	slices.SortFunc(sorted, byNumber)
	if len(known) == 0 {
		line, err := handset.ContentRows.With(g.table.uri, g.columns)
		if err != nil {
			return err
		}
		err = g.ask(ctx, line, g.what, ids)
		if !atOneRow(err) {
			return err
		}
		if dead, deadErr := g.dead(ctx, sorted); dead || deadErr != nil {
			return cmp.Or(deadErr, err)
		}
	}
	from := 0
	for i, id := range sorted {
		if known[id] == nil {
			continue
		}
		if err := g.parts(ctx, sorted[from:i]); err != nil {
			return err
		}
		from = i + 1
		if errors.Is(known[id], errManyBad) {
			g.lost[id] = errManyBad
			continue
		}
		if err := g.parts(ctx, sorted[i:i+1]); err != nil {
			return err
		}
	}
	return g.parts(ctx, sorted[from:])
}

// dead reports whether the provider throws at three rows: the first, the middle and the
// last. The refusal is then not about one row.
func (g *gatherer) dead(ctx context.Context, sorted []string) (bool, error) {
	if len(sorted) <= 3 {
		return false, nil // few rows are asked for one by one anyway
	}
	for _, at := range []int{0, len(sorted) / 2, len(sorted) - 1} {
		line, err := handset.ContentWhere.With(g.table.uri, g.columns, "_id="+sorted[at])
		if err != nil {
			return false, err
		}
		_, err = g.asker.query(ctx, line, g.table.file, g.what+"."+sorted[at])
		if !atOneRow(err) {
			return false, err
		}
	}
	return true, nil
}

// parts asks for rows in order of their _id, and for halves of them if the provider
// throws.
func (g *gatherer) parts(ctx context.Context, sorted []string) error {
	if len(sorted) == 0 {
		return nil
	}
	if g.asked++; g.asked > maxPieces { // rows that were read stay
		for _, id := range sorted {
			g.lost[id] = errManyBad
		}
		return nil
	}
	first, last := sorted[0], sorted[len(sorted)-1]
	condition, name := "_id>="+first+" AND _id<="+last, g.what+"."+first+"-"+last
	if len(sorted) == 1 {
		condition, name = "_id="+first, g.what+"."+first
	}
	line, err := handset.ContentWhere.With(g.table.uri, g.columns, condition)
	if err != nil {
		return err
	}
	err = g.ask(ctx, line, name, sorted)
	switch {
	case !atOneRow(err):
		return err
	case len(sorted) == 1:
		g.lost[first] = err
		return nil
	}
	half := len(sorted) / 2
	if err := g.parts(ctx, sorted[:half]); err != nil {
		return err
	}
	return g.parts(ctx, sorted[half:])
}

func (g *gatherer) ask(ctx context.Context, line handset.Line, name string, ids []string) error {
	a, err := g.asker.query(ctx, line, g.table.file, name)
	if err != nil {
		return err
	}
	return g.take(a.Stdout, ids)
}

// byNumber orders _ids.
func byNumber(a, b string) int {
	x, _ := strconv.ParseUint(a, 10, 64)
	y, _ := strconv.ParseUint(b, 10, 64)
	return cmp.Compare(x, y)
}

// idsInRanges returns the _ids of a provider that throws at some rows even if only their
// _id is asked for. lost has those rows.
func (a *asker) idsInRanges(ctx context.Context, t *table, cause error) (ids []string, lost map[string]error, err error) {
	r := &ranger{asker: a, table: t, cause: cause, lost: map[string]error{}}
	if _, err := r.ask(ctx, "_id=-1"); err != nil { // it throws at every question
		return nil, nil, refusedBy(err, cause)
	}
	for _, span := range [][2]int64{{0, math.MaxInt32}, {math.MaxInt32 + 1, math.MaxInt64}} {
		if err := r.within(ctx, span[0], span[1]); err != nil {
			return nil, nil, err
		}
	}
	if len(r.ids) == 0 {
		return nil, nil, cause
	}
	return append(r.ids, slices.Sorted(maps.Keys(r.lost))...), r.lost, nil
}

// ranger asks for the _ids of a table range by range.
type ranger struct {
	asker *asker
	table *table
	cause error // the provider's error for all rows
	asked int
	ids   []string
	lost  map[string]error
}

func (r *ranger) within(ctx context.Context, from, to int64) error {
	if r.asked++; r.asked > maxPieces {
		return r.cause
	}
	ids, err := r.ask(ctx, fmt.Sprintf("_id>=%d AND _id<=%d", from, to))
	switch {
	case err == nil:
		r.ids = append(r.ids, ids...)
		return nil
	case !atOneRow(err):
		return err
	case from == to:
		r.lost[strconv.FormatInt(from, 10)] = err
		return nil
	}
	half := from + (to-from)/2
	if err := r.within(ctx, from, half); err != nil {
		return err
	}
	return r.within(ctx, half+1, to)
}

func (r *ranger) ask(ctx context.Context, condition string) ([]string, error) {
	line, err := handset.ContentWhere.With(r.table.uri, "_id", condition)
	if err != nil {
		return nil, err
	}
	a, err := r.asker.query(ctx, line, r.table.file, "_id."+strconv.Itoa(r.asked))
	if err != nil {
		return nil, err
	}
	ids, err := query.ParseIDs(a)
	if err != nil && !errors.Is(err, query.ErrRows) {
		err = fmt.Errorf("%w: %w", query.ErrRefused, err)
	}
	return ids, err
}

// refusedBy returns err if it ends the work, else first.
func refusedBy(err, first error) error {
	if errors.Is(err, query.ErrRefused) {
		return first
	}
	return err
}

// atOneRow reports whether a refusal may be about one of several rows, so that a question
// for fewer rows can succeed.
func atOneRow(err error) bool {
	return errors.Is(err, query.ErrRefused) && !errors.Is(err, query.ErrDenied) && !errors.Is(err, query.ErrNoColumn)
}
