package audit

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"sync"

	"preship/backup"
	"preship/backup/archive"
	"preship/backup/manifest"
	"preship/report/casedir"
	"preship/report/message"
	"preship/report/register"
	"preship/report/seal"
)

// Schema names the object `preship cases check --json` prints.
const Schema = "urn:preship:checked:v1"

// Result is what a check found: the object `preship cases check --json` prints.
type Result struct {
	Seed     string  `json:"seed"`   // draws the same sample again with --seed
	Sample   float64 `json:"sample"` // the part of everything, from 0 to 1
	Cases    int     `json:"cases"`  // in the folder
	Packages Counted `json:"packages"`
	Files    Counted `json:"files"`    // of the saved data in the cases
	Archives Counted `json:"archives"` // archived cases; bytes are of their objects
	Unsealed int     `json:"unsealed"` // cases without a sealed report: nothing of them is checked
	Deleted  int     `json:"deleted"`  // cases whose data was deleted, as a signed statement says
	// Problems are the files that changed or vanished; no more than 1000 are listed.
	Problems []Problem `json:"problems"`
	More     int       `json:"more"` // problems that are not listed
	// Unchecked are the files and cases that could not be read.
	Unchecked []Problem `json:"unchecked"`
}

// Counted counts all of a kind, and those in the sample.
type Counted struct {
	All     int64 `json:"all"`
	Checked int64 `json:"checked"`
	Bytes   int64 `json:"bytes"` // read; 0 for packages
}

// Problem is a file that changed or vanished, or could not be read.
type Problem struct {
	Case    string            `json:"case"` // the ID; empty if the case cannot be read
	Path    string            `json:"path"` // of the case, below the folder
	Kind    string            `json:"kind"` // case, package, data or archive
	File    string            `json:"file"` // in the case or in the archive; may be empty
	What    string            `json:"what"`
	Message *message.Sentence `json:"message,omitempty"`
}

// The kinds of problems.
const (
	KindCase    = "case"
	KindPackage = "package"
	KindData    = "data"
	KindArchive = "archive"
)

// maxProblems bounds the problems in memory.
const maxProblems = 1000

// Sentence returns the defect, as part of another sentence.
func (p Problem) Sentence() message.Sentence { return message.Signed(p.What, p.Message) }

// Check is one check of a folder of cases. All fields are needed but Tell.
type Check struct {
	Dir    string
	Sample Sample
	Verify seal.VerifyOptions
	Open   func(archive.Address) (archive.Store, error)
	// Tell is called with each case before it is looked at. It may be nil.
	Tell func(n int, path string)

	res Result
	mu  sync.Mutex // of least
	// least is read if the sample is empty of a kind.
	least map[string]candidate
}

// candidate is the smallest draw of a kind.
type candidate struct {
	drawn float64
	entry register.Entry
	name  string
}

// Run reads the sample of the given cases. The error is of the context alone.
func (c *Check) Run(ctx context.Context, all []register.Entry) (Result, error) {
	c.res = Result{Seed: c.Sample.SeedText(), Sample: c.Sample.Part, Problems: []Problem{}, Unchecked: []Problem{}}
	c.least = map[string]candidate{}
	for _, e := range all {
		if err := ctx.Err(); err != nil {
			return c.res, err
		}
		if c.res.Cases++; c.Tell != nil {
			c.Tell(c.res.Cases, e.Path)
		}
		c.one(ctx, e)
	}
	c.atLeastOne(ctx)
	return c.res, ctx.Err()
}

// one reads what the sample has of a case.
func (c *Check) one(ctx context.Context, e register.Entry) {
	switch {
	case e.Gone:
		c.unchecked(e, KindCase, "", message.Say("cases.stand.gone"))
		return
	case e.Problem != "":
		c.problem(e, KindCase, "", e.Sentence())
		return
	case !e.Sealed:
		c.res.Unsealed++
		return
	}
	c.res.Packages.All++
	if c.takes(KindPackage, e, "") {
		c.pack(e)
	}
	root, err := os.OpenRoot(filepath.Join(c.Dir, e.Path))
	if err != nil {
		c.unchecked(e, KindData, "", message.Of(err))
		return
	}
	defer root.Close()
	at, err := casedir.ArchiveIn(root)
	if err != nil {
		c.unchecked(e, KindArchive, "", message.Of(err))
	}
	if at != nil {
		c.res.Archives.All++
		if c.takes(KindArchive, e, at.Address) {
			c.archived(ctx, e, *at, 1)
		}
	}
	switch _, err := root.Lstat(casedir.BackupDir); {
	case err == nil:
		c.data(e, root, func(name string) bool { return c.takes(KindData, e, name) })
	case !errors.Is(err, os.ErrNotExist):
		c.unchecked(e, KindData, "", message.Of(err))
	case e.Backup.Deleted != nil:
		c.res.Deleted++
	case e.Backup.Deleting != nil:
		c.unchecked(e, KindData, "", message.Say("cases.stand.deleting"))
	case at == nil:
		c.vanished(e, root)
	}
}

// vanished is a problem if the manifest names saved files: the data is not here, and nothing
// says that it was deleted or archived.
func (c *Check) vanished(e register.Entry, root *os.Root) {
	files := 0
	_, err := manifest.Load(root, func(one *manifest.Entry) error {
		if one.SHA256 != "" {
			files++
		}
		return nil
	})
	switch {
	case errors.Is(err, manifest.ErrNoBackup):
	case err != nil:
		c.problem(e, KindData, manifest.Name, message.Of(err))
	case files > 0:
		c.problem(e, KindData, casedir.BackupDir, message.Say("cases.check.vanished", "count", files))
	}
}

// takes reports whether the sample has something, and notes the smallest draw.
func (c *Check) takes(kind string, e register.Entry, name string) bool {
	drawn := c.Sample.draw(kind, e.ID, name)
	c.mu.Lock()
	defer c.mu.Unlock()
	if least, ok := c.least[kind]; !ok || drawn < least.drawn {
		c.least[kind] = candidate{drawn, e, name}
	}
	return drawn < c.Sample.Part
}

// atLeastOne reads one of each kind that is not in the sample.
func (c *Check) atLeastOne(ctx context.Context) {
	for kind, least := range c.least {
		e := least.entry
		if least.drawn < c.Sample.Part {
			continue // it was read
		}
		if kind == KindPackage {
			c.pack(e)
			continue
		}
		root, err := os.OpenRoot(filepath.Join(c.Dir, e.Path))
		if err != nil {
			c.unchecked(e, kind, least.name, message.Of(err))
			continue
		}
		if kind == KindData {
			all := c.res.Files.All
			c.data(e, root, func(name string) bool { return name == least.name })
			c.res.Files.All = all // they were counted
		} else if at, err := casedir.ArchiveIn(root); err == nil && at != nil {
			c.archived(ctx, e, *at, c.Sample.Part)
		}
		_ = root.Close() // it was only read
	}
}

// pack verifies a sealed package.
func (c *Check) pack(e register.Entry) {
	res, err := seal.Verify(filepath.Join(c.Dir, e.Path), c.Verify)
	if err != nil {
		c.unchecked(e, KindPackage, "", message.Of(err))
		return
	}
	c.res.Packages.Checked++
	for _, p := range res.Problems {
		c.problem(e, KindPackage, p.File, p.Sentence())
	}
}

// data compares files of a backup with its manifest.
func (c *Check) data(e register.Entry, root *os.Root, take func(string) bool) {
	res, named, err := backup.CheckSome(root, take)
	c.res.Files.All += named
	switch {
	case errors.Is(err, manifest.ErrNoBackup):
		return // the package says whether it should have one
	case errors.Is(err, manifest.ErrDamaged):
		c.problem(e, KindData, manifest.Name, message.Of(err))
		return
	case err != nil:
		c.unchecked(e, KindData, "", message.Of(err))
		return
	}
	c.res.Files.Checked += res.Files
	c.res.Files.Bytes += res.Bytes
	for _, p := range res.Problems {
		if p.Message == nil || p.Message.ID() != backup.Unfinished { // the report says so
			c.problem(e, KindData, p.File, p.Sentence())
		}
	}
}

// archived reads a part of the archive of a case.
func (c *Check) archived(ctx context.Context, e register.Entry, at casedir.Archive, part float64) {
	res, err := c.readArchive(ctx, e, at, part)
	if err != nil {
		c.unchecked(e, KindArchive, at.Address, message.Of(err))
		return
	}
	c.res.Archives.Checked++
	c.res.Archives.Bytes += res.Bytes
	for _, p := range res.Problems {
		c.problem(e, KindArchive, at.Address+"/"+e.ID+"/"+p.File, p.Sentence())
	}
}

func (c *Check) readArchive(ctx context.Context, e register.Entry, at casedir.Archive, part float64) (res archive.CheckResult, err error) {
	address, err := archive.ParseAddress(at.Address)
	if err != nil {
		return res, err
	}
	store, err := c.Open(address)
	if err != nil {
		return res, err
	}
	res, err = archive.Check(ctx, store, e.ID, archive.CheckOptions{Sample: part, Seed: c.Sample.Seed, Digest: at.List})
	return res, errors.Join(err, store.Close())
}

func (c *Check) problem(e register.Entry, kind, file string, what message.Sentence) {
	if len(c.res.Problems) == maxProblems {
		c.res.More++
		return
	}
	c.res.Problems = append(c.res.Problems, Problem{e.ID, e.Path, kind, file, what.String(), &what})
}

func (c *Check) unchecked(e register.Entry, kind, file string, what message.Sentence) {
	if len(c.res.Unchecked) < maxProblems {
		c.res.Unchecked = append(c.res.Unchecked, Problem{e.ID, e.Path, kind, file, what.String(), &what})
	}
}
