package verify

import (
	"context"
	"encoding/binary"
	"fmt"
	"maps"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"unicode/utf16"

	"preship/adb/handset"
	"preship/adb/handset/dump"
	"preship/adb/handset/locks"
	"preship/report"
)

// Everything that can lock a handset locks this one, for two users.
var locked = answers{
	lineUsers: {Stdout: []byte("Users:\n\tUserInfo{0:机主:4c13} running\n\tUserInfo{10:security space:413} running\n")},
	lineAccounts: {Stdout: []byte("User UserInfo{0:Chủ sở hữu:13}:\n  Accounts: 3\n    Account {name=6230***535, type=com.xiaomi}\n" +
		"    Account {name=usernamea***@gmail.com, type=com.google}\n    Account {name=Fac***ok, type=com.facebook.auth.login}\n\n" +
		"  AccountId, Action_Type, timestamp, UID, TableName, Key\n  -1,action_called_account_add,2025-06-21 14:06:57,10339,accounts,57\n\n" +
		"  Active Sessions: 0\n\n  RegisteredServicesCache: 2 services\n    ServiceInfo: AuthenticatorDescription {type=com.xiaomi}, ComponentInfo{com.xiaomi.account/x}, uid 10045\n\n" +
		"User UserInfo{10:security space:413}:\n  Accounts: 2\n    Account {name=2807***558, type=com.xiaomi}\n    Account {name=b***@gmail.com, type=com.google}\n\n")},
	lineFind:                 {Stdout: []byte("Row: 0 isLastStatusOpen=1\n")},
	lineDebt:                 {Stdout: []byte("Row: 0 lastSessionUserId=1665249865\n")},
	lineOwners:               {Stdout: []byte("1 owner:\nUser  0: admin=com.example.mdm/.Admin,DeviceOwner\n")},
	handset.DumpPolicy.Line:  {Stdout: []byte("Current Device Policy Manager state:\n  Immutable state:\n    mHasFeature=true\n  Device Owner: \n    admin=ComponentInfo{com.example.mdm/.Admin}\n    name=\n\n  Enabled Device Admins (User 0, provisioningState: 3):\n    com.example.mdm/.Admin:\n      uid=10210\n")},
	lineUserDump:             {Stdout: []byte("Current user: 0\n\nUsers:\n  UserInfo{0:null:c13} serialNo=0 isPrimary=true\n    State: RUNNING_UNLOCKED\n    Restrictions:\n      none\n    Device policy global restrictions:\n      no_factory_reset\n    Effective restrictions:\n      no_add_user\n      no_factory_reset\n\n  Guest restrictions:\n    no_sms\n\n  Device managed: true\n  Max users: 4\n")},
	handset.EUICC.Line:       {Stdout: []byte("1\n")},
	handset.LockScreen.Line:  {Stdout: []byte("false\n")},
	handset.ListVolumes.Line: {Stdout: []byte("private mounted null\npublic:179,1 mounted 4A21-0000\nemulated;0 mounted null\n")},
	handset.DumpBattery.Line: {Stdout: []byte("Current Battery Service state:\n  level: 85\n  scale: 100\n  temperature: 285\n  health: 2\n")},
	linePhone:                {Stdout: []byte("Result: Parcel(00000000 ffffffff   '........')\n")},
	"df -k /data":            {Stdout: []byte("Filesystem 1K-blocks Used Available Use% Mounted on\n/dev/block/dm-5 112345678 23456789 88888889 21% /data\n")},
	"which su":               {Exit: 1},
}

// seen are the locks that a handset's answers above show; a lock that rests on
// the properties is shown by those.
var seen = []string{
	locks.SecondSpace, locks.MiAccount, locks.FindDevice, locks.Debt, locks.GoogleAccount, locks.FRP,
	locks.OtherAccounts, locks.Owner, locks.Restriction, locks.SD, locks.ESIM, locks.ScreenLock,
}

// undetectable names what a cut can hide without a trace: the list of volumes
// has neither a count nor an end. (The list of users lacks them too, but the
// accounts name the users too.)
var undetectable = map[string]string{handset.ListVolumes.Line: locks.SD}

func captures(t testing.TB) map[string]string {
	t.Helper()
	files, err := filepath.Glob("../adb/handset/testdata/getprop/*.txt")
	if err != nil || len(files) == 0 {
		t.Fatalf("no captures: %v", err)
	}
	all := map[string]string{}
	for _, name := range files {
		b, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		all[strings.TrimSuffix(filepath.Base(name), ".txt")] = string(b)
	}
	return all
}

// mutations are what can happen to an answer on its way, or on a handset in
// another language. No mutation makes an answer say that a lock is off.
func mutations(s string) map[string]string {
	all := map[string]string{
		"empty": "", "a newline": "\n", "twice": s + s, "reversed": reversed(s), "CRLF": strings.ReplaceAll(s, "\n", "\r\n"),
		"UTF-16": inUTF16(s), "10 MB after": s + strings.Repeat("x y z\n", 10<<20/6), "10 MB before": strings.Repeat("x y z\n", 10<<20/6) + s,
		"translated": translated.Replace(s), "refused": "java.lang.SecurityException: Permission Denial\n",
		"usage": "Usage: no such command\n", "zeros": strings.Repeat("\x00", len(s)),
		"another user first":      strings.Replace(s, "\tUserInfo{0", "\tUserInfo{11:x:1030}\n\tUserInfo{0", 1),
		"another user's accounts": s + "User UserInfo{12:z:10}:\n  Accounts: 0\n\n",
	}
	for i := range 12 {
		lines := strings.SplitAfter(s, "\n")
		r := rand.New(rand.NewPCG(uint64(i), 1))
		r.Shuffle(len(lines), func(a, b int) { lines[a], lines[b] = lines[b], lines[a] })
		all[fmt.Sprintf("shuffled %d", i)] = strings.Join(lines, "")
		at := r.IntN(len(s) + 1)
		all[fmt.Sprintf("escape at %d", at)] = s[:at] + "\x1b[2J\x1b]0;x\a" + s[at:]
		at = r.IntN(len(s) + 1)
		all[fmt.Sprintf("newline at %d", at)] = s[:at] + "\n" + s[at:]
		at = r.IntN(len(s) + 1)
		all[fmt.Sprintf("NUL at %d", at)] = s[:at] + "\x00" + s[at:]
	}
	for at := 0; at < len(s); at += 1 + len(s)/100 {
		all[fmt.Sprintf("cut at %d", at)] = s[:at]
	}
	return all
}

var translated = strings.NewReplacer(
	"Accounts:", "账户:", "Users:", "Usuarios:", "Row:", "Zeile:", "owner", "владелец", "Owner", "Владелец", "restrictions:", "限制:",
	"mounted", "eingehängt", "true", "wahr", "false", "falsch", "Current", "Aktuell",
)

func reversed(s string) string {
	lines := strings.SplitAfter(s, "\n")
	slices.Reverse(lines)
	return strings.Join(lines, "")
}

func inUTF16(s string) string {
	b := []byte{0xff, 0xfe}
	for _, u := range utf16.Encode([]rune(s)) {
		b = binary.LittleEndian.AppendUint16(b, u)
	}
	return string(b)
}

// replayed asks everything identify and accounts ask, and checks the rules for any
// handset: nothing panics, and no answer of it can drive a terminal.
func replayed(t testing.TB, name string, m answers) (report.Handset, []report.Finding, bool) {
	t.Helper()
	id, err := handset.Identify(context.Background(), m)
	if err != nil {
		printable(t, name, err.Error())
		return report.Handset{}, nil, false
	}
	h, found := Identity(id, Claims{})
	_, held, err := Locks(context.Background(), m, id)
	if err != nil {
		t.Fatalf("%s: %v", name, err)
	}
	found = checked(t, name, append(found, held...))
	for _, p := range []*string{h.Model, h.MarketName, h.OS.Name, h.OS.Version, h.Region, h.VerifiedBoot} {
		if p != nil {
			printable(t, name, *p)
		}
	}
	return h, found, true
}

// checked returns the findings, and checks the rules for any handset.
func checked(t testing.TB, name string, found []report.Finding) []report.Finding {
	t.Helper()
	for _, f := range found {
		printable(t, name+": "+f.ID, f.Summary+f.Observed+f.Remedy)
		calm(t, name+": "+f.ID, f.Summary)
	}
	return found
}

func printable(t testing.TB, where, s string) {
	t.Helper()
	if dump.Printable([]byte(s), len(s)+1) != s {
		t.Errorf("%s: %q is not fit for a terminal", where, s)
	}
}

// technical are words of the handset that belong in the observation, not in a sentence
// for a nervous person.
var technical = []string{"ro.", "Exception", "exit status", "iphonesubinfo", "dumpsys", "getprop", "content:", "malformed", "heading", "%!", "\"", "  "}

// calm: one short sentence in plain words.
func calm(t testing.TB, where, summary string) {
	t.Helper()
	if len(summary) > 140 {
		t.Errorf("%s: %q is %d characters long", where, summary, len(summary))
	}
	for _, word := range technical {
		if strings.Contains(summary, word) {
			t.Errorf("%s: %q has %q in it", where, summary, word)
		}
	}
}

// Every capture with every answer mutated: never a pass without an observation.
func TestLocksOfMutatedAnswers(t *testing.T) {
	t.Parallel()
	all := captures(t)
	first := all["miui14_a12_sunny_global_qcom_locked"]
	for name, props := range all {
		_, found, ok := replayed(t, name, locked.but(map[string]string{lineProps: props}))
		if !ok {
			t.Fatalf("%s: not identified", name)
		}
		passed(t, name, found, seen)
	}
	for line, a := range locked {
		for how, text := range mutations(string(a.Stdout)) {
			m := locked.but(map[string]string{lineProps: first})
			if line == handset.DumpPolicy.Line {
				delete(m, lineOwners) // which is asked first
			}
			m[line] = handset.Answer{Stdout: []byte(text), Exit: a.Exit}
			where := line + ", " + how
			if _, found, ok := replayed(t, where, m); ok {
				passed(t, where, found, slices.DeleteFunc(slices.Clone(seen), func(id string) bool { return id == undetectable[line] }))
			}
		}
	}
}

// passed complains about every one of these checks that passed, or was not asked.
func passed(t *testing.T, where string, found []report.Finding, ids []string) {
	t.Helper()
	for _, id := range ids {
		if f, asked := report.Findings(found).ByID(id); !asked || f.Status == report.StatusPass {
			t.Errorf("%s: %s was asked %t and is %q (%s; %s)", where, id, asked, f.Status, f.Summary, f.Observed)
		}
	}
}

// Whatever happens to a getprop: every number is the right one or unknown, and
// so is the name of the OS.
func TestIdentityOfMutatedProperties(t *testing.T) {
	t.Parallel()
	for name, props := range captures(t) {
		want, _, ok := replayed(t, name, locked.but(map[string]string{lineProps: props}))
		if !ok {
			t.Fatalf("%s: not identified", name)
		}
		for how, text := range mutations(props) {
			where := name + ", " + how
			got, found, ok := replayed(t, where, locked.but(map[string]string{lineProps: text}))
			if !ok {
				continue
			}
			for _, i := range got.IMEI {
				if !slices.ContainsFunc(want.IMEI, func(w report.IMEI) bool { return w.Value == i.Value }) {
					t.Errorf("%s: IMEI %s is not the handset's", where, i.Value)
				}
			}
			if got.SN != nil && (want.SN == nil || got.SN.Value != want.SN.Value) {
				t.Errorf("%s: S/N %s is not the handset's", where, got.SN.Value)
			}
			for what, pair := range map[string][2]*string{"OS": {got.OS.Name, want.OS.Name}, "version": {got.OS.Version, want.OS.Version}, "model": {got.Model, want.Model}} {
				if pair[0] != nil && (pair[1] == nil || *pair[0] != *pair[1]) {
					t.Errorf("%s: %s %s is not the handset's", where, what, *pair[0])
				}
			}
			if got.Bootloader != want.Bootloader && got.Bootloader != report.Unknown {
				t.Errorf("%s: bootloader %s, want %s", where, got.Bootloader, want.Bootloader)
			}
			passed(t, where, found, seen)
		}
	}
}

// A fuzzer changes one answer at will. A lock that then passes must be shown to
// be off by that very answer.
func FuzzLocks(f *testing.F) {
	lines := slices.Sorted(maps.Keys(locked))
	for i, line := range lines {
		f.Add(i, locked[line].Stdout, 0)
	}
	props := captures(f)["miui14_a12_sunny_global_qcom_locked"]
	f.Fuzz(func(t *testing.T, i int, answer []byte, exit int) {
		if i < 0 || i >= len(lines) || len(answer) > 1<<16 {
			return
		}
		m := locked.but(map[string]string{lineProps: props})
		m[lines[i]] = handset.Answer{Stdout: answer, Exit: exit}
		_, found, _ := replayed(t, lines[i], m)
		for _, finding := range found {
			off, known := shownOff[finding.ID]
			if finding.Status == report.StatusPass && known && !strings.Contains(string(answer), off) {
				t.Errorf("%q answered %q, and %s passed", lines[i], answer, finding.ID)
			}
		}
	})
}

// shownOff is what an answer that shows a lock to be off has in it.
var shownOff = map[string]string{
	locks.MiAccount: "Accounts: ", locks.GoogleAccount: "Accounts: ", locks.FRP: "Accounts: ",
	locks.FindDevice: "isLastStatusOpen=0", locks.Debt: "lastSessionUserId=",
	locks.Owner: "no owners", locks.Restriction: "Effective",
	locks.ScreenLock: "true", locks.SD: "emulated",
}
