package policy

import (
	"bytes"
	"encoding/json"
	"errors"
	"strings"
	"testing"
	"time"

	"preship/report"
	"preship/report/casetest"
)

func TestPolicyJudges(t *testing.T) {
	t.Parallel()
	type records = map[string]*report.StepRecord
	locks := func(i int, f func(*report.Finding)) casetest.Change {
		return func(s records, _ *report.Handset, _ *report.Accounts, _ *report.Reset, _ *report.Clean) {
			f(&s[report.StepAccounts].Findings[i])
		}
	}
	emulated := func(s records, h *report.Handset, _ *report.Accounts, _ *report.Reset, _ *report.Clean) {
		h.Kind = report.KindEmulator
	}
	for _, tt := range []struct {
		name   string
		policy string
		change casetest.Change
		unmet  []string // "rule check: what" of each, by their beginnings
	}{
		{name: "asks nothing but the verdict"},
		{"verdict", ``, locks(0, func(f *report.Finding) { f.Status = report.StatusFail }), []string{"verdict : the verdict is NOT READY"}},
		{"kind", `,"kind":"device"`, emulated, []string{"kind : the handset is of kind emulator"}},
		{"kind not known", `,"kind":"device"`, func(s records, _ *report.Handset, _ *report.Accounts, _ *report.Reset, _ *report.Clean) {
			delete(s, report.StepIdentify)
		}, []string{"verdict ", "kind : it is not known"}},
		{"rung reached", `,"rung":"format-answered"`, nil, nil},
		{"rung too low", `,"rung":"observed-clean"`, func(_ records, _ *report.Handset, _ *report.Accounts, _ *report.Reset, c *report.Clean) {
			c.Rung = report.RungFormatAnswered
		}, []string{"rung : The recovery answered"}},
		{"the very rung", `,"rung":"observed-clean"`, nil, nil},
		{"backup", `,"backup_proved":true`, nil, nil},
		{"backup not finished", `,"backup_proved":true`, func(s records, _ *report.Handset, _ *report.Accounts, _ *report.Reset, _ *report.Clean) {
			s[report.StepBackup].State = report.StepFailed
		}, []string{"verdict ", "backup_proved : step backup: failed"}},
		{
			"backup refused by name", `,"backup_proved":true`,
			func(s records, _ *report.Handset, _ *report.Accounts, _ *report.Reset, _ *report.Clean) {
				s[report.StepBackup].Findings[1].Status = report.StatusSkipped
			},
			[]string{"backup_proved : backup.proved: skipped"},
		},
		{"fresh", `,"max_age":"2h"`, nil, nil},
		{"stale", `,"max_age":"1m"`, nil, []string{"max_age : the job ended on"}},
		{"pass", `,"checks":[{"id":"account.*","require":"pass"}]`, nil, nil},
		{
			"warn is not pass", `,"checks":[{"id":"account.*","require":"pass"}]`, locks(0, func(f *report.Finding) { f.Status = report.StatusWarn }),
			[]string{"account.* account.mi.signed-out: warn, observed: No Mi account"},
		},
		{"warn will do", `,"checks":[{"id":"account.*","require":"warn"}]`, locks(0, func(f *report.Finding) { f.Status = report.StatusWarn }), nil},
		{
			"unknown is never pass", `,"checks":[{"id":"account.others","require":"warn"}]`,
			locks(0, func(f *report.Finding) { f.ID, f.Status = "account.others", report.StatusUnknown }),
			[]string{"account.others account.others: unknown"},
		},
		{
			"attested is not observed", `,"checks":[{"id":"lock.*","require":"pass","method":"observed"}]`, nil,
			[]string{"lock.* lock.find-device.off: pass, attested"},
		},
		{
			"nor inferred", `,"checks":[{"id":"lock.*","require":"pass","method":"inferred"}]`, nil,
			[]string{"lock.* lock.find-device.off: pass, attested"},
		},
		{"never asked", `,"checks":[{"id":"identity.root","require":"pass"}]`, nil, []string{"identity.root identity.root: never asked"}},
		{"never asked, nor any like it", `,"checks":[{"id":"identity.r*","require":"pass"}]`, nil, []string{"identity.r* : never asked"}},
		{"never asked and no matter", `,"checks":[{"id":"identity.root","require":"pass","if_asked":true}]`, nil, nil},
		{
			"skipped", `,"checks":[{"id":"account.others","require":"warn"}]`, locks(0, func(f *report.Finding) { f.ID, f.Status = "account.others", report.StatusSkipped }),
			[]string{"account.others account.others: skipped"},
		},
		{"skipped and no matter", `,"checks":[{"id":"account.others","require":"warn","if_asked":true}]`, locks(0, func(f *report.Finding) { f.ID, f.Status = "account.others", report.StatusSkipped }), nil},
		{"one skipped, the next not", `,"checks":[{"id":"account.*","require":"pass","if_asked":true}]`, func(s records, _ *report.Handset, _ *report.Accounts, _ *report.Reset, _ *report.Clean) {
			fs := s[report.StepAccounts].Findings
			fs[0].Status, fs[1].ID, fs[1].Status = report.StatusSkipped, "account.others", report.StatusWarn
		}, []string{"verdict ", "account.* account.others: warn"}},
		{
			"the longest ID decides", `,"checks":[{"id":"account.*","require":"pass"},{"id":"account.mi.*","require":"warn"}]`,
			locks(0, func(f *report.Finding) { f.Status = report.StatusWarn }), nil,
		},
		{
			"a whole ID decides", `,"checks":[{"id":"account.mi.signed-out","require":"ignore"},{"id":"account.mi.signed-out*","require":"pass"}]`,
			locks(0, func(f *report.Finding) { f.Status = report.StatusWarn }), nil,
		},
		{"any verdict, every step done", `,"any_verdict":true,"kind":"emulator"`, func(s records, h *report.Handset, _ *report.Accounts, _ *report.Reset, _ *report.Clean) {
			h.Kind, s[report.StepAccounts].Findings[0].Status = report.KindEmulator, report.StatusFail
		}, nil},
		{"any verdict, a step refused", `,"any_verdict":true,"kind":"emulator"`, func(s records, h *report.Handset, _ *report.Accounts, _ *report.Reset, _ *report.Clean) {
			h.Kind, s[report.StepReset].State = report.KindEmulator, report.StepRefused
		}, []string{"any_verdict : step reset: refused"}},
		{"any verdict, a handset somebody owns", `,"any_verdict":true,"kind":"emulator"`, nil, []string{"kind : the handset is of kind device"}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			r := casetest.Report(t, tt.change)
			before := mustMarshal(t, r)
			got := mustPolicy(t, tt.policy).Judge(&r, r.Finished.Add(time.Hour))
			if !bytes.Equal(before, mustMarshal(t, r)) {
				t.Error("the policy changed the report")
			}
			unmet := got.Unmet()
			if got.Met != (len(tt.unmet) == 0) || len(unmet) != len(tt.unmet) {
				t.Fatalf("met %t, unmet %+v; want %q", got.Met, unmet, tt.unmet)
			}
			for i, u := range unmet {
				if line := u.Rule + " " + u.Check + ": " + u.What; !strings.HasPrefix(line, tt.unmet[i]) {
					t.Errorf("%q, want it to begin with %q", line, tt.unmet[i])
				}
			}
		})
	}
}

// A step that is done and says nothing of the copy proves none.
func TestPolicyOfABackupWithoutResult(t *testing.T) {
	t.Parallel()
	r := casetest.Report(t, nil)
	r.Backup = nil
	if got := mustPolicy(t, `,"backup_proved":true`).Judge(&r, r.Finished); got.Met {
		t.Errorf("%+v", got)
	}
}

// Clocks may be a little apart, so that a job may end a little in the future.
func TestPolicyOfAge(t *testing.T) {
	t.Parallel()
	r := casetest.Report(t, nil)
	for age, met := range map[time.Duration]bool{
		0: true, 72 * time.Hour: true, 72*time.Hour + 1: false, -maxSkew: true, -maxSkew - 1: false, -time.Hour: false,
	} {
		if got := mustPolicy(t, `,"max_age":"72h"`).Judge(&r, r.Finished.Add(age)); got.Met != met {
			t.Errorf("%v after its end: %+v", age, got)
		}
	}
}

func TestPolicyRefused(t *testing.T) {
	t.Parallel()
	head := `{"schema":"` + Schema + `"`
	for _, tt := range []struct{ text, want string }{
		{`{}`, `schema is ""`},
		{head + `,"chekcs":[]}`, `unknown field "chekcs"`},
		{head + `} {}`, "something follows"},
		{head + `,"kind":"phone"}`, `kind "phone"`},
		{head + `,"any_verdict":true}`, "any_verdict is for benches"},
		{head + `,"any_verdict":true,"kind":"device"}`, "any_verdict is for benches"},
		{head + `,"rung":"higher"}`, `rung "higher"`},
		{head + `,"max_age":"-1h"}`, "max_age"},
		{head + `,"max_age":"soon"}`, "max_age"},
		{head + `,"max_age":"0s"}`, "max_age"},
		{head + `,"checks":[{"id":"account.mi.signed-in","require":"pass"}]}`, `there is no check "account.mi.signed-in"`},
		{head + `,"checks":[{"id":"acount.*","require":"pass"}]}`, `there is no check "acount.*"`},
		{head + `,"checks":[{"id":"*","require":"pass"}]}`, `there is no check "*"`},
		{head + `,"checks":[{"id":"account.*"}]}`, "require"},
		{head + `,"checks":[{"id":"account.*","require":"unknown"}]}`, "require"},
		{head + `,"checks":[{"id":"account.*","require":"pass","method":"attested"}]}`, "method"},
		{head + `,"checks":[{"id":"account.*","require":"pass"},{"id":"account.*","require":"warn"}]}`, "twice"},
	} {
		if _, err := Parse([]byte(tt.text), policyIDs); !errors.Is(err, ErrInvalid) || !strings.Contains(err.Error(), tt.want) {
			t.Errorf("%s: error %v, want %q", tt.text, err, tt.want)
		}
	}
}

func FuzzParsePolicy(f *testing.F) {
	f.Add([]byte(`{"schema":"` + Schema + `","kind":"emulator","any_verdict":true,"rung":"attested","max_age":"1h","checks":[{"id":"account.*","require":"pass"}]}`))
	f.Fuzz(func(t *testing.T, b []byte) {
		p, err := Parse(b, policyIDs)
		if err != nil {
			return
		}
		// A policy that was read reads the same again, and never turns unknown into pass.
		again, err := Parse(mustMarshal(t, p), policyIDs)
		if err != nil || !bytes.Equal(mustMarshal(t, again), mustMarshal(t, p)) {
			t.Fatalf("%s came back as %+v, %v", b, again, err)
		}
		r := report.Report{Verdict: report.VerdictReady, Handset: &report.Handset{Kind: report.KindEmulator}, Steps: []report.StepRecord{{
			Name: report.StepAccounts, State: report.StepDone, Findings: report.Findings{{ID: "account.others", Status: report.StatusUnknown, Method: report.MethodObserved}},
		}}}
		for _, one := range p.Judge(&r, time.Time{}).Rules {
			if one.Check == "account.others" && one.Met {
				t.Fatalf("%s: unknown met %+v", b, one)
			}
		}
		if _, err := json.Marshal(p.Judge(&r, time.Time{})); err != nil {
			t.Fatal(err)
		}
	})
}

var policyIDs = []string{"account.mi.signed-out", "account.others", "backup.proved", "lock.find-device.off", "identity.root", "identity.imei", "fault.battery.wear"}

func mustPolicy(t *testing.T, fields string) Policy {
	t.Helper()
	p, err := Parse([]byte(`{"schema":"`+Schema+`"`+fields+`}`), policyIDs)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

func mustMarshal(t *testing.T, v any) []byte {
	t.Helper()
	b, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// A policy can ask for the fault report, and for an answer to one of its checks.
func TestPolicyAsksForTheFault(t *testing.T) {
	t.Parallel()
	p := mustPolicy(t, `,"checks":[{"id":"fault.battery.wear","require":"warn"}]`)
	r := casetest.Report(t, nil)
	if got := p.Judge(&r, r.Finished); got.Met {
		t.Errorf("met without a fault report: %+v", got)
	}
	for status, met := range map[report.Status]bool{report.StatusWarn: true, report.StatusPass: true, report.StatusUnknown: false} {
		r.Fault = &report.Fault{Findings: report.Findings{{ID: "fault.battery.wear", Status: status, Method: report.MethodObserved}}}
		if got := p.Judge(&r, r.Finished); got.Met != met {
			t.Errorf("%s: met %t, want %t", status, got.Met, met)
		}
	}
}
