package backup

import (
	"cmp"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"runtime"
	"slices"
	"strings"
	"sync"

	"golang.org/x/sync/errgroup"

	"preship/backup/agefile"
	"preship/backup/disk"
	"preship/backup/manifest"
)

// CheckResult is what [Check] found: the object `preship backup verify --json` prints.
type CheckResult struct {
	Files int64 `json:"files"` // looked at
	Bytes int64 `json:"bytes"`
	Kept  int64 `json:"kept"` // of the files: from an earlier run alone
	Read  bool  `json:"read"` // contents were compared, not only sizes
	// Encrypted: the files lie encrypted. Opened: they were decrypted, and what they
	// hold was compared; otherwise what was compared is the encrypted files.
	Encrypted bool               `json:"encrypted"`
	Opened    bool               `json:"opened"`
	Problems  []manifest.Problem `json:"problems"`
}

// Check compares a saved backup with its manifest, without the handset: that
// every file is there and as long as it was and, with read, that its SHA-256 is
// the one that was proved; and that nothing lies among them that was not put
// there. root is the case folder. It changes nothing.
//
// Problems are what it found wrong, sorted by file. The error is [ErrNoBackup],
// [ErrManifest], or one of reading the disk. Files that could not be saved are
// no problems of the copy; the manifest and the findings of [Run] name those.
//
// Of an encrypted backup Check compares the encrypted files, for which it takes
// no key: those are what was written when what they hold was proved.
func Check(root *os.Root, read bool) (CheckResult, error) {
	return (&checker{root: root, read: read, known: manifest.PathSet{}}).run()
}

// CheckOpened is Check with read, and opens the files of an encrypted backup: it
// compares what they hold too. The error can also be [ErrWrongKey] and [ErrKeyList].
func CheckOpened(root *os.Root, key *agefile.Key) (CheckResult, error) {
	err := key.Check(root)
	if err != nil && !errors.Is(err, agefile.ErrNotEncrypted) {
		return CheckResult{Read: true, Problems: []manifest.Problem{}}, err
	}
	return (&checker{root: root, read: true, key: key, known: manifest.PathSet{}}).run()
}

func (c *checker) run() (CheckResult, error) {
	res := CheckResult{Read: c.read, Problems: []manifest.Problem{}}
	if err := c.manifest(); err != nil {
		return res, err
	}
	res.Encrypted, res.Opened = c.sealed, c.sealed && c.key != nil
	if err := c.extras(); err != nil {
		return res, err
	}
	slices.SortFunc(c.problems, func(a, b manifest.Problem) int {
		return cmp.Or(strings.Compare(a.File, b.File), strings.Compare(a.What, b.What))
	})
	res.Files, res.Bytes, res.Kept = c.files, c.bytes, c.kept
	res.Problems = append(res.Problems, c.problems...)
	return res, nil
}

// checker is one run of Check.
type checker struct {
	root   *os.Root
	read   bool
	key    *agefile.Key // nil: encrypted files are not opened
	sealed bool
	known  manifest.PathSet // the paths in the case that the manifest names

	mu       sync.Mutex
	files    int64
	bytes    int64
	kept     int64
	problems []manifest.Problem
}

func (c *checker) problem(file, format string, args ...any) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.problems = append(c.problems, manifest.Problem{File: manifest.Display(file), What: fmt.Sprintf(format, args...)})
}

// manifest goes through the manifest, with as many files being read at once as
// there are processors to hash them.
func (c *checker) manifest() error {
	var g errgroup.Group
	g.SetLimit(runtime.GOMAXPROCS(0))
	m, err := manifest.Load(c.root, func(e *manifest.Entry) error {
		c.known.Add(e.InCase())
		if e.Status == manifest.StatusKept {
			c.kept++
		}
		one := *e
		g.Go(func() error { c.entry(&one); return nil })
		return nil
	})
	_ = g.Wait() // entry has no errors, only problems
	if err != nil {
		return err
	}
	for i := range m.Items {
		c.item(&m.Items[i])
	}
	if c.sealed = m.Encryption != nil; c.sealed {
		c.keys(m.Encryption)
	}
	if !m.Complete {
		c.problem(manifest.Name, "the backup did not come to its end")
	}
	return nil
}

// item compares one item with the disk.
func (c *checker) item(it *manifest.Item) {
	c.known.Add(it.File)
	if !it.Valid() || it.SHA256 == "" && it.Stored == nil {
		c.problem(manifest.Display(it.File), "is in the manifest and cannot be an item")
		return
	}
	c.file(it.File, it.Size, it.SHA256, it.Stored)
}

// keys compares what an encrypted backup needs to be opened by a passphrase, and
// to be gone on with.
func (c *checker) keys(s *manifest.Encryption) {
	for _, it := range s.Files {
		if !agefile.IsKeyFile(it.File) {
			c.problem(it.File, "is in the manifest and cannot be a list of keys")
			continue
		}
		c.file(it.File, it.Size, it.SHA256, nil)
	}
}

// entry compares one entry with the disk.
func (c *checker) entry(e *manifest.Entry) {
	switch {
	case e.Type == manifest.TypeDir && e.Status == manifest.StatusRecorded:
		if fi, err := c.root.Lstat(e.InCase()); err != nil || !fi.IsDir() {
			c.problem(e.InCase(), "missing: the folder is not there")
		}
	case e.SHA256 != "" && e.Type == manifest.TypeFile:
		c.file(e.InCase(), e.Size, e.SHA256, e.Stored)
	case e.Status == manifest.StatusProved || e.Status == manifest.StatusSaved || e.Status == manifest.StatusKept:
		c.problem(e.InCase(), "is called %s and has no SHA-256 in the manifest", e.Status)
	}
}

// extras finds what lies among the saved files and is not in the manifest.
func (c *checker) extras() error {
	for _, dir := range []string{"/storage", "/data", "/mnt", "/items"} {
		err := disk.Walk(c.root, manifest.Dir+dir, func(name string) error {
			if !c.known.Has(name) {
				c.problem(name, "extra: not in the manifest")
			}
			return nil
		})
		if err != nil && !errors.Is(err, fs.ErrNotExist) {
			return err // where nothing was saved, the manifest said whether that is right
		}
	}
	return nil
}
