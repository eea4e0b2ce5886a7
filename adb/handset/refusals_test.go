package handset

import (
	"bytes"
	"fmt"
	"strings"
	"testing"
)

// "No owners" has words of its own: a count of none is an answer nobody has seen,
// and says nothing.
func TestOwnersCountedAsNone(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]int{
		"no owners\n": 0, "0 owners:\n": -1, "0 owner:\n": -1, "1 owner:\n": -1, "": -1,
		"1 owner:\nUser  0: admin=com.example.mdm/.Admin,DeviceOwner\n":  1,
		"2 owners:\nUser  0: admin=com.example.mdm/.Admin,DeviceOwner\n": -1,
	} {
		got, err := ParseOwners([]byte(in))
		if (err == nil) != (want >= 0) || err == nil && len(got) != want {
			t.Errorf("%q: %v, error %v; want %d owners (-1: an error)", in, got, err, want)
		}
	}
}

// A battery whose numbers no battery has is not read.
func TestBatteryBounds(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		level, scale, tenths int
		ok                   bool
	}{
		{0, 100, 285, true},
		{100, 100, 285, true},
		{-1, 100, 285, false},
		{101, 100, 285, false},
		{50, 200, 285, true},
		{50, 0, 285, false},
		{50, 100, -500, true},
		{50, 100, -501, false},
		{50, 100, 1500, true},
		{50, 100, 1501, false},
	} {
		in := fmt.Sprintf("Current Battery Service state:\n  level: %d\n  scale: %d\n  temperature: %d\n  health: 2\n", tt.level, tt.scale, tt.tenths)
		b, err := ParseBattery([]byte(in))
		if (err == nil) != tt.ok || tt.ok && (b.Level != tt.level*100/tt.scale || b.Celsius != float64(tt.tenths)/10) {
			t.Errorf("%+v: %+v, error %v", tt, b, err)
		}
	}
}

// More slots than any handset has is an answer that was not understood.
func TestSIMSlotBounds(t *testing.T) {
	t.Parallel()
	for slots, known := range map[int]bool{1: true, 4: true, 5: false} {
		list := simsOf(Properties{"gsm.sim.state": strings.TrimSuffix(strings.Repeat("ABSENT,", slots), ",")}, "ref")
		if list.Known() != known || known && len(list.Items) != slots {
			t.Errorf("%d slots: %+v, want known %t", slots, list, known)
		}
	}
}

// The numbers of a user have the size that Android gives them.
func TestUserBounds(t *testing.T) {
	t.Parallel()
	for info, ok := range map[string]bool{
		"UserInfo{0:Owner:4c13}": true, "UserInfo{0:Owner:ffffffff}": true, "UserInfo{0:Owner:100000000}": false,
		"UserInfo{99999999999999999999:x:13}": false,
	} {
		if _, _, got := parseUserInfo(info); got != ok {
			t.Errorf("%s: read %t, want %t", info, got, ok)
		}
	}
}

// A state of the storage that is no known word is unknown, and an encrypted one
// is not called so without its kind.
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
		p := Properties{}
		if tt.state != "" {
			p["ro.crypto.state"] = tt.state
		}
		if tt.kind != "" {
			p["ro.crypto.type"] = tt.kind
		}
		if f := encryptionOf(p, "ref"); f.Value != tt.want || (f.Unknown == "") != (tt.want != "") {
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

// A screen that breaks off, or is no XML, is kept as nothing: it may name anybody.
func TestMaskScreenOfWhatIsNoScreen(t *testing.T) {
	t.Parallel()
	for _, in := range []string{
		`<hierarchy><node text="Jordan Example" <</hierarchy>`,
		`<hierarchy><node text="Jordan Example"></other></hierarchy>`,
		`<hierarchy><node text="Jordan &nonsense; Example"/></hierarchy>`,
		`<node text="Jordan Example"/>`,
		`Jordan Example`,
		`</hierarchy>Jordan Example<hierarchy`,
	} {
		if got := MaskScreen([]byte(in), func(string) bool { return false }); bytes.Contains(got, []byte("Jordan")) {
			t.Errorf("%q was kept as %q", in, got)
		}
	}
}
