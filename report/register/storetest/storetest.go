// Package storetest is the conformance list of the stores of cases: what every
// [register.Store] must do, whatever keeps it.
package storetest

import (
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"preship/report"
	"preship/report/register"
)

var begun = time.Date(2026, 11, 22, 14, 3, 5, 0, time.UTC)

// Run tests a kind of store. open returns a new and empty one, and closes it with the test.
func Run(t *testing.T, open func(testing.TB) register.Store) {
	for name, test := range map[string]func(*testing.T, register.Store){
		"empty": empty, "keeps": keeps, "finds": finds, "replaces": replaces, "gone": gone,
		"hostile": hostile, "forgets": forgets, "all or nothing": large, "at once": atOnce,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			test(t, open(t))
		})
	}
}

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// row is a case that was worked on some hours after the first.
func row(path string, hours int, change ...func(*register.Entry)) register.Row {
	e := register.Entry{ID: path, IMEI: []string{}, Started: begun, Updated: begun.Add(time.Duration(hours) * time.Hour), Steps: map[string]report.StepState{"identify": report.StepDone}}
	for _, c := range change {
		c(&e)
	}
	return register.Row{Path: path, Stamp: "stamp of " + path, Entry: e}
}

// paths returns the cases that a filter chooses.
func paths(t testing.TB, s register.Store, f register.Filter) []string {
	t.Helper()
	all, err := s.Cases(t.Context(), f)
	must(t, err)
	var got []string
	for _, e := range all {
		if e.Gone {
			e.Path += " gone"
		}
		got = append(got, e.Path)
	}
	return got
}

func want(t testing.TB, s register.Store, f register.Filter, want ...string) {
	t.Helper()
	if got := paths(t, s, f); !slices.Equal(got, want) {
		t.Errorf("%+v: %q, want %q", f, got, want)
	}
}

func empty(t *testing.T, s register.Store) {
	known, err := s.Known(t.Context())
	must(t, err)
	if len(known) != 0 {
		t.Errorf("knows %v", known)
	}
	all, err := s.Cases(t.Context(), register.Filter{})
	must(t, err)
	if all == nil || len(all) != 0 {
		t.Errorf("has %v, want a list without cases", all)
	}
	must(t, s.Keep(t.Context(), nil, nil))
	must(t, s.Forget(t.Context()))
}

func keeps(t *testing.T, s register.Store) {
	full := row("PS-1", 1, func(e *register.Entry) {
		e.IMEI, e.SN, e.Serial, e.Model = []string{"356938035643809", "490154203237518"}, "12345/X", "7f3c21a9", "M2101K7AG"
		e.Sealed, e.Verdict, e.Ticket, e.Backup.Held, e.Backup.Bytes = true, report.VerdictReady, "T-2041", true, new(int64(7))
	})
	must(t, s.Keep(t.Context(), []register.Row{full, row("PS-2", 2)}, nil))
	want(t, s, register.Filter{}, "PS-2", "PS-1")
	known, err := s.Known(t.Context())
	must(t, err)
	if len(known) != 2 || known["PS-1"] != (register.Known{Stamp: "stamp of PS-1"}) {
		t.Errorf("knows %+v", known)
	}
	all, err := s.Cases(t.Context(), register.Filter{IMEI: "490154203237518"})
	must(t, err)
	got := all[0]
	got.Desk, got.Folder, got.Path = "", "", "" // the store's own
	if a, b := fmt.Sprintf("%+v %d", got, *got.Backup.Bytes), fmt.Sprintf("%+v %d", full.Entry, 7); !strings.HasSuffix(a, "} 7") || strings.Count(a, " ") != strings.Count(b, " ") ||
		got.ID != full.Entry.ID || got.SN != full.Entry.SN || !got.Updated.Equal(full.Entry.Updated) || got.Verdict != full.Entry.Verdict || !got.Backup.Held || got.Steps["identify"] != report.StepDone {
		t.Errorf("kept\n%s\nwant\n%s", a, b)
	}
}

func finds(t *testing.T, s register.Store) {
	notReady, unsealed := report.VerdictNotReady, report.Verdict("")
	must(t, s.Keep(t.Context(), []register.Row{
		row("a", 0, func(e *register.Entry) {
			e.IMEI, e.Serial = []string{"356938035643809", "490154203237518"}, "7f3c21a9"
		}),
		row("b", 48, func(e *register.Entry) {
			e.IMEI, e.Serial, e.SN, e.Verdict, e.Ticket = []string{"862345678901234"}, "LMNOPQ7f3c21", `99\9_%9/Z`, notReady, "T-2041"
		}),
	}, nil))
	for _, test := range []struct {
		f    register.Filter
		want []string
	}{
		{register.Filter{}, []string{"b", "a"}},
		{register.Filter{IMEI: "356938035643809"}, []string{"a"}},
		{register.Filter{IMEI: "490154203237518"}, []string{"a"}},
		{register.Filter{IMEI: "237518"}, []string{"a"}},
		{register.Filter{IMEI: "111111"}, nil},
		{register.Filter{Serial: "7F3C21A9"}, []string{"a"}},
		{register.Filter{Serial: "7f3c21"}, []string{"b"}},
		{register.Filter{Serial: "3c21"}, nil},
		{register.Filter{Serial: `\9_%9/z`}, []string{"b"}},
		{register.Filter{Serial: `%%%%%%`}, nil},
		{register.Filter{Serial: `______`}, nil},
		{register.Filter{Ticket: "t-2041"}, []string{"b"}},
		{register.Filter{Ticket: "2041"}, nil},
		{register.Filter{Since: begun.AddDate(0, 0, 1)}, []string{"b"}},
		{register.Filter{Verdict: &notReady}, []string{"b"}},
		{register.Filter{Verdict: &unsealed}, []string{"a"}},
		{register.Filter{Verdict: &unsealed, IMEI: "901234"}, nil},
	} {
		want(t, s, test.f, test.want...)
	}
}

func replaces(t *testing.T, s register.Store) {
	first := row("PS-1", 1, func(e *register.Entry) { e.IMEI = []string{"356938035643809", "490154203237518"} })
	must(t, s.Keep(t.Context(), []register.Row{first}, nil))
	second := row("PS-1", 2, func(e *register.Entry) { e.IMEI = []string{"490154203237518"} })
	second.Stamp = ""
	must(t, s.Keep(t.Context(), []register.Row{second}, nil))
	want(t, s, register.Filter{IMEI: "356938035643809"})
	want(t, s, register.Filter{IMEI: "490154203237518"}, "PS-1")
	want(t, s, register.Filter{}, "PS-1")
	if known, err := s.Known(t.Context()); err != nil || known["PS-1"].Stamp != "" {
		t.Errorf("knows %v, %v", known, err)
	}
}

func gone(t *testing.T, s register.Store) {
	moved := row("old name", 1)
	must(t, s.Keep(t.Context(), []register.Row{moved, row("PS-2", 2)}, nil))
	must(t, s.Keep(t.Context(), nil, []string{"old name", "never was there"}))
	want(t, s, register.Filter{}, "PS-2", "old name gone")
	if known, err := s.Known(t.Context()); err != nil || !known["old name"].Gone || known["PS-2"].Gone {
		t.Errorf("knows %v, %v", known, err)
	}
	again := moved
	again.Path = "new name"
	must(t, s.Keep(t.Context(), []register.Row{again}, nil))
	want(t, s, register.Filter{}, "PS-2", "new name")
	must(t, s.Keep(t.Context(), nil, []string{"new name"}))
	must(t, s.Keep(t.Context(), []register.Row{again}, nil)) // it is back
	want(t, s, register.Filter{}, "PS-2", "new name")
}

// hostile: no text of a handset stops a desk.
func hostile(t *testing.T, s register.Store) {
	for i, text := range []string{"a\x00b", "\xff\xfe", "'; DROP TABLE cases; --", "\u202eabc", strings.Repeat("é", 65)} {
		r := row(fmt.Sprint("PS-", i), i, func(e *register.Entry) { e.Serial, e.SN, e.Model, e.Ticket = text, text, text, text })
		must(t, s.Keep(t.Context(), []register.Row{r}, nil))
		if got := paths(t, s, register.Filter{Ticket: text}); len(got) > 1 {
			t.Errorf("%q: %q", text, got)
		}
		paths(t, s, register.Filter{Serial: text + text})
	}
	if got := paths(t, s, register.Filter{}); len(got) != 5 {
		t.Errorf("%q are left of five", got)
	}
}

func forgets(t *testing.T, s register.Store) {
	must(t, s.Keep(t.Context(), []register.Row{row("PS-1", 1, func(e *register.Entry) { e.IMEI = []string{"356938035643809"} })}, nil))
	must(t, s.Forget(t.Context()))
	want(t, s, register.Filter{})
	want(t, s, register.Filter{IMEI: "356938035643809"})
	if known, err := s.Known(t.Context()); err != nil || len(known) != 0 {
		t.Errorf("knows %v, %v", known, err)
	}
}

func large(t *testing.T, s register.Store) {
	var rows []register.Row
	for i := range 500 {
		rows = append(rows, row(fmt.Sprintf("PS-%03d", i), 0, func(e *register.Entry) { e.IMEI = []string{fmt.Sprintf("3569380%08d", i)} }))
	}
	must(t, s.Keep(t.Context(), rows, nil))
	if got := paths(t, s, register.Filter{}); len(got) != 500 || got[0] != "PS-000" || got[499] != "PS-499" {
		t.Errorf("%d cases", len(got))
	}
}

// atOnce: jobs of one desk write the same rows in opposite orders.
func atOnce(t *testing.T, s register.Store) {
	var g sync.WaitGroup
	for n := range 8 {
		g.Go(func() {
			rows := []register.Row{row("PS-1", n), row("PS-2", n), row(fmt.Sprint("PS-own-", n), n)}
			if n%2 == 0 {
				slices.Reverse(rows)
			}
			if err := s.Keep(t.Context(), rows, nil); err != nil {
				t.Errorf("writer %d: %v", n, err)
			}
		})
	}
	g.Wait()
	if got := paths(t, s, register.Filter{}); len(got) != 10 {
		t.Errorf("%q, want ten cases", got)
	}
}
