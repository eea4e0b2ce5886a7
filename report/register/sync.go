package register

import (
	"context"
	"errors"
	"slices"
	"time"
)

// Changes is what [Register.Sync] found.
type Changes struct {
	Cases int // in the folder
	Read  int // new or changed ones, which were read
	Gone  int // missing from the folder since the last comparison
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
	err := r.store.Forget(ctx)
	if err != nil && !errors.Is(err, ErrDamaged) {
		return Changes{}, err
	}
	return r.Sync(ctx, now)
}

func (r *Register) sync(ctx context.Context, now time.Time) (c Changes, err error) {
	before, err := r.store.Known(ctx)
	if err != nil {
		return c, err
	}
	stamps, err := r.folders(now)
	if err != nil {
		return c, err
	}
	c.Cases = len(stamps)
	var changed []Row
	for path, stamp := range stamps {
		if k, ok := before[path]; !ok || k.Gone || stamp == "" || k.Stamp != stamp {
			changed = append(changed, Row{Path: path, Stamp: stamp})
		}
	}
	var gone []string
	for path, k := range before {
		if _, ok := stamps[path]; !ok && !k.Gone {
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
		if err := r.store.Keep(ctx, some, nil); err != nil {
			return c, err
		}
		clear(some) // the entries are in the register
	}
	if len(gone) == 0 {
		return c, nil
	}
	return c, r.store.Keep(ctx, nil, gone)
}

// readAtOnce bounds the cases in memory: a folder may have a hundred thousand.
const readAtOnce = 500

// replace makes a register of use again, if it is one of ours.
func (r *Register) replace(ctx context.Context, why error) error {
	if r.file == nil {
		return why
	}
	return r.file.replace(ctx, why)
}
