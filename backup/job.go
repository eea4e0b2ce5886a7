package backup

import (
	"context"
	"errors"
	"fmt"
	"os"
	"runtime"
	"runtime/debug"
	"slices"
	"strconv"
	"time"

	"preship/adb"
	"preship/adb/link"
	"preship/backup/agefile"
	"preship/backup/copying"
	"preship/backup/disk"
	"preship/backup/listing"
	"preship/backup/manifest"
	"preship/backup/meter"
	"preship/backup/plan"
	"preship/backup/provider"
	"preship/backup/selection"
	"preship/report"
	"preship/report/casedir"
	"preship/report/message"
	"preship/report/wait"
)

// job is one run of a backup.
type job struct {
	link    *link.Link
	plan    *plan.Plan
	store   *disk.Store
	copies  *copies
	journal *disk.Journal
	naming  *disk.Naming
	meter   *meter.Meter
	keep    *provider.Keeper
	root    *os.Root
	key     *agefile.Key // nil: encrypted copies of an earlier run cannot be opened
	dir     string
	prove   manifest.Prove
	streams int
	silence time.Duration
	step    func(at string)
	free    func(dir string) (int64, error)
	system  disk.FileSystem // of the case
	take    selection.Selection

	started   time.Time
	roots     []listing.Storage
	doubts    []message.Sentence     // answers that are missing and may hide a storage
	notes     []message.Sentence     // differences between the listings, and errors of find
	say       func(message.Sentence) // may be nil
	wasReread bool                   // an earlier run proved by reading twice
	listed    bool                   // the plan is complete
	done      bool                   // every file was tried
	preview   bool                   // only the listing is known, and nothing is saved
	encrypted bool                   // in a preview: the copy will be encrypted

	warnings report.Findings // about files that a copy does not back up
	apps     int             // the number of the owner's apps
}

func newJob(dev *adb.Device, c *casedir.Case, o Options) *job {
	j := &job{
		plan: plan.New(), meter: meter.New(o.Progress), root: c.Root(), key: o.Key, dir: c.Dir(),
		prove: o.Prove, streams: o.Streams, take: o.Take, naming: o.naming, step: o.step, silence: o.silence, free: o.free, started: time.Now(),
	}
	j.copies = &copies{root: j.root, plan: j.plan, key: j.key, own: map[uint32]*agefile.Key{}}
	if j.step == nil {
		j.step = func(string) {}
	}
	if j.free == nil {
		j.free = disk.Free
	}
	if o.system == nil {
		o.system = disk.FileSystemOf
	}
	j.system = o.system(j.dir)
	if j.prove == "" {
		j.prove = manifest.ProveHash
	}
	if j.streams <= 0 {
		j.streams = defaultStreams
	}
	limit := o.Wait
	if limit <= 0 {
		limit = defaultWait
	}
	j.link = link.New(dev, link.Options{Wait: limit, Waiting: func() func() {
		back, over := j.meter.During(meter.PhaseWaiting), o.Waits.Begin(wait.Handset, limit)
		return func() { over(); back() }
	}})
	j.keep = provider.New(j.link, j.meter, c)
	j.keep.LeaveOut(j.leftKinds())
	j.say = o.Say
	return j
}

func (j *job) run(ctx context.Context) error {
	j.meter.SetPhase(meter.PhaseListing)
	if err := j.list(ctx); err != nil {
		return err
	}
	if err := j.chooseNaming(); err != nil {
		return err
	}
	reused, err := j.recall()
	if err != nil {
		return err
	}
	if err := j.place(); err != nil {
		return err
	}
	j.separate()
	j.listed = true
	j.plan.LeaveOut(j.takes)
	j.foreseeUnheld()
	j.offerLocal()
	pending := j.pending()
	if err := j.chooseProof(ctx, pending); err != nil {
		return err
	}
	if err := j.fits(pending); err != nil {
		return err
	}
	j.makeFolders()
	if err := j.copier().Copy(ctx, pending, reused); err != nil {
		return err
	}
	j.plan.RecordEmpty()
	if err := j.keep.Save(ctx, newAppFiles(j.plan)); err != nil {
		return err
	}
	j.warnings = warned(j.plan, j.copies.open)
	j.done = true
	return nil
}

func (j *job) copier() *copying.Copier {
	return &copying.Copier{
		Link: j.link, Plan: j.plan, Store: j.store, Journal: j.journal, Meter: j.meter, Prove: j.prove, Streams: j.streams,
		Free: func() (int64, error) { return j.free(j.dir) }, Step: j.step, Wrote: j.copies.wrote, Silence: j.silence,
	}
}

// chooseProof chooses reading twice if the handset cannot hash.
func (j *job) chooseProof(ctx context.Context, pending []uint32) error {
	if j.prove != manifest.ProveHash || len(pending) == 0 && !j.wasReread {
		return nil
	}
	can, err := copying.CanHash(ctx, j.link)
	if err == nil && !can {
		j.prove = manifest.ProveReread
	}
	return err
}

func (j *job) chooseNaming() (err error) {
	if j.naming == nil {
		j.naming, err = j.store.Naming(j.system.Windows)
		return err
	}
	j.naming.Encrypted = j.store.Encrypted()
	return nil
}

// list fills the plan. A storage that cannot be listed becomes a finding; if no storage
// can be listed, the error is [ErrNoStorage].
func (j *job) list(ctx context.Context) error {
	l := listing.New(j.link, j.plan, j.streams, func(names int) {
		j.meter.Change(func(p *meter.Progress) { p.FilesTotal = int64(names) })
	})
	var err error
	if j.roots, err = l.List(ctx, j.roots); err != nil {
		return err
	}
	j.notes = append(j.notes, l.Notes()...)
	if j.plan.Len() == 0 {
		return fmt.Errorf("%w: %s %s", ErrNoStorage, j.roots[0].Path, j.roots[0].Skipped)
	}
	return j.listApps(ctx, l)
}

// pending returns the files to read from the handset: listed files without a copy to
// reuse.
func (j *job) pending() []uint32 {
	var files []uint32
	var total meter.Progress
	for i := range j.plan.Len() {
		if j.plan.State(i) != plan.StateListed {
			continue
		}
		total.FilesTotal++
		total.BytesTotal += j.plan.Size(i)
		if !j.plan.Reusable(i) {
			files = append(files, i)
		}
	}
	j.meter.Change(func(p *meter.Progress) { p.FilesTotal, p.BytesTotal = total.FilesTotal, total.BytesTotal })
	return files
}

// fits returns [ErrNoSpace] if the disk has too little space for files.
func (j *job) fits(files []uint32) error {
	need := int64(spareSpace)
	for _, i := range files {
		need += j.plan.Size(i)
	}
	left, err := j.free(j.dir)
	if err != nil {
		return err
	}
	if left < need {
		return message.Detail(ErrNoSpace, message.Say("error.detail.space", "needed", strconv.FormatInt(need>>20, 10), "free", strconv.FormatInt(left>>20, 10)))
	}
	return nil
}

// close ends a run: it sets the times of folders, writes the manifest, and syncs all to
// the disk.
func (j *job) close() error {
	var err error
	if j.listed {
		j.prune()
		j.meter.SetPhase(meter.PhaseWriting)
		if j.done {
			j.dateFolders()
			err = j.store.SyncAll(j.root, j.keep.Written())
		}
		j.step("manifest")
		j.plan.NoteOlder()
		err = errors.Join(err, j.writeManifest())
	}
	if j.journal != nil {
		err = errors.Join(err, j.journal.Close())
	}
	return errors.Join(err, j.store.Close())
}

func (j *job) writeManifest() error {
	doubts := slices.Concat(j.doubts, j.notes)
	m := &manifest.Manifest{Head: manifest.Head{
		Schema: manifest.Schema, Salt: manifest.NewSalt(), Tool: tool(), Serial: j.link.Device().Serial(),
		Started: j.started.UTC().Truncate(time.Second), Finished: time.Now().UTC().Truncate(time.Second),
		Complete: j.done, Prove: j.prove, Roots: j.namedRoots(), Listing: english(doubts), ListingMessages: doubts, LeftOut: j.leftKinds(),
	}}
	if env := j.store.Envelope(); env != nil {
		m.Encryption = env.Describe()
	}
	entries, n := j.plan.Entries()
	m.Tail.Entries = n
	m.Tail.Files, m.Tail.Bytes = j.plan.Tally()
	items, err := j.keep.Items()
	if err != nil {
		return err
	}
	m.Tail.Items, m.Tail.Rows = items, j.keep.Rows()
	return manifest.Write(j.root, m, entries)
}

// tool returns the program, version and system that make the manifest.
func tool() string {
	version := "unknown"
	if info, ok := debug.ReadBuildInfo(); ok {
		version = info.Main.Version
	}
	return fmt.Sprintf("preship %s %s/%s", version, runtime.GOOS, runtime.GOARCH)
}

// english returns sentences as they are signed.
func english(list []message.Sentence) []string {
	texts := []string{}
	for _, s := range list {
		texts = append(texts, s.String())
	}
	return texts
}
