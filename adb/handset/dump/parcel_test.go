package dump

import (
	"errors"
	"fmt"
	"strings"
	"testing"
)

// parcelOf writes words as "service call" prints them, four to a row with offsets.
func parcelOf(words ...uint32) string {
	var b strings.Builder
	b.WriteString("Result: Parcel(\n")
	for i, w := range words {
		if i%4 == 0 {
			fmt.Fprintf(&b, "  0x%08x:", 4*i)
		}
		fmt.Fprintf(&b, " %08x", w)
		if i == len(words)-1 {
			b.WriteString(" '................')\n")
		} else if i%4 == 3 {
			b.WriteString(" '................'\n")
		}
	}
	return b.String()
}

// words returns the words of a parcel with s: no exception, the length, the units.
func words(s string, more ...uint32) []uint32 {
	all := []uint32{0, uint32(len(s))}
	for i := 0; i <= len(s); i += 2 {
		pair := s[i:min(i+2, len(s))] + "\x00\x00"
		all = append(all, uint32(pair[0])|uint32(pair[1])<<16)
	}
	return append(all, more...)
}

func TestParcelBounds(t *testing.T) {
	t.Parallel()
	long := strings.Repeat("1", 2*maxParcel)
	for _, tt := range []struct {
		name, in, want string
		err            error
	}{
		{"15 digits", parcelOf(words("860000000000001")...), "860000000000001", nil},
		{"an even number of units", parcelOf(words("12")...), "12", nil},
		{"without its terminator", parcelOf(0, 2, 0x00320031), "12", nil},
		{"an empty string", parcelOf(0, 0, 0), "", nil},
		{"an empty line between", strings.Replace(parcelOf(words("860000000000001")...), "\n  0x00000010", "\n\n  0x00000010", 1), "860000000000001", nil},
		{"without offsets", "Result: Parcel(00000000 00000001 00000031 '....')\n", "1", nil},
		{"null", parcelOf(0, 0xffffffff), "", ErrNullString},
		{"no service", "Service iphonesubinfo does not exist\n", "", ErrNoService},
		{"a string that says so", "does not exist\n" + parcelOf(words("1")...), "1", nil},
		{"a negative length", parcelOf(0, 0xfffffffe, 0), "", ErrNotParcel},
		{"a negative length, and no units", parcelOf(0, 0xfffffffe), "", ErrNotParcel},
		{"two words without a space", "Result: Parcel(0000000000000001 00000001 00000031 '....')\n", "", ErrNotParcel},
		{"a length beyond the bound", parcelOf(0, 2*maxParcel+1, 0), "", ErrNotParcel},
		{"a number first", parcelOf(1, 1, 0x31), "", ErrNotParcel},
		{"one word", parcelOf(0), "", ErrNotParcel},
		{"units missing", parcelOf(0, 3, 0x00320031), "", ErrNotParcel},
		{"a word too many", parcelOf(words("12", 0)...), "", ErrNotParcel},
		{"text after the end", parcelOf(0, 1, 0x00320031), "", ErrNotParcel},
		{"another offset", strings.Replace(parcelOf(words("860000000000001")...), "0x00000010", "0x00000014", 1), "", ErrNotParcel},
		{"another row", "Result: Parcel(\n  no words\n')\n", "", ErrNotParcel},
		{"no heading", "00000000 00000001 00000031 '....')\n", "", ErrNotParcel},
		{"empty", "", "", ErrNotParcel},
		{"cut off", strings.TrimSuffix(parcelOf(words("860000000000001")...), ")\n"), "", ErrTruncated},
		{"too many words", parcelOf(words(long)...), "", ErrTooLarge},
		{"an odd digit in a word", "Result: Parcel(0000000 00000001 00000031 '....')\n", "", ErrNotParcel},
	} {
		if got, err := ParseParcelString([]byte(tt.in)); got != tt.want || !errors.Is(err, tt.err) {
			t.Errorf("%s: %q, error %v; want %q, %v", tt.name, got, err, tt.want, tt.err)
		}
	}
	most := strings.Repeat("1", 2*(maxParcel-2)-1)
	if got, err := ParseParcelString([]byte(parcelOf(words(most)...))); got != most {
		t.Errorf("a parcel of %d words: %d units, error %v", maxParcel, len(got), err)
	}
}

// An exception keeps its code, and its message where it has one.
func TestParcelException(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		in, message string
	}{
		{parcelOf(0xffffffff, 2, 0x006f006e, 0, 7, 8), "no"}, // more follows the message
		{parcelOf(0xffffffff, 0xffffffff), "no message"},
		{parcelOf(0xffffffff, 9, 0), "no message"},
		{parcelOf(0xffffffff, 0xfffffffe), "no message"},
	} {
		_, err := ParseParcelString([]byte(tt.in))
		var refusal *ParcelException
		if !errors.As(err, &refusal) || refusal.Code != -1 || refusal.Message != tt.message {
			t.Errorf("error %v, want exception -1 with %q", err, tt.message)
		}
	}
}
