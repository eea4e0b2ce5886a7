package register

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"time"

	"preship/report/casedir"
)

// Remember reads the case in caseDir and writes it into the register of the
// folder it is in. With create it creates a missing register; without, it does nothing
// then.
func Remember(ctx context.Context, caseDir string, create bool, now time.Time) error {
	caseDir, err := filepath.Abs(caseDir)
	if err != nil {
		return err
	}
	dir, path := filepath.Split(caseDir)
	mode := "rwc"
	if !create {
		if _, err := os.Lstat(filepath.Join(dir, FileName)); errors.Is(err, fs.ErrNotExist) {
			return nil
		}
		mode = "rw"
	}
	r, err := open(ctx, dir, mode)
	if err != nil {
		return err
	}
	err = r.Remember(ctx, path, now)
	return errors.Join(err, r.Close())
}

// Remember reads the case in a folder of this name and writes it.
func (r *Register) Remember(ctx context.Context, path string, now time.Time) error {
	// The stamp is taken before the case is read: what changes in between is read
	// again at the next look.
	stamp, ok := stampOf(r.root, path, now)
	if !ok {
		return fmt.Errorf("%s: %w", filepath.Join(r.dir, path), casedir.ErrNotCase)
	}
	return r.store.Keep(ctx, []Row{{path, stamp, r.read(path)}}, nil)
}
