package conformance

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"time"
)

// Peer is a way to one handset: our own client, another adb, or a double of either.
// A method that a Peer does not have returns an error that is
// [errors.ErrUnsupported], and [Run] skips what depends on it where its table of skips
// has the row.
type Peer interface {
	// Shell runs a line with stdin, which is closed after its last byte.
	Shell(ctx context.Context, line string, stdin []byte) (ShellAnswer, error)
	// Push stores a file with its permissions and time.
	Push(ctx context.Context, path string, data []byte, perm fs.FileMode, mtime time.Time) error
	// Pull reads a file. A missing one is an error.
	Pull(ctx context.Context, path string) ([]byte, error)
	// List returns the names in a folder, without "." and "..", in any order.
	List(ctx context.Context, dir string) ([]string, error)
	// Stat describes a file, without following a symbolic link. A missing file is
	// an error that is fs.ErrNotExist.
	Stat(ctx context.Context, path string) (FileAnswer, error)
	// State returns adb's word for the handset's state.
	State(ctx context.Context) (string, error)
	// Service opens any service and reads it to its end. A refused service is an
	// error.
	Service(ctx context.Context, name string) ([]byte, error)
}

// Opener is an optional interface of a [Peer]. It opens any service as a stream,
// which the caller closes. [Run] skips the bytes of the sync service without it.
type Opener interface {
	Open(ctx context.Context, service string) (io.ReadWriteCloser, error)
}

// ShellAnswer is the result of a shell line. Exit is -1 if the Peer cannot see it.
type ShellAnswer struct {
	Stdout, Stderr []byte
	Exit           int
}

// FileAnswer describes a file. Mode is the raw st_mode.
type FileAnswer struct {
	Mode  uint32
	Size  int64
	MTime time.Time // whole seconds
}

// Options change how [Run] checks.
type Options struct {
	// Dir is a folder that the shell may write to. Run removes all that it makes
	// there. "" is /data/local/tmp.
	Dir string
	// Only names the checks to run; empty runs all.
	Only []string
	// Daemon is the kind of daemon behind the Peer; "" is Android. It decides which rows
	// may be skipped.
	Daemon Daemon
	// Each, if not nil, is called with the result of each check: nil, an error, or
	// one that is ErrSkipped.
	Each func(name string, err error)
}

// File types of a raw st_mode.
const (
	modeType = 0o170000
	modeDir  = 0o040000
	modeFile = 0o100000
	modeLink = 0o120000
)

// timeLimit bounds one check.
const timeLimit = 60 * time.Second

// Run checks the handset behind p against one list of expectations, which a real
// handset, Android's own daemon and an emulated handset all meet. The handset must
// be in state device. The error joins those that were not met, each with its name.
// Run reads and changes only its own files.
func Run(ctx context.Context, p Peer, o Options) error {
	if o.Dir == "" {
		o.Dir = "/data/local/tmp"
	}
	if o.Daemon == "" {
		o.Daemon = Android
	}
	place := fmt.Sprintf("%s/preship-check-%d", o.Dir, time.Now().UnixNano())
	only := map[string]bool{}
	for _, name := range o.Only {
		only[name] = true
	}
	var faults []error
	for _, row := range all {
		if len(only) > 0 && !only[row.name] {
			continue
		}
		err := judged(row.name, p, o.Daemon, runOne(ctx, p, row, place))
		if o.Each != nil {
			o.Each(row.name, err)
		}
		if err != nil && !errors.Is(err, ErrSkipped) {
			faults = append(faults, fmt.Errorf("%s: %w", row.name, err))
		}
	}
	if _, err := p.Shell(ctx, "rm -rf "+place, nil); err != nil && !errors.Is(err, errors.ErrUnsupported) {
		faults = append(faults, fmt.Errorf("cleaning up: %w", err))
	}
	return errors.Join(faults...)
}

func runOne(ctx context.Context, p Peer, row expectation, place string) error {
	ctx, cancel := context.WithTimeout(ctx, timeLimit)
	defer cancel()
	return row.met(ctx, p, place)
}

// expectation is one row of the list. place is a folder that the expectations
// share; the first one makes it.
type expectation struct {
	name string
	met  func(ctx context.Context, p Peer, place string) error
}

// all lists the expectations: shell lines, files, services, and the sync service
// byte for byte.
var all = func() []expectation {
	var all []expectation
	for _, row := range lines {
		all = append(all, expectation{"shell: " + row.name, row.met})
	}
	all = append(append(all, files...), services...)
	for _, row := range syncs {
		all = append(all, expectation{"sync: " + row.name, row.met})
	}
	return all
}()
