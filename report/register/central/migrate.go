package central

import (
	"context"

	"github.com/jackc/pgx/v5"
)

// migrations make the tables; each leads from its number to the next. One that was in a
// release never changes.
var migrations = []string{`
CREATE SCHEMA IF NOT EXISTS preship;
CREATE TABLE preship.version (version integer NOT NULL);
INSERT INTO preship.version VALUES (0);
CREATE TABLE preship.cases (
	desk text NOT NULL, folder text NOT NULL, path text NOT NULL,
	id text NOT NULL, stamp text NOT NULL, updated bigint NOT NULL, verdict text NOT NULL,
	serial text NOT NULL, sn text NOT NULL, ticket text NOT NULL, gone boolean NOT NULL,
	entry text NOT NULL,
	PRIMARY KEY (desk, folder, path));
CREATE INDEX cases_by_id ON preship.cases (id);
CREATE INDEX cases_by_ticket ON preship.cases (ticket);
CREATE INDEX cases_by_updated ON preship.cases (updated);
CREATE INDEX cases_by_verdict ON preship.cases (verdict, updated);
CREATE INDEX cases_by_serial ON preship.cases (reverse(lower(serial)) text_pattern_ops);
CREATE INDEX cases_by_sn ON preship.cases (reverse(lower(sn)) text_pattern_ops);
CREATE TABLE preship.imeis (
	imei text NOT NULL, desk text NOT NULL, folder text NOT NULL, path text NOT NULL,
	PRIMARY KEY (desk, folder, path, imei),
	FOREIGN KEY (desk, folder, path) REFERENCES preship.cases ON DELETE CASCADE);
CREATE INDEX imeis_by_end ON preship.imeis (reverse(imei) text_pattern_ops);
CREATE TABLE preship.work (
	number text PRIMARY KEY, desk text NOT NULL, since timestamptz NOT NULL);
`}

// migrationLock keeps desks that start at once from migrating at once.
const migrationLock = 0x50536872

// migrate brings the tables to the version of this program, in one transaction.
func (s *Server) migrate(ctx context.Context) error {
	ctx, cancel := bounded(ctx)
	defer cancel()
	if v, err := version(ctx, s.pool); err != nil || v == len(migrations) {
		return err
	}
	return pgx.BeginFunc(ctx, s.pool, func(tx pgx.Tx) error {
		if _, err := tx.Exec(ctx, "SELECT pg_advisory_xact_lock($1)", migrationLock); err != nil {
			return err
		}
		v, err := version(ctx, tx) // another desk may have been faster
		if err != nil {
			return err
		}
		for _, statements := range migrations[v:] {
			if _, err := tx.Exec(ctx, statements); err != nil {
				return err
			}
		}
		_, err = tx.Exec(ctx, "UPDATE preship.version SET version = $1", len(migrations))
		return err
	})
}

// asker is the pool or a transaction.
type asker interface {
	QueryRow(ctx context.Context, sql string, args ...any) pgx.Row
}

// version returns the version of the tables; 0 if there are none.
func version(ctx context.Context, q asker) (int, error) {
	// Not to_regclass, which may answer from before the lock was taken.
	const question = "SELECT EXISTS (SELECT FROM pg_catalog.pg_tables WHERE schemaname = 'preship' AND tablename = 'version')"
	var there bool
	if err := q.QueryRow(ctx, question).Scan(&there); err != nil || !there {
		return 0, err
	}
	var v int
	if err := q.QueryRow(ctx, "SELECT version FROM preship.version").Scan(&v); err != nil {
		return 0, err
	}
	if v < 0 || v > len(migrations) {
		return 0, ErrNewer
	}
	return v, nil
}
