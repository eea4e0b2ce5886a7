package backup

import (
	"context"
	"errors"
	"fmt"
	"os"
	"slices"
	"strings"

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
	// refused is the status when the handset does not give it: fail where it
	// would be lost for good.
	refused report.Status
	remedy  string
	save    func(*keeper, context.Context) (notes []string, err error)
}

const (
	counted        = "counted before and after and the same"
	securitySwitch = "turn on \"USB debugging (Security settings)\" in the developer options while still signed in, and run the backup again on the same case; "
	acceptByName   = "or accept the loss by name with --despite="
)

var kinds = []kind{
	{FindingContacts, "contacts", counted, []string{"contacts"}, report.StatusFail, securitySwitch + acceptByName + FindingContacts, (*keeper).contacts},
	{FindingMessages, "messages", counted, []string{"sms", "mms"}, report.StatusFail, securitySwitch + acceptByName + FindingMessages, (*keeper).messages},
	{
		FindingCalls, "the call log", counted,
		[]string{"calls"},
		report.StatusWarn, // nothing its owner could switch on would change it
		"Android 11 and 12 give it to no computer: write down what you need, or save it with the handset's own backup", (*keeper).calls,
	},
	{FindingCalendar, "calendar", counted, []string{"calendar"}, report.StatusFail, "look on the handset whether it holds anything that no account has; " + acceptByName + FindingCalendar, (*keeper).calendar},
	{FindingApps, "apps", "their files proved like all others", []string{"apps"}, report.StatusWarn, "install them again from their store", (*keeper).saveApps},
	{FindingSettings, "settings", "as the handset lists them", []string{"settings", "wifi"}, report.StatusSkipped, "they cannot be saved: note what you want to set again", (*keeper).settings},
}

// keeper saves what is no file: it asks the handset's providers.
type keeper struct {
	link  *link
	plan  *plan
	store *store
	meter *meter

	items    map[string]Item // by file
	counts   map[string]*int64
	findings report.Findings

	apps        []*App
	appsRefused error
}

func newKeeper(j *job) *keeper {
	return &keeper{
		link: j.link, plan: j.plan, meter: j.meter,
		items: recallItems(j.root), counts: map[string]*int64{},
	}
}

func (k *keeper) count(item string, n int) {
	v := int64(n)
	k.counts[item] = &v
}

// run saves one kind after the other. What the handset refuses is a finding.
func (k *keeper) run(ctx context.Context) error {
	k.meter.phase(PhaseItems)
	for i := range kinds {
		kind := &kinds[i]
		notes, err := kind.save(k, ctx)
		if err != nil && !errors.Is(err, errRefused) {
			return fmt.Errorf("%s: %w", kind.what, err)
		}
		k.findings = append(k.findings, kind.judge(k.counts, notes, err))
	}
	k.findings = append(k.findings, k.unsaveable())
	return nil
}

// judge says how saving a kind went.
func (d *kind) judge(counts map[string]*int64, notes []string, err error) report.Finding {
	f := report.Finding{ID: d.finding, Status: report.StatusPass, Method: report.MethodObserved}
	var saved []string
	for _, item := range d.items {
		if n := counts[item]; n != nil {
			saved = append(saved, fmt.Sprintf("%d %s", *n, item))
		}
	}
	f.Observed = strings.Join(saved, ", ")
	switch {
	case err != nil:
		f.Status, f.Remedy = d.refused, d.remedy
		f.Summary = d.what + " could not be saved: the handset does not give it to a computer"
		f.Observed = strings.TrimPrefix(f.Observed+"; "+reasonOf(err), "; ")
	case len(notes) > 0 && d.refused == report.StatusSkipped:
		f.Summary = fmt.Sprintf("saved: %s; %s", f.Observed, strings.Join(notes, "; "))
	case len(notes) > 0:
		f.Status = report.StatusWarn
		f.Summary = fmt.Sprintf("saved: %s; but %s", f.Observed, strings.Join(notes[:min(len(notes), maxNamed)], "; "))
	default:
		f.Summary = fmt.Sprintf("%s saved, %s: %s", d.what, d.proof, f.Observed)
	}
	return f
}

// reasonOf is an error of a provider without our own words for it.
func reasonOf(err error) string {
	text := err.Error()
	if _, rest, ok := strings.Cut(text, errRefused.Error()+": "); ok && strings.Contains(rest, "Exception") {
		text = errRefused.Error() + ": " + rest
	}
	return display(text)
}

// unreached are the findings of a backup that ended before the items.
func (k *keeper) unreached() report.Findings {
	found := slices.Clone(k.findings)
	for i := range kinds {
		if _, ok := found.ByID(kinds[i].finding); !ok {
			found = append(found, report.Finding{
				ID: kinds[i].finding, Status: report.StatusUnknown, Method: report.MethodObserved,
				Summary: kinds[i].what + " not reached: the backup did not come to its end",
			})
		}
	}
	return found
}

// messengers hold what people miss most, where no computer can read it.
var messengers = []struct{ prefix, name, advice string }{
	{"com.whatsapp", "WhatsApp", "make its own backup with a key you have, or move its chats to another handset"},
	{"org.telegram", "Telegram", "its chats lie with the service, but for secret ones"},
	{"org.thunderdog.challegram", "Telegram X", "its chats lie with the service, but for secret ones"},
	{"org.thoughtcrime.securesms", "Signal", "make its own backup, or transfer the account to another handset"},
	{"com.tencent.mm", "WeChat", "move its chats with its own chat backup on a computer"},
	{"com.tencent.mobileqq", "QQ", "move its chats with its own backup on a computer"},
	{"jp.naver.line", "LINE", "make its own backup"},
	{"com.viber", "Viber", "make its own backup"},
	{"com.facebook.orca", "Messenger", "check its secure storage"},
	{"com.google.android.apps.authenticator2", "Authenticator", "export its codes to another handset, or you lose those logins"},
}

// unsaveable says what stays behind whatever is done, and names the apps for
// which that hurts most.
func (k *keeper) unsaveable() report.Finding {
	var named, advice []string
	for _, app := range k.apps {
		for _, m := range messengers {
			if strings.HasPrefix(app.Package, m.prefix) {
				named = append(named, fmt.Sprintf("%s (%s)", m.name, app.Package))
				advice = append(advice, m.name+": "+m.advice)
			}
		}
	}
	f := report.Finding{ID: FindingUnsaveable, Status: report.StatusSkipped, Method: report.MethodInferred}
	f.Summary = "no computer can save what apps keep to themselves, drafts of messages, a second space, licences of protected media, " +
		"the keyboard's own words, blocked numbers, and the keys of wireless networks and logins"
	if len(named) > 0 {
		f.Summary += ". such apps are on this handset: " + strings.Join(named, ", ")
	}
	f.Observed = fmt.Sprintf("%d apps of the owner's, %d of them hold messages or logins", len(k.apps), len(named))
	f.Remedy = strings.Join(append(advice, "for other apps, make a local backup in the handset's own settings before this one: it lies in shared storage and is saved with it"), "; ")
	return f
}

// saved returns the files of the items, and everything beside them.
func (k *keeper) saved(root *os.Root) ([]Item, error) { return settleItems(root, k.items) }
