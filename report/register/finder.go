package register

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
	"time"

	"golang.org/x/sync/errgroup"

	"preship/report"
	"preship/report/casedir"
)

// Finder finds the case of a handset among thousands. It asks the register which handset
// each case is about, reads the top of the cases that the register does not know, and
// remembers both for the next handset. It writes nothing. It is safe for concurrent use.
type Finder struct {
	dir string

	mu    sync.Mutex
	units map[string]report.Unit // by the name of the case's folder; nil before the first search
}

// NewFinder returns a finder in a folder of cases, which may be missing.
func NewFinder(dir string) *Finder { return &Finder{dir: dir} }

// Newest returns the folder of the case that was worked on last of those about a handset
// that is accepts, and whether its report is sealed as READY. The folder is empty if there
// is no such case. A case that cannot be read is passed over.
func (f *Finder) Newest(ctx context.Context, is func(report.Unit) bool) (dir string, ready bool, err error) {
	names, err := f.about(ctx, is)
	at := time.Time{}
	for _, name := range names {
		path := filepath.Join(f.dir, name)
		g, err := casedir.Look(path)
		// The register may be of yesterday: what counts is in the case.
		if err != nil || !is(g.Unit) || g.Updated.Before(at) {
			continue
		}
		dir, at = path, g.Updated
		ready = g.Sealed != nil && g.Sealed.Verdict == report.VerdictReady
	}
	return dir, ready, err
}

// about returns the folders of the cases about a handset, as far as is known.
func (f *Finder) about(ctx context.Context, is func(report.Unit) bool) ([]string, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	entries, err := os.ReadDir(f.dir)
	if errors.Is(err, os.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	if f.units == nil {
		f.units = remembered(ctx, f.dir)
	}
	if err := f.read(ctx, entries); err != nil {
		return nil, err
	}
	var found []string
	for _, e := range entries {
		if u, ok := f.units[e.Name()]; ok && is(u) {
			found = append(found, e.Name())
		}
	}
	return found, nil
}

// read reads the cases that are not known to be tied to a handset, as many at once as
// there are processors. A case stays tied to its handset.
func (f *Finder) read(ctx context.Context, entries []os.DirEntry) error {
	units := make([]report.Unit, len(entries))
	var g errgroup.Group
	g.SetLimit(runtime.GOMAXPROCS(0))
	for i, e := range entries {
		if _, known := f.units[e.Name()]; known || !e.IsDir() {
			continue
		}
		g.Go(func() error {
			u, err := casedir.UnitOf(filepath.Join(f.dir, e.Name()))
			if err == nil {
				units[i] = u
			}
			return ctx.Err()
		})
	}
	if err := g.Wait(); err != nil {
		return err
	}
	for i, u := range units {
		if u.Serial != "" {
			f.units[entries[i].Name()] = u
		}
	}
	return nil
}

// remembered returns what the register of a folder knows; without a register, or with one
// of no use, that is nothing.
func remembered(ctx context.Context, dir string) map[string]report.Unit {
	units := map[string]report.Unit{}
	if _, err := os.Lstat(filepath.Join(dir, FileName)); err != nil {
		return units
	}
	r, err := open(ctx, dir, "rw")
	if err != nil {
		return units
	}
	defer r.Close()
	rows, err := r.file.db.QueryContext(ctx, `SELECT path, serial, sn, coalesce((SELECT group_concat(imei) FROM imeis WHERE imeis.path = cases.path), '')
		FROM cases WHERE serial <> ''`)
	if err != nil {
		return units
	}
	defer rows.Close()
	for rows.Next() {
		var path, imeis string
		var u report.Unit
		if rows.Scan(&path, &u.Serial, &u.SN, &imeis) != nil {
			break // the rest is read
		}
		if strings.HasSuffix(u.Serial, "…") {
			continue // cut off (see word): the case has all of it
		}
		if imeis != "" {
			u.IMEI = strings.Split(imeis, ",")
		}
		units[path] = u
	}
	return units
}
