package restore

import (
	"context"
	"errors"
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
	"preship/report/check"
	"preship/report/message"
	"preship/report/wait"
)

// Part is one kind of data that a restore gives back.
type Part string

const (
	PartFiles    Part = "files"    // of shared storage, with their times, and empty folders
	PartApps     Part = "apps"     // with all splits, without their data
	PartContacts Part = "contacts" // imported by the owner, on the handset
	PartMessages Part = "messages" // imported by an app of the owner's choice
	PartCalls    Part = "calls"    // likewise
)

// Parts lists all parts in the order they are restored.
var Parts = []Part{PartFiles, PartApps, PartContacts, PartMessages, PartCalls}

// Options are the options of [Run]. The zero value restores everything that is missing
// on the handset, and does not wait for contacts, messages and calls to be imported.
type Options struct {
	Only       []Part        // empty means all Parts
	DryRun     bool          // ask the handset and write nothing
	Overwrite  bool          // replace files that are there with other contents
	Key        *agefile.Key  // opens an encrypted backup; nil for any other
	Wait       time.Duration // for a handset that left; 0 means 5 minutes
	ImportWait time.Duration // for the owner to import the contacts; 0 does not wait
	// Card is the number (UUID) of a card that takes the files of a saved card which the
	// handset lacks. If it is "", AskCard decides whether the only other card does. A nil
	// AskCard takes none.
	Card    string
	AskCard func(ctx context.Context, saved, other string) (yes bool, err error)
	// Imported asks a person whether an app has imported the messages and calls, of which
	// missing are not on the handset. They are counted again unless it returns false. Nil
	// asks nobody.
	Imported func(ctx context.Context, missing int64) (again bool, err error)
	Progress func(meter.Progress)
	Waits    wait.Shower            // shows the waits; may be nil
	Say      func(message.Sentence) // shows the owner what to do on the handset; may be nil
	Would    func(Action)           // called, in a dry run, with every action; may be nil
}

// Action is one action of a restore.
type Action struct {
	Do    string `json:"do"`   // make, send, install, open
	What  string `json:"what"` // the folder, file or app, safe to print
	Bytes int64  `json:"bytes"`
	Kept  bool   `json:"kept,omitempty"` // a file from an earlier run alone
	// Message is the source of What; nil for a folder or a file.
	Message *message.Sentence `json:"message,omitempty"`
}

// MissingList names, in [Result].Problems, the list of what the backup does not hold.
const MissingList = "what is missing in the backup"

// restoreWait is how long a handset that left may take to return.
const restoreWait = 5 * time.Minute

// Schema names the JSON object of a [Result].
const Schema = "urn:preship:restore:v1"

// Result is the result of a restore: the object that `preship restore --json` prints.
// The counts beside the parts are of files. Everything was restored if Problems and
// Missing are empty and the contacts are there.
type Result struct {
	Schema   string   `json:"schema"`
	DryRun   bool     `json:"dry_run"`
	Files    int64    `json:"files"`     // that were to go back
	Present  int64    `json:"present"`   // were there already, with the same contents
	Pushed   int64    `json:"pushed"`    // sent, or with a dry run to be sent
	Proved   int64    `json:"proved"`    // of those there now, by the handset's own SHA-256 or read back
	Bytes    int64    `json:"bytes"`     // sent, or to be sent
	NotSaved int64    `json:"not_saved"` // named by the backup and not in it
	Kept     int64    `json:"kept"`      // of the files: from an earlier run of the backup alone
	Undated  int64    `json:"undated"`   // of the files sent: their times are before 1970 or after 2106, which adb cannot send
	Folders  Folders  `json:"folders"`
	Apps     Apps     `json:"apps"`
	Contacts Contacts `json:"contacts"`
	Imports  []Import `json:"imports"` // a table each; a backup without rows of it has none
	// MediaScan is "done", "restart" where the handset finds the files when it
	// starts again, why it was refused, or "" when there was nothing to find.
	MediaScan    string             `json:"media_scan"`
	LocalBackups []string           `json:"local_backups"` // the handset's own, back in their place
	NotRestored  []NotRestored      `json:"not_restored"`
	Missing      []manifest.Missing `json:"missing"`  // beside files: what never came into the backup
	Problems     []manifest.Problem `json:"problems"` // by file on the handset, or app
}

// Folders counts folders.
type Folders struct {
	Wanted  int64 `json:"wanted"`
	Present int64 `json:"present"`
	Made    int64 `json:"made"` // or, with a dry run, to be made
}

// NotRestored is data that a computer cannot restore, and the file to use instead.
type NotRestored struct {
	What    string `json:"what"`
	File    string `json:"file"` // relative to the case folder
	Instead string `json:"instead"`
	// Named and Advice are what What and Instead were made from.
	Named, Advice message.Sentence `json:"-"`
}

// Run gives a backup back to a handset and proves it: files by the SHA-256 that the
// handset reports afterwards, apps by the version it lists, contacts by their names.
// root is the case folder. Another run continues: it does not send files that are
// already there and the same.
//
// A file that is there with other contents stays unchanged and is a problem,
// unless Overwrite is set; an app that is there in a newer version stays. A copy
// that differs from the manifest is not sent. The caller checks that it is the right
// handset. An encrypted backup needs its key: the error is agefile.ErrKeyNeeded or
// agefile.ErrWrongKey.
func Run(ctx context.Context, dev *adb.Device, root *os.Root, o Options) (Result, error) {
	s := newSession(dev, root, o)
	defer s.close()
	files := &storages{session: s, sizes: map[string]int64{}}
	if err := files.survey(ctx); err != nil {
		return s.result, err
	}
	s.meter.SetPhase(meter.PhaseRestoring)
	for _, part := range []struct {
		name Part
		run  func(context.Context) error
	}{{PartFiles, files.files}, {PartApps, (&installer{s}).apps}, {PartContacts, (&books{s}).contacts}} {
		if !s.wants(part.name) {
			continue
		}
		if err := part.run(ctx); err != nil {
			return s.result, err
		}
	}
	return s.result, (&importer{s}).imports(ctx)
}

// session is one call of [Run]: all that its parts share.
type session struct {
	link    *link.Link
	saved   *savedFiles
	options Options
	meter   *meter.Meter
	sync    *adb.Sync
	result  Result
}

func newSession(dev *adb.Device, root *os.Root, o Options) *session {
	if o.Wait <= 0 {
		o.Wait = restoreWait
	}
	s := &session{
		saved: &savedFiles{root: root, key: o.Key, buf: make([]byte, 256<<10)}, options: o, meter: meter.New(o.Progress),
		result: Result{
			Schema: Schema, DryRun: o.DryRun,
			Imports: []Import{}, LocalBackups: []string{}, NotRestored: []NotRestored{}, Missing: []manifest.Missing{}, Problems: []manifest.Problem{},
		},
	}
	s.link = link.New(dev, link.Options{Wait: o.Wait, Waiting: func() func() {
		back, over := s.meter.During(meter.PhaseWaiting), o.Waits.Begin(wait.Handset, o.Wait)
		return func() { over(); back() }
	}})
	return s
}

func (s *session) close() {
	if s.sync != nil {
		s.sync.Close()
		s.sync = nil
	}
}

func (s *session) wants(p Part) bool {
	return len(s.options.Only) == 0 || slices.Contains(s.options.Only, p)
}

func (s *session) say(what message.Sentence) {
	if s.options.Say != nil {
		s.options.Say(what.Map(manifest.Display))
	}
}

// problem records a problem with a file of the handset, an app, or a whole part.
func (s *session) problem(of string, what message.Sentence) {
	s.result.Problems = append(s.result.Problems, manifest.NewProblem(of, what))
}

// would reports an action of a dry run.
func (s *session) would(a Action) {
	if s.options.Would != nil {
		if a.Message != nil {
			whole := a.Message.Map(manifest.Display)
			a.What, a.Message = whole.String(), &whole
		}
		a.What = manifest.Display(a.What)
		s.options.Would(a)
	}
}

// storages gives back the files and folders of the backup, to the storages that the handset
// has.
type storages struct {
	*session
	kept    keptFiles
	lacking []manifest.Root  // storages of the backup that this handset lacks
	sizes   map[string]int64 // bytes of the files of each storage
	card    cardMove
	// otherCard is a card in the handset that may take the files of a saved one, "" if there
	// is no such card.
	otherCard string
}

// survey reads the whole manifest before anything is sent, so that a damaged manifest
// ends the run first, and finds out which of its storages this handset has.
func (st *storages) survey(ctx context.Context) error {
	locals := map[string]bool{}
	var files, bytes int64
	if err := st.findCard(ctx); err != nil {
		return err
	}
	m, err := st.load(func(e *manifest.Entry) error {
		name := e.OnHandset()
		switch {
		case e.Type == manifest.TypeFile && manifest.IsAPK(name):
			one := *e
			return st.saved.addAPK(&one)
		case !restorable(e):
			if lost(e) {
				st.result.NotSaved++
			}
			return nil
		case e.Type == manifest.TypeDir:
			return nil
		}
		if e.Status == manifest.StatusKept {
			st.kept.add(e)
		}
		files, bytes = files+1, bytes+e.Size
		st.sizes[rootOf(name)] += e.Size
		if before, rest, ok := strings.Cut(name, manifest.LocalBackups); ok && strings.Count(rest, "/") == 1 {
			locals[manifest.Display(before+manifest.LocalBackups+path.Dir(rest))] = true
		}
		return nil
	})
	if err != nil {
		return err
	}
	if m.Encryption != nil {
		if err := st.options.Key.Check(st.saved.root); err != nil && !errors.Is(err, agefile.ErrNotEncrypted) {
			return err
		}
	}
	st.saved.remember(m)
	st.meter.Change(func(p *meter.Progress) { p.FilesTotal, p.BytesTotal = files, bytes })
	if st.wants(PartFiles) {
		st.sayKept()
		m.Roots = st.kept.addRoots(m.Roots)
		for dir := range locals {
			st.result.LocalBackups = append(st.result.LocalBackups, dir)
		}
		slices.Sort(st.result.LocalBackups)
	}
	st.result.NotRestored = append(st.result.NotRestored, st.saved.notRestored()...)
	st.readMissing()
	if err := st.findStorages(ctx, m); err != nil {
		return err
	}
	return st.fits(ctx)
}

// readMissing reads the list of data that is not in the backup, for the parts asked for.
func (st *storages) readMissing() {
	it, ok := st.saved.item(manifest.MissingItem)
	if !ok {
		return
	}
	b, err := st.saved.read(it)
	var all []manifest.Missing
	if err == nil {
		all, err = savedLines[manifest.Missing](b)
	}
	if err != nil {
		st.problem(MissingList, message.Of(err))
		return
	}
	for _, m := range all {
		if m.Kind == check.BackupContacts && !st.wants(PartContacts) || m.Kind == check.BackupApps && !st.wants(PartApps) {
			continue
		}
		st.result.Missing = append(st.result.Missing, m.Printable())
	}
}

// findStorages looks for the storages of a backup: the handset may lack the card or the
// second user.
func (st *storages) findStorages(ctx context.Context, m *manifest.Manifest) error {
	if !st.wants(PartFiles) || len(m.Roots) == 0 {
		return nil
	}
	roots := make([]*manifest.Entry, len(m.Roots))
	for i := range m.Roots {
		roots[i] = &manifest.Entry{Path: m.Roots[i].Path}
	}
	there, err := st.stat(ctx, roots)
	if err != nil {
		return err
	}
	for i, root := range m.Roots {
		if root.Skipped != "" {
			st.say(message.Say("restore.say.partial", "path", root.Path, "why", root.Sentence()))
		}
		nothing := root.Names == 0 || root.Skipped != "" && root.Names == 1
		if there[i].Err == nil && there[i].Info.IsDir() || nothing && !st.kept.holds(root) {
			continue
		}
		st.lacking = append(st.lacking, root)
		why := message.Say("restore.problem.storage", "why", st.lackingWhy(root, there[i].Err), "folder", manifest.Dir+root.Path)
		st.problem(root.Path, why)
		st.say(message.Join(message.Colon, message.AsIs(root.Path), why))
	}
	return nil
}

// lackingWhy returns why a storage of the backup cannot be restored.
func (st *storages) lackingWhy(root manifest.Root, err error) message.Sentence {
	user := path.Base(root.Path)
	switch of := path.Dir(root.Path) == manifest.UsersRoot && user != "0"; {
	case err != nil && !errors.Is(err, fs.ErrNotExist):
		return message.Say("restore.problem.storage.closed")
	case of:
		return message.Say("restore.problem.storage.user", "user", user)
	}
	if isCard(root.Path) {
		return st.lackingCard()
	}
	return message.Say("restore.problem.storage.absent")
}
