package provider

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"sync"
	"time"

	"golang.org/x/sync/errgroup"

	"preship/adb/handset"
	"preship/adb/link"
	"preship/backup/agefile"
	"preship/backup/disk"
	"preship/backup/formats"
	"preship/backup/manifest"
	"preship/backup/meter"
	"preship/backup/query"
	"preship/report"
	"preship/report/casedir"
	"preship/report/check"
	"preship/report/message"
)

// kind is one kind of data that is in no file.
type kind struct {
	finding string
	what    message.ID
	proof   message.ID // the reason that its items are called saved
	items   []string   // its keys in report.Backup.Items
	// tables are the tables of [watched] that hold its rows, and files the prefixes of its
	// items' names. A kind without tables is saved again by every run.
	tables, files []string
	// refused is the status if the handset refuses it: fail if the reset would lose it.
	refused report.Status
	remedy  message.ID // its argument {check} is the finding's ID
	// broken is the status if the handset answers with an error that is not a missing
	// permission.
	broken report.Status
	save   func(*Keeper, context.Context, *outcome) error
}

var kinds = []kind{
	{check.BackupContacts, "backup.kind.contacts", "backup.saved.counted", []string{"contacts", "pictures"}, []string{"contacts"}, []string{"contacts"}, report.StatusFail, "backup.items.denied.remedy", report.StatusFail, (*Keeper).contacts},
	{check.BackupMessages, "backup.kind.messages", "backup.saved.counted", []string{"sms", "mms"}, []string{"sms", "mms"}, []string{"sms", "mms", "messages"}, report.StatusFail, "backup.items.denied.remedy", report.StatusFail, (*Keeper).messages},
	{
		check.BackupCalls, "backup.kind.calls", "backup.saved.counted",
		[]string{"calls"},
		[]string{"calls"},
		[]string{"calls"},
		report.StatusWarn, // no setting of the handset would change it
		"backup.calls.remedy", report.StatusFail, (*Keeper).calls,
	},
	{check.BackupCalendar, "backup.kind.calendar", "backup.saved.counted", []string{"calendar"}, []string{"calendar"}, []string{"calendar"}, report.StatusFail, "backup.calendar.remedy", report.StatusFail, (*Keeper).calendar},
	{check.BackupApps, "backup.kind.apps", "backup.saved.proved", []string{"apps"}, nil, nil, report.StatusWarn, "backup.apps.remedy", report.StatusWarn, (*Keeper).saveApps},
	{check.BackupSettings, "backup.kind.settings", "backup.saved.as-listed", []string{"settings", "wifi", "words", "blocked"}, nil, nil, report.StatusSkipped, "backup.settings.remedy", report.StatusSkipped, (*Keeper).settings},
}

// name is the word for a kind in a selection: "contacts".
func (d *kind) name() string { return strings.TrimPrefix(d.finding, "backup.") }

// leftOut returns the finding about a kind that is not saved, as asked. The loss is in a
// finding of its own.
func (d *kind) leftOut() report.Finding {
	f := report.Finding{ID: d.finding, Status: report.StatusSkipped, Method: report.MethodObserved}
	f.Tell(message.Say("backup.left-out.kind"))
	return f
}

// Keeper saves data that is in no file, by asking the handset's providers.
type Keeper struct {
	*asker
	meter *meter.Meter

	mu       sync.Mutex
	counts   map[string]*int64 // guarded by mu
	findings report.Findings

	language    string         // of the pages
	zone        *time.Location // of the handset
	names       formats.Names  // of contacts, complete once named is closed
	named       chan struct{}
	earlier     earlier
	seen        []manifest.Rows // the rows on the handset just before the kinds are saved
	made        []manifest.Rows // the rows that the items are made of; guarded by mu
	apps        []*manifest.App
	files       AppFiles // set by Save
	appsRefused error
	left        []string // the kinds to leave out
}

// LeaveOut has kinds of data left out, such as "contacts". Items of an earlier run stay.
func (k *Keeper) LeaveOut(left []string) { k.left = left }

// New returns a keeper for a case. It reads which items an earlier run saved.
func New(l *link.Link, m *meter.Meter, c *casedir.Case) *Keeper {
	items := &itemStore{root: c.Root(), items: recallItems(c.Root()), keys: map[string]agefile.FileKey{}, beside: rowsBeside(c.Root())}
	k := &Keeper{
		asker: &asker{itemStore: items, link: l, slots: make(chan struct{}, askAtOnce)}, meter: m,
		counts: map[string]*int64{}, language: report.DefaultLanguage, named: make(chan struct{}),
	}
	k.earlier = recallEarlier(c)
	k.made = slices.Clone(k.earlier.rows)
	return k
}

// Speak sets the language of the pages. Without it they are English.
func (k *Keeper) Speak(language string) { k.language = cmp.Or(language, report.DefaultLanguage) }

// Use sets the store that items are written to. It is called before Apps and Save.
func (st *itemStore) Use(store *disk.Store) { st.store = store }

// AppFiles has the states of the files of apps.
type AppFiles interface {
	// Unsaved returns why the file at a path on the handset is not saved, an empty
	// sentence if it is.
	Unsaved(path string) message.Sentence
	// Unproved returns how many files of apps are saved and not proved, how many were
	// listed, and the names of the first.
	Unproved() (n, listed int64, names message.Sentence)
}

// Saved returns how many of an item were saved, nil if it was not reached.
func (k *Keeper) Saved(item string) *int64 { return k.counted()[item] }

// Rows returns the rows that the items are made of.
func (k *Keeper) Rows() []manifest.Rows { return k.made }

func (k *Keeper) count(item string, n int) {
	v := int64(n)
	k.mu.Lock()
	defer k.mu.Unlock()
	k.counts[item] = &v
}

// askAtOnce is how many questions run at the same time. The handset starts a program for
// each, which waits most of its time.
const askAtOnce = 4

// Save saves all kinds of data that are in no file, several at a time. If the handset
// refuses a kind, that is a finding. An error ends the work.
func (k *Keeper) Save(ctx context.Context, files AppFiles) error {
	k.files = files
	k.meter.SetPhase(meter.PhaseItems)
	var err error
	if k.zone, err = k.timeZone(ctx); err != nil {
		return err
	}
	if k.seen, err = SeenRows(ctx, k.ask); err != nil {
		return err
	}
	found, outcomes := make(report.Findings, len(kinds)), make([]outcome, len(kinds))
	g, gctx := errgroup.WithContext(ctx)
	for i := range kinds {
		g.Go(func() error {
			kind := &kinds[i]
			if kind.finding == check.BackupContacts {
				defer close(k.named)
			}
			if slices.Contains(k.left, kind.name()) {
				found[i] = kind.leftOut()
				return nil
			}
			f, stays := k.stays(kind)
			if stays {
				found[i] = f
				return nil
			}
			k.compare(kind, &outcomes[i])
			err := kind.save(k, gctx, &outcomes[i])
			if query.Ending(err) != nil {
				return fmt.Errorf("%s: %w", message.Say(kind.what), err)
			}
			k.setRows(kind)
			found[i] = kind.judge(k.counted(), &outcomes[i], err)
			return nil
		})
	}
	err = g.Wait()
	k.findings = append(k.findings, slices.DeleteFunc(found, func(f report.Finding) bool { return f.ID == "" })...)
	if err != nil {
		return err
	}
	if err := k.writeMissing(outcomes); err != nil {
		return err
	}
	f, err := asks(k.ask).unsaveable(ctx, k.apps)
	k.findings = append(k.findings, f)
	return err
}

// timeZone returns the zone of the handset, UTC if it names none that is known.
func (k *Keeper) timeZone(ctx context.Context) (*time.Location, error) {
	line, err := handset.GetProperty.With("persist.sys.timezone")
	if err != nil {
		return nil, err
	}
	a, err := k.ask(ctx, line)
	if query.Ending(err) != nil {
		return nil, err
	}
	return formats.Zone(strings.TrimSpace(string(a.Stdout))), nil
}

func (k *Keeper) counted() map[string]*int64 {
	k.mu.Lock()
	defer k.mu.Unlock()
	return maps.Clone(k.counts)
}

// judge returns the finding about a kind. If anything of it is missing it is not called
// saved, and the owner must accept the finding by its ID.
func (d *kind) judge(counts map[string]*int64, out *outcome, err error) report.Finding {
	f := report.Finding{ID: d.finding, Status: report.StatusPass, Method: report.MethodObserved}
	var parts []message.Sentence
	for _, item := range d.items {
		if n := counts[item]; n != nil {
			parts = append(parts, counted(item, *n))
		}
	}
	saved, rest := message.Join(message.Comma, parts...), message.Join(message.Semicolon, out.notes[:min(len(out.notes), manifest.MaxNamed)]...)
	f.See(saved)
	switch {
	case err != nil:
		d.refuse(&f, err)
		f.See(message.Join(message.Semicolon, saved, reasonOf(err)))
	case len(out.missing) > 0:
		f.Status = report.StatusFail
		lost := out.describe()
		if len(out.notes) > 0 {
			lost = message.Join(message.Semicolon, lost, rest)
		}
		f.Tell(message.Say("backup.items.saved-part", "counts", saved, "missing", lost))
		f.Advise(message.Say("backup.items.missing.remedy", "check", d.finding))
		f.See(message.Join(message.Semicolon, saved, out.reasons()))
	case len(out.notes) > 0 && d.refused == report.StatusSkipped:
		f.Tell(message.Say("backup.items.saved-note", "counts", saved, "notes", rest))
	case len(out.notes) > 0:
		f.Status = report.StatusWarn
		f.Tell(message.Say("backup.items.saved-but", "counts", saved, "notes", rest))
	default:
		f.Tell(message.Say("backup.items.saved", "what", message.Say(d.what), "how", message.Say(d.proof), "counts", saved))
	}
	return f
}

// refuse makes a finding say that nothing of a kind was saved. Its remedy is a setting of
// the handset only if the shell lacks a permission.
func (d *kind) refuse(f *report.Finding, err error) {
	if errors.Is(err, query.ErrDenied) {
		f.Status = d.refused
		f.Tell(message.Say("backup.items.denied", "what", message.Say(d.what)))
		f.Advise(d.advice())
		return
	}
	f.Status = d.broken
	f.Tell(message.Say("backup.items.broken", "what", message.Say(d.what)))
	if f.Advise(message.Say("backup.items.broken.remedy", "check", d.finding)); f.Status != report.StatusFail {
		f.Advise(d.advice())
	}
}

// advice returns the remedy for a kind that cannot be saved.
func (d *kind) advice() message.Sentence {
	return message.Say(d.remedy, "check", d.finding)
}

// refusal returns an error as a sentence: only the provider's exception if it has one.
func refusal(err error) message.Sentence { return message.Of(query.Thrown(err)) }

// countWords are the words for a number of items.
var countWords = map[string]message.ID{
	"contacts": "backup.count.contacts", "pictures": "backup.count.pictures", "sms": "backup.count.sms", "mms": "backup.count.mms",
	"calls": "backup.count.calls", "calendar": "backup.count.calendar", "apps": "backup.count.apps", "settings": "backup.count.settings",
	"wifi": "backup.count.wifi", "words": "backup.count.words", "blocked": "backup.count.blocked",
}

// counted returns a sentence with the number of an item.
func counted(item string, n int64) message.Sentence { return message.Say(countWords[item], "count", n) }

// reasonOf returns an error as a sentence, safe to print: only the provider's exception if
// it has one.
func reasonOf(err error) message.Sentence { return query.Reason(query.Thrown(err)) }

// Findings returns a finding for each kind of data. A kind that was not reached is unknown.
func (k *Keeper) Findings() report.Findings {
	found := slices.Clone(k.findings)
	for i := range kinds {
		if _, ok := found.ByID(kinds[i].finding); !ok {
			f := report.Finding{ID: kinds[i].finding, Status: report.StatusUnknown, Method: report.MethodObserved}
			f.Tell(message.Say("backup.items.not-reached", "what", message.Say(kinds[i].what)))
			found = append(found, f)
		}
	}
	return found
}

// Items returns the files of the items, with those of earlier runs.
func (st *itemStore) Items() ([]manifest.Item, error) {
	return settleItems(st.root, st.items, st.store.Encrypted())
}

// asker asks the handset, several questions at a time, and keeps the answers.
type asker struct {
	*itemStore
	link  *link.Link
	slots chan struct{} // one for each question that may run at the same time
}

// ask sends one line as [query.Ask] does, once a slot is free.
func (a *asker) ask(ctx context.Context, line handset.Line) (handset.Answer, error) {
	select {
	case a.slots <- struct{}{}:
		defer func() { <-a.slots }()
	case <-ctx.Done():
		return handset.Answer{}, context.Cause(ctx)
	}
	return query.Ask(ctx, a.link, line)
}

// query asks a provider and keeps the answer, word for word, in items/raw.
func (a *asker) query(ctx context.Context, line handset.Line, file, what string) (handset.Answer, error) {
	answer, err := a.ask(ctx, line)
	if err != nil {
		return answer, err
	}
	if err := query.Refusal(answer); err != nil {
		return answer, err
	}
	return answer, a.write("raw/"+file+"."+what+".txt", answer.Stdout)
}
