package backup

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"os"
	"slices"
	"strings"
	"sync"

	"golang.org/x/sync/errgroup"

	"preship/adb/handset"
	"preship/adb/link"
	"preship/backup/disk"
	"preship/backup/manifest"
	"preship/backup/meter"
	"preship/backup/query"
	"preship/report"
)

// The IDs of the findings about what is no file.
const (
	FindingContacts   = "backup.contacts"
	FindingMessages   = "backup.messages" // SMS and MMS
	FindingCalls      = "backup.calls"
	FindingCalendar   = "backup.calendar"
	FindingApps       = "backup.apps"       // installed apps and their APKs, not their data
	FindingSettings   = "backup.settings"   // and names of wireless networks
	FindingUnsaveable = "backup.unsaveable" // what no computer can save
)

// kind is one kind of data beside files.
type kind struct {
	finding string
	what    string
	proof   string   // why they are called saved
	items   []string // what it counts, in report.Backup.Items
	// tables are those of [watched] that its rows are in, and files how the names of
	// its items begin. A kind without tables is saved anew by every run.
	tables, files []string
	// refused is the status when the handset does not give it: fail where it
	// would be lost for good.
	refused report.Status
	remedy  string // a %s in it stands for the finding's ID
	// broken is the status when the handset answers with an error that is not about
	// who asks.
	broken report.Status
	save   func(*keeper, context.Context, *outcome) error
}

const (
	counted        = "counted before and after and the same"
	securitySwitch = "turn on \"USB debugging (Security settings)\" in the developer options while still signed in, and run the backup again on the same case; " + acceptByName
	acceptByName   = "or accept the loss by name with --despite=%s"
	askAgain       = "restart the handset and run the backup again on the same case, which asks once more; " + acceptByName
	seeMissing     = "backup/items/missing.jsonl names each. run the backup again on the same case, which asks for them once more, or save them another way; " + acceptByName
)

var kinds = []kind{
	{FindingContacts, "contacts", counted, []string{"contacts", "pictures"}, []string{"contacts"}, []string{"contacts"}, report.StatusFail, securitySwitch, report.StatusFail, (*keeper).contacts},
	{FindingMessages, "messages", counted, []string{"sms", "mms"}, []string{"sms", "mms"}, []string{"sms", "mms", "messages"}, report.StatusFail, securitySwitch, report.StatusFail, (*keeper).messages},
	{
		FindingCalls, "the call log", counted,
		[]string{"calls"},
		[]string{"calls"},
		[]string{"calls"},
		report.StatusWarn, // nothing its owner could switch on would change it
		"Android 11 and 12 give it to no computer: write down what you need, or save it with the handset's own backup", report.StatusFail, (*keeper).calls,
	},
	{FindingCalendar, "calendar", counted, []string{"calendar"}, []string{"calendar"}, []string{"calendar"}, report.StatusFail, "look on the handset whether it holds anything that no account has; " + acceptByName, report.StatusFail, (*keeper).calendar},
	{FindingApps, "apps", "their files proved like all others", []string{"apps"}, nil, nil, report.StatusWarn, "install them again from their store", report.StatusWarn, (*keeper).saveApps},
	{FindingSettings, "settings", "as the handset lists them", []string{"settings", "wifi", "words", "blocked"}, nil, nil, report.StatusSkipped, "they cannot be saved: note what you want to set again", report.StatusSkipped, (*keeper).settings},
}

// keeper saves what is no file: it asks the handset's providers.
type keeper struct {
	link  *link.Link
	plan  *plan
	store *disk.Store
	meter *meter.Meter

	slots    chan struct{} // one for each question that may be open at a time
	mu       sync.Mutex
	items    map[string]manifest.Item // by file; mu
	counts   map[string]*int64        // mu
	findings report.Findings

	earlier     earlier
	seen        []manifest.Rows // on the handset, right before the kinds are saved
	made        []manifest.Rows // those that the items are made of; mu
	apps        []*manifest.App
	appsRefused error
}

func newKeeper(j *job) *keeper {
	return &keeper{
		link: j.link, plan: j.plan, meter: j.meter,
		slots: make(chan struct{}, askAtOnce), items: recallItems(j.root), counts: map[string]*int64{},
	}
}

func (k *keeper) count(item string, n int) {
	v := int64(n)
	k.mu.Lock()
	defer k.mu.Unlock()
	k.counts[item] = &v
}

// askAtOnce is how many questions are open at a time: a handset starts a program
// of its own for each, and waits more than it works.
const askAtOnce = 4

// run saves all kinds, side by side. What the handset refuses is a finding.
func (k *keeper) run(ctx context.Context) error {
	k.meter.SetPhase(meter.PhaseItems)
	var err error
	if k.seen, err = seenRows(ctx, k.ask); err != nil {
		return err
	}
	found, outcomes := make(report.Findings, len(kinds)), make([]outcome, len(kinds))
	g, gctx := errgroup.WithContext(ctx)
	for i := range kinds {
		g.Go(func() error {
			kind := &kinds[i]
			f, stays := k.stays(kind)
			if stays {
				found[i] = f
				return nil
			}
			k.compare(kind, &outcomes[i])
			err := kind.save(k, gctx, &outcomes[i])
			if query.Ending(err) != nil {
				return fmt.Errorf("%s: %w", kind.what, err)
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
	f, err := k.unsaveable(ctx)
	k.findings = append(k.findings, f)
	return err
}

func (k *keeper) counted() map[string]*int64 {
	k.mu.Lock()
	defer k.mu.Unlock()
	return maps.Clone(k.counts)
}

// judge says how saving a kind went. A kind of which anything is missing is not
// called saved, and its owner has to accept that by its ID.
func (d *kind) judge(counts map[string]*int64, out *outcome, err error) report.Finding {
	f := report.Finding{ID: d.finding, Status: report.StatusPass, Method: report.MethodObserved}
	var parts, told []report.Sentence
	for _, item := range d.items {
		if n := counts[item]; n != nil {
			parts = append(parts, report.Say("%d "+item, *n))
		}
	}
	for _, note := range out.notes[:min(len(out.notes), manifest.MaxNamed)] {
		told = append(told, report.Chain(note))
	}
	saved, rest := report.Join(", ", parts...), report.Join("; ", told...)
	f.Observed = saved.String()
	switch {
	case err != nil:
		d.refuse(&f, err)
		f.Observed = strings.TrimPrefix(f.Observed+"; "+reasonOf(err), "; ")
	case len(out.missing) > 0:
		f.Status = report.StatusFail
		lost := out.told()
		if len(told) > 0 {
			lost = report.Join("; ", lost, rest)
		}
		f.Tell(report.Say("saved: %s; not saved: %s", saved, lost))
		f.Advise(report.Say(seeMissing, d.finding))
		f.Observed += "; " + out.reasons()
	case len(out.notes) > 0 && d.refused == report.StatusSkipped:
		f.Tell(report.Say("saved: %s; %s", saved, rest))
	case len(out.notes) > 0:
		f.Status = report.StatusWarn
		f.Tell(report.Say("saved: %s; but %s", saved, rest))
	default:
		f.Tell(report.Say("%s saved, %s: %s", report.Say(d.what), report.Say(d.proof), saved))
	}
	return f
}

// refuse says that nothing of a kind was saved. What could be switched on is advised
// only where the handset does not answer who asks.
func (d *kind) refuse(f *report.Finding, err error) {
	if errors.Is(err, query.ErrDenied) {
		f.Status = d.refused
		f.Tell(report.Say("%s could not be saved: the handset does not give it to a computer", report.Say(d.what)))
		f.Advise(d.advice())
		return
	}
	f.Status = d.broken
	f.Tell(report.Say("%s could not be saved: the handset answered with an error", report.Say(d.what)))
	if f.Advise(report.Say(askAgain, d.finding)); f.Status != report.StatusFail {
		f.Advise(d.advice())
	}
}

// advice is what to do where the kind cannot be saved.
func (d *kind) advice() report.Sentence {
	if strings.Contains(d.remedy, "%s") {
		return report.Say(d.remedy, d.finding)
	}
	return report.Say(d.remedy)
}

// reasonOf is an error of a provider without our own words for it.
func reasonOf(err error) string {
	text := err.Error()
	if _, rest, ok := strings.Cut(text, query.ErrRefused.Error()+": "); ok && strings.Contains(rest, "Exception") {
		text = query.ErrRefused.Error() + ": " + rest
	}
	return manifest.Display(text)
}

// unreached are the findings of a backup that ended before the items.
func (k *keeper) unreached() report.Findings {
	found := slices.Clone(k.findings)
	for i := range kinds {
		if _, ok := found.ByID(kinds[i].finding); !ok {
			f := report.Finding{ID: kinds[i].finding, Status: report.StatusUnknown, Method: report.MethodObserved}
			f.Tell(report.Say("%s not reached: the backup did not come to its end", report.Say(kinds[i].what)))
			found = append(found, f)
		}
	}
	return found
}

// saved returns the files of the items, and everything beside them.
func (k *keeper) saved(root *os.Root) ([]manifest.Item, error) {
	return settleItems(root, k.items, k.store.Encrypted())
}

// ask asks one line, for a backup, as the function ask does.
func (k *keeper) ask(ctx context.Context, line handset.Line) (handset.Answer, error) {
	select {
	case k.slots <- struct{}{}:
		defer func() { <-k.slots }()
	case <-ctx.Done():
		return handset.Answer{}, context.Cause(ctx)
	}
	return query.Ask(ctx, k.link, line)
}

// query asks a provider and keeps what it answered, word for word, in items/raw.
func (k *keeper) query(ctx context.Context, line handset.Line, file, what string) (handset.Answer, error) {
	a, err := k.ask(ctx, line)
	if err != nil {
		return a, err
	}
	if err := query.Refusal(a); err != nil {
		return a, err
	}
	return a, k.write("raw/"+file+"."+what+".txt", a.Stdout)
}
