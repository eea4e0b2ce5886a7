package backup

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path"
	"strings"
	"time"

	"preship/adb"
)

// RestoreOptions are how files go back. The zero value restores everything that
// is not there.
type RestoreOptions struct {
	DryRun    bool // ask the handset and write nothing
	Overwrite bool // replace files that are there with other contents
	Wait      time.Duration
	Progress  func(Progress)
}

// RestoreResult counts files. Problems names what did not go back, and why.
type RestoreResult struct {
	Files    int64     `json:"files"`    // that were to go back
	Present  int64     `json:"present"`  // were there already, with the same contents
	Pushed   int64     `json:"pushed"`   // sent, or with a dry run to be sent
	Proved   int64     `json:"proved"`   // of those there now, by the handset's own SHA-256 or read back
	Bytes    int64     `json:"bytes"`    // sent, or to be sent
	Contacts string    `json:"contacts"` // on the handset, for the owner to open and import; "" when there are none
	DryRun   bool      `json:"dry_run"`
	Problems []Problem `json:"problems"` // by file on the handset
}

// restoreBatch is how many files are looked at, sent and proved together.
const restoreBatch = 256

// maxSyncPath is the longest path adbd takes.
const maxSyncPath = 1024

// Restore sends the files of a backup to a handset, with their times, and proves
// each by what the handset says of it afterwards. root is the case folder.
//
// A file that is there with other contents stays as it is and is a problem,
// unless Overwrite is set. A copy that is not what the manifest says is not sent.
// Files go to where they were; nothing outside of /storage is written, and apps,
// messages and settings are not restored: no computer may write those.
func Restore(ctx context.Context, dev *adb.Device, root *os.Root, o RestoreOptions) (RestoreResult, error) {
	wait := o.Wait
	if wait <= 0 {
		wait = defaultWait
	}
	r := &restorer{
		root: root, options: o, buf: make([]byte, 256<<10), meter: &meter{tell: o.Progress},
		result: RestoreResult{DryRun: o.DryRun, Problems: []Problem{}},
	}
	r.link = &link{dev: dev, wait: wait, told: func() func() { return r.meter.during(PhaseWaiting) }}
	defer r.close()
	f, err := root.Open(ManifestName)
	if errors.Is(err, fs.ErrNotExist) {
		return r.result, fmt.Errorf("%w: no %s", ErrNoBackup, ManifestName)
	}
	if err != nil {
		return r.result, err
	}
	defer f.Close()
	r.meter.phase(PhaseRestoring)
	var batch []*Entry
	m, err := ReadManifest(f, func(e *Entry) error {
		if !r.wanted(e) {
			return nil
		}
		one := *e
		if batch = append(batch, &one); len(batch) < restoreBatch {
			return nil
		}
		err := r.batch(ctx, batch)
		batch = batch[:0]
		return err
	})
	if err == nil && len(batch) > 0 {
		err = r.batch(ctx, batch)
	}
	if err == nil {
		err = r.contacts(ctx, m)
	}
	return r.result, err
}

// contactsPath is where contacts are put for the owner to import: no computer
// may write them into the handset's address book.
const contactsPath = ownerRoot + "/Download/contacts-from-backup.vcf"

func (r *restorer) contacts(ctx context.Context, m *Manifest) error {
	for _, it := range m.Items {
		if it.File == itemsDir+"/contacts.vcf" && it.Size > 0 {
			r.result.Contacts = contactsPath
			e := &Entry{Path: contactsPath, Host: it.File, Type: TypeFile, Size: it.Size, SHA256: it.SHA256, MTime: m.Finished.Unix()}
			return r.batch(ctx, []*Entry{e})
		}
	}
	return nil
}

// restorer is one run of Restore.
type restorer struct {
	link    *link
	root    *os.Root
	options RestoreOptions
	meter   *meter
	buf     []byte
	sync    *adb.Sync
	result  RestoreResult
}

func (r *restorer) close() {
	if r.sync != nil {
		r.sync.Close()
		r.sync = nil
	}
}

func (r *restorer) problem(e *Entry, format string, args ...any) {
	r.result.Problems = append(r.result.Problems, Problem{File: display(e.path()), What: display(fmt.Sprintf(format, args...))})
}

// wanted reports whether an entry goes back. Its path is held to where files of
// shared storage lie: a manifest is a file on a disk, and may be anybody's.
func (r *restorer) wanted(e *Entry) bool {
	name := e.path()
	if !strings.HasPrefix(name, "/storage/") || path.Clean(name) != name || strings.ContainsRune(name, 0) {
		return false
	}
	switch {
	case e.Type == TypeDir && e.Status == StatusRecorded:
		return false
	case e.Type != TypeFile || e.Status != StatusProved && e.Status != StatusSaved:
		return false
	case len(name) > maxSyncPath:
		r.result.Files++
		r.problem(e, "its path is longer than adb can send")
		return false
	}
	return true
}

func (r *restorer) batch(ctx context.Context, batch []*Entry) error {
	r.result.Files += int64(len(batch))
	there, err := r.stat(ctx, batch)
	if err != nil {
		return err
	}
	var compare, send []*Entry
	for i, e := range batch {
		switch {
		case there[i].err == nil && there[i].fi.IsRegular() && there[i].fi.Size == e.Size:
			compare = append(compare, e)
		case there[i].err == nil && there[i].fi.IsRegular() && r.options.Overwrite, errors.Is(there[i].err, fs.ErrNotExist):
			send = append(send, e)
		case there[i].err == nil:
			r.problem(e, "is there with other contents, and was left as it is")
		default:
			r.problem(e, "cannot be looked at: %s", reasonText(there[i].err))
		}
	}
	same, err := r.compare(ctx, compare)
	if err != nil {
		return err
	}
	for i, e := range compare {
		switch {
		case same[i]:
			r.result.Present++
			r.result.Proved++
		case r.options.Overwrite:
			send = append(send, e)
		default:
			r.problem(e, "is there with other contents, and was left as it is")
		}
	}
	return r.send(ctx, send)
}

func (r *restorer) stat(ctx context.Context, batch []*Entry) ([]seen, error) {
	paths := make([]string, len(batch))
	for i, e := range batch {
		paths[i] = e.path()
	}
	answers := make([]seen, len(batch))
	err := r.retry(ctx, func() error {
		return r.sync.LstatAll(paths, func(i int, fi adb.FileInfo, err error) error {
			answers[i] = seen{fi, err}
			return nil
		})
	})
	return answers, err
}

// retry runs fn with a sync stream, and again with a new one after a break.
func (r *restorer) retry(ctx context.Context, fn func() error) error {
	return r.link.retry(ctx, func(ctx context.Context) (err error) {
		if r.sync == nil {
			if r.sync, err = r.link.dev.Sync(ctx); err != nil {
				r.sync = nil
				return err
			}
		}
		if err = fn(); err != nil {
			r.close() // a refusal ends the stream as well
		}
		return err
	})
}

// send sends files and then proves them.
func (r *restorer) send(ctx context.Context, files []*Entry) error {
	var sent []*Entry
	for _, e := range files {
		ok, err := r.push(ctx, e)
		if err != nil {
			return err
		}
		if ok {
			sent = append(sent, e)
			r.result.Pushed++
			r.result.Bytes += e.Size
			r.meter.change(func(p *Progress) { p.FilesDone++; p.BytesDone += e.Size })
		}
	}
	if r.options.DryRun {
		return nil
	}
	same, err := r.compare(ctx, sent)
	if err != nil {
		return err
	}
	for i, e := range sent {
		if same[i] {
			r.result.Proved++
		} else {
			r.problem(e, "was sent, and is not the same on the handset")
		}
	}
	return nil
}

// push sends one file. A copy that is damaged, and a file the handset refuses,
// is a problem and no error.
func (r *restorer) push(ctx context.Context, e *Entry) (ok bool, err error) {
	sum, n, err := hashFile(r.root, e.host(), sha256.New(), r.buf)
	if err != nil || n != e.Size || hex.EncodeToString(sum[:]) != strings.ToLower(e.SHA256) {
		r.problem(e, "the copy on this computer is damaged or gone, and was not sent")
		return false, nil
	}
	if r.options.DryRun {
		return true, nil
	}
	err = r.retry(ctx, func() error {
		f, err := r.root.Open(e.host())
		if err != nil {
			return err
		}
		defer f.Close()
		return r.sync.Push(e.path(), 0o660, time.Unix(e.MTime, 0), f)
	})
	var refused *adb.SyncError
	if errors.As(err, &refused) {
		r.problem(e, "the handset did not take it: %s", refused.Message)
		return false, nil
	}
	return err == nil, err
}
