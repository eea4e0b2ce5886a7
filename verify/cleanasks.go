package verify

import (
	"context"
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"preship/adb/handset"
	"preship/adb/handset/dump"
	"preship/report"
	"preship/report/message"
)

func one(s string) []string {
	if s == "" {
		return nil
	}
	return []string{s}
}

func sameSet(a, b []string) bool {
	a, b = slices.Sorted(slices.Values(a)), slices.Sorted(slices.Values(b))
	return slices.Equal(slices.Compact(a), slices.Compact(b))
}

func join(parts []string) string { return strings.Join(parts, ", ") }

// Sentences for people if the handset does not answer.
const (
	idUntold      message.ID = "clean.android-id.unknown"
	bootsUntold   message.ID = "clean.boot-count.unknown"
	historyUntold message.ID = "clean.boot-history.unknown"
)

var errNotID = message.Error(message.Say("error.no-android-id"), nil)

// androidID: a 64-bit number in hexadecimal, printed without leading zeros.
func androidID(a handset.Answer) (string, error) {
	id := word(a)
	if id == "" || len(id) > 16 || strings.Trim(id, "0123456789abcdef") != "" {
		return "", errNotID
	}
	return id, nil
}

func askAndroidID(ctx context.Context, l *look) result {
	a, err := handset.Ask(ctx, l, handset.AndroidID.Must())
	if err != nil {
		return unknown(idUntold, reason(err))
	}
	id, err := androidID(a)
	switch {
	case err != nil:
		return unknown(idUntold, reason(err), a.Ref)
	case l.before.AndroidID == "":
		return unknown("clean.android-id.before-unknown", message.Sentence{}, a.Ref)
	}
	changed := id != l.before.AndroidID
	l.out.AndroidIDChanged = &changed
	if !changed {
		return result{report.StatusFail, message.Say("clean.android-id.same"), message.Say("clean.seen.unchanged"), []string{a.Ref}}
	}
	return result{report.StatusPass, message.Say("clean.android-id.changed"), message.Say("clean.seen.changed"), []string{a.Ref}}
}

// fewBoots is how often a handset may have started and still be called fresh:
// a set-up restarts it once or twice.
const fewBoots = 5

func bootCount(a handset.Answer) (int, error) {
	n, err := strconv.Atoi(word(a))
	if err != nil || n < 0 {
		return 0, fmt.Errorf("the answer %q is no count", dump.Printable(a.Stdout, 40))
	}
	return n, nil
}

func askBootCount(ctx context.Context, l *look) result {
	a, err := handset.Ask(ctx, l, handset.BootCount.Must())
	if err != nil {
		return unknown(bootsUntold, reason(err))
	}
	n, err := bootCount(a)
	if err != nil {
		return unknown(bootsUntold, reason(err), a.Ref)
	}
	l.out.BootCount = &n
	observed := message.AsIs(strconv.Itoa(n))
	switch {
	case n <= fewBoots:
		return result{report.StatusPass, message.Say("clean.boot-count.few"), observed, []string{a.Ref}}
	case l.before.BootCount != nil && n > *l.before.BootCount:
		return result{report.StatusFail, message.Say("clean.boot-count.not-reset"), observed, []string{a.Ref}}
	}
	return result{report.StatusWarn, message.Say("clean.boot-count.many", "count", n), observed, []string{a.Ref}}
}

// newDataReason is what AOSP's bootstat sets where its own record on the data
// partition is missing: at the first start on a new one. The next start has a reason
// of its own.
const newDataReason = "reboot,factory_reset"

func askBootReason(ctx context.Context, l *look) result {
	a, err := handset.Ask(ctx, l, handset.GetProperty.Must("sys.boot.reason"))
	if err != nil {
		return unknown("clean.boot-reason.unknown", reason(err))
	}
	said := word(a)
	if said != newDataReason {
		return unknown("clean.boot-reason.unknown", words(dump.Printable([]byte(said), 60)), a.Ref)
	}
	return result{report.StatusPass, message.Say("clean.boot-reason.new-data"), message.AsIs(said), []string{a.Ref}}
}

// clockSlack is how far the handset's clock may be behind ours.
const clockSlack = 10 * time.Minute

// bootLine is a line of the history: reason, details, and the time in seconds.
var bootLine = regexp.MustCompile(`^[a-z_]+(?:,[^,]*)*,(\d{1,11})$`)

func askBootHistory(ctx context.Context, l *look) result {
	a, err := handset.Ask(ctx, l, handset.GetProperty.Must("persist.sys.boot.reason.history"))
	if err != nil {
		return unknown(historyUntold, reason(err))
	}
	if l.before.ResetAt.IsZero() {
		return unknown("clean.boot-history.reset-unknown", message.Sentence{}, a.Ref)
	}
	lines, old := 0, 0
	for line := range strings.Lines(string(a.Stdout[:min(len(a.Stdout), 64<<10)])) {
		m := bootLine.FindStringSubmatch(strings.TrimSpace(line))
		if m == nil {
			continue
		}
		lines++
		if at, err := strconv.ParseInt(m[1], 10, 64); err != nil || time.Unix(at, 0).Before(l.before.ResetAt.Add(-clockSlack)) {
			old++
		}
	}
	observed := message.Say("clean.seen.restarts", "count", lines, "old", strconv.Itoa(old))
	switch {
	case lines == 0:
		return unknown(historyUntold, message.Sentence{}, a.Ref)
	case old > 0:
		return result{report.StatusWarn, message.Say("clean.boot-history.old"), observed, []string{a.Ref}}
	}
	return result{report.StatusPass, message.Say("clean.boot-history.clear"), observed, []string{a.Ref}}
}

// rowWords are the sentences for people about the rows of a provider.
type rowWords struct{ unknown, there, notShown, clear message.ID }

var (
	contactRows = rowWords{"clean.contacts.unknown", "clean.contacts.there", "clean.contacts.not-shown-before", "clean.contacts.clear"}
	messageRows = rowWords{"clean.messages.unknown", "clean.messages.there", "clean.messages.not-shown-before", "clean.messages.clear"}
)

const (
	contactsURI = "content://com.android.contacts/raw_contacts"
	messagesURI = "content://sms"
)

// askRows counts the rows of a provider. A provider that hides its rows from the shell
// answers like an empty one, so an empty answer counts only if the provider showed rows
// before the reset.
func askRows(words rowWords, uri string, before func(Before) *int) func(context.Context, *look) result {
	return func(ctx context.Context, l *look) result {
		a, err := handset.Ask(ctx, l, handset.RowIDs.Must(uri))
		if err != nil {
			return unknown(words.unknown, reason(err))
		}
		n, err := handset.ParseContentCount(a)
		was := before(l.before)
		switch {
		case err != nil:
			return unknown(words.unknown, reason(err), a.Ref)
		case n > 0:
			return result{report.StatusFail, message.Say(words.there, "count", n), message.AsIs(strconv.Itoa(n)), one(a.Ref)}
		case was == nil || *was == 0:
			return unknown(words.notShown, message.AsIs("0"), a.Ref)
		}
		return result{report.StatusPass, message.Say(words.clear), message.Say("clean.seen.before", "before", strconv.Itoa(*was)), one(a.Ref)}
	}
}
