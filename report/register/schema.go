package register

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"strings"
)

const (
	applicationID = 0x50536872 // "PShr", for SQLite's header
	version       = 2          // of the schema; any other is read from the folders again
)

// schema is what SQLite remembers of its tables, word for word: a register with
// any other is not ours to trust.
var schema = []string{
	"CREATE TABLE cases (path TEXT PRIMARY KEY, id TEXT NOT NULL, stamp TEXT NOT NULL, updated INTEGER NOT NULL, verdict TEXT NOT NULL, " +
		"serial TEXT NOT NULL, sn TEXT NOT NULL, ticket TEXT NOT NULL, gone INTEGER NOT NULL, entry TEXT NOT NULL) STRICT",
	"CREATE INDEX cases_by_id ON cases (id, gone)",
	"CREATE INDEX cases_by_ticket ON cases (ticket)",
	"CREATE TABLE imeis (imei TEXT NOT NULL, path TEXT NOT NULL, PRIMARY KEY (imei, path)) STRICT, WITHOUT ROWID",
	"CREATE INDEX imeis_of ON imeis (path)",
}

// asker is a database or a transaction of it.
type asker interface {
	QueryRowContext(ctx context.Context, query string, args ...any) *sql.Row
}

// prepare creates missing tables and checks existing ones.
func (r *file) prepare(ctx context.Context) error {
	made, err := judge(ctx, r.db)
	if err != nil && !errors.Is(err, ErrOlder) || made {
		return err
	}
	tx, err := r.db.BeginTx(ctx, nil)
	if err != nil {
		return damaged(err)
	}
	defer tx.Rollback()
	// Another process may have been faster.
	made, err = judge(ctx, tx)
	switch {
	case errors.Is(err, ErrOlder):
		r.anew = ErrOlder
		err = dropAll(ctx, tx)
	case made:
		return nil
	}
	if err != nil {
		return err
	}
	for _, statement := range append(schema, fmt.Sprintf("PRAGMA application_id=%d", applicationID), fmt.Sprintf("PRAGMA user_version=%d", version)) {
		if _, err := tx.ExecContext(ctx, statement); err != nil {
			return damaged(err)
		}
	}
	return damaged(tx.Commit())
}

// whatIsThere is one statement, so that its answer is of one moment: between two,
// another process may make the tables, and they would look like another person's.
const whatIsThere = "SELECT (SELECT application_id FROM pragma_application_id), (SELECT user_version FROM pragma_user_version), " +
	"(SELECT coalesce(group_concat(sql, ';'), '') FROM (SELECT sql FROM sqlite_schema WHERE sql IS NOT NULL ORDER BY rowid))"

// judge says whether the tables are there; its error says why not to use them.
func judge(ctx context.Context, q asker) (made bool, err error) {
	var app, ver int64
	var tables string
	if err := q.QueryRowContext(ctx, whatIsThere).Scan(&app, &ver, &tables); err != nil {
		return false, damaged(err)
	}
	switch {
	case app == 0 && ver == 0 && tables == "":
		return false, nil
	case app != applicationID:
		return false, ErrForeign
	case ver > version:
		return false, ErrNewer
	case ver < version:
		return false, ErrOlder
	case tables != strings.Join(schema, ";"):
		return false, ErrDamaged
	}
	return true, nil
}

// dropAll empties our own register, whatever an older version kept in it.
func dropAll(ctx context.Context, tx *sql.Tx) error {
	rows, err := tx.QueryContext(ctx, "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%'")
	if err != nil {
		return damaged(err)
	}
	defer rows.Close()
	var names []string
	for rows.Next() {
		var name string
		if err := rows.Scan(&name); err != nil {
			return err
		}
		names = append(names, name)
	}
	if err := rows.Err(); err != nil {
		return damaged(err)
	}
	for _, name := range names {
		if _, err := tx.ExecContext(ctx, `DROP TABLE "`+strings.ReplaceAll(name, `"`, `""`)+`"`); err != nil {
			return damaged(err)
		}
	}
	return nil
}
