package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"syscall"

	"preship/report/seal"
)

const (
	// sealRoom is the free space a job needs to finish: evidence of the last steps,
	// report.json, report.html and report.pdf. A package of an ordinary handset has
	// less than a megabyte, and a backup leaves 64 MiB of the disk alone.
	sealRoom = 32_000_000
	// trialSize is how much is written to see that a folder takes it. A quota does
	// not show in what the disk has free.
	trialSize = 1 << 20
)

// canFinish tries everything that the last step needs: the signing key, the folder
// of the case, the space on its disk, and the files of --junit and --ctrf. Its
// errors are usage errors that say what to do. It asks the handset nothing. It is
// called before the first step, and again before the handset is erased, since a key
// or a folder may be gone by then.
func (j *job) canFinish(ctx context.Context) error {
	if j.key != nil {
		if err := j.key.still(ctx); err != nil {
			return err
		}
	} else if err := j.loadKey(ctx); err != nil {
		return err
	}
	return j.canKeep()
}

// canErase is canFinish, and sees that what was recorded so far can be sealed.
func (j *job) canErase(ctx context.Context) error {
	if err := j.canFinish(ctx); err != nil {
		return err
	}
	if err := seal.Try(j.kept); err != nil {
		return &usageError{
			text:  fmt.Sprintf("%s: this case could not be sealed after the reset (%v); begin a new case with --out", j.kept.Dir(), err),
			cause: err,
		}
	}
	return nil
}

// canKeep is canFinish without the key.
func (j *job) canKeep() error {
	if err := j.tryFolder(); err != nil {
		return err
	}
	return j.globals.tryOutputs()
}

// loadKey loads the signing key, once for the whole job.
func (j *job) loadKey(ctx context.Context) (err error) {
	if j.key == nil {
		j.key, err = loadSealKey(ctx, j.env, j.globals)
	}
	return err
}

// tellKey says, once, that a signing key was made.
func (j *job) tellKey() {
	if j.key != nil && j.key.made {
		j.key.made = false
		j.say("made a signing key on this computer: %s", j.key.file)
	}
}

// tryFolder writes into the folder of the case and looks at the space left there.
// Before there is a case it tries the folder that a new one is made in.
func (j *job) tryFolder() error {
	var dir string
	var write func() error
	switch {
	case j.kept != nil:
		if err := j.inPlace(); err != nil {
			return err
		}
		dir, write = j.kept.Dir(), func() error { return j.kept.TryWrite(trialSize) }
	case j.opts.out == "":
		return nil // the case is opened next, and tried then
	default:
		if err := canMake(j.opts.out); err != nil {
			return err
		}
		dir = folderAbove(j.opts.out)
		write = func() error { return tryWrite(dir, trialSize) }
	}
	left, err := j.env.freeIn(dir)
	if err == nil && left < sealRoom {
		return noRoom(dir, left)
	}
	// A system that does not say what is free may still be written to.
	switch err := write(); {
	case err == nil:
		return nil
	case errors.Is(err, syscall.ENOSPC):
		return noRoom(dir, 0)
	default:
		return usagef("%s: the report could not be written there (%v); mend that, or choose another folder with --out", dir, err)
	}
}

// inPlace makes sure that the name of the case's folder still stands for the folder
// that was opened. Where it was moved, its disk was taken away or another was
// mounted there, what is written goes to a place that no name leads to.
func (j *job) inPlace() error {
	dir := j.kept.Dir()
	named, err := os.Stat(dir)
	if err == nil {
		var open os.FileInfo
		if open, err = j.kept.Root().Stat("."); err == nil && os.SameFile(named, open) {
			return nil
		}
	}
	return usagef("%s: the folder of this case is no longer there, or another is in its place; bring it back, then run it again", dir)
}

func noRoom(dir string, left int64) error {
	return usagef("%s: the disk has %d MB left, and the report and its evidence need %d MB; free some space, then run it again", dir, left/1_000_000, int64(sealRoom/1e6))
}

func (e *env) freeIn(dir string) (int64, error) {
	if e.free != nil {
		return e.free(dir)
	}
	v, err := volumeOf(dir)
	return v.free, err
}

// folderAbove is the nearest folder to dir that is there: dir itself, or the one
// in which it would be made.
func folderAbove(dir string) string {
	for {
		if info, err := os.Stat(dir); err == nil && info.IsDir() {
			return dir
		}
		above := filepath.Dir(dir)
		if above == dir {
			return dir
		}
		dir = above
	}
}

// tryWrite writes n bytes into a folder, in a file of its own that it removes.
func tryWrite(dir string, n int64) error {
	f, err := os.CreateTemp(dir, ".preship-try-*")
	if err != nil {
		return err
	}
	_, err = f.Write(make([]byte, n))
	if err == nil {
		err = f.Sync() // some file systems find out only now that they are full
	}
	return errors.Join(err, f.Close(), os.Remove(f.Name()))
}
