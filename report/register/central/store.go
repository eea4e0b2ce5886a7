package central

import (
	"context"
	"encoding/json"
	"slices"
	"strings"

	"github.com/jackc/pgx/v5"

	"preship/report/register"
)

// store is one folder of one desk.
type store struct {
	*Server
	desk, folder string
}

// Folder returns the store of a folder of a desk. The desk is its name; the folder is an
// absolute path on that desk. Closing the store leaves the server connected.
func (s *Server) Folder(desk, folder string) register.Store {
	return store{s, text(desk), text(folder)}
}

func (s store) Close() error { return nil }

// text returns s as PostgreSQL can keep it.
func text(s string) string {
	return strings.ReplaceAll(strings.ToValidUTF8(s, "\uFFFD"), "\x00", "\uFFFD")
}

// Known implements [register.Store].
func (s store) Known(ctx context.Context) (map[string]register.Known, error) {
	ctx, cancel := bounded(ctx)
	defer cancel()
	rows, err := s.pool.Query(ctx, "SELECT path, stamp, gone FROM preship.cases WHERE desk = $1 AND folder = $2", s.desk, s.folder)
	if err != nil {
		return nil, failed(err)
	}
	all := map[string]register.Known{}
	var path string
	var k register.Known
	_, err = pgx.ForEachRow(rows, []any{&path, &k.Stamp, &k.Gone}, func() error {
		all[path] = k
		return nil
	})
	return all, failed(err)
}

// Keep implements [register.Store]. Rows are written in the order of their paths, so that
// two processes of a desk wait for each other and never both.
func (s store) Keep(ctx context.Context, changed []register.Row, gone []string) error {
	ctx, cancel := bounded(ctx)
	defer cancel()
	b := new(pgx.Batch)
	if len(gone) > 0 {
		paths := make([]string, len(gone))
		for i, p := range gone {
			paths[i] = text(p)
		}
		b.Queue("UPDATE preship.cases SET gone = true WHERE desk = $1 AND folder = $2 AND path = ANY($3)", s.desk, s.folder, paths)
	}
	for _, c := range inOrder(changed) {
		doc, err := json.Marshal(c.Entry)
		if err != nil {
			return err
		}
		e := c.Entry
		b.Queue(`INSERT INTO preship.cases (desk, folder, path, id, stamp, updated, verdict, serial, sn, ticket, gone, entry)
			VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, false, $11)
			ON CONFLICT (desk, folder, path) DO UPDATE SET id = excluded.id, stamp = excluded.stamp, updated = excluded.updated, verdict = excluded.verdict,
			serial = excluded.serial, sn = excluded.sn, ticket = excluded.ticket, gone = false, entry = excluded.entry`,
			s.desk, s.folder, text(c.Path), text(e.ID), c.Stamp, e.Updated.Unix(), text(string(e.Verdict)), text(e.Serial), text(e.SN), text(strings.ToLower(e.Ticket)), string(doc))
		b.Queue("DELETE FROM preship.imeis WHERE desk = $1 AND folder = $2 AND path = $3 AND imei <> ALL($4)", s.desk, s.folder, text(c.Path), e.IMEI)
		b.Queue("INSERT INTO preship.imeis (imei, desk, folder, path) SELECT unnest($4::text[]), $1, $2, $3 ON CONFLICT DO NOTHING", s.desk, s.folder, text(c.Path), e.IMEI)
	}
	b.Queue(`DELETE FROM preship.cases WHERE desk = $1 AND folder = $2 AND gone AND id <> '' AND EXISTS
		(SELECT FROM preship.cases here WHERE here.id = cases.id AND NOT here.gone)`, s.desk, s.folder)
	return failed(pgx.BeginFunc(ctx, s.pool, func(tx pgx.Tx) error { return tx.SendBatch(ctx, b).Close() }))
}

// Forget implements [register.Store].
func (s store) Forget(ctx context.Context) error {
	ctx, cancel := bounded(ctx)
	defer cancel()
	_, err := s.pool.Exec(ctx, "DELETE FROM preship.cases WHERE desk = $1 AND folder = $2", s.desk, s.folder)
	return failed(err)
}

// Cases implements [register.Store].
func (s store) Cases(ctx context.Context, f register.Filter) ([]register.Entry, error) {
	return s.Server.Cases(ctx, f)
}

// Cases returns the chosen cases of all desks, the one worked on last first, each with who
// works on its handset now.
func (s *Server) Cases(ctx context.Context, f register.Filter) ([]register.Entry, error) {
	ctx, cancel := bounded(ctx)
	defer cancel()
	working, err := s.working(ctx)
	if err != nil {
		return nil, failed(err)
	}
	where, args := chosen(f)
	rows, err := s.pool.Query(ctx, "SELECT desk, folder, path, gone, entry FROM preship.cases"+where+" ORDER BY updated DESC, desk, folder, path", args)
	if err != nil {
		return nil, failed(err)
	}
	all := []register.Entry{}
	var desk, folder, path, doc string
	var gone bool
	_, err = pgx.ForEachRow(rows, []any{&desk, &folder, &path, &gone, &doc}, func() error {
		var e register.Entry
		if err := json.Unmarshal([]byte(doc), &e); err != nil {
			return register.ErrDamaged
		}
		e.Desk, e.Folder, e.Path, e.Gone, e.Work = desk, folder, path, gone, workOn(working, &e)
		all = append(all, e)
		return nil
	})
	return all, failed(err)
}

// chosen is a filter as a condition. Numbers are searched by their ends, from behind, which
// an index answers.
func chosen(f register.Filter) (string, pgx.NamedArgs) {
	var terms []string
	args := pgx.NamedArgs{}
	add := func(term, name string, value any) { terms, args[name] = append(terms, term), value }
	if f.IMEI != "" {
		add("(desk, folder, path) IN (SELECT desk, folder, path FROM preship.imeis WHERE reverse(imei) LIKE reverse(@imei) || '%')", "imei", digits(f.IMEI))
	}
	if f.Serial != "" {
		like := "= reverse(lower(@serial))"
		if len([]rune(f.Serial)) >= 6 {
			like = "LIKE reverse(lower(@pattern)) || '%'"
			// Escapes turn round with the text they are in.
			args["pattern"] = strings.NewReplacer(`\`, `\\`, "%", `%\`, "_", `_\`).Replace(text(f.Serial))
		}
		add("(reverse(lower(serial)) "+like+" OR reverse(lower(sn)) "+like+")", "serial", text(f.Serial))
	}
	if f.Ticket != "" {
		add("ticket = @ticket", "ticket", text(strings.ToLower(f.Ticket)))
	}
	if !f.Since.IsZero() {
		add("updated >= @since", "since", f.Since.Unix())
	}
	if f.Verdict != nil {
		add("verdict = @verdict", "verdict", text(string(*f.Verdict)))
	}
	if len(terms) == 0 {
		return "", args
	}
	return " WHERE " + strings.Join(terms, " AND "), args
}

// digits drops what has a meaning in a pattern; a filter has digits alone.
func digits(s string) string {
	return strings.Map(func(r rune) rune {
		if r < '0' || r > '9' {
			return -1
		}
		return r
	}, s)
}

// inOrder returns rows in the order of their paths.
func inOrder(rows []register.Row) []register.Row {
	return slices.SortedFunc(slices.Values(rows), func(a, b register.Row) int { return strings.Compare(a.Path, b.Path) })
}
