package backup

import (
	"context"
	"errors"
	"io"
	"slices"
	"time"

	"preship/adb"
	"preship/adb/handset"
	"preship/adb/link"
	"preship/backup/agefile"
	"preship/backup/disk"
	"preship/backup/listing"
	"preship/backup/manifest"
	"preship/backup/plan"
	"preship/backup/provider"
	"preship/backup/query"
	"preship/backup/selection"
	"preship/report"
	"preship/report/casedir"
	"preship/report/check"
)

// Preview is what a backup would save and lack, as far as listing shows.
type Preview struct {
	Files, Bytes int64 // of all storages and apps, as lstat gives them
	// Left is how many of Bytes are not in the case yet, and Spare what must stay free
	// on the computer's disk beside them.
	Left, Spare int64
	// Findings are those that [Run] would have too: of storages, folders and files that
	// cannot be listed, and of kinds of data that are refused. A file that is not listed as
	// refused may still be.
	Findings report.Findings
	Losses   Losses   // the names behind those findings
	Denied   []string // IDs of findings whose cause is a permission that the shell lacks
	// Pace is how fast the handset sent its largest file, zero if that is not known.
	Pace Pace
}

// Pace is a measured speed of copying; zero: it is not known.
type Pace struct {
	Bytes int64
	Took  time.Duration
}

// Time returns how long n bytes take at this pace, zero if that is not known.
func (p Pace) Time(n int64) time.Duration {
	if p.Bytes <= 0 || p.Took <= 0 {
		return 0
	}
	return time.Duration(float64(n) / float64(p.Bytes) * float64(p.Took))
}

// previewWait is how long a disconnected handset may take to return.
const previewWait = time.Minute

// Look lists a handset's storages and asks its providers as [Run] does, and saves
// nothing. take is what the backup would copy. c is the case that the backup would go to, nil
// without a case. encrypted means that the backup will be encrypted; one that c has stays as
// it is. Look opens one file, to measure how fast the handset sends. The error is
// [ErrNoStorage], [link.ErrLost], or one of listing.
func Look(ctx context.Context, dev *adb.Device, r handset.Reader, c *casedir.Case, take selection.Selection, encrypted bool) (Preview, error) {
	var p Preview
	to := link.New(dev, link.Options{Wait: previewWait})
	if c != nil {
		_, err := c.Root().Lstat(agefile.KeysName)
		encrypted = encrypted || err == nil
	}
	j := &job{plan: plan.New(), link: to, preview: true, take: take, encrypted: encrypted}
	l := listing.New(to, j.plan, defaultStreams, func(int) {})
	var err error
	if j.roots, j.doubts, err = listing.Find(ctx, r, to); err != nil {
		return p, err
	}
	if j.roots, err = l.List(ctx, j.roots); err != nil {
		return p, err
	}
	items, err := provider.Look(ctx, func(ctx context.Context, line handset.Line) (handset.Answer, error) { return query.Ask(ctx, to, line) })
	if err != nil {
		return p, err
	}
	start := j.plan.Len()
	for _, name := range items.Files {
		if _, err := j.plan.Add([]byte(name)); err != nil {
			return p, err
		}
	}
	j.plan.SetApps(start)
	if err := l.Describe(ctx, start); err != nil {
		return p, err
	}
	j.notes, j.listed, j.done = l.Notes(), true, true
	j.plan.LeaveOut(j.takes)
	j.plan.RecordEmpty()
	if c != nil {
		j.system = disk.FileSystemOf(c.Dir())
		j.foreseeUnheld()
	}
	p.Findings = slices.DeleteFunc(report.Findings{j.unreadable(), j.listing(), j.storages(), j.ownStorage()}, func(f report.Finding) bool { return f.Status == report.StatusPass })
	p.Findings = append(p.Findings, j.leaveOut(items.Findings)...)
	now := time.Now().UTC()
	for i := range p.Findings {
		p.Findings[i].At, p.Findings[i].Evidence = now, []string{}
	}
	p.Denied, p.Losses = j.deniedOf(items.Denied), j.foreseen()
	files, bytes := j.plan.TallyWhere(func(uint32) bool { return true })
	p.Files, p.Bytes = files.Listed-files.Unreadable, bytes.Listed-bytes.Unreadable
	p.Pace = pace(ctx, dev, j.plan)
	p.Spare = spareSpace
	p.Left, err = left(c, j.plan, encrypted)
	return p, err
}

// deniedOf drops the kinds that are left out.
func (j *job) deniedOf(denied []string) []string {
	return slices.DeleteFunc(slices.Clone(denied), func(id string) bool {
		return slices.ContainsFunc(j.leftKinds(), func(kind string) bool { return ofKind(kind) == id })
	})
}

// foreseen returns the losses that the listing shows, as [ReadLosses] returns those of a
// backup.
func (j *job) foreseen() Losses {
	l := Losses{}
	for i := range j.plan.Len() {
		if j.plan.State(i) == plan.StateUnreadable && !j.plan.OfApp(i) {
			l.add(check.BackupUnreadable, string(j.plan.Path(i)))
		}
	}
	for i := range j.plan.Len() {
		if j.plan.State(i) == plan.StateLeftOut && !j.plan.OfApp(i) {
			l.add(check.BackupLeftOut, string(j.plan.Path(i)))
		}
	}
	for _, kind := range j.leftKinds() {
		l.add(check.BackupLeftOut, kind)
	}
	for _, r := range j.lostRoots() {
		l.add(check.BackupStorage, r.Path)
	}
	for _, note := range english(slices.Concat(j.doubts, j.notes)) {
		l.add(check.BackupListing, note)
		l.add(check.BackupStorage, note)
	}
	return l
}

// left returns how many bytes of a listing the case has no copy of. It changes the states
// of the plan.
func left(c *casedir.Case, p *plan.Plan, encrypted bool) (int64, error) {
	if c != nil {
		known := p.Index()
		_, err := manifest.Load(c.Root(), func(e *manifest.Entry) error {
			if i, ok := known.Find([]byte(e.OnHandset())); ok {
				p.CompareSaved(i, e)
			}
			return nil
		})
		if err != nil && !errors.Is(err, manifest.ErrNoBackup) {
			return 0, err
		}
	}
	var n int64
	for i := range p.Len() {
		if p.State(i) == plan.StateListed && p.Type(i) == manifest.TypeFile {
			if n += p.Size(i); encrypted {
				n += agefile.LeastSize(p.Size(i)) - p.Size(i) + agefile.HeaderSize
			}
		}
	}
	return n, nil
}

const (
	// paceBytes is how much of a file is read to measure the speed, and paceTime how long
	// that may take.
	paceBytes = 8 << 20
	paceTime  = 3 * time.Second
	// leastPace is the least that says anything about the speed.
	leastPace = 1 << 20
)

// pace reads the beginning of the largest file, and drops it. A file that cannot be read
// gives no speed.
func pace(ctx context.Context, dev *adb.Device, p *plan.Plan) Pace {
	largest, size := uint32(0), int64(0)
	for i := range p.Len() {
		if p.State(i) == plan.StateListed && p.Type(i) == manifest.TypeFile && p.Size(i) > size {
			largest, size = i, p.Size(i)
		}
	}
	if size < leastPace {
		return Pace{}
	}
	ctx, cancel := context.WithTimeout(ctx, paceTime)
	defer cancel()
	start, drop := time.Now(), &dropped{most: paceBytes}
	_, _ = dev.PullFile(ctx, string(p.Path(largest)), drop)
	if drop.n < leastPace {
		return Pace{}
	}
	return Pace{Bytes: drop.n, Took: time.Since(start)}
}

// dropped counts the bytes written to it, and fails after most of them.
type dropped struct{ n, most int64 }

func (d *dropped) Write(b []byte) (int, error) {
	d.n += int64(len(b))
	if d.n >= d.most {
		return len(b), io.ErrShortWrite
	}
	return len(b), nil
}
