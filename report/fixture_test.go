package report

import (
	"encoding/json"
	"testing"
	"time"
)

// sampleDir is the folder of the case, which holds somebody's name.
const sampleDir = "/home/jordan/cases/" + sampleID

// sampleID makes sealed packages comparable byte by byte.
const sampleID = "PS-20261122-7K3Q9D"

var sampleTool = Tool{Name: "preship", Version: "v0.1.0", Commit: "4f4bbf5", OS: "linux", ADB: "41"}

func sampleHandset() Handset {
	return Handset{
		Serial: "7f3c21a9", Kind: KindDevice,
		IMEI: []IMEI{
			{Slot: 1, Value: "356938035643809", Luhn: true, Source: "property"},
			{Slot: 2, Value: "490154203237518", Luhn: true, Source: "property"},
		},
		SN:           &SN{Value: "31844/F1WN00001", Source: "property"},
		Manufacturer: new("Xiaomi"), Model: new("M2101K7AG"), MarketName: new("Redmi Note 10"), Codename: new("mojito"),
		OS:      OS{Name: new("MIUI"), Version: new("14.0.8")},
		Android: Android{Release: new("13"), SDK: new(33), SecurityPatch: new("2024-03-01")},
		Region:  new("EEA"), HWC: new("Global"), Bootloader: BootloaderLocked, VerifiedBoot: new("green"),
		Encryption: EncryptionFile, Battery: Battery{Level: new(81), Health: new("good"), TemperatureC: new(27.5)},
		Storage: Storage{Used: new(int64(48_300_000_000)), Free: new(int64(61_000_000_000))},
		SIMs:    []SIM{{1, "ABSENT"}, {2, "ABSENT"}},
		Users:   []User{{ID: 0, Name: new("Jordan Example"), Kind: "owner", Running: new(true)}},
	}
}

func found1(id string, s Status, summary string, refs ...string) Finding {
	return Finding{ID: id, Status: s, Method: MethodObserved, Summary: summary, Evidence: refs, At: sampleTime}
}

// sampleJob is a job that went well; change may spoil it.
func sampleJob(t testing.TB, change func(map[string]*StepRecord, *Handset, *Accounts, *Reset, *Clean)) Job {
	t.Helper()
	props, accounts, hashes := "evidence/0001-getprop.txt", "evidence/0002-dump-accounts.txt", "evidence/0003-hash-files.txt"
	h := sampleHandset()
	acc := Accounts{
		Users: []UserAccounts{{ID: 0, Accounts: map[string]int{}}},
		Locks: []Lock{
			{ID: "account.mi.signed-out", Status: StatusPass, Method: MethodObserved},
			{ID: "lock.find-device.off", Status: StatusPass, Method: MethodAttested, Remove: "Settings, Xiaomi account, Find device, off"},
		},
	}
	triggered, left, back := sampleTime.Add(time.Minute), sampleTime.Add(70*time.Second), sampleTime.Add(5*time.Minute)
	reset := Reset{
		Way: "recovery", TriggeredAt: &triggered, LeftAt: &left, ReturnedAt: &back,
		ReturnedState: new("sideload"), Answer: new("Format_data_success."), Rung: RungFormatAnswered,
	}
	clean := Clean{Rung: RungObservedClean, SameUnit: new(true), Accounts: new(0), NotProved: []string{"Cards and e-SIM profiles are not looked at."}}
	records := map[string]*StepRecord{
		StepIdentify: {Findings: Findings{found1("identity.imei", StatusPass, "Both IMEIs have the right check digit", props)}},
		StepBackup: {Findings: Findings{
			found1("backup.complete", StatusPass, "Every file the handset named was saved"),
			found1("backup.proved", StatusPass, "Every saved file has the size and SHA-256 the handset gave", hashes),
		}},
		StepAccounts: {Findings: Findings{
			found1("account.mi.signed-out", StatusPass, "No Mi account is signed in", accounts),
			{ID: "lock.find-device.off", Status: StatusPass, Method: MethodAttested, Summary: "Find Device is off", At: sampleTime},
		}},
		StepReset:  {Findings: Findings{found1("reset.answered", StatusPass, "Recovery answered that the data is formatted")}},
		StepVerify: {Findings: Findings{found1("clean.accounts", StatusPass, "No account of any user is signed in")}},
	}
	for name, r := range records {
		r.Name, r.State = name, StepDone
		r.Started, r.Finished = sampleTime, sampleTime.Add(6*time.Minute)
	}
	if change != nil {
		change(records, &h, &acc, &reset, &clean)
	}
	backup := Backup{
		Case: sampleDir, Files: Tally{Listed: 1204, Saved: 1204, Proved: 1204},
		Bytes: Tally{Listed: 8_423_110_400, Saved: 8_423_110_400, Proved: 8_423_110_400},
		Items: map[string]*int64{"contacts": new(int64(212)), "sms": nil},
	}
	data := map[string]any{StepIdentify: h, StepBackup: backup, StepAccounts: acc, StepReset: reset, StepVerify: clean}
	job := Job{ID: sampleID, Created: sampleTime, Outside: Outside(sampleDir, h.Serial)}
	for _, name := range Steps {
		r, ok := records[name]
		if !ok {
			continue
		}
		if r.State == StepDone {
			b, err := json.Marshal(data[name])
			if err != nil {
				t.Fatal(err)
			}
			r.Data = b
		}
		job.Steps = append(job.Steps, *r)
	}
	return job
}

func mustMarshal(t testing.TB, v any) []byte {
	t.Helper()
	b, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func sampleReport(t *testing.T, change func(map[string]*StepRecord, *Handset, *Accounts, *Reset, *Clean)) Report {
	t.Helper()
	r, err := Build(sampleJob(t, change), sampleTool)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// sampleTime is when the job began.
var sampleTime = time.Date(2026, 11, 22, 14, 3, 5, 0, time.UTC)
