package verify

import (
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"preship/adb/handset"
	"preship/adb/handset/dump"
	"preship/adb/handset/locks"
	"preship/report"
	"preship/report/check"
	"preship/report/message"
)

// A line that cannot be asked, or whose command failed, leaves its check unknown. An empty
// answer in its place would be the best there is.
func TestCleanWithoutAnAnswer(t *testing.T) {
	t.Parallel()
	for line, id := range map[string]string{
		lineApps: check.CleanApps, lineSystem: check.CleanApps, lineID: check.CleanAndroidID, lineFiles: check.CleanFiles,
		lineContacts: check.CleanContacts, lineMessages: check.CleanMessages, lineBoots: check.CleanBootCount,
		lineReason: check.CleanBootReason, lineHistory: check.CleanBootHistory, lineUsers: check.CleanUsers, lineAccounts: check.CleanAccounts,
		lineFind: check.CleanFindDevice,
	} {
		out, fs, err := Clean(t.Context(), fresh.but(map[string]string{line: "-"}), beforeReset())
		f, _ := report.Findings(fs).ByID(id)
		if err != nil || f.Status != report.StatusUnknown || f.Observed == "" || check.Required(id) && out.Rung == report.RungObservedClean {
			t.Errorf("without %q: %s is %q, observed %q, rung %q, error %v; want unknown with a reason", line, id, f.Status, f.Observed, out.Rung, err)
		}
	}
	if _, _, err := Clean(t.Context(), fresh.but(map[string]string{lineProps: "-"}), beforeReset()); err == nil {
		t.Error("a handset that answers nothing was checked")
	}
	if got := word(handset.Answer{Stdout: []byte("two words\n")}); got != "" {
		t.Errorf("%q is a word", got)
	}
}

// The maker's own lock is asked for on its handsets alone.
func TestCleanAsksTheMakersLock(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		props string
		asked bool
	}{
		"the maker's": {propsText, true},
		"another's":   {"[ro.product.manufacturer]: [Google]\n[ro.build.version.release]: [14]\n", false},
	} {
		_, fs, err := Clean(t.Context(), fresh.but(map[string]string{lineProps: tt.props}), beforeReset())
		if _, asked := report.Findings(fs).ByID(check.CleanFindDevice); err != nil || asked != tt.asked {
			t.Errorf("%s: asked %t, error %v; want %t", name, asked, err, tt.asked)
		}
	}
}

// What a check rests on is its evidence, each answer once.
func TestCleanEvidence(t *testing.T) {
	t.Parallel()
	const times = "dumpsys package com.example"
	ref := func(lines ...string) (refs []string) {
		for _, l := range lines {
			refs = append(refs, "evidence/"+l)
		}
		return refs
	}
	for name, tt := range map[string]struct {
		changes map[string]string
		id      string
		want    []string
	}{
		"no apps": {nil, check.CleanApps, ref(lineApps, lineSystem)},
		"an app":  {map[string]string{lineApps: "package:/data/app/a/base.apk=com.example\n", times: "firstInstallTime=2025-09-01 10:01:22\n"}, check.CleanApps, ref(lineApps, times)},
		"an app whose time is no time": {
			map[string]string{lineApps: "package:/data/app/a/base.apk=com.example\n", times: "firstInstallTime=2025-19-41 10:01:22\n"}, check.CleanApps, ref(lineApps),
		},
		"files": {map[string]string{lineFolders: "/sdcard/\x00"}, check.CleanFiles, ref(lineFiles, lineFolders)},
	} {
		_, fs, err := Clean(t.Context(), fresh.but(tt.changes), beforeReset())
		f, _ := report.Findings(fs).ByID(tt.id)
		if err != nil || !slices.Equal(f.Evidence, tt.want) {
			t.Errorf("%s: %s rests on %q, error %v; want %q", name, tt.id, f.Evidence, err, tt.want)
		}
	}
}

// A name that holds nothing is a file, unless the handset says that it is a folder.
func TestEmptyNames(t *testing.T) {
	t.Parallel()
	const list = "/sdcard/\x00/sdcard/Trip\x00"
	for folders, want := range map[string]report.Status{
		"/sdcard/\x00/sdcard/Trip\x00": report.StatusPass, "/sdcard/\x00": report.StatusFail, "-": report.StatusFail,
		"/sdcard/\x00/sdcard/Trip": report.StatusFail, // cut off
	} {
		_, fs, err := Clean(t.Context(), fresh.but(map[string]string{lineFiles: list, lineFolders: folders}), beforeReset())
		if got := statusOf(t, fs, check.CleanFiles); err != nil || got != want {
			t.Errorf("folders %q: %q, error %v; want %q", folders, got, err, want)
		}
	}
}

// An owner's word keeps what was seen before it.
func TestAttestKeepsTheObservation(t *testing.T) {
	t.Parallel()
	for observed, want := range map[string]string{"": "It is not known", "no answer": "It is not known; no answer"} {
		f := report.Finding{ID: locks.FindDevice, Status: report.StatusUnknown, Summary: "It is not known.", Observed: observed}
		attest(&f, Attestation{Check: f.ID, At: time.Now()})
		if f.Observed != want {
			t.Errorf("observed %q, want %q", f.Observed, want)
		}
	}
	for _, l := range locks.All {
		if got := clearWords(l.ID); got != l.Clear {
			t.Errorf("%s: attested as %q, want %q", l.ID, got, l.Clear)
		}
	}
}

// A finding keeps its observation as a sentence, and what passed or was not asked needs no
// remedy.
func TestSee(t *testing.T) {
	t.Parallel()
	for status, remedy := range map[report.Status]bool{
		report.StatusPass: false, report.StatusSkipped: false, report.StatusWarn: true, report.StatusFail: true, report.StatusUnknown: true,
	} {
		fs := newFindings()
		f := fs.see(check.CleanUsers, status, message.Say("clean.users.clear"), message.Say("clean.seen.user", "user", "0"), "a", "a", "", "b")
		if (f.Remedy != "") != remedy || f.Seen().ID() != "clean.seen.user" || !slices.Equal(f.Evidence, []string{"a", "b"}) {
			t.Errorf("%s: remedy %q, seen %q, evidence %q", status, f.Remedy, f.Seen().ID(), f.Evidence)
		}
	}
}

// A number that is not known has advice that fits the handset.
func TestAdviceForAnUnknownIMEI(t *testing.T) {
	t.Parallel()
	fact := func(v string) handset.Fact { return handset.Fact{Value: v, Source: "test"} }
	mi, plain := handset.Vendors[0], &handset.VendorRow{}
	const where, noModem, compare message.ID = "identity.imei.remedy.where", "identity.imei.remedy.no-modem", "identity.imei.remedy.compare"
	for name, tt := range map[string]struct {
		vendor *handset.VendorRow
		sn     handset.Fact
		given  []string
		want   []message.ID
	}{
		"of the maker":            {mi, fact("32007/20FQ77584"), nil, []message.ID{where, noModem}},
		"without a serial number": {mi, handset.Fact{}, nil, []message.ID{where}},
		"a wrong number given":    {mi, handset.Fact{}, []string{"868732053538037"}, []message.ID{compare, where}},
		"of a vendor without one": {plain, fact("x"), nil, []message.ID{noModem}},
		"of no vendor":            {nil, handset.Fact{}, nil, nil},
	} {
		id := handset.Identity{Kind: handset.KindDevice, Vendor: tt.vendor, SN: tt.sn, IMEIs: handset.List[handset.IMEI]{Unknown: message.English("not told")}}
		_, fs := Identity(id, Claims{IMEI: tt.given})
		f, _ := report.Findings(fs).ByID(check.IdentityIMEI)
		var ids []message.ID
		f.Advised().Reword(func(id message.ID) message.ID {
			if slices.Contains([]message.ID{where, noModem, compare}, id) {
				ids = append(ids, id)
			}
			return id
		})
		slices.Sort(ids)
		want := slices.Sorted(slices.Values(tt.want))
		if !slices.Equal(ids, want) || (f.Sentence().ID() == "identity.imei.given-wrong") != (tt.given != nil) {
			t.Errorf("%s: %q with advice %q, want %q", name, f.Sentence().ID(), ids, want)
		}
	}
}

// Without papers nothing is compared, and a comparison with what a person read off the
// handset is attested.
func TestPapersThatAreNotThere(t *testing.T) {
	t.Parallel()
	_, fs := identityOf(t, fresh, Claims{})
	for _, f := range fs {
		if strings.HasPrefix(f.ID, check.IdentityIMEI+".") && f.ID != check.IdentityIMEILuhn && f.ID != check.IdentityIMEIPair {
			t.Errorf("%s is %s without a paper", f.ID, f.Status)
		}
	}
	noIMEI := fresh.but(map[string]string{lineProps: strings.ReplaceAll(propsText, "miui.imei", "miui.other")})
	for name, tt := range map[string]struct {
		phone  answers
		method report.Method
	}{"read off": {noIMEI, report.MethodAttested}, "answered": {fresh, report.MethodObserved}} {
		_, fs := identityOf(t, tt.phone, Claims{IMEI: []string{"868732053538038"}, Box: []string{"868732053538038"}})
		if f, _ := report.Findings(fs).ByID(check.IdentityIMEIBox); f.Method != tt.method {
			t.Errorf("%s: the box is compared by method %q, want %q", name, f.Method, tt.method)
		}
	}
}

// An answer that another system can fake says which system it is.
func TestUntrustedSaysWhy(t *testing.T) {
	t.Parallel()
	mi := handset.Vendors[0]
	fact := func(v string) handset.Fact { return handset.Fact{Value: v, Source: "test"} }
	for name, tt := range map[string]struct {
		id   handset.Identity
		want message.ID
	}{
		"the maker's own":  {handset.Identity{System: fact(handset.SystemOwn), Vendor: mi, Kind: handset.KindDevice}, "identity.unknown"},
		"another":          {handset.Identity{System: fact(handset.SystemForeign), Vendor: mi, Kind: handset.KindDevice}, "identity.unknown.other-system"},
		"not known":        {handset.Identity{Vendor: mi, Kind: handset.KindDevice}, "identity.unknown.maybe-other-system"},
		"a plain emulator": {handset.Identity{Kind: handset.KindEmulator}, "identity.unknown"},
	} {
		_, fs := Identity(tt.id, Claims{})
		if f, _ := report.Findings(fs).ByID(check.IdentityRoot); f.Status != report.StatusUnknown || f.Sentence().ID() != tt.want || f.Observed == "" {
			t.Errorf("%s: %q %q, observed %q; want %q", name, f.Status, f.Sentence().ID(), f.Observed, tt.want)
		}
		if _, asked := report.Findings(fs).ByID(check.IdentityRegionFlashed); asked != (name != "a plain emulator") {
			t.Errorf("%s: the region is compared: %t", name, asked)
		}
	}
}

func TestAPILevels(t *testing.T) {
	t.Parallel()
	for level, want := range map[string]report.Status{
		"31": "", "1": "", "0": report.StatusUnknown, "-1": report.StatusUnknown, "twelve": report.StatusUnknown, "": report.StatusUnknown,
		fmt.Sprint(handset.NewestSDK): "", fmt.Sprint(handset.NewestSDK + 1): report.StatusWarn,
	} {
		h, fs := Identity(handset.Identity{Kind: handset.KindDevice, SDK: handset.Fact{Value: level, Source: "test"}}, Claims{})
		f, _ := report.Findings(fs).ByID(check.IdentityAndroidSDK)
		if f.Status != want || (h.Android.SDK != nil) == (want == report.StatusUnknown) || want == report.StatusWarn && f.Advised().ID() != "identity.android.sdk.newer.remedy" {
			t.Errorf("level %q: %q, level %v, remedy %q; want %q", level, f.Status, h.Android.SDK, f.Remedy, want)
		}
	}
}

// A battery at 50 degrees is hot, and a list of no SIM slots is a list.
func TestIdentityParts(t *testing.T) {
	t.Parallel()
	for celsius, want := range map[float64]report.Status{49.9: "", 50: report.StatusWarn} {
		id := handset.Identity{Kind: handset.KindDevice, Battery: handset.List[dump.Battery]{Items: []dump.Battery{{Level: 50, Celsius: celsius}}}}
		h, fs := Identity(id, Claims{})
		if got := statusOf(t, fs, check.IdentityBattery); got != want || *h.Battery.TemperatureC != celsius {
			t.Errorf("%v degrees: %q, want %q", celsius, got, want)
		}
		if h.SIMs == nil || len(h.SIMs) > 0 {
			t.Errorf("no SIM slots: %v, want an empty list", h.SIMs)
		}
	}
	if got := why(message.Sentence{}); got.ID() != "identity.why.not-told" {
		t.Errorf("no reason: %q", got.ID())
	}
	if got := why(message.Say("identity.why.no-os")); got.ID() != "identity.why.no-os" {
		t.Errorf("a reason became %q", got.ID())
	}
}

// The record of the maker's answer has what it said, and an answer that is no JSON object
// says nothing.
func TestOnlineRecord(t *testing.T) {
	t.Parallel()
	for body, want := range map[string]string{
		fmt.Sprintf(lockedAnswer, "false"):              `"locked":false`,
		fmt.Sprintf(lockedAnswer, `true,"lost":true`):   `"locked":true,"lost":true`,
		fmt.Sprintf(lockedAnswer, `false,"lost":false`): `"locked":false,"lost":false`,
	} {
		f, kept := askServer(t, func(w http.ResponseWriter, r *http.Request) {
			if r.Header.Get("Accept") != "application/json" {
				w.WriteHeader(http.StatusNotAcceptable)
				return
			}
			_, _ = w.Write([]byte(body))
		}, time.Minute)
		if len(kept) != 1 || f.Observed != want || !strings.Contains(string(kept[0].Stdout), "{"+want+"}") {
			t.Errorf("%s: observed %q, kept %+v; want %s", body, f.Observed, kept, want)
		}
	}
	for _, body := range []string{`[]`, `{"result":"ok","code":0,"data":[]}`, `{"result":"ok","code":0,"data":"locked"}`} {
		if _, err := parseActivation([]byte(body)); err == nil || strings.Contains(err.Error(), "member") {
			t.Errorf("%s: error %v, want one about its form", body, err)
		}
	}
}

// A handset without a modem is known by its serial number: seen so by inference, or on its
// owner's word.
func TestNoModem(t *testing.T) {
	t.Parallel()
	sn := handset.Fact{Value: "32007/20FQ77584", Source: "test"}
	seen := handset.List[handset.IMEI]{Source: "test", Saw: message.Say("identity.saw.owners-word")}
	said := handset.List[handset.IMEI]{Source: handset.AttestedNoModem, Saw: message.Say("identity.saw.owners-word")}
	for name, tt := range map[string]struct {
		imeis   handset.List[handset.IMEI]
		sn      handset.Fact
		status  report.Status
		method  report.Method
		summary message.ID
		remedy  message.ID
	}{
		"seen":                     {seen, sn, report.StatusSkipped, report.MethodInferred, "identity.imei.no-modem", ""},
		"seen, without a number":   {seen, handset.Fact{}, report.StatusUnknown, report.MethodInferred, "identity.imei.no-modem-no-serial", "identity.imei.remedy.serial"},
		"on a word":                {said, sn, report.StatusWarn, report.MethodAttested, "finding.attested", ""},
		"on a word, and no number": {said, handset.Fact{}, report.StatusUnknown, report.MethodAttested, "identity.imei.no-modem-no-serial", "identity.imei.remedy.serial"},
	} {
		h, fs := Identity(handset.Identity{Kind: handset.KindDevice, SN: tt.sn, IMEIs: tt.imeis}, Claims{})
		f, _ := report.Findings(fs).ByID(check.IdentityIMEI)
		if f.Status != tt.status || f.Method != tt.method || f.Sentence().ID() != tt.summary || f.Advised().ID() != tt.remedy || h.IMEI == nil {
			t.Errorf("%s: %s, %s, %q, remedy %q, IMEIs %v", name, f.Status, f.Method, f.Sentence().ID(), f.Advised().ID(), h.IMEI)
		}
	}
}

// A state that was inferred says so, and users come in the order of their numbers.
func TestLocksAreReported(t *testing.T) {
	t.Parallel()
	for _, inferred := range []bool{true, false} {
		f := newFindings().lock(locks.ByID(locks.FindDevice), locks.State{Status: locks.Clear, Inferred: inferred}, handset.Identity{})
		if (f.Method == report.MethodInferred) != inferred {
			t.Errorf("inferred %t: by method %q", inferred, f.Method)
		}
	}
	var state locks.Answers
	state.Accounts.Items = []dump.UserAccounts{{User: dump.User{ID: 10}}}
	state.Users.Items = []dump.User{{ID: 11}, {ID: 10}, {ID: 0}}
	var ids []int
	for _, u := range accountsOf(state) {
		ids = append(ids, u.ID)
	}
	if want := []int{0, 10, 11}; !slices.Equal(ids, want) {
		t.Errorf("users %v, want %v", ids, want)
	}
}
