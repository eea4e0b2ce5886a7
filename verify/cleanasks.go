package verify

import (
	"context"
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"preship/adb/handset"
	"preship/report"
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

// What people are told where the handset does not answer.
const (
	idUntold      = "the handset does not tell its Android ID"
	bootsUntold   = "the handset does not tell how often it has started"
	historyUntold = "the handset keeps no list of its restarts"
)

var errNotID = errors.New("the answer is no Android ID")

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
		return unknown("the Android ID before the reset is not known", "", a.Ref)
	}
	changed := id != l.before.AndroidID
	l.out.AndroidIDChanged = &changed
	if !changed {
		return result{report.StatusFail, report.Say("the Android ID is the same as before: the handset was not reset"), "unchanged", []string{a.Ref}}
	}
	return result{report.StatusPass, report.Say("the Android ID is another one"), "changed", []string{a.Ref}}
}

// fewBoots is how often a handset may have started and still be called fresh:
// a set-up restarts it once or twice.
const fewBoots = 5

func bootCount(a handset.Answer) (int, error) {
	n, err := strconv.Atoi(word(a))
	if err != nil || n < 0 {
		return 0, fmt.Errorf("the answer %q is no count", handset.Printable(a.Stdout, 40))
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
	observed := strconv.Itoa(n)
	switch {
	case n <= fewBoots:
		return result{report.StatusPass, report.Say("the handset has started only a few times since the reset"), observed, []string{a.Ref}}
	case l.before.BootCount != nil && n > *l.before.BootCount:
		return result{report.StatusFail, report.Say("the handset counts its starts on from before: it was not reset"), observed, []string{a.Ref}}
	}
	return result{report.StatusWarn, report.Say("the handset has started %d times", n), observed, []string{a.Ref}}
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
		return unknown("it is not known when the reset was", "", a.Ref)
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
	observed := fmt.Sprintf("%d restarts, %d before the reset", lines, old)
	switch {
	case lines == 0:
		return unknown(historyUntold, "", a.Ref)
	case old > 0:
		return result{report.StatusWarn, report.Say("restarts are remembered from before the reset, or the handset's clock was wrong"), observed, []string{a.Ref}}
	}
	return result{report.StatusPass, report.Say("no restart is remembered from before the reset"), observed, []string{a.Ref}}
}

// thereAre counts what has a plural in s.
func thereAre(n int, what string) report.Sentence {
	if n == 1 {
		return report.Say("there is 1 " + strings.TrimSuffix(what, "s"))
	}
	return report.Say("there are %d "+what, n)
}

const (
	contactsURI = "content://com.android.contacts/raw_contacts"
	messagesURI = "content://sms"
)

// askRows counts the rows of a provider. A provider that hides its rows from the
// shell answers as one that has none, so none is believed only of one that
// showed some before the reset.
func askRows(what, uri string, before func(Before) *int) func(context.Context, *look) result {
	return func(ctx context.Context, l *look) result {
		a, err := handset.Ask(ctx, l, handset.RowIDs.Must(uri))
		if err != nil {
			return unknown("the "+what+" could not be counted", reason(err))
		}
		n, err := handset.ParseContentCount(a)
		was := before(l.before)
		switch {
		case err != nil:
			return unknown("the "+what+" could not be counted", reason(err), a.Ref)
		case n > 0:
			return result{report.StatusFail, thereAre(n, what), strconv.Itoa(n), one(a.Ref)}
		case was == nil || *was == 0:
			return unknown("no "+what+" were shown, but none were before the reset either", "0", a.Ref)
		}
		return result{report.StatusPass, report.Say("there are no " + what + " any more"), fmt.Sprintf("0, and %d before the reset", *was), one(a.Ref)}
	}
}
