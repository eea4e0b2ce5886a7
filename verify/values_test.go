package verify

import (
	"testing"
	"time"

	"preship/adb/handset"
	"preship/report"
	"preship/report/imei"
	"preship/report/message"
)

// The words that scripts switch on are the handset's own, also where they are bad news.
func TestIdentityKeepsBadNews(t *testing.T) {
	t.Parallel()
	fact := func(v string) handset.Fact { return handset.Fact{Value: v, Source: "test"} }
	for _, tt := range []struct{ bootloader, encryption string }{
		{report.BootloaderLocked, report.EncryptionFile},
		{report.BootloaderUnlocked, report.EncryptionNone},
		{report.BootloaderUnlocked, report.EncryptionBlock},
	} {
		h, _ := Identity(handset.Identity{Kind: handset.KindDevice, Bootloader: fact(tt.bootloader), Encryption: fact(tt.encryption)}, Claims{})
		if h.Bootloader != tt.bootloader || h.Encryption != tt.encryption {
			t.Errorf("bootloader %q, encryption %q; want %q and %q", h.Bootloader, h.Encryption, tt.bootloader, tt.encryption)
		}
	}
}

// A contradiction is passed on once, beside the value it is about: that of an
// IMEI under the IMEI's own check, and a remark that contradicts nothing not at all.
func TestIdentityPassesContradictionsOn(t *testing.T) {
	t.Parallel()
	imei := handset.IMEI{Value: "868732053538038", Luhn: true, Source: "test"}
	for _, tt := range []struct {
		note                  handset.Note
		contradiction, source report.Status
	}{
		{handset.Note{Field: "sn", Text: message.English("a, b"), Warn: true}, report.StatusWarn, ""},
		{handset.Note{Field: "imei", Text: message.English("a, b"), Warn: true}, "", report.StatusWarn},
		{handset.Note{Field: "sn", Text: message.English("a")}, "", ""},
		{handset.Note{Field: "imei", Text: message.English("a")}, "", ""},
	} {
		_, fs := Identity(handset.Identity{Kind: handset.KindDevice, Notes: []handset.Note{tt.note}, IMEIs: handset.List[handset.IMEI]{Items: []handset.IMEI{imei}, Source: "test"}}, Claims{})
		if got := statusOf(t, fs, "identity.contradiction"); got != tt.contradiction {
			t.Errorf("%+v: identity.contradiction is %q, want %q", tt.note, got, tt.contradiction)
		}
		if got := statusOf(t, fs, "identity.imei.sources"); got != tt.source {
			t.Errorf("%+v: identity.imei.sources is %q, want %q", tt.note, got, tt.source)
		}
	}
}

// Two slots share a number in the findings only if they do.
func TestIMEIsOfTwoSlots(t *testing.T) {
	t.Parallel()
	list := func(numbers ...string) handset.Identity {
		id := handset.Identity{Kind: handset.KindDevice, IMEIs: handset.List[handset.IMEI]{Source: "test"}}
		for slot, n := range numbers {
			id.IMEIs.Items = append(id.IMEIs.Items, handset.IMEI{Slot: slot, Value: n, Luhn: imei.LuhnOK(n), Source: "test"})
		}
		return id
	}
	for _, tt := range []struct {
		numbers    []string
		pair, luhn report.Status
	}{
		{[]string{"868732053538038", "868732053538046"}, "", ""},
		{[]string{"868732053538038", "868732053538038"}, report.StatusPass, ""},
		{[]string{"868732053538038", "868732053538047"}, "", report.StatusWarn},
	} {
		h, fs := Identity(list(tt.numbers...), Claims{})
		if pair, luhn := statusOf(t, fs, "identity.imei.pair"), statusOf(t, fs, "identity.imei.luhn"); pair != tt.pair || luhn != tt.luhn {
			t.Errorf("%q: pair %q, luhn %q; want %q and %q", tt.numbers, pair, luhn, tt.pair, tt.luhn)
		}
		if len(h.IMEI) != 2 || h.IMEI[1].Slot != 2 || h.IMEI[1].Value != tt.numbers[1] {
			t.Errorf("%q: %+v", tt.numbers, h.IMEI)
		}
	}
}

// An IMEI on a person's word has all its digits and the right last one; it is
// attested, counted from slot 1, and asks for nothing more.
func TestGivenIMEIs(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name  string
		given []string
		want  []string
	}{
		{"one", []string{"868732053538038"}, []string{"868732053538038"}},
		{"two", []string{"868732053538038", "868732053538046"}, []string{"868732053538038", "868732053538046"}},
		{"one without its last digit", []string{"86873205353803"}, nil},
		{"14 digits that end like a whole one", []string{"86873205353801"}, nil},
		{"a digit wrong", []string{"868732053538037"}, nil},
		{"one good of two", []string{"868732053538037", "868732053538046"}, []string{"868732053538046"}},
	} {
		h, fs := Identity(handset.Identity{Kind: handset.KindDevice, Vendor: handset.Vendors[0], IMEIs: handset.List[handset.IMEI]{Unknown: message.English("not told")}}, Claims{IMEI: tt.given})
		if len(h.IMEI) != len(tt.want) {
			t.Errorf("%s: %+v, want %q", tt.name, h.IMEI, tt.want)
			continue
		}
		for i, n := range tt.want {
			if want := (report.IMEI{Slot: i + 1, Value: n, Luhn: true, Source: report.SourceAttested}); h.IMEI[i] != want {
				t.Errorf("%s: %+v, want %+v", tt.name, h.IMEI[i], want)
			}
		}
		f, _ := report.Findings(fs).ByID("identity.imei")
		if attested := len(tt.want) > 0; (f.Method == report.MethodAttested) != attested || (f.Remedy == "") != attested || (f.Status == report.StatusWarn) != attested {
			t.Errorf("%s: %+v, want attested without a remedy: %t", tt.name, f, attested)
		}
	}
}

// An emulator has no IMEI of its own, and that is concluded; one that was given
// wrongly stays unknown.
func TestIMEIOfAnEmulator(t *testing.T) {
	t.Parallel()
	emulator := handset.Identity{Kind: handset.KindEmulator, Vendor: handset.Vendors[len(handset.Vendors)-1], IMEIs: handset.List[handset.IMEI]{Unknown: message.English("not told")}}
	if !emulator.PlainEmulator() {
		t.Fatal("an emulator has more than its kind")
	}
	h, fs := Identity(emulator, Claims{})
	f, _ := report.Findings(fs).ByID("identity.imei")
	if h.IMEI == nil || len(h.IMEI) > 0 || f.Status != report.StatusSkipped || f.Method != report.MethodInferred {
		t.Errorf("IMEIs %v, %+v; want an empty list, skipped and inferred", h.IMEI, f)
	}
	if _, fs := Identity(emulator, Claims{IMEI: []string{"868732053538037"}}); statusOf(t, fs, "identity.imei") != report.StatusUnknown {
		t.Errorf("a wrong number given: %q, want unknown", statusOf(t, fs, "identity.imei"))
	}
}

// A question without a time limit has the default one.
func TestOnlineDefaultTimeout(t *testing.T) {
	t.Parallel()
	if f, _ := askServer(t, say(`{"result":"ok","code":0,"data":{"locked":false}}`), 0*time.Second); f.Status != report.StatusPass {
		t.Errorf("%q (%s), want pass", f.Status, f.Observed)
	}
}
