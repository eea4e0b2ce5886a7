package backup

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path"
	"slices"
	"strings"
	"time"

	"preship/adb"
	"preship/adb/link"
	"preship/backup/agefile"
	"preship/backup/manifest"
	"preship/backup/meter"
)

// Part is one kind of what a backup can give back.
type Part string

const (
	PartFiles    Part = "files"    // of shared storage, with their times, and empty folders
	PartApps     Part = "apps"     // with all splits, without what they keep to themselves
	PartContacts Part = "contacts" // imported by the owner, on the handset
)

// Parts is everything a restore does, in its order.
var Parts = []Part{PartFiles, PartApps, PartContacts}

// RestoreOptions are how a backup goes back. The zero value restores everything
// that is not there, and waits for nobody.
type RestoreOptions struct {
	Only       []Part        // empty means all Parts
	DryRun     bool          // ask the handset and write nothing
	Overwrite  bool          // replace files that are there with other contents
	Key        *agefile.Key  // opens an encrypted backup; nil for any other
	Wait       time.Duration // for a handset that left; 0 means 5 minutes
	ImportWait time.Duration // for the owner to import the contacts; 0 does not wait
	Progress   func(meter.Progress)
	Say        func(text string) // tells the owner what to do on the handset; nil tells nobody
	Would      func(Action)      // told, in a dry run, everything that would be done; may be nil
}

// Action is one thing a restore would do.
type Action struct {
	Do    string `json:"do"`   // make, send, install, open
	What  string `json:"what"` // the folder, file or app, safe to print
	Bytes int64  `json:"bytes"`
	Kept  bool   `json:"kept,omitempty"` // a file from an earlier run alone
}

// RestoreSchema names the object that RestoreResult is in JSON.
const RestoreSchema = "urn:preship:restore:v1"

// RestoreResult is how a restore went: the object `preship restore --json`
// prints. The counts beside the parts are of files. Problems names what did not
// go back, and why; without any, with nothing Missing, and with contacts that are
// there, everything did.
type RestoreResult struct {
	Schema   string           `json:"schema"`
	DryRun   bool             `json:"dry_run"`
	Files    int64            `json:"files"`     // that were to go back
	Present  int64            `json:"present"`   // were there already, with the same contents
	Pushed   int64            `json:"pushed"`    // sent, or with a dry run to be sent
	Proved   int64            `json:"proved"`    // of those there now, by the handset's own SHA-256 or read back
	Bytes    int64            `json:"bytes"`     // sent, or to be sent
	NotSaved int64            `json:"not_saved"` // named by the backup and not in it
	Kept     int64            `json:"kept"`      // of the files: from an earlier run of the backup alone
	Folders  RestoredFolders  `json:"folders"`
	Apps     RestoredApps     `json:"apps"`
	Contacts RestoredContacts `json:"contacts"`
	// MediaScan is "done", "restart" where the handset finds the files when it
	// starts again, why it was refused, or "" when there was nothing to find.
	MediaScan    string             `json:"media_scan"`
	LocalBackups []string           `json:"local_backups"` // the handset's own, back in their place
	NotRestored  []NotRestored      `json:"not_restored"`
	Missing      []manifest.Missing `json:"missing"`  // beside files: what never came into the backup
	Problems     []Problem          `json:"problems"` // by file on the handset, or app
}

// RestoredFolders counts folders.
type RestoredFolders struct {
	Wanted  int64 `json:"wanted"`
	Present int64 `json:"present"`
	Made    int64 `json:"made"` // or, with a dry run, to be made
}

// NotRestored is what no computer can put back, and what there is instead.
type NotRestored struct {
	What    string `json:"what"`
	File    string `json:"file"` // relative to the case folder
	Instead string `json:"instead"`
}

// Restore gives a backup back to a handset and proves it: files by what the
// handset says of their contents afterwards, apps by the version it lists,
// contacts by their names. root is the case folder. Run again, it goes on: what
// is there already and the same is not sent.
//
// A file that is there with other contents stays as it is and is a problem,
// unless Overwrite is set; an app that is there in a newer version stays. A copy
// that is not what the manifest says is not sent. Files go to where they were;
// nothing outside of /storage is written. Contacts are put there for their owner
// to import. Messages, the call log and settings are not restored: no computer
// may write those. Which handset it is, is for the caller to see to. Of an encrypted
// backup nothing is done without its key: the error is ErrKeyNeeded or ErrWrongKey.
func Restore(ctx context.Context, dev *adb.Device, root *os.Root, o RestoreOptions) (RestoreResult, error) {
	r := newRestorer(dev, root, o)
	defer r.close()
	if err := r.survey(ctx); err != nil {
		return r.result, err
	}
	r.meter.SetPhase(meter.PhaseRestoring)
	for _, part := range []struct {
		name Part
		run  func(context.Context) error
	}{{PartFiles, r.files}, {PartApps, r.apps}, {PartContacts, r.contacts}} {
		if !r.wants(part.name) {
			continue
		}
		if err := part.run(ctx); err != nil {
			return r.result, err
		}
	}
	return r.result, nil
}

// restorer is one run of Restore.
type restorer struct {
	link    *link.Link
	saved   *savedFiles
	options RestoreOptions
	meter   *meter.Meter
	sync    *adb.Sync
	result  RestoreResult
	kept    keptBack
	lacking []manifest.Root // storages of the backup that this handset has not
}

func newRestorer(dev *adb.Device, root *os.Root, o RestoreOptions) *restorer {
	if o.Wait <= 0 {
		o.Wait = defaultWait
	}
	r := &restorer{
		saved: &savedFiles{root: root, key: o.Key, buf: make([]byte, 256<<10)}, options: o, meter: meter.New(o.Progress),
		result: RestoreResult{
			Schema: RestoreSchema, DryRun: o.DryRun,
			LocalBackups: []string{}, NotRestored: []NotRestored{}, Missing: []manifest.Missing{}, Problems: []Problem{},
		},
	}
	r.link = link.New(dev, link.Options{Wait: o.Wait, Waiting: func() func() { return r.meter.During(meter.PhaseWaiting) }})
	return r
}

func (r *restorer) close() {
	if r.sync != nil {
		r.sync.Close()
		r.sync = nil
	}
}

func (r *restorer) wants(p Part) bool {
	return len(r.options.Only) == 0 || slices.Contains(r.options.Only, p)
}

func (r *restorer) say(text string) {
	if r.options.Say != nil {
		r.options.Say(text)
	}
}

// problem says what is wrong with a file of the handset's, an app, or all of a part.
func (r *restorer) problem(of, format string, args ...any) {
	r.result.Problems = append(r.result.Problems, Problem{File: manifest.Display(of), What: manifest.Display(fmt.Sprintf(format, args...))})
}

// would tells what a dry run leaves undone.
func (r *restorer) would(a Action) {
	if r.options.Would != nil {
		a.What = manifest.Display(a.What)
		r.options.Would(a)
	}
}

// survey reads the whole manifest before anything is sent, so that a damaged one
// is known by then, and looks which of its storages this handset has.
func (r *restorer) survey(ctx context.Context) error {
	locals := map[string]bool{}
	var files, bytes int64
	m, err := manifest.Load(r.saved.root, func(e *manifest.Entry) error {
		name := e.OnHandset()
		switch {
		case e.Type == manifest.TypeFile && manifest.IsAPK(name):
			one := *e
			return r.saved.addAPK(&one)
		case !goesBack(e):
			if lost(e) {
				r.result.NotSaved++
			}
			return nil
		case e.Type == manifest.TypeDir:
			return nil
		}
		if e.Status == manifest.StatusKept {
			r.kept.add(e)
		}
		files, bytes = files+1, bytes+e.Size
		if before, rest, ok := strings.Cut(name, localRoot); ok && strings.Count(rest, "/") == 1 {
			locals[manifest.Display(before+localRoot+path.Dir(rest))] = true
		}
		return nil
	})
	if err != nil {
		return err
	}
	if m.Encryption != nil {
		if err := r.options.Key.Check(r.saved.root); err != nil && !errors.Is(err, agefile.ErrNotEncrypted) {
			return err
		}
	}
	r.saved.remember(m)
	r.meter.Change(func(p *meter.Progress) { p.FilesTotal, p.BytesTotal = files, bytes })
	if r.wants(PartFiles) {
		r.tellKept()
		m.Roots = r.kept.addRoots(m.Roots)
		for dir := range locals {
			r.result.LocalBackups = append(r.result.LocalBackups, dir)
		}
		slices.Sort(r.result.LocalBackups)
	}
	r.result.NotRestored = append(r.result.NotRestored, r.saved.notRestored()...)
	r.readMissing()
	return r.findStorages(ctx, m)
}

// readMissing reads what the backup itself says is not in it. What belongs to a part
// that was not asked for is left out.
func (r *restorer) readMissing() {
	it, ok := r.saved.item(manifest.MissingItem)
	if !ok {
		return
	}
	b, err := r.saved.read(it)
	var all []manifest.Missing
	if err == nil {
		all, err = savedLines[manifest.Missing](b)
	}
	if err != nil {
		r.problem("what is missing in the backup", "%v", err)
		return
	}
	for _, m := range all {
		if m.Kind == FindingContacts && !r.wants(PartContacts) || m.Kind == FindingApps && !r.wants(PartApps) {
			continue
		}
		r.result.Missing = append(r.result.Missing, manifest.Missing{
			Kind: manifest.Display(m.Kind), What: manifest.Display(m.What), ID: manifest.Display(m.ID), Name: manifest.Display(m.Name), Why: manifest.Display(m.Why),
		})
	}
}

// findStorages looks for the storages of a backup: the handset may have no card,
// or no second user.
func (r *restorer) findStorages(ctx context.Context, m *manifest.Manifest) error {
	if !r.wants(PartFiles) || len(m.Roots) == 0 {
		return nil
	}
	roots := make([]*manifest.Entry, len(m.Roots))
	for i := range m.Roots {
		roots[i] = &manifest.Entry{Path: m.Roots[i].Path}
	}
	there, err := r.stat(ctx, roots)
	if err != nil {
		return err
	}
	for i, root := range m.Roots {
		if root.Skipped != "" {
			r.say(fmt.Sprintf("%s never came into the backup as a whole: %s", manifest.Display(root.Path), manifest.Display(root.Skipped)))
		}
		nothing := root.Names == 0 || root.Skipped != "" && root.Names == 1
		if there[i].Err == nil && there[i].Info.IsDir() || nothing && !r.kept.holds(root) {
			continue
		}
		r.lacking = append(r.lacking, root)
		why := fmt.Sprintf("%s: nothing of it is sent back. its files stay in %s", r.lackingWhy(root, there[i].Err), manifest.Dir+root.Path)
		r.problem(root.Path, "%s", why)
		r.say(manifest.Display(root.Path) + ": " + manifest.Display(why))
	}
	return nil
}

// lackingWhy is why a storage of the backup cannot be put back.
func (r *restorer) lackingWhy(root manifest.Root, err error) string {
	user := path.Base(root.Path)
	switch of := path.Dir(root.Path) == emulatedDir && user != "0"; {
	case err != nil && !errors.Is(err, fs.ErrNotExist):
		return "this handset does not open it to a computer"
	case of:
		return fmt.Sprintf("this handset has no user %s, which dual apps or a second space are; turn that on and restore once more", user)
	}
	return "this handset has no such storage"
}
