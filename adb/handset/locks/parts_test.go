package locks

import (
	"context"
	"slices"
	"strings"
	"testing"

	"preship/adb/handset"
	"preship/adb/handset/dump"
	"preship/report/message"
)

func TestSaysTheCount(t *testing.T) {
	t.Parallel()
	for want, s := range map[string]State{
		"1 Google account is signed in":         {Summary: "account.google.signed-in", Count: 1},
		"3 Google accounts are signed in":       {Summary: "account.google.signed-in", Count: 3},
		"No Google account is left that the ha": {Summary: "lock.frp.off"},
	} {
		if got := s.Says().String(); !strings.HasPrefix(got, want) {
			t.Errorf("%q, want %q", got, want)
		}
	}
}

// A user without such an account is not named.
func TestCountNamesTheUsersWithAccounts(t *testing.T) {
	t.Parallel()
	user := func(id int, types ...string) dump.UserAccounts {
		u := dump.UserAccounts{User: dump.User{ID: id}}
		for _, kind := range types {
			u.Accounts = append(u.Accounts, dump.Account{Type: kind})
		}
		return u
	}
	s := Answers{
		Accounts: handset.List[dump.UserAccounts]{Items: []dump.UserAccounts{user(0, "com.google"), user(10, "com.google", "com.xiaomi", "com.google"), user(11)}},
		Users:    handset.List[dump.User]{Items: []dump.User{{ID: 0}, {ID: 10}, {ID: 11}, {ID: 12, Kind: "secondary"}}},
	}
	n, where, unseen := s.count(func(kind string) bool { return kind == "com.google" })
	if got := message.Join(message.Comma, where...).String(); n != 3 || !strings.Contains(got, "user 0") || !strings.Contains(got, "user 10") || strings.Contains(got, "user 11") {
		t.Errorf("%d accounts: %q", n, got)
	}
	if got := message.Join(message.Comma, unseen...).String(); len(unseen) != 1 || !strings.Contains(got, "user 12") {
		t.Errorf("not seen: %q", got)
	}
}

func TestNearly(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		kind, other string
		want        bool
	}{
		{"com.xiaomi", "com.xiaomi", false},
		{"com.xiaom", "com.xiaomi", true},
		{"com.xiaomi", "com.xiaom", true},
		{"om.xiaomi", "com.xiaomi", true},
		{"com.xaomi", "com.xiaomi", true},
		{"com.xiaomo", "com.xiaomi", true},
		{"con.xiaomi", "com.xiaomi", true},
		{"con.xiaomo", "com.xiaomi", false},
		{"com.xiao", "com.xiaomi", false},
		{"", "a", true},
		{"", "ab", false},
		{"", "", false},
		{"ab", "ba", false},
	} {
		if got := nearly(tt.kind, tt.other); got != tt.want {
			t.Errorf("%q and %q: %t, want %t", tt.kind, tt.other, got, tt.want)
		}
	}
}

// No owner is managed by no row: the first row would say that a parent manages it.
func TestManagerOfNoOwner(t *testing.T) {
	t.Parallel()
	if m := managerOf(nil); m != nil {
		t.Errorf("%+v", m)
	}
}

// The number of an account is masked, and no other value that is not known.
func TestReadProviderMasksTheAccountAlone(t *testing.T) {
	t.Parallel()
	judge := func(value string) (string, message.ID) {
		if value == "1" {
			return Set, findDeviceUntold
		}
		return Unknown, findDeviceUntold
	}
	for _, tt := range []struct {
		line         *handset.Command
		column       string
		value, shown string
	}{
		{handset.FindDeviceSession, "lastSessionUserId", "77", dump.Masked},
		{handset.FindDeviceSession, "lastSessionUserId", "1", "1"},
		{handset.FindDevice, "isOpen", "77", "77"},
		{handset.FindDevice, "isOpen", "1", "1"},
	} {
		r := answers{tt.line.Line: stdout("Row: 0 " + tt.column + "=" + tt.value + "\n")}
		if got := readProvider(tt.line, tt.column, findDeviceUntold, judge)(t.Context(), r, Answers{}); got.Observed != tt.shown {
			t.Errorf("%s %s: observed %q, want %q", tt.line.Name, tt.value, got.Observed, tt.shown)
		}
	}
}

// The list of owners is asked for where Android has it, or may have it; the policy dump
// where the list is not known.
func TestReadOwnerAsksWhatAndroidHas(t *testing.T) {
	t.Parallel()
	for sdk, want := range map[string][]string{
		"30": {handset.DumpPolicy.Line}, "31": {handset.ListOwners.Line, handset.DumpPolicy.Line}, "34": {handset.ListOwners.Line, handset.DumpPolicy.Line},
		"": {handset.ListOwners.Line, handset.DumpPolicy.Line},
	} {
		var lines []string
		var r handset.Reader = asked{answers{}, &lines}
		s := Answers{Identity: handset.Identity{SDK: handset.Fact{Value: sdk}}}
		if state := readOwner(context.Background(), r, s); state.Status != Unknown || !slices.Equal(lines, want) {
			t.Errorf("Android API %q: %s after %q, want unknown after %q", sdk, state.Status, lines, want)
		}
	}
}

// A system that is not known has no empty evidence.
func TestReadSystemKeepsItsEvidence(t *testing.T) {
	t.Parallel()
	for ref, want := range map[string][]string{"": nil, "evidence/0001-getprop.txt": {"evidence/0001-getprop.txt"}} {
		state := ReadSystem(handset.Identity{System: handset.Fact{Ref: ref, Unknown: message.English("no answer")}})
		if !slices.Equal(state.Refs, want) {
			t.Errorf("%q: refs %q", ref, state.Refs)
		}
	}
}

// A fact is known by its value, and then has the line as its source.
func TestAskFact(t *testing.T) {
	t.Parallel()
	line := handset.RepairMode.Must()
	for _, tt := range []struct{ text, value, source string }{
		{"1\n", "on", line.String()}, {"0\r\n", "off", line.String()}, {"maybe\n", "", ""}, {"1", "", ""}, {"", "", ""},
	} {
		f := askFact(t.Context(), answers{line.String(): stdout(tt.text)}, line, repairFlag)
		if f.Value != tt.value || f.Source != tt.source || f.Known() != (tt.value != "") || f.Unknown.Empty() != (tt.value != "") {
			t.Errorf("%q: %+v", tt.text, f)
		}
	}
}
