package backup

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
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

// Change is what is on a handset and not in the backup of its case.
type Change struct {
	New     int64    // files the backup does not have
	Changed int64    // files with another size or time than when they were saved
	Idle    int64    // of both: logs, caches and thumbnails, which apps write all the time
	Bytes   int64    // of both
	Names   []string // of a few, those that are not idle first
	// Rows are how many contacts, messages, calls and events are new or changed,
	// a sentence for each kind; Hidden are the kinds that the handset showed for
	// the backup and does not show any more.
	Rows, Hidden []message.Sentence
}

// Owners is how many files may be somebody's.
func (c Change) Owners() int64 { return c.Count() - c.Idle }

// Count is how many files there are in all.
func (c Change) Count() int64 { return c.New + c.Changed }

// String names the first of them, safe to print.
func (c Change) String() string {
	s := strings.Join(c.Names, ", ")
	if more := c.Count() - int64(len(c.Names)); more > 0 {
		s += fmt.Sprintf(", and %d more", more)
	}
	return s
}

// changesWait is how long a handset that leaves while it is listed may stay away:
// somebody waits for the answer.
const changesWait = 20 * time.Second

// Changes lists the handset's shared storage again and compares names, sizes and
// times with the manifest of the backup in the case. It does the same with the
// numbers of contacts, messages, calls and events. It reads no file and writes
// nothing. What the backup has and the handset no longer lists is no change, and
// neither is what could not be read then: the findings of [Run] name that. A folder
// that was open then and is closed now is one.
//
// It looks at the same storages as [Run]. One that could not be listed then and
// cannot now is named by the findings of Run and is no change either.
//
// The error is ErrNoBackup, ErrManifest, link.ErrLost, or one of listing. A storage
// that cannot be listed and that the backup knows nothing of is one too, for
// nobody knows what is on it.
func Changes(ctx context.Context, dev *adb.Device, r handset.Reader, c *casedir.Case) (Change, error) {
	to := link.New(dev, link.Options{Wait: changesWait})
	listed := plan.New()
	l := listing.New(to, listed, defaultStreams, func(int) {})
	roots, unknown, err := listing.Find(ctx, r, to)
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
	if err := unheard(m, roots, slices.Concat(unknown, l.Notes())); err != nil {
		return Change{}, err
	}
	now, err := provider.SeenRows(ctx, func(ctx context.Context, line handset.Line) (handset.Answer, error) {
		return query.Ask(ctx, to, line)
	})
	if err != nil {
		return Change{}, err
	}
	found := changes(listed)
	found.Rows, found.Hidden = provider.NewRows(m.Rows, now)
	return found, nil
}

// unheard returns an error that names a storage or folder that cannot be listed now,
// if the backup did not name it too. Else it returns nil.
func unheard(m *manifest.Manifest, roots []listing.Storage, unknown []string) error {
	for _, what := range unknown {
		if !listing.Vanished(what) && !slices.Contains(m.Listing, what) {
			return errors.New(what)
		}
	}
	for _, r := range roots {
		named := func(then manifest.Root) bool { return then.Path == r.Path && then.Skipped != "" }
		if r.Skipped != "" && !slices.ContainsFunc(m.Roots, named) {
			return fmt.Errorf("%s %s", r.Path, r.Skipped)
		}
	}
	return nil
}

// changes counts the files of a plan, compared with a backup, that are not in it.
func changes(p *plan.Plan) (c Change) {
	var others []string // idle ones
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
