package adbtest

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"time"
)

// Peer is one way of talking to one handset: our own client, another adb, or a
// double of either. What it cannot ask it answers with an error that is
// [errors.ErrUnsupported], and [Check] leaves out what rests on that.
type Peer interface {
	// Shell runs a line with stdin, which ends behind its last byte.
	Shell(ctx context.Context, line string, stdin []byte) (ShellAnswer, error)
	// Push stores a file with its permissions and time.
	Push(ctx context.Context, path string, data []byte, perm fs.FileMode, mtime time.Time) error
	// Pull reads a file. One that is not there is an error.
	Pull(ctx context.Context, path string) ([]byte, error)
	// List is the names in a folder, without "." and "..", in any order.
	List(ctx context.Context, dir string) ([]string, error)
	// Stat is of the file itself where it is a symbolic link. One that is not
	// there is an error that is fs.ErrNotExist.
	Stat(ctx context.Context, path string) (FileAnswer, error)
	// State is adb's word for the handset's state.
	State(ctx context.Context) (string, error)
	// Service opens any service and reads it to its end. A service that the
	// handset refuses to open is an error.
	Service(ctx context.Context, name string) ([]byte, error)
}

// Opener is what a Peer may be as well: it opens any service as a stream, which
// the caller closes. Without it what the sync service answers word for word is
// left out.
type Opener interface {
	Open(ctx context.Context, service string) (io.ReadWriteCloser, error)
}

// ShellAnswer is what came of a shell line. Exit is -1 where the way of asking
// loses it.
type ShellAnswer struct {
	Stdout, Stderr []byte
	Exit           int
}

// FileAnswer is what is known of a file. Mode is the raw st_mode.
type FileAnswer struct {
	Mode  uint32
	Size  int64
	MTime time.Time // whole seconds
}

// CheckOptions says how to check.
type CheckOptions struct {
	// Dir is a folder that the shell may write to; what Check makes below it, it
	// removes. "" is /data/local/tmp.
	Dir string
	// Only is the names of the checks to make; none is all of them.
	Only []string
	// Each, when not nil, is told the outcome of each check: nil, an error, or
	// one that is errors.ErrUnsupported.
	Each func(name string, err error)
}

// checkTime bounds one check.
const checkTime = 60 * time.Second

// Check asks the handset behind p everything on one list of expectations, which
// a real handset, Android's own daemon and an emulated handset meet alike. The
// handset must be in state device. The error joins all that was not met, each
// by its name. Nothing of the handset's own is read or changed.
func Check(ctx context.Context, p Peer, o CheckOptions) error {
	if o.Dir == "" {
		o.Dir = "/data/local/tmp"
	}
	place := fmt.Sprintf("%s/preship-check-%d", o.Dir, time.Now().UnixNano())
	only := map[string]bool{}
	for _, name := range o.Only {
		only[name] = true
	}
	var faults []error
	for _, row := range checks {
		if len(only) > 0 && !only[row.name] {
			continue
		}
		err := checkOne(ctx, p, row, place)
		if o.Each != nil {
			o.Each(row.name, err)
		}
		if err != nil && !errors.Is(err, errors.ErrUnsupported) {
			faults = append(faults, fmt.Errorf("%s: %w", row.name, err))
		}
	}
	if _, err := p.Shell(ctx, "rm -rf "+place, nil); err != nil && !errors.Is(err, errors.ErrUnsupported) {
		faults = append(faults, fmt.Errorf("cleaning up: %w", err))
	}
	return errors.Join(faults...)
}

func checkOne(ctx context.Context, p Peer, row check, place string) error {
	ctx, cancel := context.WithTimeout(ctx, checkTime)
	defer cancel()
	return row.met(ctx, p, place)
}

// check is one expectation. place is a folder of the check's own, not there
// yet when the first of them begins.
type check struct {
	name string
	met  func(ctx context.Context, p Peer, place string) error
}

// checks is the list: first shell lines, then files, services, and the sync
// service byte for byte.
var checks = func() []check {
	var all []check
	for _, row := range lineChecks {
		all = append(all, check{"shell: " + row.name, row.met})
	}
	all = append(append(all, fileChecks...), serviceChecks...)
	for _, row := range syncChecks {
		all = append(all, check{"sync: " + row.name, row.met})
	}
	return all
}()
