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
