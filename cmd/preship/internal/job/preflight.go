package job

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"syscall"

	"preship/cmd/preship/internal/amount"
	"preship/report/message"
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

// sealing makes the report of the case, and makes sure beforehand that it can.
type sealing struct {
	*common
	key *Key // nil: not loaded yet
	end End
}

// CanFinish tries everything that the last step needs: the signing key, the folder
// of the case, the space on its disk, and the files of --junit and --ctrf. Its
// errors are usage errors that say what to do. It asks the handset nothing. It is
// called before the first step, and again before the handset is erased, since a key
// or a folder may be gone by then.
func (s *sealing) CanFinish(ctx context.Context) error {
	if s.kept == nil && s.opts.Dir == "" && s.opts.Out == "" {
		return errNoFolder()
	}
	if s.key != nil {
		if err := s.key.Still(ctx); err != nil {
			return err
		}
	} else if err := s.loadKey(ctx); err != nil {
		return err
	}
	return s.canKeep()
}

// canErase is CanFinish, and checks that the records so far can be sealed.
func (s *sealing) canErase(ctx context.Context) error {
	if err := s.CanFinish(ctx); err != nil {
		return err
	}
	if err := seal.Try(s.kept); err != nil {
		return usageOf(message.Say("usage.unsealable", "folder", s.kept.Dir(), "error", message.Of(err)), err)
	}
	return nil
}

// canKeep is CanFinish without the key.
func (s *sealing) canKeep() error {
	if err := s.tryFolder(); err != nil {
		return err
	}
	return s.tryOutputs()
}

// loadKey loads the signing key, once for the whole job.
func (s *sealing) loadKey(ctx context.Context) (err error) {
	if s.key == nil {
		s.key, err = s.host.Key(ctx)
	}
	return err
}

// TellKey says, once, that a signing key was made.
func (s *sealing) TellKey() {
	if s.key != nil && s.key.Made != "" {
		file := s.key.Made
		s.key.Made = ""
		s.say(message.Say("job.key-made", "file", file))
	}
}

// tryFolder writes into the folder of the case and looks at the space left there.
// Before there is a case it tries the folder that a new one is made in.
func (s *sealing) tryFolder() error {
	var dir string
	var write func() error
	switch {
	case s.kept != nil:
		if err := s.InPlace(); err != nil {
			return err
		}
		dir, write = s.kept.Dir(), func() error { return s.kept.TryWrite(trialSize) }
	case s.opts.Out == "":
		return nil // the case is opened next, and tried then
	default:
		if err := canMake(s.opts.Out); err != nil {
			return err
		}
		dir = folderAbove(s.opts.Out)
		write = func() error { return TryWrite(dir, trialSize) }
	}
	left, err := s.host.Free(dir)
	if err == nil && left < sealRoom {
		return noRoom(dir, left)
	}
	// If the free space is unknown, the folder may still be writable.
	switch err := write(); {
	case err == nil:
		return nil
	case errors.Is(err, syscall.ENOSPC):
		return noRoom(dir, 0)
	default:
		return Usage(message.Say("usage.folder.unwritable", "folder", dir, "error", message.Of(err)))
	}
}

// InPlace makes sure that the name of the case's folder still leads to the folder
// that was opened. If the folder was moved, or its disk was removed or covered by
// another, the job would write to a place that no name leads to.
func (s *sealing) InPlace() error {
	dir := s.kept.Dir()
	named, err := os.Stat(dir)
	if err == nil {
		var open os.FileInfo
		if open, err = s.kept.Root().Stat("."); err == nil && os.SameFile(named, open) {
			return nil
		}
	}
	return Usage(message.Say("usage.folder.moved", "folder", dir))
}

func noRoom(dir string, left int64) error {
	return Usage(message.Say("usage.folder.full", "folder", dir, "left", amount.Bytes(left), "need", amount.Bytes(sealRoom)))
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

// TryWrite writes n bytes into a folder, in its own file that it removes.
func TryWrite(dir string, n int64) error {
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
