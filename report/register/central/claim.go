package central

import (
	"context"
	"crypto/sha256"
	"encoding/binary"
	"errors"
	"slices"
	"time"

	"github.com/jackc/pgx/v5"

	"preship/report"
	"preship/report/message"
	"preship/report/register"
)

// elsewhere says which desk has a handset, and since when.
func elsewhere(desk string, since time.Time) error {
	return message.Kind(message.Say("error.at-desk.named", "desk", desk, "since", since.UTC().Format("2006-01-02 15:04 MST")), register.ErrElsewhere)
}

// Claim is the claim of a desk to a handset.
type Claim struct {
	conn    *pgx.Conn
	numbers []string
}

// Claim claims a handset for a desk by its own numbers: its IMEIs and retail serial number,
// or without any adb's serial. It returns [register.ErrElsewhere] if another job has it. The caller
// releases the claim; it also ends with the process.
func (s *Server) Claim(ctx context.Context, desk string, u report.Unit, now time.Time) (*Claim, error) {
	numbers := numbersOf(u)
	if len(numbers) == 0 {
		return &Claim{}, nil
	}
	ctx, cancel := bounded(ctx)
	defer cancel()
	// A connection of its own: the lock is the session's.
	conn, err := pgx.ConnectConfig(ctx, s.config.ConnConfig.Copy())
	if err != nil {
		return nil, failed(err)
	}
	c := &Claim{conn, numbers}
	for _, n := range numbers {
		var mine bool
		if err := conn.QueryRow(ctx, "SELECT pg_try_advisory_lock($1)", lockOf(n)).Scan(&mine); err != nil {
			return nil, errors.Join(failed(err), c.close())
		}
		if !mine {
			return nil, errors.Join(s.holder(ctx, n), c.close())
		}
	}
	for _, n := range numbers {
		if _, err := conn.Exec(ctx, `INSERT INTO preship.work VALUES ($1, $2, $3)
			ON CONFLICT (number) DO UPDATE SET desk = excluded.desk, since = excluded.since`, n, text(desk), now); err != nil {
			return nil, errors.Join(failed(err), c.close())
		}
	}
	return c, nil
}

// holder is the error about a number that somebody has.
func (s *Server) holder(ctx context.Context, number string) error {
	var desk string
	var since time.Time
	if err := s.pool.QueryRow(ctx, "SELECT desk, since FROM preship.work WHERE number = $1", number).Scan(&desk, &since); err != nil {
		return register.ErrElsewhere // it is only just taking it
	}
	return elsewhere(desk, since)
}

// Release gives the handset back. The claim ends also if the database does not answer.
func (c *Claim) Release() error {
	if c.conn == nil {
		return nil
	}
	ctx, cancel := bounded(context.Background())
	defer cancel()
	_, err := c.conn.Exec(ctx, "DELETE FROM preship.work WHERE number = ANY($1)", c.numbers)
	if err == nil {
		// The end of a session is noticed later than its caller continues.
		_, err = c.conn.Exec(ctx, "SELECT pg_advisory_unlock_all()")
	}
	return errors.Join(failed(err), c.close())
}

// close ends the session, and with it the locks.
func (c *Claim) close() error {
	ctx, cancel := context.WithTimeout(context.Background(), connectTimeout)
	defer cancel()
	_ = c.conn.Close(ctx) // a broken one is closed too
	return nil
}

// numbersOf are what a handset is claimed by, in an order that is the same at every desk:
// two that begin at once then meet at the first.
func numbersOf(u report.Unit) []string {
	var all []string
	for _, imei := range u.IMEI {
		all = append(all, "imei "+imei)
	}
	if u.SN != "" {
		all = append(all, "sn "+text(u.SN))
	}
	if len(all) == 0 && u.Serial != "" {
		all = append(all, "serial "+text(u.Serial))
	}
	slices.Sort(all)
	return slices.Compact(all)
}

// lockOf is a number as PostgreSQL numbers its locks.
func lockOf(number string) int64 {
	sum := sha256.Sum256([]byte("preship handset\x00" + number))
	return int64(binary.BigEndian.Uint64(sum[:8]))
}

// working returns who works on a handset now, by its numbers. A row that a desk left behind
// when it was killed counts no more than its lock.
func (s *Server) working(ctx context.Context) (map[string]*register.Work, error) {
	rows, err := s.pool.Query(ctx, `SELECT classid::bigint << 32 | objid::bigint FROM pg_locks WHERE locktype = 'advisory' AND granted AND objsubid = 1
		AND database = (SELECT oid FROM pg_database WHERE datname = current_database())`)
	if err != nil {
		return nil, err
	}
	locks, err := pgx.CollectRows(rows, pgx.RowTo[int64])
	if err != nil || len(locks) == 0 {
		return nil, err
	}
	if rows, err = s.pool.Query(ctx, "SELECT number, desk, since FROM preship.work"); err != nil {
		return nil, err
	}
	all := map[string]*register.Work{}
	var number string
	var w register.Work
	_, err = pgx.ForEachRow(rows, []any{&number, &w.Desk, &w.Since}, func() error {
		if slices.Contains(locks, lockOf(number)) {
			all[number] = &register.Work{Desk: w.Desk, Since: w.Since.UTC()}
		}
		return nil
	})
	return all, err
}

// workOn returns who works on the handset of a case now.
func workOn(working map[string]*register.Work, e *register.Entry) *register.Work {
	if len(working) == 0 {
		return nil
	}
	for _, n := range numbersOf(report.Unit{IMEI: e.IMEI, SN: e.SN, Serial: e.Serial}) {
		if w := working[n]; w != nil {
			return w
		}
	}
	return nil
}
