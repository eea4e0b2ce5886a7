package handset

import (
	"context"
	"errors"
	"slices"
	"strings"
	"testing"

	"preship/adb/handset/dump"
	"preship/report/message"
)

// only answers every line the same way.
type only struct {
	answer Answer
	err    error
}

func (o only) Ask(context.Context, Line) (Answer, error) { return o.answer, o.err }

var errAway = errors.New("the line is dead")

// A word counts only if the command succeeded and printed one.
func TestAskText(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name   string
		answer Answer
		err    error
		value  string
		why    message.ID // of what is in the reason
	}{
		{"a word", stdout(" used \n"), nil, "used", ""},
		{"a word beside a warning", Answer{Stdout: []byte("used\n"), Stderr: []byte("WARNING: linker")}, nil, "used", ""},
		{"a word of a command that failed", Answer{Stdout: []byte("used\n"), Exit: 1}, nil, "", "identity.why.exit"},
		{"a word, and no exit status", Answer{Stdout: []byte("used\n"), Exit: -1}, nil, "used", ""},
		{"a refusal alone", Answer{Stderr: []byte("cmd: Can't find service: settings")}, nil, "", "error.refused"},
		{"an empty answer", stdout(" \n"), nil, "", "identity.why.nothing"},
		{"a word that is no value", stdout("perhaps"), nil, "", "identity.why.no-number"},
		{"no answer", stdout("used"), errAway, "", ""},
	} {
		read := func(s string) (string, message.Sentence) {
			if s == "perhaps" {
				return "", message.Say("identity.why.no-number", "value", s)
			}
			return s, message.Sentence{}
		}
		f := askText(t.Context(), only{tt.answer, tt.err}, EUICC.Must(), read)
		if f.Value != tt.value || f.Known() == !f.Unknown.Empty() || f.Known() != (f.Source == EUICC.Line) {
			t.Errorf("%s: %+v, want %q and a reason if it is not known", tt.name, f, tt.value)
		}
		if tt.why != "" && !slices.Contains(idsIn(f.Unknown), tt.why) {
			t.Errorf("%s: because of %q, want %q", tt.name, f.Unknown, tt.why)
		}
	}
}

// idsIn returns the IDs of a sentence and of those inside it.
func idsIn(s message.Sentence) (ids []message.ID) {
	s.Reword(func(id message.ID) message.ID { ids = append(ids, id); return id })
	return ids
}

// A list of a command that failed, or that was not answered, is not known.
func TestAskList(t *testing.T) {
	t.Parallel()
	const users = "Users:\n\tUserInfo{0:Owner:13} running\n"
	for _, tt := range []struct {
		name   string
		answer Answer
		err    error
		items  int
		known  bool
	}{
		{"a list", stdout(users), nil, 1, true},
		{"a list without an exit status", Answer{Stdout: []byte(users), Exit: -1}, nil, 1, true},
		{"a list of a command that failed", Answer{Stdout: []byte(users), Exit: 1}, nil, 0, false},
		{"no list", stdout("cmd: Failure calling service user"), nil, 0, false},
		{"an empty answer", Answer{}, nil, 0, false},
		{"no answer", stdout(users), errAway, 0, false},
	} {
		l := AskList(t.Context(), only{tt.answer, tt.err}, ListUsers.Must(), dump.ParseUsers)
		if l.Known() != tt.known || len(l.Items) != tt.items || l.Known() != (l.Source != "") {
			t.Errorf("%s: %+v, want known %t with %d items", tt.name, l, tt.known, tt.items)
		}
	}
}

// A reason has the exit status of a command that failed, and its complaint.
func TestReason(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		answer Answer
		want   string // after the line and the error
	}{
		{Answer{}, ""},
		{Answer{Exit: -1}, ""},
		{Answer{Exit: 1}, " (exit status 1)"},
		{Answer{Exit: 127, Stderr: []byte("sh: dpm: not found\n")}, " (exit status 127): sh: dpm: not found"},
		{Answer{Stderr: []byte("Ana says no\n")}, ": (1 more lines are not kept: they can hold what is personal)"},
	} {
		got := Reason(ListUsers.Must(), tt.answer, dump.ErrMalformed).String()
		if want := `"pm list users": ` + dump.ErrMalformed.Error() + tt.want; got != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
}

// A good answer counts on the maker's own system and on a plain emulator. On another one,
// and on one that may be another, it is unknown, and the reason says which.
func TestTrusted(t *testing.T) {
	t.Parallel()
	own, other := Fact{Value: SystemOwn, Source: "x"}, Fact{Value: SystemForeign, Source: "x"}
	mi, plain := Vendors[0], Vendors[len(Vendors)-1]
	good, saw := Fact{Value: "locked", Source: "a"}, Fact{Value: NoRootSeen, Source: "a", Saw: message.Say("identity.saw.no-root")}
	for _, tt := range []struct {
		name string
		id   Identity
		fact Fact
		why  message.ID // "": the fact stays
	}{
		{"the maker's own", Identity{System: own, Kind: KindDevice, Vendor: mi}, good, ""},
		{"another", Identity{System: other, Kind: KindDevice, Vendor: mi}, good, "identity.why.other-system"},
		{"not known", Identity{Kind: KindDevice, Vendor: mi}, good, "identity.why.maybe-other-system"},
		{"another, shown by a sentence", Identity{System: other, Kind: KindDevice, Vendor: mi}, saw, "identity.why.other-system"},
		{"a bad answer of another", Identity{System: other, Kind: KindDevice, Vendor: mi}, Fact{Value: "unlocked"}, ""},
		{"an emulator of no maker", Identity{Kind: KindEmulator, Vendor: plain}, good, ""},
		{"an emulator of no vendor", Identity{Kind: KindEmulator}, good, ""},
		{"an emulated handset of a maker", Identity{Kind: KindEmulator, Vendor: mi}, good, "identity.why.maybe-other-system"},
		{"a handset of no maker", Identity{Kind: KindDevice, Vendor: plain}, good, "identity.why.maybe-other-system"},
	} {
		f := tt.id.trusted(tt.fact, "locked", NoRootSeen)
		if f.Unknown.ID() != tt.why || f.Known() != (tt.why == "") {
			t.Errorf("%s: %+v, want reason %q", tt.name, f, tt.why)
		}
		if says := f.Unknown.String(); tt.why != "" && !strings.Contains(says, "locked") && !strings.Contains(says, saw.Saw.String()) {
			t.Errorf("%s: %q does not have the answer", tt.name, says)
		}
	}
}

// which and pm path show that something is absent by exit status 1 and nothing else.
func TestNotAbsent(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		answer Answer
		err    error
		absent bool
	}{
		{Answer{Exit: 1}, nil, true},
		{Answer{}, nil, false},
		{Answer{Exit: 127}, nil, false},
		{Answer{Exit: -1}, nil, false},
		{Answer{Exit: 1, Stdout: []byte("x")}, nil, false},
		{Answer{Exit: 1, Stderr: []byte("x")}, nil, false},
		{Answer{Exit: 1}, errAway, false},
	} {
		if f := notAbsent(FindSU.Must(), tt.answer, tt.err); f.Unknown.Empty() != tt.absent {
			t.Errorf("%+v, error %v: %+v, want absent %t", tt.answer, tt.err, f, tt.absent)
		}
	}
}

// Reasons that a number is not known name the telephony service, the properties and the
// features that were asked.
func TestReasonsForNoIMEI(t *testing.T) {
	t.Parallel()
	line := IMEIService.Must("4", "0")
	for _, tt := range []struct {
		name string
		more answers
		want []message.ID
	}{
		{"no number by the service", answers{line.text: stdout(parcelOf("86"))}, []message.ID{"identity.why.no-imei"}},
		{"the service does not answer", nil, []message.ID{"identity.why.no-imei", "identity.why.exit"}},
		{"another Android", answers{"getprop": stdout(miPhone + "[ro.build.version.sdk]: [99]\n")}, []message.ID{"identity.why.no-imei", "identity.why.service-level"}},
		{"no Android", answers{"getprop": stdout(miPhone)}, []message.ID{"identity.why.no-imei", "identity.why.service-android"}},
	} {
		id, err := Identify(t.Context(), answers{"getprop": stdout(miPhone + "[ro.build.version.sdk]: [33]\n")}.with(tt.more))
		if err != nil {
			t.Fatal(err)
		}
		for _, want := range tt.want {
			if got := idsIn(id.IMEIs.Unknown); id.IMEIs.Known() || !slices.Contains(got, want) {
				t.Errorf("%s: %q of %q, want %q", tt.name, got, id.IMEIs.Unknown, want)
			}
		}
	}
}

// A SIM state that does not tell whether a card is there is unknown.
func TestSIMStates(t *testing.T) {
	t.Parallel()
	sims := simsOf(dump.Properties{"gsm.sim.state": "LOADED,ABSENT,NOT_READY,loaded"}, "")
	var got []string
	for _, s := range sims.Items {
		got = append(got, s.State+" "+s.Raw)
	}
	if want := []string{"present LOADED", "absent ABSENT", "unknown NOT_READY", "unknown loaded"}; !slices.Equal(got, want) {
		t.Errorf("%q, want %q", got, want)
	}
}

// What shows an eSIM has a sentence, and a state that is not known has none.
func TestESIM(t *testing.T) {
	t.Parallel()
	for said, want := range map[string]message.ID{"1": "identity.saw.esim-used", "0": "identity.saw.esim-unused", "null": "identity.saw.esim-unused", "2": "", "": ""} {
		id, err := Identify(t.Context(), clean.with(answers{EUICC.Line: stdout(said + "\n")}))
		if err != nil || id.ESIM.Saw.ID() != want || id.ESIM.Known() != (want != "") {
			t.Errorf("%q: %+v, error %v; want %q", said, id.ESIM, err, want)
		}
	}
}
