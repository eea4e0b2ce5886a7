package imei

import (
	"strings"
	"testing"
)

// An IMEI has 14 to 16 digits; of 16 the last two are a software version.
func TestPrintedLengths(t *testing.T) {
	t.Parallel()
	for claimed, want := range map[string]string{
		"8687320535380": "", "86873205353803": "86873205353803", "868732053538038": "868732053538038",
		"8687320535380399": "86873205353803", "86873205353803999": "", "86873205353803x": "",
	} {
		got, err := printed(claimed)
		if got != want || (err == nil) != (want != "") {
			t.Errorf("printed(%q) = %q, %v; want %q", claimed, got, err, want)
		}
	}
	for _, tt := range []struct {
		a, b string
		want bool
	}{
		{"868732053538038", "868732053538038", true},
		{"86873205353803", "868732053538038", true},
		{"868732053538038", "868732053538039", false},
		{"8687320535380", "868732053538038", false},
		{"", "", false},
	} {
		if got := Same(tt.a, tt.b); got != tt.want {
			t.Errorf("Same(%q, %q) = %t, want %t", tt.a, tt.b, got, tt.want)
		}
	}
}

func FuzzPrinted(f *testing.F) {
	for _, s := range []string{"868732053538038", "IMEI1: 86 873205 353803 8\r", "8687320535380312", "", ":"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		all, err := Printed(s)
		if err == nil && len(all) == 0 {
			t.Errorf("Printed(%q) returned no number and no error", s)
		}
		for _, n := range all {
			if len(n) < 14 || len(n) > 15 || strings.Trim(n, "0123456789") != "" {
				t.Errorf("Printed(%q) = %q", s, all)
			}
		}
	})
}

// A serial number is the same with or without the part before the slash, and
// with separators. An empty one is never the same.
func TestSameSN(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		claimed, known string
		want           bool
	}{
		{"32007/20FQ77584", "32007/20FQ77584", true},
		{"3200720fq77584", "32007/20FQ77584", true},
		{"S/N: 20FQ-77584", "32007/20FQ77584", true},
		{"32007", "32007/20FQ77584", false},
		{"20FQ77585", "32007/20FQ77584", false},
		{"", "32007/", false},
		{" ", "", false},
		{"/", "", false},
		{"20FQ77584", "3200720FQ77584", false},
		{"30758/F1XK02345", "30758/F1XK02345", true},
		{"30758F1XK02345", "30758/F1XK02345", true},
		{"F1XK02345", "30758/F1XK02345", true},
		{"S/N: f1xk 02345", "30758/F1XK02345", true},
		{"SN:F1XK02345", "30758/F1XK02345", true},
		{"30758", "30758/F1XK02345", false},
		{"02345", "30758/F1XK02345", false},
		{"", "30758/F1XK02345", false},
		{"S/N:", "x/", false},
		{"F1XK02345", "F1XK02345", true},
	} {
		if got := SameSN(tt.claimed, tt.known); got != tt.want {
			t.Errorf("SameSN(%q, %q) = %t, want %t", tt.claimed, tt.known, got, tt.want)
		}
	}
}
