package report

import (
	"bytes"
	"encoding/json"
	"encoding/xml"
	"errors"
	"strings"
	"testing"
	"time"
)

func TestPolicyJudges(t *testing.T) {
	t.Parallel()
	type records = map[string]*StepRecord
	locks := func(i int, f func(*Finding)) change {
		return func(s records, _ *Handset, _ *Accounts, _ *Reset, _ *Clean) { f(&s[StepAccounts].Findings[i]) }
	}
	emulated := func(s records, h *Handset, _ *Accounts, _ *Reset, _ *Clean) { h.Kind = KindEmulator }
	for _, tt := range []struct {
		name   string
		policy string
		change change
		unmet  []string // "rule check: what" of each, by their beginnings
	}{
		{name: "asks nothing but the verdict"},
		{"verdict", ``, locks(0, func(f *Finding) { f.Status = StatusFail }), []string{"verdict : the verdict is NOT READY"}},
		{"kind", `,"kind":"device"`, emulated, []string{"kind : the handset is of kind emulator"}},
		{"kind of nobody knows what", `,"kind":"device"`, func(s records, _ *Handset, _ *Accounts, _ *Reset, _ *Clean) { delete(s, StepIdentify) }, []string{"verdict ", "kind : nobody knows"}},
		{"rung reached", `,"rung":"format-answered"`, nil, nil},
		{"rung too low", `,"rung":"observed-clean"`, func(_ records, _ *Handset, _ *Accounts, _ *Reset, c *Clean) { c.Rung = RungFormatAnswered }, []string{"rung : recovery answered"}},
		{"backup", `,"backup_proved":true`, nil, nil},
		{
			"backup refused by name", `,"backup_proved":true`,
			func(s records, _ *Handset, _ *Accounts, _ *Reset, _ *Clean) {
				s[StepBackup].Findings[1].Status = StatusSkipped
			},
			[]string{"backup_proved : backup.proved: skipped"},
		},
		{"fresh", `,"max_age":"2h"`, nil, nil},
		{"stale", `,"max_age":"1m"`, nil, []string{"max_age : the job ended on"}},
		{"pass", `,"checks":[{"id":"account.*","require":"pass"}]`, nil, nil},
		{
			"warn is not pass", `,"checks":[{"id":"account.*","require":"pass"}]`, locks(0, func(f *Finding) { f.Status = StatusWarn }),
			[]string{"account.* account.mi.signed-out: warn, observed: No Mi account"},
		},
		{"warn will do", `,"checks":[{"id":"account.*","require":"warn"}]`, locks(0, func(f *Finding) { f.Status = StatusWarn }), nil},
		{
			"unknown is never pass", `,"checks":[{"id":"account.others","require":"warn"}]`,
			locks(0, func(f *Finding) { f.ID, f.Status = "account.others", StatusUnknown }),
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
			"skipped", `,"checks":[{"id":"account.others","require":"warn"}]`, locks(0, func(f *Finding) { f.ID, f.Status = "account.others", StatusSkipped }),
			[]string{"account.others account.others: skipped"},
		},
		{"skipped and no matter", `,"checks":[{"id":"account.others","require":"warn","if_asked":true}]`, locks(0, func(f *Finding) { f.ID, f.Status = "account.others", StatusSkipped }), nil},
		{
			"the longest ID decides", `,"checks":[{"id":"account.*","require":"pass"},{"id":"account.mi.*","require":"warn"}]`,
			locks(0, func(f *Finding) { f.Status = StatusWarn }), nil,
		},
		{
			"a whole ID decides", `,"checks":[{"id":"account.mi.signed-out","require":"ignore"},{"id":"account.mi.signed-out*","require":"pass"}]`,
			locks(0, func(f *Finding) { f.Status = StatusWarn }), nil,
		},
		{"any verdict, every step done", `,"any_verdict":true,"kind":"emulator"`, func(s records, h *Handset, _ *Accounts, _ *Reset, _ *Clean) {
			h.Kind, s[StepAccounts].Findings[0].Status = KindEmulator, StatusFail
		}, nil},
		{"any verdict, a step refused", `,"any_verdict":true,"kind":"emulator"`, func(s records, h *Handset, _ *Accounts, _ *Reset, _ *Clean) {
			h.Kind, s[StepReset].State = KindEmulator, StepRefused
		}, []string{"any_verdict : step reset: refused"}},
		{"any verdict, a handset somebody owns", `,"any_verdict":true,"kind":"emulator"`, nil, []string{"kind : the handset is of kind device"}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			r := sampleReport(t, tt.change)
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

func TestPolicyOfAFutureJob(t *testing.T) {
	t.Parallel()
	r := sampleReport(t, nil)
	if got := mustPolicy(t, `,"max_age":"72h"`).Judge(&r, r.Finished.Add(-time.Hour)); got.Met {
		t.Errorf("a job that ended in the future is fresh: %+v", got)
	}
}

func TestPolicyRefused(t *testing.T) {
	t.Parallel()
	head := `{"schema":"` + PolicySchema + `"`
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
		{head + `,"checks":[{"id":"account.mi.signed-in","require":"pass"}]}`, `there is no check "account.mi.signed-in"`},
		{head + `,"checks":[{"id":"acount.*","require":"pass"}]}`, `there is no check "acount.*"`},
		{head + `,"checks":[{"id":"*","require":"pass"}]}`, `there is no check "*"`},
		{head + `,"checks":[{"id":"account.*"}]}`, "require"},
		{head + `,"checks":[{"id":"account.*","require":"unknown"}]}`, "require"},
		{head + `,"checks":[{"id":"account.*","require":"pass","method":"attested"}]}`, "method"},
		{head + `,"checks":[{"id":"account.*","require":"pass"},{"id":"account.*","require":"warn"}]}`, "twice"},
	} {
		if _, err := ParsePolicy([]byte(tt.text), policyIDs); !errors.Is(err, ErrPolicy) || !strings.Contains(err.Error(), tt.want) {
			t.Errorf("%s: error %v, want %q", tt.text, err, tt.want)
		}
	}
}

func TestPolicyInTestReports(t *testing.T) {
	t.Parallel()
	r := sampleReport(t, nil)
	ruling := mustPolicy(t, `,"name":"desk","checks":[{"id":"lock.*","require":"pass","method":"observed"},{"id":"account.*","require":"pass"}]`).Judge(&r, r.Finished)
	var out bytes.Buffer
	if err := WriteJUnit(&out, &r, &ruling); err != nil {
		t.Fatal(err)
	}
	var got junitSuites
	if err := xml.Unmarshal(out.Bytes(), &got); err != nil {
		t.Fatal(err)
	}
	last := got.Suites[len(got.Suites)-1]
	if last.Name != "policy" || last.Tests != 3 || last.Failures != 1 || got.Failures != 1 || got.Tests != 10 {
		t.Errorf("suite %s of %d tests with %d failures, in all %d and %d; want policy, 3, 1, 10 and 1",
			last.Name, last.Tests, last.Failures, got.Tests, got.Failures)
	}
	if name := last.Cases[1].Name; name != "lock.* lock.find-device.off" || last.Cases[1].Failure == nil {
		t.Errorf("case %s, failure %v", name, last.Cases[1].Failure)
	}
	out.Reset()
	if err := WriteCTRF(&out, &r, &ruling); err != nil {
		t.Fatal(err)
	}
	if s := out.String(); !strings.Contains(s, `"failed": 1`) || !strings.Contains(s, `"step": "policy"`) {
		t.Errorf("the policy is not in %s", s)
	}
}

func FuzzParsePolicy(f *testing.F) {
	f.Add([]byte(`{"schema":"` + PolicySchema + `","kind":"emulator","any_verdict":true,"rung":"attested","max_age":"1h","checks":[{"id":"account.*","require":"pass"}]}`))
	f.Fuzz(func(t *testing.T, b []byte) {
		p, err := ParsePolicy(b, policyIDs)
		if err != nil {
			return
		}
		// What was read is read again as the same, and never turns unknown into pass.
		again, err := ParsePolicy(mustMarshal(t, p), policyIDs)
		if err != nil || !bytes.Equal(mustMarshal(t, again), mustMarshal(t, p)) {
			t.Fatalf("%s came back as %+v, %v", b, again, err)
		}
		r := Report{Verdict: VerdictReady, Handset: &Handset{Kind: KindEmulator}, Steps: []StepRecord{{
			Name: StepAccounts, State: StepDone, Findings: Findings{{ID: "account.others", Status: StatusUnknown, Method: MethodObserved}},
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
