package handset

import (
	"context"
	"errors"
	"maps"
	"slices"
	"strings"
	"testing"
	"testing/synctest"

	"preship/adb/handset/dump"
)

// clean is a handset that nothing holds.
var clean = answers{
	"getprop":                           stdout(ownBuild + "[ro.build.version.sdk]: [33]\n[ro.miui.ui.version.name]: [V140]\n[gsm.sim.state]: [ABSENT,ABSENT]\n[sys.oem_unlock_allowed]: [0]\n[ro.organization_owned]: [false]\n"),
	ListUsers.Line:                      stdout("Users:\n\tUserInfo{0:Owner:4c13} running\n"),
	DumpAccounts.Line:                   stdout(noAccounts + services),
	GetProperty.Must(imageRunning).text: stdout("\n"),
	RepairMode.Line:                     stdout("null\n"),
	maintenanceApp:                      {Exit: 1},
	CurrentUser.Line:                    stdout("0\n"),
	FindDevice.Line:                     stdout("Row: 0 isLastStatusOpen=0\n"),
	FindDeviceSession.Line:              stdout("Row: 0 lastSessionUserId=0\n"),
	ListOwners.Line:                     stdout("no owners\n"),
	DumpUser.Line:                       stdout(strings.Replace(userDump, "no_factory_reset", "none", 1)),
	ListVolumes.Line:                    stdout("private mounted null\nemulated;0 mounted null\n"),
	EUICC.Line:                          stdout("null\n"),
	LockScreen.Line:                     stdout("true\n"),
	DiskFree.Must("/data").text:         stdout(dfDump),
	DumpBattery.Line:                    stdout(batteryDump),
}

// ownBuild are the properties of a build of the maker's own, without its version.
const ownBuild = miPhone + `[ro.product.device]: [sunny]
[ro.build.fingerprint]: [Redmi/sunny_global/sunny:13/TKQ1.221114.001/V14.0.9.0.TKGMIXM:user/release-keys]
[ro.build.id]: [TKQ1.221114.001]
[ro.build.version.incremental]: [V14.0.9.0.TKGMIXM]
[ro.build.type]: [user]
[ro.build.tags]: [release-keys]
[ro.debuggable]: [0]
[ro.secure]: [1]
[ro.boot.flash.locked]: [1]
[ro.boot.verifiedbootstate]: [green]
[ro.boot.vbmeta.device_state]: [locked]
`

var maintenanceApp = PackagePath.Must("com.miui.maintenancemode").text

// with returns the clean handset with other answers to some lines.
func (m answers) with(more answers) answers {
	all := maps.Clone(m)
	maps.Copy(all, more)
	return all
}

func accountsOf(rows ...string) Answer {
	var b strings.Builder
	b.WriteString("User UserInfo{0:Owner:4c13}:\n  Accounts: " + string(rune('0'+len(rows))) + "\n")
	for _, row := range rows {
		b.WriteString("    Account {name=x, type=" + row + "}\n")
	}
	return stdout(b.String() + "\n" + services)
}

func readAll(t *testing.T, r Reader) map[string]LockState {
	t.Helper()
	id, err := Identify(t.Context(), r)
	if err != nil {
		t.Fatal(err)
	}
	states := map[string]LockState{}
	s := Look(t.Context(), r, id)
	for _, l := range Locks {
		state := l.Read(t.Context(), r, s)
		if state.Summary == "" || !slices.Contains([]string{LockClear, LockSet, LockUnknown}, state.Status) {
			t.Errorf("%s: %+v has no status or no summary", l.ID, state)
		}
		if all := state.Says().String() + state.Observed; dump.Printable([]byte(all), 8000) != all {
			t.Errorf("%s: %q is not printable", l.ID, all)
		}
		if state.Status != LockUnknown && len(state.Refs) == 0 {
			t.Errorf("%s: %s without evidence", l.ID, state.Status)
		}
		states[l.ID] = state
	}
	return states
}

// On the clean handset every lock is clear; each change must show in the locks
// it concerns and in no other.
func TestLocks(t *testing.T) {
	t.Parallel()
	withUser := func(user string) answers {
		return answers{
			ListUsers.Line:    stdout("Users:\n\tUserInfo{0:Owner:4c13} running\n\tUserInfo{" + user + "}\n"),
			DumpAccounts.Line: stdout(noAccounts + "User UserInfo{" + user + "}:\n  Accounts: 0\n\n"),
		}
	}
	prop := func(line string) answers {
		return answers{"getprop": stdout(string(clean["getprop"].Stdout) + line)}
	}
	accountLocks := map[string]string{LockMiAccount: LockUnknown, LockGoogleAccount: LockUnknown, LockFRP: LockUnknown, LockOtherAccounts: LockUnknown}
	tests := []struct {
		name string
		says answers
		want map[string]string // locks that are not clear
	}{
		{"clean", nil, nil},
		{"Mi account", answers{DumpAccounts.Line: accountsOf("com.xiaomi")}, map[string]string{LockMiAccount: LockSet}},
		{"Google account", answers{DumpAccounts.Line: accountsOf("com.google", "com.google")}, map[string]string{LockGoogleAccount: LockSet, LockFRP: LockSet}},
		{"messenger", answers{DumpAccounts.Line: accountsOf("org.telegram.messenger")}, map[string]string{LockOtherAccounts: LockSet}},
		{"accounts translated", answers{DumpAccounts.Line: stdout("User UserInfo{0:Owner:13}:\n  账户: 0\n")}, accountLocks},
		{"accounts empty", answers{DumpAccounts.Line: {}}, accountLocks},
		{"accounts refused", answers{DumpAccounts.Line: {Stderr: []byte("Permission Denial\x1b[2J"), Exit: 1}}, accountLocks},
		{"a user's accounts not shown", answers{ListUsers.Line: stdout("Users:\n\tUserInfo{0:O:13}\n\tUserInfo{15:B:10}\n")}, map[string]string{
			LockMiAccount: LockUnknown, LockGoogleAccount: LockUnknown, LockFRP: LockUnknown, LockOtherAccounts: LockUnknown, LockSecondSpace: LockSet,
		}},
		{"account of one user, others not shown", answers{
			ListUsers.Line: stdout("Users:\n\tUserInfo{0:O:13}\n\tUserInfo{15:B:10}\n"), DumpAccounts.Line: accountsOf("com.xiaomi"),
		}, map[string]string{LockMiAccount: LockSet, LockGoogleAccount: LockUnknown, LockFRP: LockUnknown, LockOtherAccounts: LockUnknown, LockSecondSpace: LockSet}},
		{"users not listed", answers{ListUsers.Line: {}}, map[string]string{
			LockMiAccount: LockUnknown, LockGoogleAccount: LockUnknown, LockFRP: LockUnknown, LockOtherAccounts: LockUnknown, LockSecondSpace: LockUnknown, LockRepairMode: LockUnknown, LockWorkProfile: LockUnknown,
		}},
		{"list of users cut off", answers{DumpAccounts.Line: stdout(noAccounts + strings.Replace(noAccounts, "{0:", "{10:", 1))}, map[string]string{
			LockMiAccount: LockUnknown, LockGoogleAccount: LockUnknown, LockFRP: LockUnknown, LockOtherAccounts: LockUnknown, LockSecondSpace: LockUnknown, LockRepairMode: LockUnknown, LockWorkProfile: LockUnknown,
		}},
		{"account in the second space", answers{
			ListUsers.Line:    stdout("Users:\n\tUserInfo{0:O:13}\n\tUserInfo{10:security space:413}\n"),
			DumpAccounts.Line: stdout(noAccounts + "User UserInfo{10:security space:413}:\n  Accounts: 1\n    Account {name=x, type=com.xiaomi}\n"),
		}, map[string]string{LockMiAccount: LockSet, LockSecondSpace: LockSet}},
		{"second space", withUser("10:security space:413"), map[string]string{LockSecondSpace: LockSet}},
		{"another user", withUser("15:Guest:10"), map[string]string{LockSecondSpace: LockSet}},
		{"work profile", withUser("11:Work:1030"), map[string]string{LockWorkProfile: LockSet}},
		{"dual apps", withUser("999:XSpace:801010"), nil},
		{"Find Device on", answers{FindDevice.Line: stdout("Row: 0 isLastStatusOpen=1\n")}, map[string]string{LockFindDevice: LockSet}},
		{"Find Device refused", answers{FindDevice.Line: {Stderr: []byte("Error while accessing provider:x\njava.lang.SecurityException")}}, map[string]string{LockFindDevice: LockUnknown}},
		{"Find Device null", answers{FindDevice.Line: stdout("No result found.\n")}, map[string]string{LockFindDevice: LockUnknown}},
		{"Find Device odd", answers{FindDevice.Line: stdout("Row: 0 isLastStatusOpen=NULL\n")}, map[string]string{LockFindDevice: LockUnknown}},
		{"lender", answers{FindDeviceSession.Line: stdout("Row: 0 lastSessionUserId=1665249865\n")}, map[string]string{LockDebt: LockSet}},
		{"no session", answers{FindDeviceSession.Line: stdout("Row: 0 lastSessionUserId=\n")}, map[string]string{LockDebt: LockClear}},
		{"no row of a session", answers{FindDeviceSession.Line: stdout("No result found.\n")}, map[string]string{LockDebt: LockUnknown}},
		{"session of letters", answers{FindDeviceSession.Line: stdout("Row: 0 lastSessionUserId=abc\n")}, map[string]string{LockDebt: LockUnknown}},
		{"the lender's number, a digit lost", answers{FindDeviceSession.Line: stdout("Row: 0 lastSessionUserId=166524986\n")}, map[string]string{LockDebt: LockUnknown}},
		{"the lender's number, a zero before it", answers{FindDeviceSession.Line: stdout("Row: 0 lastSessionUserId=01665249865\n")}, map[string]string{LockDebt: LockUnknown}},
		{"another session", answers{FindDeviceSession.Line: stdout("Row: 0 lastSessionUserId=6230123535\n")}, map[string]string{LockDebt: LockUnknown}},
		{"organisation's property, a letter lost", answers{"getprop": stdout(strings.Replace(string(clean["getprop"].Stdout), "[ro.organization_owned]: [false]", "[ro.organization_owned]: [tru]", 1))}, map[string]string{LockOwner: LockUnknown}},
		{"a parent's app", answers{ListOwners.Line: stdout(capture(t, "owners-family-link.txt"))}, map[string]string{LockOwner: LockSet}},
		{"device owner", answers{ListOwners.Line: stdout("1 owner:\nUser  0: admin=com.mdm/.A,DeviceOwner\n")}, map[string]string{LockOwner: LockSet}},
		{"old list of owners", answers{ListOwners.Line: {Exit: 255}, DumpPolicy.Line: stdout("Current Device Policy Manager state:\n  Enabled Device Admins (User 0):\n")}, nil},
		{"owners not told", answers{ListOwners.Line: {}}, map[string]string{LockOwner: LockUnknown}},
		{"organisation's property", prop("[ro.device_owner]: [true]\n"), map[string]string{LockOwner: LockSet}},
		{"reset forbidden", answers{DumpUser.Line: stdout(userDump)}, map[string]string{LockRestriction: LockSet}},
		{"another user's reset forbidden", answers{DumpUser.Line: stdout(strings.NewReplacer("no_factory_reset", "none", "no_sms", "no_factory_reset").Replace(userDump))}, map[string]string{LockRestriction: LockUnknown}},
		{"restrictions without their sum", answers{DumpUser.Line: stdout("Users:\n  UserInfo{0:null:c13}\n    Restrictions:\n      none\n")}, map[string]string{LockRestriction: LockUnknown}},
		{"restrictions of Android 6", answers{
			DumpUser.Line: stdout("Users:\n  UserInfo{0:null:c13}\n    Restrictions:\n      none\n"), DumpPolicy.Line: stdout("Current Device Policy Manager state:\n  Enabled Device Admins (User 0):\n"),
			"getprop": stdout(strings.Replace(string(clean["getprop"].Stdout), "[33]", "[23]", 1)),
		}, nil},
		{"restrictions not told", answers{DumpUser.Line: {}}, map[string]string{LockRestriction: LockUnknown}},
		{"SD card", answers{ListVolumes.Line: stdout(volumesDump)}, map[string]string{LockSD: LockSet}},
		{"volumes not told", answers{ListVolumes.Line: {}}, map[string]string{LockSD: LockUnknown}},
		{"eSIM", answers{EUICC.Line: stdout("1\n")}, map[string]string{LockESIM: LockSet}},
		{"eSIM not told", answers{EUICC.Line: {}}, map[string]string{LockESIM: LockUnknown}},
		{"screen lock", answers{LockScreen.Line: stdout("false\n")}, map[string]string{LockScreenLock: LockSet}},
		{"a PIN, on Android 10", answers{LockScreen.Line: {Stderr: []byte(capture(t, "locksettings-pin-set.stderr.txt")), Exit: 255}}, map[string]string{LockScreenLock: LockSet}},
		{"another exception", answers{LockScreen.Line: {Stderr: []byte("java.lang.SecurityException: no"), Exit: 255}}, map[string]string{LockScreenLock: LockUnknown}},
		{"no lock and a refusal", answers{LockScreen.Line: {Stdout: []byte("true\n"), Exit: 255}}, map[string]string{LockScreenLock: LockUnknown}},
		{"screen lock not told", answers{LockScreen.Line: stdout("Unknown command\n")}, map[string]string{LockScreenLock: LockUnknown}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			for id, got := range readAll(t, clean.with(tt.says)) {
				want := tt.want[id]
				if want == "" {
					want = LockClear
				}
				if got.Status != want {
					t.Errorf("%s is %s (%s), want %s", id, got.Status, got.Summary, want)
				}
			}
		})
	}
}

// The number of a session may be that of the owner's account, which does not go
// into a report; the summary differs from that of a handset without an answer.
func TestLenderBesideAnAccount(t *testing.T) {
	t.Parallel()
	for _, number := range []string{"6230123535", "166524986"} {
		got := readAll(t, clean.with(answers{FindDeviceSession.Line: stdout("Row: 0 lastSessionUserId=" + number + "\n")}))[LockDebt]
		if got.Status != LockUnknown || got.Summary != debtSomebodys || strings.Contains(got.Observed, number) {
			t.Errorf("%s: %+v, want unknown, that somebody's account is named, and no number", number, got)
		}
	}
}

func TestLockSIMAndOEMUnlock(t *testing.T) {
	t.Parallel()
	for props, want := range map[string][2]string{
		"[gsm.sim.state]: [LOADED,ABSENT]\n[sys.oem_unlock_allowed]: [1]\n":    {LockSet, LockSet},
		"[gsm.sim.state]: [ABSENT,NOT_READY]\n":                                {LockUnknown, LockUnknown},
		"[gsm.sim.state]: [PIN_REQUIRED]\n[sys.oem_unlock_allowed]: [maybe]\n": {LockSet, LockUnknown},
		"[gsm.sim.state]: []\n[sys.oem_unlock_allowed]: [0]\n":                 {LockUnknown, LockClear},
	} {
		states := readAll(t, clean.with(answers{"getprop": stdout(ownBuild + "[ro.build.version.sdk]: [33]\n" + props)}))
		if got := [2]string{states[LockSIM].Status, states[LockOEMUnlock].Status}; got != want {
			t.Errorf("%q: SIM and OEM unlocking %q, want %q", props, got, want)
		}
	}
}

// A handset that answers nothing has no clear lock.
func TestLocksOfASilentHandset(t *testing.T) {
	t.Parallel()
	for id, state := range readAll(t, answers{"getprop": stdout(miPhone)}) {
		if state.Status != LockUnknown {
			t.Errorf("%s is %s (%s), want unknown", id, state.Status, state.Summary)
		}
	}
}

// The Find Device provider may never answer. The row's own time limit ends that.
func TestLockThatNeverAnswers(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		state := LockByID(LockFindDevice).Read(t.Context(), silent{}, State{})
		if state.Status != LockUnknown || !strings.Contains(state.Observed, context.DeadlineExceeded.Error()) {
			t.Errorf("state %+v, want unknown for want of an answer", state)
		}
	})
}

type silent struct{}

func (silent) Ask(ctx context.Context, _ Line) (Answer, error) {
	<-ctx.Done()
	return Answer{}, ctx.Err()
}

func TestLockTable(t *testing.T) {
	t.Parallel()
	seen := map[string]bool{}
	for _, l := range Locks {
		if seen[l.ID] || LockByID(l.ID) != l {
			t.Errorf("%s: not the only row of its ID", l.ID)
		}
		seen[l.ID] = true
		if l.Clear == "" || l.Why == "" || l.Remove[""] == "" || l.read == nil {
			t.Errorf("%s: clear words, reason, removal or reading is missing", l.ID)
		}
		if l.Weight == Holds && l.Look == "" {
			t.Errorf("%s: does not say where the owner sees it", l.ID)
		}
		for _, v := range Vendors {
			if page := l.PageOn(v); page != nil && (!page.Writes || !slices.Contains(Commands, page)) {
				t.Errorf("%s on %s: page %q is not a writing row", l.ID, v.Name, page.Name)
			}
		}
		for _, name := range l.Vendors {
			if !slices.ContainsFunc(Vendors, func(v *VendorRow) bool { return v.Name == name }) {
				t.Errorf("%s: no vendor row %q", l.ID, name)
			}
		}
	}
	mi, plain := LockByID(LockMiAccount), Vendors[len(Vendors)-1]
	if mi.Applies(plain) || !mi.Applies(Vendors[0]) {
		t.Error("the maker's account is not a lock of its own handsets only")
	}
	cut := Vendor(dump.Properties{"ro.build.version.sdk": "33"})
	if !mi.Applies(cut) || !LockByID(LockFindDevice).Applies(cut) {
		t.Error("a handset that does not name its maker is not asked for the maker's locks")
	}
	if LockByID("nothing") != nil {
		t.Error("LockByID finds a row that is not there")
	}
	hyper := Identity{OS: OS{Name: Fact{Value: "HyperOS"}}}
	if a, b := mi.Removal(hyper), mi.Removal(Identity{}); a != "account.mi.remove.hyperos" || a == b {
		t.Errorf("removal %q on HyperOS, %q elsewhere", a, b)
	}
}

// Reading sends only rows that read.
func TestReadingSendsReads(t *testing.T) {
	t.Parallel()
	var lines []string
	r := asked{clean, &lines}
	id, err := Identify(t.Context(), r)
	if err != nil {
		t.Fatal(err)
	}
	for _, l := range Locks {
		l.Read(t.Context(), r, Look(t.Context(), r, id))
	}
	for _, line := range lines {
		if c, ok := Match(line); !ok || c.Writes {
			t.Errorf("sent %q, which is not a reading row", line)
		}
	}
	if !errors.Is(ctxErr(r), context.Canceled) {
		t.Error("a cancelled context does not end identify")
	}
}

func ctxErr(r Reader) error {
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	_, err := Identify(ctx, r)
	return err
}
