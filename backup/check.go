package backup

import (
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"runtime"
	"slices"
	"strings"
	"sync"

	"golang.org/x/sync/errgroup"
)

// CheckResult is what [Check] found: the object `preship backup verify --json` prints.
type CheckResult struct {
	Files    int64     `json:"files"` // looked at
	Bytes    int64     `json:"bytes"`
	Read     bool      `json:"read"` // contents were compared, not only sizes
	Problems []Problem `json:"problems"`
}

// Problem is one thing that is not as the manifest says.
type Problem struct {
	File string `json:"file"` // relative to the case folder, safe to print
	What string `json:"what"`
}

// Check compares a saved backup with its manifest, without the handset: that
// every file is there and as long as it was and, with read, that its SHA-256 is
// the one that was proved; and that nothing lies among them that was not put
// there. root is the case folder. It changes nothing.
//
// Problems are what it found wrong, sorted by file. The error is [ErrNoBackup],
// [ErrManifest], or one of reading the disk. Files that could not be saved are
// no problems of the copy; the manifest and the findings of [Run] name those.
func Check(root *os.Root, read bool) (CheckResult, error) {
	c := &checker{root: root, read: read, known: map[[16]byte]bool{}}
	res := CheckResult{Read: read, Problems: []Problem{}}
	if err := c.manifest(); err != nil {
		return res, err
	}
	if err := c.extras(); err != nil {
		return res, err
	}
	slices.SortFunc(c.problems, func(a, b Problem) int {
		return cmp.Or(strings.Compare(a.File, b.File), strings.Compare(a.What, b.What))
	})
	res.Files, res.Bytes = c.files, c.bytes
	res.Problems = append(res.Problems, c.problems...)
	return res, nil
}

// checker is one run of Check.
type checker struct {
	root *os.Root
	read bool
	// known are the host paths of the manifest: parts of their hashes, which take
	// a fraction of the memory the paths would.
	known map[[16]byte]bool

	mu       sync.Mutex
	files    int64
	bytes    int64
	problems []Problem
}

func (c *checker) problem(file, format string, args ...any) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.problems = append(c.problems, Problem{File: display(file), What: fmt.Sprintf(format, args...)})
}

func (c *checker) know(host string) {
	var key [16]byte
	sum := sha256.Sum256([]byte(host))
	copy(key[:], sum[:])
	c.known[key] = true
}

func (c *checker) knows(host string) bool {
	var key [16]byte
	sum := sha256.Sum256([]byte(host))
	copy(key[:], sum[:])
	return c.known[key]
}

// manifest goes through the manifest, with as many files being read at once as
// there are processors to hash them.
func (c *checker) manifest() error {
	f, err := c.root.Open(ManifestName)
	if errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("%w: no %s", ErrNoBackup, ManifestName)
	}
	if err != nil {
		return err
	}
	defer f.Close()
	var g errgroup.Group
	g.SetLimit(runtime.GOMAXPROCS(0))
	m, err := ReadManifest(f, func(e *Entry) error {
		c.know(e.host())
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
	if !m.Complete {
		c.problem(ManifestName, "the backup did not come to its end")
	}
	return nil
}

// item compares one item with the disk.
func (c *checker) item(it *Item) {
	c.know(it.File)
	if !it.valid() || it.SHA256 == "" {
		c.problem(display(it.File), "is in the manifest and cannot be an item")
		return
	}
	c.file(it.File, it.Size, it.SHA256)
}

// entry compares one entry with the disk.
func (c *checker) entry(e *Entry) {
	switch {
	case e.Type == TypeDir && e.Status == StatusRecorded:
		if fi, err := c.root.Lstat(e.host()); err != nil || !fi.IsDir() {
			c.problem(e.host(), "missing: the folder is not there")
		}
	case e.SHA256 != "" && e.Type == TypeFile:
		c.file(e.host(), e.Size, e.SHA256)
	case e.Status == StatusProved || e.Status == StatusSaved || e.Status == StatusKept:
		c.problem(e.host(), "is called %s and has no SHA-256 in the manifest", e.Status)
	}
}

func (c *checker) file(host string, size int64, sha string) {
	fi, err := c.root.Lstat(host)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		c.problem(host, "missing")
		return
	case err != nil:
		c.problem(host, "cannot be read: %s", display(err.Error()))
		return
	case !fi.Mode().IsRegular():
		c.problem(host, "changed: no regular file any more")
		return
	case fi.Size() != size:
		c.problem(host, "changed: %d bytes and not %d", fi.Size(), size)
		return
	}
	if c.read {
		sum, _, err := hashFile(c.root, host, sha256.New(), make([]byte, 128<<10))
		switch {
		case err != nil:
			c.problem(host, "cannot be read: %s", display(err.Error()))
		case hex.EncodeToString(sum[:]) != strings.ToLower(sha):
			c.problem(host, "changed: its SHA-256 is another")
		}
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	c.files++
	c.bytes += fi.Size()
}

// extras finds what lies among the saved files and is not in the manifest.
func (c *checker) extras() error {
	for _, dir := range []string{"/storage", "/data", "/mnt", "/items"} {
		err := walkFiles(c.root, storageDir+dir, func(name string) error {
			if !c.knows(name) {
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

// walkChunk bounds the names of a folder that are in memory at once.
const walkChunk = 1024
