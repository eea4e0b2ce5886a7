package archive

import (
	"context"
	"errors"
	"io"
	"math/rand/v2"

	"preship/backup/agefile"
	"preship/backup/manifest"
	"preship/report/message"
)

// CheckOptions say how much of an archive is read.
type CheckOptions struct {
	// Sample is the part of the packs and package files to read, from 0 to 1: at least one
	// is read. The list, the key and the index are always read, and the size of every object
	// is compared with what the store lists.
	Sample float64
	Seed   uint64 // of the choice: the same seed reads the same objects
	Digest string // the SHA-256 of the list, as the case has it; empty if it is not known
	// Key opens the archive, to compare the contents of every file; Sample counts as 1 then.
	// Without it objects are compared as they are stored.
	Key *agefile.Key
	// Progress is called with the bytes read and to read. It may be nil.
	Progress func(done, all int64)
}

// CheckResult is what [Check] found.
type CheckResult struct {
	Objects  int   // that the list has
	Read     int   // of them, those that were read and compared
	Bytes    int64 // that were read
	Files    int   // whose contents were compared; with a key
	Opened   bool  // a key opened it
	Problems []manifest.Problem
}

// Check compares the archive of a case with its list. An object that is missing, or is not
// as it was written, is a problem, and so is an archive that is not there. It changes
// nothing and, without a key, needs no secret.
//
// The error is of a store that does not answer, [agefile.ErrWrongKey], or of the context.
func Check(ctx context.Context, s Store, id string, o CheckOptions) (res CheckResult, err error) {
	res.Problems = []manifest.Problem{}
	l, err := readList(ctx, s, id, o.Digest)
	switch {
	case errors.Is(err, ErrNotThere):
		return res, res.add(listName, damaged(listName, message.Say("archive.damaged.missing")))
	case err != nil:
		return res, res.add(listName, err)
	}
	res.Objects = len(l.Objects)
	missing, err := res.sizes(ctx, s, id, l)
	if err != nil {
		return res, err
	}
	if o.Key != nil {
		return res, res.open(ctx, s, id, o)
	}
	return res, res.sample(ctx, s, id, l, o, missing)
}

// add notes a problem of an object; errors that are not about one are returned.
func (r *CheckResult) add(name string, err error) error {
	var of *damagedError
	switch {
	case err == nil:
		return nil
	case errors.As(err, &of) && of.name == name:
		r.Problems = append(r.Problems, manifest.NewProblem(name, of.what))
	case of != nil, errors.Is(err, ErrOther):
		r.Problems = append(r.Problems, manifest.NewProblem(name, message.Of(err)))
	default:
		return err
	}
	return nil
}

// sizes compares the list with what the store lists, and returns the differences.
func (r *CheckResult) sizes(ctx context.Context, s Store, id string, l *list) (bad map[string]bool, err error) {
	all, err := versionsOf(ctx, s, id)
	if err != nil {
		return nil, err
	}
	latest := map[string]int64{}
	for _, v := range all {
		if v.Latest && v.Kind == Data {
			latest[v.Name] = v.Size
		}
	}
	bad = map[string]bool{}
	for _, o := range l.Objects {
		size, ok := latest[id+"/"+o.Name]
		var what message.ID
		switch {
		case !ok:
			what = "archive.damaged.missing"
		case size < o.Size:
			what = "archive.damaged.shorter"
		case size > o.Size:
			what = "archive.damaged.longer"
		default:
			continue
		}
		bad[o.Name] = true
		r.Problems = append(r.Problems, manifest.NewProblem(o.Name, message.Say(what)))
	}
	return bad, nil
}

// sample reads a part of the objects and compares them.
func (r *CheckResult) sample(ctx context.Context, s Store, id string, l *list, o CheckOptions, bad map[string]bool) error {
	chosen, all := choose(l, o)
	for _, one := range chosen {
		if bad[one.Name] {
			continue
		}
		if err := r.add(one.Name, readBack(ctx, s, id, one)); err != nil {
			return err
		}
		r.Read++
		if r.Bytes += one.Size; o.Progress != nil {
			o.Progress(r.Bytes, all)
		}
	}
	return nil
}

// choose returns the objects to read, and their bytes.
func choose(l *list, o CheckOptions) (chosen []object, bytes int64) {
	dice := rand.New(rand.NewPCG(o.Seed, uint64(len(l.Objects))))
	var data []object
	for _, one := range l.Objects {
		if one.Name == keyName || one.Name == indexName {
			chosen = append(chosen, one)
		} else {
			data = append(data, one)
		}
	}
	always := -1
	if len(data) > 0 {
		always = dice.IntN(len(data))
	}
	for i, one := range data {
		if dice.Float64() < o.Sample || i == always {
			chosen = append(chosen, one)
		}
	}
	for _, one := range chosen {
		bytes += one.Size
	}
	return chosen, bytes
}

// open opens the archive and compares the contents of every file.
func (r *CheckResult) open(ctx context.Context, s Store, id string, o CheckOptions) error {
	archive, err := Open(ctx, s, id, o.Key, o.Digest)
	if err != nil {
		return r.add(id, err)
	}
	r.Opened = true
	return archive.each(ctx, &checker{res: r, all: archive.Bytes(nil), o: o})
}

// checker is the sink of a check.
type checker struct {
	res *CheckResult
	all int64
	o   CheckOptions
}

func (c *checker) begin(*file) (io.Writer, error) { return c, nil }

func (c *checker) Write(b []byte) (int, error) {
	if c.res.Bytes += int64(len(b)); c.o.Progress != nil {
		c.o.Progress(c.res.Bytes, c.all)
	}
	return len(b), nil
}

func (c *checker) end(f *file, err error) error {
	if err == nil {
		c.res.Files++
		return nil
	}
	return c.res.add(f.path(), err)
}
