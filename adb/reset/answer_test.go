package reset

import (
	"errors"
	"testing"
)

func TestReadFormat(t *testing.T) {
	for _, tt := range []struct {
		in, answer string
		err        error
	}{
		{"Format_data_success.\n", "Format_data_success.", nil},
		{"Format_data_success.\r\n", "Format_data_success.", nil},
		{"Format_data_failed.\n", "Format_data_failed.", ErrFormatFailed},
		{"Format_data_is_already_disable.\n", "Format_data_is_already_disable.", ErrFormatDisabled},
		{"format_data_success.\n", "format_data_success.", ErrFormatUnknown},
		{"Format_data_success.\nFormat_data_failed.\n", "Format_data_success. Format_data_failed.", ErrFormatUnknown},
		{" Format_data_success.", " Format_data_success.", ErrFormatUnknown},
		{"Format_cache_success.\n", "Format_cache_success.", ErrFormatUnknown},
		{"\x1b[2J\n", "\ufffd[2J", ErrFormatUnknown},
		{"\n", "", ErrFormatUnknown},
		{"", "", ErrFormatUnknown},
	} {
		answer, err := readFormat([]byte(tt.in))
		if answer != tt.answer || !errors.Is(err, tt.err) {
			t.Errorf("readFormat(%q) = %q, %v; want %q, %v", tt.in, answer, err, tt.answer, tt.err)
		}
	}
}

// Nothing but the literal words of the recovery is success.
func FuzzReadFormat(f *testing.F) {
	for _, s := range []string{"Format_data_success.\n", "Format_data_failed.\n", "Format_data_is_already_disable.\n", "unknown\n", ""} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, b []byte) {
		answer, err := readFormat(b)
		if err == nil && answer != "Format_data_success." {
			t.Errorf("%q was taken for success", b)
		}
		if len(answer) > 210 {
			t.Errorf("an answer of %d bytes would be kept", len(answer))
		}
	})
}

func FuzzCompare(f *testing.F) {
	f.Add([]byte("0x1a2b3c4d\n"), "0x1A2B3C4D")
	f.Add([]byte("unknown\nunknown\n"), "mojito_global")
	f.Fuzz(func(t *testing.T, b []byte, want string) {
		lines := answerLines(b)
		if compare(lines, nil) == same {
			t.Errorf("%q agrees with nothing", b)
		}
		if len(lines) == 0 && compare(lines, []string{want}) != cannotTell {
			t.Errorf("%q without a line was compared", b)
		}
	})
}

func TestSameNumber(t *testing.T) {
	for _, tt := range []struct {
		a, b string
		want bool
	}{
		{"0x1a2b3c4d", "0x1A2B3C4D", true},
		{"0x0a2b3c4d", "a2b3c4d", true},
		{"alioth", "ALIOTH", true},
		{"0x001a2b", "0x1a2b", true},
		{"0x1a2b", "0x1a2c", false},
		{"0x1a2b", "0x1a2b00", false},
		{"0x", "0x0", false},
		{"0x0", "0x00", false}, // zeros are the number of a handset that has none
		{"007", "7", false},    // not marked as numbers
		{"mojito", "mojito_global", false},
	} {
		if got := sameNumber(tt.a, tt.b); got != tt.want {
			t.Errorf("sameNumber(%q, %q) = %t, want %t", tt.a, tt.b, got, tt.want)
		}
		if got := sameNumber(tt.b, tt.a); got != tt.want {
			t.Errorf("sameNumber(%q, %q) = %t, want %t", tt.b, tt.a, got, tt.want)
		}
	}
}
