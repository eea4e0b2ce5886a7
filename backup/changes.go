package backup

import (
	"context"
	"slices"
	"time"

	"preship/adb"
	"preship/adb/handset"
	"preship/adb/link"
	"preship/backup/listing"
	"preship/backup/manifest"
	"preship/backup/plan"
	"preship/backup/provider"
	"preship/backup/query"
	"preship/report/casedir"
	"preship/report/message"
)

// Change holds the differences between a handset and the backup of its case.
type Change struct {
	New     int64    // the number of files that the backup lacks
	Changed int64    // the number of files whose size or time differs from the saved ones
	Idle    int64    // how many of both are logs, caches and thumbnails, which apps write all the time
	Bytes   int64    // the size of both
	Names   []string // the first names, without idle files as far as possible; safe to print
	// Rows has a sentence for each kind of data, such as contacts or messages, with new
	// or changed rows. Hidden has one for each kind that the handset showed to the backup
	// and no longer shows.
	Rows, Hidden []message.Sentence
}

// Owners returns the number of files that are not idle: they may be the owner's.
func (c Change) Owners() int64 { return c.Count() - c.Idle }

// Count returns the number of new and changed files.
func (c Change) Count() int64 { return c.New + c.Changed }

// Named returns the first names and the number of the others, safe to print.
func (c Change) Named() message.Sentence {
	return message.Named(c.Names, int(c.Count())-len(c.Names))
}

// changesWait is how long a disconnected handset may take to return. It is short because
// a person waits for the answer.
const changesWait = 20 * time.Second

// Changes lists the handset's storages as [Run] does, and compares names, sizes and times
// with the manifest of the backup in the case. It compares the rows of contacts, messages,
// calls and events too. It opens no file and writes nothing.
//
// A folder that was listed for the backup and cannot be listed now counts as changed.
// Not a change are files that the handset no longer lists, and files and storages that the
// backup could not read either: the findings of Run name those.
//
// The error is [manifest.ErrNoBackup], [manifest.ErrDamaged], [link.ErrLost], or one of
// listing. It is also an error if a storage cannot be listed that the backup does not name
// as unreadable, because its files are not known.
func Changes(ctx context.Context, dev *adb.Device, r handset.Reader, c *casedir.Case) (Change, error) {
	to := link.New(dev, link.Options{Wait: changesWait})
	listed := plan.New()
	l := listing.New(to, listed, defaultStreams, func(int) {})
	roots, doubts, err := listing.Find(ctx, r, to)
	if err != nil {
		return Change{}, err
	}
	if roots, err = l.List(ctx, roots); err != nil {
		return Change{}, err
	}
	known := listed.Index()
	m, err := manifest.Load(c.Root(), func(e *manifest.Entry) error {
		if i, ok := known.Find([]byte(e.OnHandset())); ok {
			listed.CompareSaved(i, e)
		}
		return nil
	})
	if err != nil {
		return Change{}, err
	}
	if err := unlisted(m, roots, slices.Concat(doubts, l.Notes())); err != nil {
		return Change{}, err
	}
	now, err := provider.SeenRows(ctx, func(ctx context.Context, line handset.Line) (handset.Answer, error) {
		return query.Ask(ctx, to, line)
	})
	if err != nil {
		return Change{}, err
	}
	found := changes(listed)
	found.Rows, found.Hidden = provider.NewRows(m.Rows, provider.WithoutKinds(now, m.LeftOut))
	return found, nil
}

// unlisted returns an error for the first storage or note that the manifest does not name
// too, and nil if it names all.
func unlisted(m *manifest.Manifest, roots []listing.Storage, notes []message.Sentence) error {
	for _, note := range notes {
		if !listing.Vanished(note) && !slices.Contains(m.Listing, note.String()) {
			return message.Error(note, nil)
		}
	}
	for _, r := range roots {
		named := func(then manifest.Root) bool { return then.Path == r.Path && then.Skipped != "" }
		if r.Skipped != "" && !slices.ContainsFunc(m.Roots, named) {
			return message.Error(message.Say("backup.storage.unlisted", "path", r.Path, "why", r.Why), nil)
		}
	}
	return nil
}

// changes counts the new and changed files of a plan that was compared with a backup.
func changes(p *plan.Plan) (c Change) {
	var others []string // the idle ones
	for i := range p.Len() {
		if s := p.State(i); s != plan.StateListed && s != plan.StateUnreadable {
			continue
		}
		if p.Copied(i) {
			c.Changed++
		} else {
			c.New++
		}
		c.Bytes += p.Size(i)
		name := string(p.Path(i))
		list := &c.Names
		if idle(name) {
			c.Idle++
			list = &others
		}
		if len(*list) < manifest.MaxNamed {
			*list = append(*list, manifest.Display(name))
		}
	}
	c.Names = append(c.Names, others[:min(len(others), manifest.MaxNamed-len(c.Names))]...)
	return c
}
