package register

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"strings"
	"time"

	"preship/report"
)

// Filter chooses cases; its zero value chooses all.
type Filter struct {
	IMEI    string          // any of the handset's; six digits or more are its end
	Serial  string          // adb's or the retail serial number; six characters or more are its end
	Ticket  string          // the whole ticket number; upper and lower case are the same
	Since   time.Time       // worked on at this time or later
	Verdict *report.Verdict // "" is: not sealed
}

// List compares the register with the folders and returns the chosen cases, the
// one worked on last first. A register that turns out damaged is made anew.
func (r *Register) List(ctx context.Context, now time.Time, f Filter) ([]Entry, error) {
	if _, err := r.Sync(ctx, now); err != nil {
		return nil, err
	}
	all, err := r.Cases(ctx, f)
	if !errors.Is(err, ErrDamaged) {
		return all, err
	}
	if err := r.replace(ctx, ErrDamaged); err != nil {
		return nil, err
	}
	if _, err := r.Sync(ctx, now); err != nil {
		return nil, err
	}
	return r.Cases(ctx, f)
}

// Cases returns the chosen cases as the register remembers them, the one worked
// on last first.
func (r *Register) Cases(ctx context.Context, f Filter) ([]Entry, error) {
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
