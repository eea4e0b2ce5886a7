package offsite

import (
	"context"
	"errors"
	"fmt"
	"hash/fnv"
	"os"
	"path/filepath"
	"strings"
	"time"

	"preship/backup/agefile"
	"preship/backup/archive"
	"preship/backup/meter"
	"preship/cmd/preship/internal/amount"
	"preship/cmd/preship/internal/desks"
	"preship/cmd/preship/internal/job"
	"preship/cmd/preship/internal/volume"
	"preship/report/casedir"
	"preship/report/message"
)

// ErrNoSpace means that the disk has too little space for what would be fetched.
var ErrNoSpace = message.Error(message.Say("cases.fetch.no-space"), nil)

// Place is where the archive of a case is.
type Place struct {
	Address archive.Address
	Case    string
	Digest  string    // of its list, as the case has it; empty if only the address is known
	Written time.Time // zero if only the address is known
}

// At reads the address of one case, such as s3://BUCKET/PREFIX/PS-…. An address without a
// case gives a usage error.
func At(text string) (*Place, error) {
	a, err := archive.ParseAddress(text)
	if err != nil || a.Case == "" {
		return nil, job.Usage(message.Say("cases.fetch.address", "address", text))
	}
	return &Place{Address: a, Case: a.Case}, nil
}

// Of returns the place of the data that a person named: an address, the folder of a case in
// an archive, or the folder of a case whose data is in the archive alone. It is nil for
// anything else.
func Of(name string) (*Place, error) {
	if archive.IsAddress(name) {
		return At(name)
	}
	if a, err := archive.ParseAddress(name); err == nil && a.Case != "" && archive.InFolder(name) {
		return &Place{Address: a, Case: a.Case}, nil
	}
	s, err := casedir.Look(name)
	if err != nil || s.Archive == nil || s.Archive.Freeing == nil || s.BackupHeld && s.Archive.Freed != nil {
		return nil, nil // whoever opens the folder finds its faults
	}
	if s.Retention != nil && s.Retention.Deleting != nil {
		return nil, nil // it was deleted on purpose
	}
	return Record(s.ID, s.Archive)
}

// Record returns the place that a case has recorded.
func Record(id string, a *casedir.Archive) (*Place, error) {
	at, err := archive.ParseAddress(a.Address)
	if err != nil {
		return nil, err
	}
	return &Place{at, id, a.List, a.Written}, nil
}

// Source is an archived case that is open.
type Source struct {
	*archive.Reader
	Place Place
	store archive.Store
}

// Open opens the archive of a case with a secret key of the chain. The caller closes it.
func (p *Place) Open(ctx context.Context, key *agefile.Key) (*Source, error) {
	store, err := desks.Archive(p.Address)
	if err != nil {
		return nil, err
	}
	r, err := archive.Open(ctx, store, p.Case, key, p.Digest)
	if err != nil {
		return nil, errors.Join(fmt.Errorf("%s/%s: %w", p.Address, p.Case, err), store.Close())
	}
	return &Source{r, *p, store}, nil
}

// Close closes the archive.
func (s *Source) Close() error { return s.store.Close() }

// Check compares the archive of a case with its list: see [archive.Check].
func (p *Place) Check(ctx context.Context, o archive.CheckOptions) (archive.CheckResult, error) {
	store, err := desks.Archive(p.Address)
	if err != nil {
		return archive.CheckResult{}, err
	}
	o.Digest = p.Digest
	res, err := archive.Check(ctx, store, p.Case, o)
	return res, errors.Join(err, store.Close())
}

// Fetch fetches files into a folder, which exists, after it looked for space. want chooses
// the files; nil is all. The error is [ErrNoSpace], or one of [archive.Reader.Fetch].
func (s *Source) Fetch(ctx context.Context, dir string, want func(string) bool, progress func(meter.Progress)) (archive.Fetched, error) {
	root, err := os.OpenRoot(dir)
	if err != nil {
		return archive.Fetched{}, err
	}
	defer root.Close()
	need := s.Bytes(want)
	if v, err := volume.Of(dir); err == nil && v.Free < need-used(root) {
		return archive.Fetched{}, message.Kind(message.Say("cases.fetch.space", "need", amount.Bytes(need), "free", amount.Bytes(v.Free), "folder", dir), ErrNoSpace)
	}
	return s.Reader.Fetch(ctx, root, archive.FetchOptions{Want: want, Progress: func(done, all int64) {
		if progress != nil {
			progress(meter.Progress{Phase: meter.PhaseFetching, BytesDone: done, BytesTotal: all})
		}
	}})
}

// used returns how many bytes of a fetch that was interrupted are there.
func used(root *os.Root) (n int64) {
	_ = walk(root, ".", func(size int64) { n += size }) // what cannot be read counts as missing
	return n
}

func walk(root *os.Root, dir string, file func(int64)) error {
	in, err := root.Open(dir)
	if err != nil {
		return err
	}
	entries, err := in.ReadDir(-1)
	if err := errors.Join(err, in.Close()); err != nil {
		return err
	}
	for _, e := range entries {
		if e.IsDir() {
			err = errors.Join(err, walk(root, dir+"/"+e.Name(), file))
		} else if fi, infoErr := e.Info(); infoErr == nil {
			file(fi.Size())
		}
	}
	return err
}

// Temporary fetches all of the case into a folder of this user's cache, and returns it. An
// interrupted fetch resumes there. done deletes the folder.
func (s *Source) Temporary(ctx context.Context, progress func(meter.Progress)) (dir string, done func() error, err error) {
	cache, err := os.UserCacheDir()
	if err != nil {
		return "", nil, err
	}
	sum := fnv.New32a()
	fmt.Fprint(sum, s.Place.Address, s.Digest())
	dir = filepath.Join(cache, "preship", "fetched", fmt.Sprintf("%s-%08x", s.Place.Case, sum.Sum32()))
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return "", nil, err
	}
	if _, err := s.Fetch(ctx, dir, nil, progress); err != nil {
		return "", nil, err
	}
	return dir, func() error { return os.RemoveAll(dir) }, nil
}

// Data reports whether a file of a case is of the saved data.
func Data(path string) bool {
	return strings.HasPrefix(path, casedir.BackupDir+"/") || path == casedir.BackupDir
}
