package register

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"slices"
	"strings"
	"time"
)

// Changes is what [Register.Sync] found.
type Changes struct {
	Cases int // in the folder
	Read  int // new or changed ones, which were read
	Gone  int // missing from the folder since the last comparison
}

// row is the new row of a case.
type row struct {
	path, stamp string
	entry       Entry
}

// known is the row that the register has of a case.
type known struct {
	stamp string
	gone  bool
}

// Sync compares the register with the folder and reads the cases that changed. It
// rebuilds a damaged register; [Register.Rebuilt] then returns the reason.
func (r *Register) Sync(ctx context.Context, now time.Time) (Changes, error) {
	c, err := r.sync(ctx, now)
	if !errors.Is(err, ErrDamaged) {
		return c, err
	}
	if err := r.replace(ctx, err); err != nil {
		return c, err
	}
	return r.sync(ctx, now)
}

// Rebuild forgets everything, cases that are gone too, and reads all folders.
func (r *Register) Rebuild(ctx context.Context, now time.Time) (Changes, error) {
	err := r.write(ctx, func(tx *sql.Tx) error {
		for _, statement := range []string{"DELETE FROM imeis", "DELETE FROM cases"} {
			if _, err := tx.ExecContext(ctx, statement); err != nil {
				return damaged(err)
			}
		}
		return nil
	})
	if err != nil && !errors.Is(err, ErrDamaged) {
		return Changes{}, err
	}
	return r.Sync(ctx, now)
}

func (r *Register) sync(ctx context.Context, now time.Time) (c Changes, err error) {
	before, err := r.known(ctx)
	if err != nil {
		return c, err
	}
	stamps, err := r.folders(now)
	if err != nil {
		return c, err
	}
	c.Cases = len(stamps)
	var changed []row
	for path, stamp := range stamps {
		if k, ok := before[path]; !ok || k.gone || stamp == "" || k.stamp != stamp {
			changed = append(changed, row{path: path, stamp: stamp})
		}
	}
	var gone []string
	for path, k := range before {
		if _, ok := stamps[path]; !ok && !k.gone {
			gone = append(gone, path)
		}
	}
	c.Read, c.Gone = len(changed), len(gone)
	if c.Read+c.Gone == 0 {
		return c, nil
	}
	// Reading is outside the turn that others wait for.
	for some := range slices.Chunk(changed, readAtOnce) {
		if err := r.readAll(ctx, some); err != nil {
			return c, err
		}
		if err := r.write(ctx, func(tx *sql.Tx) error { return keep(ctx, tx, some, nil) }); err != nil {
			return c, err
		}
		clear(some) // the entries are in the register
	}
	if len(gone) == 0 {
		return c, nil
	}
	return c, r.write(ctx, func(tx *sql.Tx) error { return keep(ctx, tx, nil, gone) })
}

// readAtOnce bounds the cases in memory: a folder may have a hundred thousand.
const readAtOnce = 500

// known is every case the register remembers. It looks through the whole file
// first: half a register would be taken for cases that are new.
func (r *Register) known(ctx context.Context) (map[string]known, error) {
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
	all := map[string]known{}
	for rows.Next() {
		var path string
		var k known
		if err := rows.Scan(&path, &k.stamp, &k.gone); err != nil {
			return nil, damaged(err)
		}
		all[path] = k
	}
	return all, damaged(rows.Err())
}

// write runs fn in one transaction.
func (r *Register) write(ctx context.Context, fn func(*sql.Tx) error) error {
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
func keep(ctx context.Context, tx *sql.Tx, changed []row, gone []string) error {
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

func keepOne(ctx context.Context, tx *sql.Tx, c row) error {
	doc, err := json.Marshal(c.entry)
	if err != nil {
		return err
	}
	e := c.entry
	if _, err := tx.ExecContext(ctx, `INSERT OR REPLACE INTO cases (path, id, stamp, updated, verdict, serial, sn, ticket, gone, entry) VALUES (?, ?, ?, ?, ?, ?, ?, ?, 0, ?)`,
		c.path, e.ID, c.stamp, e.Updated.Unix(), string(e.Verdict), e.Serial, e.SN, strings.ToLower(e.Ticket), string(doc)); err != nil {
		return damaged(err)
	}
	if _, err := tx.ExecContext(ctx, "DELETE FROM imeis WHERE path = ?", c.path); err != nil {
		return damaged(err)
	}
	for _, imei := range e.IMEI {
		if _, err := tx.ExecContext(ctx, "INSERT OR IGNORE INTO imeis (imei, path) VALUES (?, ?)", imei, c.path); err != nil {
			return damaged(err)
		}
	}
	return nil
}
