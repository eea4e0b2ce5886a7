package register

import (
	"encoding/json"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"go.uber.org/goleak"

	"preship/report"
	"preship/report/casedir"
	"preship/report/message"
)

func TestMain(m *testing.M) {
	if dir := os.Getenv(writeIn); dir != "" {
		os.Exit(writeCases(dir))
	}
	goleak.VerifyTestMain(m)
}

func TestRemember(t *testing.T) {
	t.Parallel()
	dir := filepath.Join(t.TempDir(), "a?b#c%20 ñ") // nothing in a path means anything to SQLite
	made := newCase(t, dir, phone("7f3c21a9", "356938035643809", "490154203237518"))
	must(t, Remember(t.Context(), made, false, testTime))
	if _, err := os.Stat(filepath.Join(dir, FileName)); err == nil {
		t.Error("a register was made where none was asked for")
	}
	must(t, Remember(t.Context(), made, true, testTime))
	all, err := opened(t, dir).Cases(t.Context(), Filter{})
	must(t, err)
	e := only(t, all)
	want := Entry{
		ID: filepath.Base(made), Path: filepath.Base(made), IMEI: []string{"356938035643809", "490154203237518"},
		Serial: "7f3c21a9", Model: "M2101K7AG", MarketName: "Redmi Note 10", Codename: "mojito", Emulated: new(false),
		Started: testTime, Updated: testTime.Add(time.Minute), Steps: e.Steps,
	}
	if got, want := asJSON(t, e), asJSON(t, want); got != want {
		t.Errorf("remembered\n%s\nwant\n%s", got, want)
	}
	if e.Steps[report.StepIdentify] != report.StepDone || e.Steps[report.StepReset] != report.StepNotRun {
		t.Errorf("steps %v", e.Steps)
	}
}

func asJSON(t testing.TB, v any) string {
	t.Helper()
	b, err := json.Marshal(v)
	must(t, err)
	return string(b)
}

func TestSyncFollowsTheFolders(t *testing.T) {
	t.Parallel()
	dir, elsewhere := t.TempDir(), t.TempDir()
	first, second := newCase(t, dir, nil), newCase(t, dir, nil)
	must(t, os.Mkdir(filepath.Join(dir, "pictures"), 0o700)) // no case
	must(t, os.Symlink(newCase(t, elsewhere, nil), filepath.Join(dir, "link")))
	if got := listed(t, dir, Filter{}); len(got) != 2 {
		t.Fatalf("found %+v, want two cases", got)
	}

	old := time.Now().Add(-time.Hour)
	for _, c := range []string{first, second} {
		must(t, os.Chtimes(filepath.Join(c, "case.json"), old, old))
	}
	r := opened(t, dir)
	sync := func() Changes {
		t.Helper()
		c, err := r.Sync(t.Context(), time.Now())
		must(t, err)
		return c
	}
	sync()
	if c := sync(); c.Read != 0 || c.Gone != 0 {
		t.Errorf("nothing changed, and %+v", c)
	}
	must(t, os.Mkdir(filepath.Join(first, "backup"), 0o700))
	if c := sync(); c.Read != 1 {
		t.Errorf("one case was changed, and %+v", c)
	}
	must(t, os.Rename(first, filepath.Join(elsewhere, "moved")))
	must(t, os.Rename(second, filepath.Join(dir, "Mrs Example's phone")))
	copied := filepath.Base(newCase(t, dir, nil))
	if c := sync(); c.Cases != 2 || c.Gone != 2 {
		t.Errorf("one away, one renamed, one new, and %+v", c)
	}
	got := map[string]bool{}
	all, err := r.Cases(t.Context(), Filter{})
	must(t, err)
	for _, e := range all {
		got[e.Path] = e.Gone
	}
	if len(got) != 3 || !got[filepath.Base(first)] || got["Mrs Example's phone"] || got[copied] {
		t.Errorf("path and whether it is gone: %v", got)
	}
	_, err = r.Rebuild(t.Context(), time.Now())
	must(t, err)
	if all, err := r.Cases(t.Context(), Filter{}); err != nil || len(all) != 2 {
		t.Errorf("after a rebuild %+v, %v: want the cases of the folder", all, err)
	}
}

// TestSyncDistrustsYoungFiles changes a case without its size and its time.
func TestSyncDistrustsYoungFiles(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	made := newCase(t, dir, phone("7f3c21a9"))
	file := filepath.Join(made, "case.json")
	fi, err := os.Stat(file)
	must(t, err)
	r := opened(t, dir)
	_, err = r.Sync(t.Context(), fi.ModTime().Add(time.Second))
	must(t, err)
	b, err := os.ReadFile(file)
	must(t, err)
	must(t, os.WriteFile(file, []byte(strings.ReplaceAll(string(b), "7f3c21a9", "00000000")), 0o600))
	must(t, os.Chtimes(file, fi.ModTime(), fi.ModTime()))
	_, err = r.Sync(t.Context(), fi.ModTime().Add(time.Minute))
	must(t, err)
	all, err := r.Cases(t.Context(), Filter{})
	must(t, err)
	if e := only(t, all); e.Serial != "00000000" {
		t.Errorf("serial %q: the change was not seen", e.Serial)
	}
}

func TestFilter(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	a := newCase(t, dir, phone("7f3c21a9", "356938035643809", "490154203237518"))
	b := newCase(t, dir, phone("LMNOPQ7f3c21", "862345678901234"))
	sealAs(t, b, report.VerdictNotReady, "T-2041")
	job(t, b, func(doc map[string]any) { doc["created"] = testTime.AddDate(0, 0, 7) })
	notReady, unsealed := report.VerdictNotReady, report.Verdict("")
	for _, test := range []struct {
		name string
		f    Filter
		want []string
	}{
		{"all, the last first", Filter{}, []string{b, a}},
		{"the first IMEI", Filter{IMEI: "356938035643809"}, []string{a}},
		{"the second IMEI", Filter{IMEI: "490154203237518"}, []string{a}},
		{"the last six of one", Filter{IMEI: "237518"}, []string{a}},
		{"another's last six", Filter{IMEI: "111111"}, nil},
		{"a whole serial, in capitals", Filter{Serial: "7F3C21A9"}, []string{a}},
		{"the last six of a serial", Filter{Serial: "7f3c21"}, []string{b}},
		{"too little of a serial", Filter{Serial: "3c21"}, nil},
		{"since", Filter{Since: testTime.AddDate(0, 0, 1)}, []string{b}},
		{"a verdict", Filter{Verdict: &notReady}, []string{b}},
		{"no verdict", Filter{Verdict: &unsealed}, []string{a}},
		{"two at once", Filter{Verdict: &unsealed, IMEI: "901234"}, nil},
	} {
		var got []string
		for _, e := range listed(t, dir, test.f) {
			got = append(got, filepath.Join(dir, e.Path))
		}
		if !slices.Equal(got, test.want) {
			t.Errorf("%s: %v, want %v", test.name, got, test.want)
		}
	}
}

func TestEntryOfLeavesOutPersonalData(t *testing.T) {
	t.Parallel()
	for ticket, want := range map[string]string{
		"T-2041": "T-2041", "2041": "2041", "RMA#2026/11-7": "RMA#2026/11-7",
		"Jordan Example": "", "jordan@example.net": "", "Jordan": "", "12345678901234567890123456789012345678901234567890": "", "": "",
	} {
		g := casedir.Summary{Ticket: ticket, Sealed: &casedir.SealSummary{Verdict: report.VerdictReady, Signer: "someone"}}
		if e := entryOf(g); e.Ticket != want || e.Signer != "" {
			t.Errorf("ticket %q is kept as %q, want %q; signer %q", ticket, e.Ticket, want, e.Signer)
		}
	}
	long := casedir.Summary{Unit: report.Unit{Serial: strings.Repeat("é", 4000), IMEI: slices.Repeat([]string{"1", "356938035643809"}, 100)}}
	e := entryOf(long)
	if n := len([]rune(e.Serial)); n != maxWord+1 {
		t.Errorf("a serial of %d characters", n)
	}
	if !slices.Equal(e.IMEI, []string{"356938035643809"}) {
		t.Errorf("IMEIs %v", e.IMEI)
	}
}

// TestUnreadable: a reason is a sentence, longer than a name, and it keeps its words in
// other languages unless it is cut.
func TestUnreadable(t *testing.T) {
	t.Parallel()
	named := message.Say("error.detail.limit-of", "limit", strings.Repeat("é", maxWord+1))
	if e := unreadable(named); e.Problem != named.String() || len([]rune(e.Problem)) <= maxWord || e.Sentence().ID() != named.ID() {
		t.Errorf("remembered as %s", asJSON(t, e))
	}
	e := unreadable(message.Say("error.detail.limit-of", "limit", strings.Repeat("é", 4000)))
	if n := len([]rune(e.Problem)); n != maxProblem+1 || e.Message != nil || e.Sentence().String() != e.Problem {
		t.Errorf("%d characters: %s", n, asJSON(t, e))
	}
}

func TestStand(t *testing.T) {
	t.Parallel()
	day := &testTime
	for _, test := range []struct {
		e    Entry
		want Stand
	}{
		{Entry{Gone: true, Problem: "x"}, StandGone},
		{Entry{Problem: "x", Sealed: true}, StandUnreadable},
		{Entry{Verdict: report.VerdictReady, Backup: Held{Held: true}}, StandOpen},
		{Entry{Sealed: true, Verdict: report.VerdictReady, Backup: Held{Held: true}}, StandReady},
		{Entry{Sealed: true, Verdict: report.VerdictNotReady, Backup: Held{Held: true}}, StandNotReady},
		{Entry{Sealed: true, Verdict: report.VerdictReady, Backup: Held{Held: true, HandedBack: day}}, StandHandedBack},
		{Entry{Sealed: true, Verdict: report.VerdictReady, Backup: Held{HandedBack: day, Deleting: day}}, StandDeleting},
		{Entry{Sealed: true, Verdict: report.VerdictNotReady, Backup: Held{HandedBack: day, Deleted: day}}, StandClosed},
		{Entry{Sealed: true, Verdict: report.VerdictReady}, StandClosed},
	} {
		if got := test.e.Stand(); got != test.want {
			t.Errorf("%+v stands %q, want %q", test.e, got, test.want)
		}
	}
}
