package report

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"
	"time"

	"preship/report/message"
	"preship/report/printable"
)

func TestVerdict(t *testing.T) {
	t.Parallel()
	type steps = map[string]*StepRecord
	for _, tt := range []struct {
		name   string
		change func(steps, *Handset, *Accounts, *Reset, *Clean)
		want   Verdict
		reason string // check or step of the first reason
	}{
		{"all is well", nil, VerdictReady, ""},
		{"formatted by recovery", func(_ steps, _ *Handset, _ *Accounts, _ *Reset, c *Clean) { c.Rung = RungNone }, VerdictReady, ""},
		{"only came back", func(_ steps, _ *Handset, _ *Accounts, r *Reset, c *Clean) {
			r.Rung, c.Rung = RungCameBackUnauthorized, RungNone
		}, VerdictNotReady, StepVerify},
		{"only attested", func(_ steps, _ *Handset, _ *Accounts, r *Reset, c *Clean) {
			r.Rung, c.Rung = RungAttested, RungNone
		}, VerdictNotReady, StepVerify},
		{"a rung nobody knows", func(_ steps, _ *Handset, _ *Accounts, r *Reset, c *Clean) {
			r.Rung, c.Rung = "certainly", RungNone
		}, VerdictNotReady, StepVerify},
		{"account signed in", func(s steps, _ *Handset, _ *Accounts, _ *Reset, _ *Clean) {
			s[StepAccounts].Findings[0].Status = StatusFail
		}, VerdictNotReady, "account.mi.signed-out"},
		{"account unknown", func(s steps, _ *Handset, _ *Accounts, _ *Reset, _ *Clean) {
			s[StepAccounts].Findings[0].Status = StatusUnknown
		}, VerdictNotReady, "account.mi.signed-out"},
		{"other accounts unknown", func(s steps, _ *Handset, _ *Accounts, _ *Reset, _ *Clean) {
			s[StepAccounts].Findings = append(s[StepAccounts].Findings, found1("account.others", StatusUnknown, "x"))
		}, VerdictReady, ""},
		{"any fail counts", func(s steps, _ *Handset, _ *Accounts, _ *Reset, _ *Clean) {
			s[StepIdentify].Findings = append(s[StepIdentify].Findings, found1("identity.colour", StatusFail, "x"))
		}, VerdictNotReady, "identity.colour"},
		{"a status nobody knows", func(s steps, _ *Handset, _ *Accounts, _ *Reset, _ *Clean) {
			s[StepIdentify].Findings[0].Status = "ok"
		}, VerdictNotReady, "identity.imei"},
		{"warnings do not", func(s steps, _ *Handset, _ *Accounts, _ *Reset, _ *Clean) {
			s[StepIdentify].Findings[0].Status = StatusWarn
		}, VerdictReady, ""},
		{"declined by name does not", func(s steps, _ *Handset, _ *Accounts, _ *Reset, _ *Clean) {
			s[StepBackup].Findings = Findings{found1("backup.complete", StatusSkipped, "Declined")}
		}, VerdictReady, ""},
		{"the latest answer counts", func(s steps, _ *Handset, _ *Accounts, _ *Reset, _ *Clean) {
			first := s[StepAccounts].Findings[0]
			first.Status = StatusFail
			s[StepAccounts].Findings = append(Findings{first}, s[StepAccounts].Findings...)
		}, VerdictReady, ""},
		{"no lock was asked about", func(s steps, _ *Handset, _ *Accounts, _ *Reset, _ *Clean) {
			s[StepAccounts].Findings = s[StepAccounts].Findings[:1]
		}, VerdictNotReady, "lock.*"},
		{"backup answered nothing", func(s steps, _ *Handset, _ *Accounts, _ *Reset, _ *Clean) {
			s[StepBackup].Findings = nil
		}, VerdictNotReady, "backup.*"},
		{"looked after the reset, and could not see", func(s steps, _ *Handset, _ *Accounts, _ *Reset, _ *Clean) {
			s[StepVerify].Findings[0].Status = StatusUnknown
		}, VerdictNotReady, "clean.accounts"},
		{"could not look after the reset", func(s steps, _ *Handset, _ *Accounts, _ *Reset, c *Clean) {
			c.Rung = RungNone
			s[StepVerify].Findings[0].Status = StatusUnknown
		}, VerdictReady, ""},
		{"a step failed", func(s steps, _ *Handset, _ *Accounts, _ *Reset, _ *Clean) {
			s[StepReset].State, s[StepReset].Error = StepFailed, "recovery refused"
		}, VerdictFailed, StepReset},
		{"failed outranks not run", func(s steps, _ *Handset, _ *Accounts, _ *Reset, _ *Clean) {
			s[StepBackup].State = StepFailed
			delete(s, StepAccounts)
		}, VerdictFailed, StepBackup},
		{"not run outranks a failed check", func(s steps, _ *Handset, _ *Accounts, _ *Reset, _ *Clean) {
			s[StepAccounts].Findings[0].Status = StatusFail
			delete(s, StepReset)
		}, VerdictIncomplete, StepReset},
		{"refused", func(s steps, _ *Handset, _ *Accounts, _ *Reset, _ *Clean) {
			s[StepReset].State, s[StepReset].Error = StepRefused, "refused: locked"
			delete(s, StepVerify)
		}, VerdictNotReady, StepReset},
		{"interrupted", func(s steps, _ *Handset, _ *Accounts, _ *Reset, _ *Clean) {
			s[StepVerify].State = StepInterrupted
		}, VerdictIncomplete, StepVerify},
		{"killed", func(s steps, _ *Handset, _ *Accounts, _ *Reset, _ *Clean) {
			s[StepVerify].State = StepRunning
		}, VerdictIncomplete, StepVerify},
		{"a state nobody knows", func(s steps, _ *Handset, _ *Accounts, _ *Reset, _ *Clean) {
			s[StepVerify].State = "finished"
		}, VerdictIncomplete, StepVerify},
		{"nothing ran", func(s steps, _ *Handset, _ *Accounts, _ *Reset, _ *Clean) { clear(s) }, VerdictIncomplete, StepIdentify},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			r := sampleReport(t, tt.change)
			first := ""
			if len(r.Reasons) > 0 {
				first = r.Reasons[0].Check
				if first == "" {
					first = r.Reasons[0].Step
				}
			}
			if r.Verdict != tt.want || first != tt.reason {
				t.Errorf("verdict %q, reasons %+v; want %q, first %q", r.Verdict, r.Reasons, tt.want, tt.reason)
			}
		})
	}
}

// The reason of a refused step does not advise to try again: the check that stopped
// the step names the next thing to do.
func TestRefusalLeavesAdviceToItsChecks(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		id     string
		status Status
		want   string
	}{
		{"reset.answered", StatusFail, ""},
		{"account.mi.signed-out", StatusUnknown, ""},
		{"account.others", StatusUnknown, message.Say(resume).String()}, // it stops nothing
		{"reset.answered", StatusPass, message.Say(resume).String()},
	} {
		r := sampleReport(t, func(s map[string]*StepRecord, _ *Handset, _ *Accounts, _ *Reset, _ *Clean) {
			s[StepReset].State, s[StepReset].Findings = StepRefused, Findings{found1(tt.id, tt.status, "x")}
			delete(s, StepVerify)
		})
		if got := r.Reasons[0].Next; got != tt.want {
			t.Errorf("%s is %s: next %q, want %q", tt.id, tt.status, got, tt.want)
		}
	}
}

func TestBuildListsEveryStep(t *testing.T) {
	t.Parallel()
	r := sampleReport(t, func(s map[string]*StepRecord, _ *Handset, _ *Accounts, _ *Reset, _ *Clean) {
		delete(s, StepReset)
		s[StepBackup].State = StepRunning
	})
	var got []string
	for _, s := range r.Steps {
		got = append(got, s.Name+" "+string(s.State))
	}
	want := []string{"identify done", "backup interrupted", "accounts done", "reset not-run", "verify done"}
	if !slices.Equal(got, want) {
		t.Errorf("steps = %q, want %q", got, want)
	}
	if want := sampleTime.Add(6 * time.Minute); !r.Finished.Equal(want) {
		t.Errorf("finished = %v, want %v", r.Finished, want)
	}
}

func TestBuildStampsEmulators(t *testing.T) {
	t.Parallel()
	for kind, want := range map[string]bool{KindDevice: false, KindEmulator: true, "": true} {
		r := sampleReport(t, func(_ map[string]*StepRecord, h *Handset, _ *Accounts, _ *Reset, _ *Clean) { h.Kind = kind })
		if r.Emulated != want {
			t.Errorf("kind %q: emulated %t, want %t", kind, r.Emulated, want)
		}
	}
}

func TestBuildLeavesPeopleOut(t *testing.T) {
	t.Parallel()
	dir := sampleDir
	r := sampleReport(t, func(s map[string]*StepRecord, h *Handset, _ *Accounts, _ *Reset, _ *Clean) {
		h.Serial = "192.168.7.21:5555"
		s[StepAccounts].Findings[0].Observed = "Account {name=jordan.example+x@mail.example.org, type=com.google}"
		s[StepAccounts].Findings[0].Remedy = "tell jordan.example@mail.example.org"
		s[StepReset].State, s[StepReset].Error = StepFailed, "open "+dir+"/x: jordan.example@mail.example.org"
	})
	b, err := MarshalFile(r)
	if err != nil {
		t.Fatal(err)
	}
	for _, secret := range []string{"ordan", "mail.example", "192.168.7", dir} {
		if strings.Contains(string(b), secret) {
			t.Errorf("the report holds %q:\n%s", secret, b)
		}
	}
	if !strings.Contains(string(b), "j***@m***") || !strings.Contains(string(b), "the case folder/x") {
		t.Errorf("the masked texts are gone altogether:\n%s", b)
	}
}

func TestBuildCleansHostileText(t *testing.T) {
	t.Parallel()
	hostile := "a\x1b]0;owned\x07\u202eb\x00\xff\u2066\r\n" + strings.Repeat("x", 20_000)
	r := sampleReport(t, func(s map[string]*StepRecord, h *Handset, a *Accounts, reset *Reset, c *Clean) {
		h.Model, h.Serial, h.OS.Name = &hostile, hostile, &hostile
		h.IMEI[0].Value, h.SIMs[0].State = hostile, hostile
		a.Users[0].Accounts = map[string]int{hostile: 1}
		reset.Answer = &hostile
		c.NotProved = []string{hostile}
		for _, f := range s[StepAccounts].Findings {
			f.Evidence = []string{hostile}
		}
		s[StepVerify].Findings[0].Summary = hostile
	})
	b, err := MarshalFile(r)
	if err != nil {
		t.Fatal(err)
	}
	var texts []string
	var collect func(v any)
	collect = func(v any) {
		switch v := v.(type) {
		case string:
			texts = append(texts, v)
		case []any:
			for _, e := range v {
				collect(e)
			}
		case map[string]any:
			for k, e := range v {
				texts = append(texts, k)
				collect(e)
			}
		}
	}
	var all any
	if err := json.Unmarshal(b, &all); err != nil {
		t.Fatal(err)
	}
	collect(all)
	for _, s := range texts {
		if len(s) > 2*printable.MaxText || strings.ContainsAny(s, "\x1b\x07\x00\r\n\u202e\u2066\u0085") {
			t.Fatalf("%d bytes of text: %.60q", len(s), s)
		}
	}
	if !slices.ContainsFunc(texts, func(s string) bool { return strings.HasPrefix(s, "a\ufffd]0;owned\ufffd\ufffdb") }) {
		t.Error("the hostile text is nowhere to be seen")
	}
}

func TestSanitizationClaims(t *testing.T) {
	t.Parallel()
	const claim = "the platform claims cryptographic erase"
	for _, tt := range []struct {
		bootloader, encryption string
		want                   bool
	}{
		{BootloaderLocked, EncryptionFile, true},
		{BootloaderLocked, EncryptionBlock, true},
		{BootloaderLocked, EncryptionNone, false},
		{BootloaderLocked, Unknown, false},
		{BootloaderUnlocked, EncryptionFile, false},
		{Unknown, EncryptionFile, false},
	} {
		r := sampleReport(t, func(_ map[string]*StepRecord, h *Handset, _ *Accounts, _ *Reset, _ *Clean) {
			h.Bootloader, h.Encryption = tt.bootloader, tt.encryption
		})
		if got := strings.HasPrefix(r.Sanitization.PlatformClaim, claim); got != tt.want {
			t.Errorf("%s, %s: %q", tt.bootloader, tt.encryption, r.Sanitization.PlatformClaim)
		}
	}
	r := sampleReport(t, nil)
	if want := []string{r.Rung.NotProved().String(), r.Clean.NotProved[0]}; !slices.Equal(r.Sanitization.Limits, want) {
		t.Errorf("limits %q, want %q", r.Sanitization.Limits, want)
	}
	r = sampleReport(t, func(s map[string]*StepRecord, _ *Handset, _ *Accounts, _ *Reset, _ *Clean) { delete(s, StepReset) })
	if r.Sanitization != nil {
		t.Errorf("nothing was reset, and yet: %+v", r.Sanitization)
	}
}

func TestOnly(t *testing.T) {
	t.Parallel()
	r := sampleReport(t, nil)
	if got := r.Only(StepVerify); len(got.Steps) != 1 || got.Steps[0].Name != StepVerify || len(r.Steps) != 5 {
		t.Errorf("steps %+v", got.Steps)
	}
}

func TestRefusedStepIsNotReady(t *testing.T) {
	t.Parallel()
	r := Report{Steps: []StepRecord{
		{Name: StepIdentify, State: StepDone},
		{Name: StepBackup, State: StepDone},
		{Name: StepAccounts, State: StepDone},
		{Name: StepReset, State: StepRefused, Error: "locked"},
		{Name: StepVerify, State: StepNotRun},
	}}
	r.decide()
	if r.Verdict != VerdictNotReady {
		t.Errorf("verdict = %s, want %s; reasons %v", r.Verdict, VerdictNotReady, r.Reasons)
	}
	for _, why := range r.Reasons {
		if why.Step == StepVerify {
			t.Errorf("reasons name step verify, which only follows from the refusal: %q", why.What)
		}
	}
}
