package casetest

import (
	"crypto/ed25519"
	"encoding/json"
	"os"
	"path/filepath"
	"testing"
	"time"

	"golang.org/x/crypto/ssh"

	"preship/report"
	"preship/report/casedir"
	"preship/report/message"
)

// ID is the ID of the case that [Case] makes: a fixed one makes sealed packages
// comparable byte by byte.
const ID = "PS-20261122-7K3Q9D"

// Time is when the job of [Steps] began.
var Time = time.Date(2026, 11, 22, 14, 3, 5, 0, time.UTC)

// Tool is what made the report.
var Tool = report.Tool{Name: "preship", Version: "v0.1.0", Commit: "4f4bbf5", OS: "linux", ADB: "41"}

// Key is an Ed25519 key made of a seed, so that its signatures are the same in every run.
func Key(seed byte) ssh.Signer {
	key, err := ssh.NewSignerFromKey(ed25519.NewKeyFromSeed(append(make([]byte, ed25519.SeedSize-1), seed)))
	if err != nil {
		panic(err) // a seed of the right length is a key
	}
	return key
}

// Case makes an empty case with the ID [ID] in a folder of the test's own. The test
// closes it at its end.
func Case(t testing.TB) *casedir.Case {
	t.Helper()
	dir := t.TempDir()
	b, err := json.Marshal(map[string]any{"schema": "urn:preship:case:v1", "id": ID, "created": Time})
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(dir, "case.json"), b, 0o600); err != nil {
		t.Fatal(err)
	}
	c, err := casedir.Open(dir)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { c.Close() })
	return c
}

// Handset is a Redmi Note 10 with two IMEIs, whose owner is named on it.
func Handset() report.Handset {
	return report.Handset{
		Serial: "7f3c21a9", Kind: report.KindDevice,
		IMEI: []report.IMEI{
			{Slot: 1, Value: "356938035643809", Luhn: true, Source: "property"},
			{Slot: 2, Value: "490154203237518", Luhn: true, Source: "property"},
		},
		SN:           &report.SN{Value: "31844/F1WN00001", Source: "property"},
		Manufacturer: new("Xiaomi"), Model: new("M2101K7AG"), MarketName: new("Redmi Note 10"), Codename: new("mojito"),
		OS:      report.OS{Name: new("MIUI"), Version: new("14.0.8")},
		Android: report.Android{Release: new("13"), SDK: new(33), SecurityPatch: new("2024-03-01")},
		Region:  new("EEA"), HWC: new("Global"), Bootloader: report.BootloaderLocked, VerifiedBoot: new("green"),
		Encryption: report.EncryptionFile, Battery: report.Battery{Level: new(81), Health: new("good"), TemperatureC: new(27.5)},
		Storage: report.Storage{Used: new(int64(48_300_000_000)), Free: new(int64(61_000_000_000))},
		SIMs:    []report.SIM{{Slot: 1, State: "ABSENT"}, {Slot: 2, State: "ABSENT"}},
		Users:   []report.User{{ID: 0, Name: new("Jordan Example"), Kind: "owner", Running: new(true)}},
	}
}

// Found is an observed answer to a check.
func Found(id string, s report.Status, summary string, refs ...string) report.Finding {
	return report.Finding{ID: id, Status: s, Method: report.MethodObserved, Summary: summary, Evidence: refs, At: Time}
}

// Change spoils a job that went well: the records of its steps by name, and their results.
type Change func(steps map[string]*report.StepRecord, h *report.Handset, a *report.Accounts, r *report.Reset, c *report.Clean)

// Steps fills the case with a job that went well, spoiled by change, which may be nil.
func Steps(t testing.TB, c *casedir.Case, change Change) {
	t.Helper()
	ask := func(name, answer string) string {
		t.Helper()
		ref, err := c.Record(casedir.Entry{Name: name, Line: name, Start: Time, End: Time.Add(time.Second), Stdout: []byte(answer)})
		if err != nil {
			t.Fatal(err)
		}
		return ref
	}
	props, accounts, hashes := ask("getprop", "[ro.product.model]: [M2101K7AG]\n"), ask("dump-accounts", "Accounts: 0\n"), ask("hash-files", "ok\n")
	h := Handset()
	acc := report.Accounts{
		Users: []report.UserAccounts{{ID: 0, Accounts: map[string]int{}}},
		Locks: []report.Lock{
			{ID: "account.mi.signed-out", Status: report.StatusPass, Method: report.MethodObserved},
			{ID: "lock.find-device.off", Status: report.StatusPass, Method: report.MethodAttested, Remove: "Settings, Xiaomi account, Find device, off"},
		},
	}
	triggered, left, back := Time.Add(time.Minute), Time.Add(70*time.Second), Time.Add(5*time.Minute)
	reset := report.Reset{
		Way: "recovery", TriggeredAt: &triggered, LeftAt: &left, ReturnedAt: &back,
		ReturnedState: new("sideload"), Answer: new("Format_data_success."), Rung: report.RungFormatAnswered,
	}
	clean := report.Clean{Rung: report.RungObservedClean, SameUnit: new(true), Accounts: new(0), NotProved: []string{"Cards and e-SIM profiles are not looked at."}}
	records := map[string]*report.StepRecord{
		report.StepIdentify: {Findings: report.Findings{Found("identity.imei", report.StatusPass, "Both IMEIs have the right check digit", props)}},
		report.StepBackup: {Findings: report.Findings{
			Found("backup.complete", report.StatusPass, "Every file the handset named was saved"),
			Found("backup.proved", report.StatusPass, "Every saved file has the size and SHA-256 the handset gave", hashes),
		}},
		report.StepAccounts: {Findings: report.Findings{
			Found("account.mi.signed-out", report.StatusPass, "No Mi account is signed in", accounts),
			{ID: "lock.find-device.off", Status: report.StatusPass, Method: report.MethodAttested, Summary: "Find Device is off", At: Time},
		}},
		report.StepReset:  {Findings: report.Findings{Found("reset.answered", report.StatusPass, "Recovery answered that the data is formatted")}},
		report.StepVerify: {Findings: report.Findings{Found("clean.accounts", report.StatusPass, "No account of any user is signed in")}},
	}
	for name, r := range records {
		r.Name, r.State = name, report.StepDone
		r.Started, r.Finished = Time, Time.Add(6*time.Minute)
	}
	if change != nil {
		change(records, &h, &acc, &reset, &clean)
	}
	backup := report.Backup{
		Case: c.Dir(), Files: report.Tally{Listed: 1204, Saved: 1204, Proved: 1204},
		Bytes: report.Tally{Listed: 8_423_110_400, Saved: 8_423_110_400, Proved: 8_423_110_400},
		Items: map[string]*int64{"contacts": new(int64(212)), "sms": nil},
	}
	data := map[string]any{report.StepIdentify: h, report.StepBackup: backup, report.StepAccounts: acc, report.StepReset: reset, report.StepVerify: clean}
	for _, name := range report.Steps {
		r, ok := records[name]
		if !ok {
			continue
		}
		if r.State == report.StepDone {
			b, err := json.Marshal(data[name])
			if err != nil {
				t.Fatal(err)
			}
			r.Data = b
		}
		if err := c.SetStep(*r); err != nil {
			t.Fatal(err)
		}
	}
}

// Report returns the report of a job with a change, in its own case.
func Report(t testing.TB, change Change) report.Report {
	t.Helper()
	c := Case(t)
	Steps(t, c, change)
	r, err := c.Report(Tool)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// Variants are jobs by the way they ended; a nil change is one that went well.
var Variants = map[string]Change{
	"ready": nil,
	"failed": func(s map[string]*report.StepRecord, _ *report.Handset, _ *report.Accounts, _ *report.Reset, _ *report.Clean) {
		s[report.StepReset].State = report.StepFailed
		s[report.StepReset].Fail(message.AsIs("recovery refused"))
	},
	"nothing known": func(_ map[string]*report.StepRecord, h *report.Handset, a *report.Accounts, r *report.Reset, c *report.Clean) {
		*h, *a, *r, *c = report.Handset{Serial: "x", Kind: report.KindEmulator}, report.Accounts{}, report.Reset{}, report.Clean{}
	},
	"nothing done": func(s map[string]*report.StepRecord, _ *report.Handset, _ *report.Accounts, _ *report.Reset, _ *report.Clean) {
		clear(s)
	},
}
