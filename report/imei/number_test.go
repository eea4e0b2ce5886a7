package imei

import (
	"strings"
	"testing"
)

// Numbers that identify no handset, and forms of those that do.
func TestRead(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		raw    string
		form   Form
		number string
		why    string // part of the reason
	}{
		{" 490154203237518\n", Full, "490154203237518", ""},
		{"490154203237519", Full, "490154203237519", ""}, // a wrong check digit is a warning
		{"4901542032375112", WithVersion, "49015420323751", "IMEISV"},
		{"49015420323751", WithoutCheckDigit, "49015420323751", "14 digits"},
		{"", Other, "", "empty"},
		{"null", Other, "", "not a number"},
		{"000000000000000", Other, "", "repeated"},
		{"004999010640000", Other, "", "unprogrammed"},
		{"001234567890127", Other, "", "test handsets"},
		{"123456789012347", Other, "", "placeholder"},
		{Emulator, Other, "", "emulator"},
		{"99000012345678", Other, "", "MEID"},
		{"4901542", Other, "", "7 digits"},
	} {
		form, number, why := Read(tt.raw)
		if form != tt.form || number != tt.number || why.Empty() != (tt.why == "") || !strings.Contains(why.String(), tt.why) {
			t.Errorf("Read(%q) = %d, %q, %q; want %d, %q, %q", tt.raw, form, number, why, tt.form, tt.number, tt.why)
		}
	}
}

func TestLuhnOK(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]bool{"490154203237518": true, "490154203237519": false, "868732053538038": true, "0": false, "": false, "49015420323751a": false, "٤٩": false} {
		if got := LuhnOK(in); got != want {
			t.Errorf("LuhnOK(%q) = %t, want %t", in, got, want)
		}
	}
}
