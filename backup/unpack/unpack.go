package unpack

import (
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"os"
	"path"
	"strings"

	"preship/backup/agefile"
	"preship/backup/disk"
	"preship/backup/manifest"
	"preship/backup/meter"
	"preship/report/message"
)

// Options are the options of [Run]. The zero value opens everything of a plain backup.
type Options struct {
	// Names are what to open: kinds of data, items such as "contacts.vcf", and paths or
	// patterns of paths. Empty means everything.
	Names    []string
	Key      *agefile.Key         // opens an encrypted backup; nil for any other
	Progress func(meter.Progress) // may be nil

	free   func(dir string) (int64, error)  // nil: the free space of the disk
	system func(dir string) disk.FileSystem // nil: the file system of the disk
}

// Result is the result of [Run]: the object that `preship backup open --json` prints. The
// folder holds all that was asked for if NotSaved is 0 and Problems is empty.
type Result struct {
	To       string             `json:"to"`
	Files    int64              `json:"files"`     // to be opened
	Present  int64              `json:"present"`   // were there already, with the same contents
	Written  int64              `json:"written"`   // and compared with the manifest
	Bytes    int64              `json:"bytes"`     // written
	Folders  int64              `json:"folders"`   // of the handset
	Kept     int64              `json:"kept"`      // of the files: from an earlier run of the backup alone
	NotSaved int64              `json:"not_saved"` // files named by the backup and not in it
	Undated  int64              `json:"undated"`   // of the files: the disk did not take their times
	Renamed  []Renamed          `json:"renamed"`   // names that the disk cannot hold, or Windows cannot open
	Problems []manifest.Problem `json:"problems"`
}

// Renamed is a file or folder that has another name than on the handset.
type Renamed struct {
	Path string `json:"path"` // on the handset, safe to print
	File string `json:"file"` // relative to the folder
}

// Run writes the contents of the backup in the case folder root into the folder dir, which
// exists. The error is [manifest.ErrNoBackup], [manifest.ErrDamaged], [ErrNothing],
// [agefile.ErrKeyNeeded], [agefile.ErrWrongKey], [disk.ErrNoSpace], the context's, or one of
// the disk. A damaged or refused file is a problem and no error.
func Run(ctx context.Context, root *os.Root, dir string, o Options) (Result, error) {
	u := &opener{
		root: root, options: o, meter: meter.New(o.Progress), sum: sha256.New(), buf: make([]byte, 256<<10),
		result: Result{To: dir, Renamed: []Renamed{}, Problems: []manifest.Problem{}},
	}
	var err error
	if u.wanted, err = wantedOf(o.Names); err != nil {
		return u.result, err
	}
	if u.to, err = os.OpenRoot(dir); err != nil {
		return u.result, err
	}
	defer u.to.Close()
	u.meter.SetPhase(meter.PhaseOpening)
	if err = u.to.MkdirAll(partsDir, 0o700); err != nil {
		return u.result, err
	}
	if err = u.survey(); err == nil {
		err = u.write(ctx)
	}
	return u.result, errors.Join(err, u.to.RemoveAll(partsDir))
}

// opener is one call of Run.
type opener struct {
	root    *os.Root
	to      *os.Root
	options Options
	meter   *meter.Meter
	wanted  *wanted
	system  disk.FileSystem
	kept    manifest.PathSet // the paths whose proved version is opened, and not a newer one
	folders []folder
	sum     sum
	buf     []byte
	result  Result
}

// survey reads the whole manifest before anything is written: the wanted files must be in
// it, the key must open it, and the disk must have room for the missing ones.
func (u *opener) survey() error {
	u.kept = manifest.PathSet{}
	_, err := manifest.Load(u.root, func(e *manifest.Entry) error {
		if e.Status == manifest.StatusKept && e.SHA256 != "" {
			u.kept.Add(e.OnHandset())
		}
		return nil
	})
	if err != nil {
		return err
	}
	if u.system = disk.FileSystemOf(u.result.To); u.options.system != nil {
		u.system = u.options.system(u.result.To)
	}
	var need int64
	m, err := u.each(func(e *manifest.Entry, host string) error {
		if e.Type != manifest.TypeFile {
			return nil
		}
		u.result.Files++
		if e.Status == manifest.StatusKept {
			u.result.Kept++
		}
		u.meter.Change(func(p *meter.Progress) { p.FilesTotal++; p.BytesTotal += e.Size })
		if fi, err := u.to.Lstat(host); err != nil || fi.Size() != e.Size {
			need += e.Size
		}
		return nil
	})
	if err != nil {
		return err
	}
	if m.Encryption != nil {
		if err := u.options.Key.Check(u.root); err != nil {
			return err
		}
	}
	if name, ok := u.wanted.missed(); !ok {
		return fmt.Errorf("%s: %w", manifest.Display(name), ErrNothing)
	}
	return u.fits(need)
}

// fits returns [disk.ErrNoSpace] if the disk has too little space.
func (u *opener) fits(need int64) error {
	free := u.options.free
	if free == nil {
		free = disk.Free
	}
	left, err := free(u.result.To)
	if err != nil {
		return err
	}
	if need > 0 && left < need+disk.LeastSpace {
		return message.Kind(message.Say("saved.open.no-space", "needed", megabytes(need+disk.LeastSpace), "free", megabytes(left)), disk.ErrNoSpace)
	}
	return nil
}

func megabytes(n int64) string { return fmt.Sprintf("%d MB", (n+1<<20-1)>>20) }

// each calls fn with everything that was asked for, folders before their contents, and the
// name it has in the folder.
func (u *opener) each(fn func(e *manifest.Entry, host string) error) (*manifest.Manifest, error) {
	names, err := u.naming()
	if err != nil {
		return nil, err
	}
	m, err := manifest.Load(u.root, func(e *manifest.Entry) error {
		name := e.OnHandset()
		if path.Clean(name) != name || !strings.HasPrefix(name, "/") || strings.ContainsRune(name, 0) || !u.wanted.path(name) {
			return nil
		}
		switch {
		case e.Type == manifest.TypeDir && e.Status == manifest.StatusRecorded:
			return fn(e, names.of(name, false))
		case e.Type != manifest.TypeFile, e.Status != manifest.StatusKept && u.kept.Has(name):
			return nil
		case e.ContentSum() == "":
			return fn(&manifest.Entry{Path: e.Path, PathB64: e.PathB64, Type: notSaved}, "")
		}
		return fn(e, names.of(name, true))
	})
	if err != nil {
		return nil, err
	}
	for _, it := range m.Items {
		if !it.Valid() || !u.wanted.item(it.Name()) {
			continue
		}
		if err := fn(it.Entry("/items/"+it.Name()), names.of("/items/"+it.Name(), true)); err != nil {
			return nil, err
		}
	}
	return m, nil
}

// notSaved is the type of an entry whose file the backup does not hold.
const notSaved manifest.Type = "not saved"

func (u *opener) problem(of string, what message.Sentence) {
	u.result.Problems = append(u.result.Problems, manifest.NewProblem(of, what))
}

// renamed notes a name that differs from that of the handset.
func (u *opener) renamed(name, host string) {
	r := Renamed{Path: manifest.Display(name), File: manifest.Display(host)}
	if "/"+host != name && path.Base(host) != path.Base(name) {
		u.result.Renamed = append(u.result.Renamed, r)
	}
}
