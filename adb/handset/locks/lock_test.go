package locks

import (
	"context"
	"errors"
	"slices"
	"strings"
	"testing"
	"testing/synctest"

	"preship/adb/handset"
	"preship/adb/handset/dump"
	"preship/report/message"
)

func accountsOf(rows ...string) handset.Answer {
	var b strings.Builder
	b.WriteString("User UserInfo{0:Owner:4c13}:\n  Accounts: " + string(rune('0'+len(rows))) + "\n")
	for _, row := range rows {
		b.WriteString("    Account {name=x, type=" + row + "}\n")
	}
	return stdout(b.String() + "\n" + services)
}

func readAll(t *testing.T, r handset.Reader) map[string]State {
	t.Helper()
	id, err := handset.Identify(t.Context(), r)
	if err != nil {
		t.Fatal(err)
	}
	states := map[string]State{}
	s := Look(t.Context(), r, id)
	for _, l := range All {
		state := l.Read(t.Context(), r, s)
		if state.Summary == "" || !slices.Contains([]string{Clear, Set, Unknown}, state.Status) {
			t.Errorf("%s: %+v has no status or no summary", l.ID, state)
		}
		if all := state.Says().String() + state.Observed; dump.Printable([]byte(all), 8000) != all {
			t.Errorf("%s: %q is not printable", l.ID, all)
		}
		if state.Status != Unknown && len(state.Refs) == 0 {
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
			handset.ListUsers.Line:    stdout("Users:\n\tUserInfo{0:Owner:4c13} running\n\tUserInfo{" + user + "}\n"),
			handset.DumpAccounts.Line: stdout(noAccounts + "User UserInfo{" + user + "}:\n  Accounts: 0\n\n"),
		}
	}
	prop := func(line string) answers {
		return answers{"getprop": stdout(string(clean["getprop"].Stdout) + line)}
	}
	accountLocks := map[string]string{MiAccount: Unknown, GoogleAccount: Unknown, FRP: Unknown, OtherAccounts: Unknown}
	tests := []struct {
		name string
		says answers
		want map[string]string // locks that are not clear
	}{
		{"clean", nil, nil},
		{"Mi account", answers{handset.DumpAccounts.Line: accountsOf("com.xiaomi")}, map[string]string{MiAccount: Set}},
		{"Google account", answers{handset.DumpAccounts.Line: accountsOf("com.google", "com.google")}, map[string]string{GoogleAccount: Set, FRP: Set}},
		{"messenger", answers{handset.DumpAccounts.Line: accountsOf("org.telegram.messenger")}, map[string]string{OtherAccounts: Set}},
		{"Mi account, a letter lost", answers{handset.DumpAccounts.Line: accountsOf("com.xiami")}, map[string]string{MiAccount: Unknown, OtherAccounts: Set}},
		{"Google account, another letter", answers{handset.DumpAccounts.Line: accountsOf("com.goggle")}, map[string]string{GoogleAccount: Unknown, FRP: Unknown, OtherAccounts: Set}},
		{"a type longer than Google's", answers{handset.DumpAccounts.Line: accountsOf("com.google.work")}, map[string]string{OtherAccounts: Set}},
		{"accounts translated", answers{handset.DumpAccounts.Line: stdout("User UserInfo{0:Owner:13}:\n  账户: 0\n")}, accountLocks},
		{"accounts empty", answers{handset.DumpAccounts.Line: {}}, accountLocks},
		{"accounts refused", answers{handset.DumpAccounts.Line: {Stderr: []byte("Permission Denial\x1b[2J"), Exit: 1}}, accountLocks},
		{"a user's accounts not shown", answers{handset.ListUsers.Line: stdout("Users:\n\tUserInfo{0:O:13}\n\tUserInfo{15:B:10}\n")}, map[string]string{
			MiAccount: Unknown, GoogleAccount: Unknown, FRP: Unknown, OtherAccounts: Unknown, SecondSpace: Set,
		}},
		{"account of one user, others not shown", answers{
			handset.ListUsers.Line: stdout("Users:\n\tUserInfo{0:O:13}\n\tUserInfo{15:B:10}\n"), handset.DumpAccounts.Line: accountsOf("com.xiaomi"),
		}, map[string]string{MiAccount: Set, GoogleAccount: Unknown, FRP: Unknown, OtherAccounts: Unknown, SecondSpace: Set}},
		{"users not listed", answers{handset.ListUsers.Line: {}}, map[string]string{
			MiAccount: Unknown, GoogleAccount: Unknown, FRP: Unknown, OtherAccounts: Unknown, SecondSpace: Unknown, RepairMode: Unknown, WorkProfile: Unknown, DualApps: Unknown,
		}},
		{"list of users cut off", answers{handset.DumpAccounts.Line: stdout(noAccounts + strings.Replace(noAccounts, "{0:", "{10:", 1))}, map[string]string{
			MiAccount: Unknown, GoogleAccount: Unknown, FRP: Unknown, OtherAccounts: Unknown, SecondSpace: Unknown, RepairMode: Unknown, WorkProfile: Unknown, DualApps: Unknown,
		}},
		{"account in the second space", answers{
			handset.ListUsers.Line:    stdout("Users:\n\tUserInfo{0:O:13}\n\tUserInfo{10:security space:413}\n"),
			handset.DumpAccounts.Line: stdout(noAccounts + "User UserInfo{10:security space:413}:\n  Accounts: 1\n    Account {name=x, type=com.xiaomi}\n"),
		}, map[string]string{MiAccount: Set, SecondSpace: Set}},
		{"second space", withUser("10:security space:413"), map[string]string{SecondSpace: Set}},
		{"another user", withUser("15:Guest:10"), map[string]string{SecondSpace: Set}},
		{"work profile", withUser("11:Work:1030"), map[string]string{WorkProfile: Set}},
		{"work profile, a digit of its flags lost", answers{
			handset.ListUsers.Line:    stdout("Users:\n\tUserInfo{0:Owner:4c13} running\n\tUserInfo{11:Work:100}\n"),
			handset.DumpAccounts.Line: stdout(noAccounts + "User UserInfo{11:Work:1030}:\n  Accounts: 0\n\n"),
		}, map[string]string{MiAccount: Unknown, GoogleAccount: Unknown, FRP: Unknown, OtherAccounts: Unknown, SecondSpace: Unknown, RepairMode: Unknown, WorkProfile: Unknown, DualApps: Unknown}},
		{"dual apps", withUser("999:XSpace:801010"), map[string]string{DualApps: Set}},
		{"dual apps under another name", withUser("999:MultiApp:4001010"), map[string]string{DualApps: Set}},
		{"Find Device on", answers{handset.FindDevice.Line: stdout("Row: 0 isLastStatusOpen=1\n")}, map[string]string{FindDevice: Set}},
		{"Find Device refused", answers{handset.FindDevice.Line: {Stderr: []byte("Error while accessing provider:x\njava.lang.SecurityException")}}, map[string]string{FindDevice: Unknown}},
		{"Find Device null", answers{handset.FindDevice.Line: stdout("No result found.\n")}, map[string]string{FindDevice: Unknown}},
		{"Find Device odd", answers{handset.FindDevice.Line: stdout("Row: 0 isLastStatusOpen=NULL\n")}, map[string]string{FindDevice: Unknown}},
		{"lender", answers{handset.FindDeviceSession.Line: stdout("Row: 0 lastSessionUserId=1665249865\n")}, map[string]string{Debt: Set}},
		{"no session", answers{handset.FindDeviceSession.Line: stdout("Row: 0 lastSessionUserId=\n")}, map[string]string{Debt: Clear}},
		{"no row of a session", answers{handset.FindDeviceSession.Line: stdout("No result found.\n")}, map[string]string{Debt: Unknown}},
		{"session of letters", answers{handset.FindDeviceSession.Line: stdout("Row: 0 lastSessionUserId=abc\n")}, map[string]string{Debt: Unknown}},
		{"the lender's number, a digit lost", answers{handset.FindDeviceSession.Line: stdout("Row: 0 lastSessionUserId=166524986\n")}, map[string]string{Debt: Unknown}},
		{"the lender's number, a zero before it", answers{handset.FindDeviceSession.Line: stdout("Row: 0 lastSessionUserId=01665249865\n")}, map[string]string{Debt: Unknown}},
		{"another session", answers{handset.FindDeviceSession.Line: stdout("Row: 0 lastSessionUserId=6230123535\n")}, map[string]string{Debt: Unknown}},
		{"organisation's property, a letter lost", answers{"getprop": stdout(strings.Replace(string(clean["getprop"].Stdout), "[ro.organization_owned]: [false]", "[ro.organization_owned]: [tru]", 1))}, map[string]string{Owner: Unknown}},
		{"a parent's app", answers{handset.ListOwners.Line: stdout(readCapture("owners-family-link.txt"))}, map[string]string{Owner: Set}},
		{"device owner", answers{handset.ListOwners.Line: stdout("1 owner:\nUser  0: admin=com.mdm/.A,DeviceOwner\n")}, map[string]string{Owner: Set}},
		{"old list of owners", answers{handset.ListOwners.Line: {Exit: 255}, handset.DumpPolicy.Line: stdout("Current Device Policy Manager state:\n  Enabled Device Admins (User 0):\n")}, nil},
		{"no owner listed, and a user with one", answers{handset.DumpUser.Line: stdout("Users:\n  UserInfo{0:null:c13}\n    Has profile owner: true\n    Effective restrictions:\n      none\n")}, map[string]string{Owner: Unknown}},
		{"no owner listed, and a manager's restriction", answers{handset.DumpUser.Line: stdout("Users:\n  UserInfo{0:null:c13}\n    Device policy restrictions:\n      no_sms\n    Effective restrictions:\n      none\n")}, map[string]string{Owner: Unknown}},
		{"owners not told", answers{handset.ListOwners.Line: {}}, map[string]string{Owner: Unknown}},
		{"organisation's property", prop("[ro.device_owner]: [true]\n"), map[string]string{Owner: Set}},
		{"reset forbidden", answers{handset.DumpUser.Line: stdout(userDump)}, map[string]string{Restriction: Set}},
		{"another user's reset forbidden", answers{handset.DumpUser.Line: stdout(strings.NewReplacer("no_factory_reset", "none", "no_sms", "no_factory_reset").Replace(userDump))}, map[string]string{Restriction: Unknown}},
		{"restrictions without their sum", answers{handset.DumpUser.Line: stdout("Users:\n  UserInfo{0:null:c13}\n    Restrictions:\n      none\n")}, map[string]string{Restriction: Unknown}},
		{"restrictions of Android 6", answers{
			handset.DumpUser.Line: stdout("Users:\n  UserInfo{0:null:c13}\n    Restrictions:\n      none\n"), handset.DumpPolicy.Line: stdout("Current Device Policy Manager state:\n  Enabled Device Admins (User 0):\n"),
			"getprop": stdout(strings.Replace(string(clean["getprop"].Stdout), "[33]", "[23]", 1)),
		}, nil},
		{"restrictions without their sum, from Android 7 on", answers{
			handset.DumpUser.Line: stdout("Users:\n  UserInfo{0:null:c13}\n    Restrictions:\n      none\n"), handset.DumpPolicy.Line: stdout("Current Device Policy Manager state:\n  Enabled Device Admins (User 0):\n"),
			"getprop": stdout(strings.Replace(string(clean["getprop"].Stdout), "[33]", "[24]", 1)),
		}, map[string]string{Restriction: Unknown}},
		{"restrictions not told", answers{handset.DumpUser.Line: {}}, map[string]string{Restriction: Unknown}},
		{"an empty slot", answers{handset.ListVolumes.Line: stdout("private mounted null\nemulated;0 mounted null\npublic:179,65 removed null\n")}, nil},
		{"SD card", answers{handset.ListVolumes.Line: stdout(volumesDump)}, map[string]string{SD: Set}},
		{"volumes not told", answers{handset.ListVolumes.Line: {}}, map[string]string{SD: Unknown}},
		{"eSIM", answers{handset.EUICC.Line: stdout("1\n")}, map[string]string{ESIM: Set}},
		{"eSIM not told", answers{handset.EUICC.Line: {}}, map[string]string{ESIM: Unknown}},
		{"screen lock", answers{handset.LockScreen.Line: stdout("false\n")}, map[string]string{ScreenLock: Set}},
		{"a PIN, on Android 10", answers{handset.LockScreen.Line: {Stderr: []byte(readCapture("locksettings-pin-set.stderr.txt")), Exit: 255}}, map[string]string{ScreenLock: Set}},
		{"another exception", answers{handset.LockScreen.Line: {Stderr: []byte("java.lang.SecurityException: no"), Exit: 255}}, map[string]string{ScreenLock: Unknown}},
		{"no lock and a refusal", answers{handset.LockScreen.Line: {Stdout: []byte("true\n"), Exit: 255}}, map[string]string{ScreenLock: Unknown}},
		{"screen lock not told", answers{handset.LockScreen.Line: stdout("Unknown command\n")}, map[string]string{ScreenLock: Unknown}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			for id, got := range readAll(t, clean.with(tt.says)) {
				want := tt.want[id]
				if want == "" {
					want = Clear
				}
				if got.Status != want {
					t.Errorf("%s is %s (%s), want %s", id, got.Status, got.Summary, want)
				}
			}
		})
	}
}

// broken is a handset whose answer to one line breaks off after its last byte.
type broken struct {
	asked
	line string
}

func (b broken) Ask(ctx context.Context, line handset.Line) (handset.Answer, error) {
	a, err := b.asked.Ask(ctx, line)
	if line.String() == b.line {
		err = errors.New("the connection broke")
	}
	return a, err
}

// A lock is not clear if a question that it asks was not answered to the end, whatever
// the answer was until then.
func TestNoLockIsClearByABrokenAnswer(t *testing.T) {
	t.Parallel()
	id, err := handset.Identify(t.Context(), clean)
	if err != nil {
		t.Fatal(err)
	}
	s := Look(t.Context(), clean, id)
	for _, l := range All {
		var lines []string
		l.Read(t.Context(), asked{clean, &lines}, s)
		for _, line := range lines {
			if line == handset.DumpUser.Line && (l.ID == Owner || l.ID == RepairMode) {
				continue // a second sign beside an answer of its own
			}
			if state := l.Read(t.Context(), broken{asked{clean, new([]string)}, line}, s); state.Status != Unknown {
				t.Errorf("%s: %s after %q broke off, want unknown", l.ID, state.Status, line)
			}
		}
	}
}

// The number of a session may be that of the owner's account, which does not go
// into a report; the summary differs from that of a handset without an answer.
func TestLenderBesideAnAccount(t *testing.T) {
	t.Parallel()
	for _, number := range []string{"6230123535", "166524986"} {
		got := readAll(t, clean.with(answers{handset.FindDeviceSession.Line: stdout("Row: 0 lastSessionUserId=" + number + "\n")}))[Debt]
		if got.Status != Unknown || got.Summary != debtSomebodys || strings.Contains(got.Observed, number) {
			t.Errorf("%s: %+v, want unknown, that somebody's account is named, and no number", number, got)
		}
	}
}

// Who manages a handset decides what its owner must do, and whom to ask.
func TestOwnersAndWhoRemovesThem(t *testing.T) {
	t.Parallel()
	const (
		organisation  message.ID = "lock.owner.remove"
		parent        message.ID = "lock.owner.remove.parent"
		own           message.ID = "lock.owner.remove.own-app"
		administrator message.ID = "job.needs.administrator"
	)
	const kids = "com.google.android.gms.kids.account.receiver.ProfileOwnerReceiver"
	row := func(user, admin string) string { return "User  " + user + ": admin=" + admin + "\n" }
	for _, tt := range []struct {
		owners string
		remove message.ID
		by     message.ID
	}{
		{readCapture("owners-family-link.txt"), parent, "job.needs.parent"},
		{"1 owner:\n" + row("0", "com.google.android.gms/.kids.account.receiver.ProfileOwnerReceiver,ProfileOwner"), parent, "job.needs.parent"},
		{"1 owner:\n" + row("0", "com.google.android.gms.supervisio/"+kids+",ProfileOwner"), organisation, administrator},
		{"1 owner:\n" + row("0", "com.example/"+kids+",ProfileOwner"), organisation, administrator},
		{"1 owner:\n" + row("0", "com.rosan.dhizuku/.server.DhizukuDAReceiver,DeviceOwner"), own, ""},
		{"1 owner:\n" + row("10", "com.oasisfeng.island/.IslandDeviceAdminReceiver,ProfileOwner"), own, ""},
		{"1 owner:\n" + row("0", "com.example.mdm/.Admin,DeviceOwner"), organisation, administrator},
		{"2 owners:\n" + row("0", "com.example.mdm/.Admin,DeviceOwner") + row("10", "net.typeblog.shelter/.receivers.ShelterDeviceAdminReceiver,ProfileOwner"), organisation, administrator},
	} {
		l := ByID(Owner)
		r := clean.with(answers{handset.ListOwners.Line: stdout(tt.owners)})
		id, err := handset.Identify(t.Context(), r)
		if err != nil {
			t.Fatal(err)
		}
		state := l.Read(t.Context(), r, Look(t.Context(), r, id))
		remove := l.Removal(id, state)
		if state.Status != Set || remove != tt.remove || l.RemovedBy(remove) != tt.by {
			t.Errorf("%s%+v: removed by %q of %q; want %q of %q", tt.owners, state, remove, l.RemovedBy(remove), tt.remove, tt.by)
		}
	}
}

func TestLockSIMAndOEMUnlock(t *testing.T) {
	t.Parallel()
	for props, want := range map[string][2]string{
		"[gsm.sim.state]: [LOADED,ABSENT]\n[sys.oem_unlock_allowed]: [1]\n":    {Set, Set},
		"[gsm.sim.state]: [ABSENT,NOT_READY]\n":                                {Unknown, Unknown},
		"[gsm.sim.state]: [PIN_REQUIRED]\n[sys.oem_unlock_allowed]: [maybe]\n": {Set, Unknown},
		"[gsm.sim.state]: []\n[sys.oem_unlock_allowed]: [0]\n":                 {Unknown, Clear},
	} {
		states := readAll(t, clean.with(answers{"getprop": stdout(ownBuild + "[ro.build.version.sdk]: [33]\n" + props)}))
		if got := [2]string{states[SIM].Status, states[OEMUnlock].Status}; got != want {
			t.Errorf("%q: SIM and OEM unlocking %q, want %q", props, got, want)
		}
	}
}

// A handset that answers nothing has no clear lock.
func TestLocksOfASilentHandset(t *testing.T) {
	t.Parallel()
	for id, state := range readAll(t, answers{"getprop": stdout(miPhone)}) {
		if state.Status != Unknown {
			t.Errorf("%s is %s (%s), want unknown", id, state.Status, state.Summary)
		}
	}
}

// The Find Device provider may never answer. The row's own time limit ends that.
func TestLockThatNeverAnswers(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		state := ByID(FindDevice).Read(t.Context(), silent{}, Answers{})
		if state.Status != Unknown || !strings.Contains(state.Observed, context.DeadlineExceeded.Error()) {
			t.Errorf("state %+v, want unknown for want of an answer", state)
		}
	})
}

type silent struct{}

func (silent) Ask(ctx context.Context, _ handset.Line) (handset.Answer, error) {
	<-ctx.Done()
	return handset.Answer{}, ctx.Err()
}

func TestLockTable(t *testing.T) {
	t.Parallel()
	seen := map[string]bool{}
	for _, l := range All {
		if seen[l.ID] || ByID(l.ID) != l {
			t.Errorf("%s: not the only row of its ID", l.ID)
		}
		seen[l.ID] = true
		if l.Clear == "" || l.Why == "" || l.Remove[""] == "" || l.read == nil {
			t.Errorf("%s: clear words, reason, removal or reading is missing", l.ID)
		}
		if l.Weight == Holds && l.Look == "" {
			t.Errorf("%s: does not say where the owner sees it", l.ID)
		}
		for _, v := range handset.Vendors {
			if page := l.PageOn(v); page != nil && (!page.Writes || !slices.Contains(handset.Commands, page)) {
				t.Errorf("%s on %s: page %q is not a writing row", l.ID, v.Name, page.Name)
			}
		}
		for _, name := range l.Vendors {
			if !slices.ContainsFunc(handset.Vendors, func(v *handset.VendorRow) bool { return v.Name == name }) {
				t.Errorf("%s: no vendor row %q", l.ID, name)
			}
		}
	}
	order := func(id string) int { return slices.Index(All, ByID(id)) }
	if order(FindDevice) > order(MiAccount) {
		t.Error("the owner is asked to sign out before Find Device is looked at, and its page needs the account")
	}
	mi, plain := ByID(MiAccount), handset.Vendors[len(handset.Vendors)-1]
	if mi.Applies(plain) || !mi.Applies(handset.Vendors[0]) {
		t.Error("the maker's account is not a lock of its own handsets only")
	}
	cut := handset.Vendor(dump.Properties{"ro.build.version.sdk": "33"})
	if !mi.Applies(cut) || !ByID(FindDevice).Applies(cut) {
		t.Error("a handset that does not name its maker is not asked for the maker's locks")
	}
	if ByID("nothing") != nil {
		t.Error("LockByID finds a row that is not there")
	}
	hyper := handset.Identity{OS: handset.OS{Name: handset.Fact{Value: "HyperOS"}}}
	if a, b := mi.Removal(hyper, State{}), mi.Removal(handset.Identity{}, State{}); a != "account.mi.remove.hyperos" || a == b {
		t.Errorf("removal %q on HyperOS, %q elsewhere", a, b)
	}
}

// Reading sends only rows that read.
func TestReadingSendsReads(t *testing.T) {
	t.Parallel()
	var lines []string
	r := asked{clean, &lines}
	id, err := handset.Identify(t.Context(), r)
	if err != nil {
		t.Fatal(err)
	}
	for _, l := range All {
		l.Read(t.Context(), r, Look(t.Context(), r, id))
	}
	for _, line := range lines {
		if c, ok := handset.Match(line); !ok || c.Writes {
			t.Errorf("sent %q, which is not a reading row", line)
		}
	}
	if !errors.Is(ctxErr(r), context.Canceled) {
		t.Error("a cancelled context does not end identify")
	}
}

func ctxErr(r handset.Reader) error {
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	_, err := handset.Identify(ctx, r)
	return err
}

func TestReadSystem(t *testing.T) {
	t.Parallel()
	for value, want := range map[string]string{handset.SystemOwn: Clear, handset.SystemForeign: Set, "": Unknown} {
		id := handset.Identity{System: handset.Fact{Value: value, Source: "signs", Unknown: message.English("no answer")}}
		if state := ByID(System).Read(t.Context(), nil, Answers{Identity: id}); state.Status != want {
			t.Errorf("%q: lock %+v, want %s", value, state, want)
		}
	}
}

// TestLocksNameEveryUser: each user is named, by number only, also one that is not running.
func TestLocksNameEveryUser(t *testing.T) {
	t.Parallel()
	list := "Users:\n\tUserInfo{0:Owner:4c13} running\n\tUserInfo{10:Anna:413}\n\tUserInfo{11:Ben:10} running\n\tUserInfo{999:MultiApp:4001010}\n"
	said := readAll(t, clean.with(answers{handset.ListUsers.Line: stdout(list)}))
	for id, want := range map[string]string{SecondSpace: "user 10 (not running), user 11 (running)", DualApps: "user 999 (not running)"} {
		if got := said[id]; got.Status != Set || got.Observed != want {
			t.Errorf("%s is %s: %q, want %q", id, got.Status, got.Observed, want)
		}
	}
}
