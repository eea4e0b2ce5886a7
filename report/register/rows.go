package register

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"strings"
)

// Known returns every case that the register remembers. It looks through the whole file
// first: half a register would be taken for cases that are new.
func (r *file) Known(ctx context.Context) (map[string]Known, error) {
	var verdict string
	if err := r.db.QueryRowContext(ctx, "PRAGMA quick_check(1)").Scan(&verdict); err != nil {
		return nil, damaged(err)
	}
	if verdict != "ok" {
		return nil, ErrDamaged
	}
	rows, err := r.db.QueryContext(ctx, "SELECT path, stamp, gone FROM cases")
	if err != nil {
		return nil, damaged(err)
	}
	defer rows.Close()
	all := map[string]Known{}
	for rows.Next() {
		var path string
		var k Known
		if err := rows.Scan(&path, &k.Stamp, &k.Gone); err != nil {
			return nil, damaged(err)
		}
		all[path] = k
	}
	return all, damaged(rows.Err())
}

// Keep writes what changed in one transaction.
func (r *file) Keep(ctx context.Context, changed []Row, gone []string) error {
	return r.write(ctx, func(tx *sql.Tx) error { return keep(ctx, tx, changed, gone) })
}

// Forget deletes all rows.
func (r *file) Forget(ctx context.Context) error {
	return r.write(ctx, func(tx *sql.Tx) error {
		for _, statement := range []string{"DELETE FROM imeis", "DELETE FROM cases"} {
			if _, err := tx.ExecContext(ctx, statement); err != nil {
				return damaged(err)
			}
		}
		return nil
	})
}

// write runs fn in one transaction.
func (r *file) write(ctx context.Context, fn func(*sql.Tx) error) error {
	tx, err := r.db.BeginTx(ctx, nil)
	if err != nil {
		return damaged(err)
	}
	if err := fn(tx); err != nil {
		_ = tx.Rollback() // an error that ended the transaction leaves nothing to undo
		return damaged(err)
	}
	return damaged(tx.Commit())
}

// keep writes what changed. A case that was moved to another folder
// gets a new path and no second row.
func keep(ctx context.Context, tx *sql.Tx, changed []Row, gone []string) error {
	for _, path := range gone {
		if _, err := tx.ExecContext(ctx, "UPDATE cases SET gone = 1 WHERE path = ?", path); err != nil {
			return damaged(err)
		}
	}
	for _, c := range changed {
		if err := keepOne(ctx, tx, c); err != nil {
			return err
		}
	}
	_, err := tx.ExecContext(ctx, `DELETE FROM cases WHERE gone = 1 AND id <> '' AND EXISTS
		(SELECT 1 FROM cases here WHERE here.id = cases.id AND here.gone = 0)`)
	return damaged(err)
}

func keepOne(ctx context.Context, tx *sql.Tx, c Row) error {
	doc, err := json.Marshal(c.Entry)
	if err != nil {
		return err
	}
	e := c.Entry
	if _, err := tx.ExecContext(ctx, `INSERT OR REPLACE INTO cases (path, id, stamp, updated, verdict, serial, sn, ticket, gone, entry) VALUES (?, ?, ?, ?, ?, ?, ?, ?, 0, ?)`,
		c.Path, e.ID, c.Stamp, e.Updated.Unix(), string(e.Verdict), e.Serial, e.SN, strings.ToLower(e.Ticket), string(doc)); err != nil {
		return damaged(err)
	}
	if _, err := tx.ExecContext(ctx, "DELETE FROM imeis WHERE path = ?", c.Path); err != nil {
		return damaged(err)
	}
	for _, imei := range e.IMEI {
		if _, err := tx.ExecContext(ctx, "INSERT OR IGNORE INTO imeis (imei, path) VALUES (?, ?)", imei, c.Path); err != nil {
			return damaged(err)
		}
	}
	return nil
}

// Cases returns the chosen cases, the one worked on last first.
func (r *file) Cases(ctx context.Context, f Filter) ([]Entry, error) {
	where, args := f.where()
	rows, err := r.db.QueryContext(ctx, "SELECT path, gone, entry FROM cases"+where+" ORDER BY updated DESC, path", args...)
	if err != nil {
		return nil, damaged(err)
	}
	defer rows.Close()
	all := []Entry{}
	for rows.Next() {
		var path, doc string
		var gone bool
		if err := rows.Scan(&path, &gone, &doc); err != nil {
			return nil, damaged(err)
		}
		var e Entry
		if err := json.Unmarshal([]byte(doc), &e); err != nil {
			return nil, errors.Join(ErrDamaged, err)
		}
		e.Path, e.Gone = path, gone
		all = append(all, e)
	}
	return all, damaged(rows.Err())
}

func (f Filter) where() (string, []any) {
	var terms []string
	var args []any
	add := func(term, name string, value any) {
		terms, args = append(terms, term), append(args, sql.Named(name, value))
	}
	if f.IMEI != "" {
		add("path IN (SELECT path FROM imeis WHERE substr(imei, -length(:imei)) = :imei)", "imei", f.IMEI)
	}
	if f.Serial != "" {
		add(`(:serial IN (lower(serial), lower(sn)) OR length(:serial) >= 6 AND
			:serial IN (lower(substr(serial, -length(:serial))), lower(substr(sn, -length(:serial)))))`, "serial", strings.ToLower(f.Serial))
	}
	if f.Ticket != "" {
		add("ticket = :ticket", "ticket", strings.ToLower(f.Ticket))
	}
	if !f.Since.IsZero() {
		add("updated >= :since", "since", f.Since.Unix())
	}
	if f.Verdict != nil {
		add("verdict = :verdict", "verdict", string(*f.Verdict))
	}
	if len(terms) == 0 {
		return "", nil
	}
	return " WHERE " + strings.Join(terms, " AND "), args
}
