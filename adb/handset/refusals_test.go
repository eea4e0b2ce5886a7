package handset

import (
	"strings"
	"testing"

	"preship/adb/handset/dump"
)

// More slots than any handset has is an answer that was not understood.
func TestSIMSlotBounds(t *testing.T) {
	t.Parallel()
	for slots, known := range map[int]bool{1: true, 4: true, 5: false} {
		list := simsOf(dump.Properties{"gsm.sim.state": strings.TrimSuffix(strings.Repeat("ABSENT,", slots), ",")}, "ref")
		if list.Known() != known || known && len(list.Items) != slots {
			t.Errorf("%d slots: %+v, want known %t", slots, list, known)
		}
	}
}

// The reason is that of the best property, and a value comes from the first that has one.
func TestFactOf(t *testing.T) {
	t.Parallel()
	p := dump.Properties{"empty": "", "says": "unknown", "a": "1", "b": "2"}
	for _, tt := range []struct {
		keys   []string
		value  string
		source string
		why    string
	}{
		{[]string{"empty", "says", "none"}, "", "", "identity.why.empty"},
		{[]string{"none", "empty"}, "", "", "identity.why.missing"},
		{[]string{"says", "none"}, "", "", "identity.why.says"},
		{[]string{"empty", "b", "a"}, "2", "b", ""},
		{nil, "", "", "identity.why.no-property"},
	} {
		if f := factOf(p, "ref", tt.keys...); f.Value != tt.value || f.Source != tt.source || string(f.Unknown.ID()) != tt.why || f.Ref != "ref" {
			t.Errorf("%q: %+v, want %q of %q, or %q", tt.keys, f, tt.value, tt.source, tt.why)
		}
	}
}

// A number of zeros was never written, whether a form is known or not.
func TestWritten(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		number      string
		plain, form bool
	}{{"00000/000000000", false, false}, {"", false, false}, {"1", true, false}, {"32007/20FQ77584", true, true}} {
		if written(nil)(tt.number) != tt.plain || written(shaped(Vendors[0].SNShape))(tt.number) != tt.form {
			t.Errorf("%q: want %t without a form and %t with one", tt.number, tt.plain, tt.form)
		}
	}
}

// The number of the processor is hexadecimal, with or without its prefix.
func TestCPUID(t *testing.T) {
	t.Parallel()
	for text, ok := range map[string]bool{"0xa7e9b043": true, "A7E9": true, "a7e": false, "0x": false, "unknown": false} {
		if value, why := cpuID(text); (value == text) != ok || why.Empty() != ok {
			t.Errorf("%q: %q, %q, want it taken: %t", text, value, why, ok)
		}
	}
}

func TestEncryptionWords(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct{ state, kind, want string }{
		{"encrypted", "file", "file"},
		{"encrypted", "block", "block"},
		{"unencrypted", "", "none"},
		{"encrypted", "", ""},
		{"encrypted", "other", ""},
		{"unencrypted", "file", ""},
		{"unsupported", "file", ""},
		{"", "file", ""},
		{"", "", ""},
	} {
		p := dump.Properties{}
		if tt.state != "" {
			p["ro.crypto.state"] = tt.state
		}
		if tt.kind != "" {
			p["ro.crypto.type"] = tt.kind
		}
		if f := encryptionOf(p, "ref"); f.Value != tt.want || f.Unknown.Empty() != (tt.want != "") {
			t.Errorf("state %q, kind %q: %+v, want %q", tt.state, tt.kind, f, tt.want)
		}
	}
}

// A byte beside the plain ones is quoted, and every word comes back as it was.
func TestQuoteEveryByte(t *testing.T) {
	t.Parallel()
	const leftAlone = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_./:@%+=,-"
	for c := range 256 {
		arg := "a" + string([]byte{byte(c)}) + "b"
		quoted := quote(arg)
		if alone := strings.IndexByte(leftAlone, byte(c)) >= 0; (quoted == arg) != alone {
			t.Errorf("byte %#x became %q", c, quoted)
		}
		if _, got, ok := firstWord(quoted + " next"); !ok || got != arg {
			t.Errorf("%q came back as %q, %t", quoted, got, ok)
		}
	}
}
