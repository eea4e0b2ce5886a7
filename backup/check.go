package backup

import (
	"cmp"
	"errors"
	"io/fs"
	"os"
	"runtime"
	"slices"
	"sort"
	"strings"
	"sync"

	"golang.org/x/sync/errgroup"

	"preship/backup/agefile"
	"preship/backup/disk"
	"preship/backup/manifest"
	"preship/report/message"
)

// CheckResult is the result of [Check]: the object `preship backup verify --json` prints.
type CheckResult struct {
	Files     int64 `json:"files"` // the number of files compared
	Bytes     int64 `json:"bytes"`
	Kept      int64 `json:"kept"`      // how many of the files only an earlier run saved
	Read      bool  `json:"read"`      // contents were compared, not only sizes
	Encrypted bool  `json:"encrypted"` // the files are encrypted
	Opened    bool  `json:"opened"`    // encrypted files were decrypted, and their contents compared
	// NotSaved is how many files the handset had that are not in the backup, LeftOut how many
	// of the handset's files and kinds of data were left out as asked, and Lacking names
	// storages, tables and the list of rows that lack something, and doubts of the listing.
	// The saved data may be whole all the same.
	NotSaved int64              `json:"not_saved"`
	LeftOut  int64              `json:"left_out"`
	Lacking  []string           `json:"lacking"`
	Problems []manifest.Problem `json:"problems"` // sorted by file
	// Doubts are the doubts of the listing that Lacking has, as sentences.
	Doubts []message.Sentence `json:"-"`
}

// Unfinished is the message of the problem that a backup did not come to its end. The
// saved part is compared anyway.
const Unfinished message.ID = "backup.check.incomplete"

// Check compares a saved backup with its manifest, without the handset. Every file must
// exist with its size and, if read is true, with the SHA-256 that was proved; other files
// must not be there. root is the case folder. Check changes nothing.
//
// Differences are in Problems. The error is [manifest.ErrNoBackup], [manifest.ErrDamaged],
// or one of reading the disk. A file that could not be saved is not a difference: the
// manifest and the findings of [Run] name it.
//
// Of an encrypted backup Check compares the encrypted files, which takes no key: they are
// the files that were written while their contents were proved.
func Check(root *os.Root, read bool) (CheckResult, error) {
	return (&checker{root: root, read: read, known: manifest.PathSet{}}).run()
}

// CheckOpened is Check with read, and decrypts the files of an encrypted backup with key,
// to compare their contents too. The error can also be [agefile.ErrWrongKey] or
// [agefile.ErrKeyList].
func CheckOpened(root *os.Root, key *agefile.Key) (CheckResult, error) {
	err := key.Check(root)
	if err != nil && !errors.Is(err, agefile.ErrNotEncrypted) {
		return CheckResult{Read: true, Lacking: []string{}, Problems: []manifest.Problem{}}, err
	}
	return (&checker{root: root, read: true, key: key, known: manifest.PathSet{}}).run()
}

// CheckSome is Check, with read, of those files that take chooses by their paths in the
// case. The other files are not looked at, but for the number that the manifest names; nor
// are files that it does not name.
func CheckSome(root *os.Root, take func(name string) bool) (res CheckResult, named int64, err error) {
	c := &checker{root: root, read: true, take: take, known: manifest.PathSet{}}
	res, err = c.run()
	return res, c.named, err
}

func (c *checker) run() (CheckResult, error) {
	res := CheckResult{Read: c.read, Lacking: []string{}, Problems: []manifest.Problem{}}
	if err := c.manifest(); err != nil {
		return res, err
	}
	res.Encrypted, res.Opened = c.encrypted, c.encrypted && c.key != nil
	if c.take == nil {
		if err := c.extras(); err != nil {
			return res, err
		}
	}
	sort.Slice(c.problems, func(i, j int) bool {
		a, b := c.problems[i], c.problems[j]
		return cmp.Or(strings.Compare(a.File, b.File), strings.Compare(a.What, b.What)) < 0
	})
	res.Files, res.Bytes, res.Kept = c.files, c.bytes, c.kept
	res.NotSaved, res.LeftOut, res.Lacking = c.notSaved, c.leftOut, append(res.Lacking, c.lacking...)
	res.Problems, res.Doubts = append(res.Problems, c.problems...), c.doubts
	return res, nil
}

// checker is one run of Check.
type checker struct {
	root      *os.Root
	read      bool
	key       *agefile.Key           // nil: encrypted files are not decrypted
	take      func(name string) bool // chooses the files that are compared; nil: all
	encrypted bool
	known     manifest.PathSet // the paths in the case that the manifest names

	notSaved, leftOut int64
	lacking           []string
	doubts            []message.Sentence

	mu       sync.Mutex
	named    int64 // files that the manifest names, with take
	files    int64
	bytes    int64
	kept     int64
	problems []manifest.Problem
}

func (c *checker) problem(file string, what message.Sentence) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.problems = append(c.problems, manifest.NewProblem(file, what))
}

// manifest compares every entry of the manifest, as many at a time as there are
// processors to hash files.
func (c *checker) manifest() error {
	var g errgroup.Group
	g.SetLimit(runtime.GOMAXPROCS(0))
	m, err := manifest.Load(c.root, func(e *manifest.Entry) error {
		c.known.Add(e.InCase())
		switch e.Status {
		case manifest.StatusKept:
			c.kept++
		case manifest.StatusLeftOut:
			c.leftOut++
		case manifest.StatusUnreadable, manifest.StatusVanished, manifest.StatusMissing, manifest.StatusChanged:
			c.notSaved++
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
		if m.Items[i].Name() == manifest.MissingItem && m.Items[i].Size > 0 {
			c.lacking = append(c.lacking, manifest.Display(m.Items[i].File))
		}
	}
	for _, r := range m.Roots {
		if r.Skipped != "" {
			c.lacking = append(c.lacking, manifest.Display(r.Path))
		}
	}
	for _, rows := range m.Rows {
		if rows.Refused && !slices.Contains(m.LeftOut, rows.Table) {
			c.lacking = append(c.lacking, rows.Table)
		}
	}
	c.lacking, c.doubts = append(c.lacking, m.Listing...), m.Doubts()
	c.leftOut += int64(len(m.LeftOut))
	if c.encrypted = m.Encryption != nil; c.encrypted {
		c.keys(m.Encryption)
	}
	if !m.Complete {
		c.problem(manifest.Name, message.Say(Unfinished))
	}
	return nil
}

// item compares one item with the disk.
func (c *checker) item(it *manifest.Item) {
	c.known.Add(it.File)
	if !it.Valid() || it.SHA256 == "" && it.Stored == nil {
		c.problem(it.File, message.Say("backup.check.item"))
		return
	}
	c.file(it.File, it.Size, it.SHA256, it.Stored)
}

// keys compares the files that an encrypted backup needs to be resumed, and to be opened
// by a passphrase.
func (c *checker) keys(s *manifest.Encryption) {
	for _, it := range s.Files {
		if !agefile.IsKeyFile(it.File) {
			c.problem(it.File, message.Say("backup.check.keys"))
			continue
		}
		c.file(it.File, it.Size, it.SHA256, nil)
	}
}

// entry compares one entry with the disk.
func (c *checker) entry(e *manifest.Entry) {
	switch {
	case e.Type == manifest.TypeDir && e.Status == manifest.StatusRecorded:
		if c.take != nil {
			return
		}
		if fi, err := c.root.Lstat(e.InCase()); err != nil || !fi.IsDir() {
			c.problem(e.InCase(), message.Say("backup.check.no-folder"))
		}
	case e.SHA256 != "" && e.Type == manifest.TypeFile:
		c.file(e.InCase(), e.Size, e.SHA256, e.Stored)
	case e.Status == manifest.StatusProved || e.Status == manifest.StatusSaved || e.Status == manifest.StatusKept:
		c.problem(e.InCase(), message.Say("backup.check.no-sum", "status", string(e.Status)))
	}
}

// extras finds files that are in the folders of the backup and not in the manifest.
func (c *checker) extras() error {
	for _, dir := range []string{"/storage", "/data", "/mnt", "/items"} {
		err := disk.Walk(c.root, manifest.Dir+dir, func(name string) error {
			if !c.known.Has(name) {
				c.problem(name, message.Say("backup.check.extra"))
			}
			return nil
		})
		if err != nil && !errors.Is(err, fs.ErrNotExist) {
			return err // a missing folder is no problem: its files were compared by the manifest
		}
	}
	return nil
}
