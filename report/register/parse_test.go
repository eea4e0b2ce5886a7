package register

import (
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"preship/report"
)

func TestParseIMEI(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]string{
		"356938035643809": "356938035643809", "356938035643809\r\n": "356938035643809",
		"35-693803-564380-9": "356938035643809", " 35 693803 564380 9\t": "356938035643809", "35.693803/564380/9": "356938035643809",
		"643809":           "643809",
		"3569380356438012": "356938035643809", // an IMEISV
		"":                 "", "12345": "", "12345678901234567": "", "35693803564380X": "", "６４３８０９": "", "'; DROP TABLE cases": "",
	} {
		got, err := ParseIMEI(in)
		if got != want || (err != nil) != (want == "") || err != nil && !errors.Is(err, ErrNumber) {
			t.Errorf("%q is read as %q, %v; want %q", in, got, err, want)
		}
	}
}

func TestParseSince(t *testing.T) {
	t.Parallel()
	madrid := time.FixedZone("CET", 3600)
	now := time.Date(2026, 11, 22, 14, 0, 0, 0, madrid)
	for in, want := range map[string]time.Time{
		"2026-11-01": time.Date(2026, 11, 1, 0, 0, 0, 0, madrid),
		"7d":         now.AddDate(0, 0, -7), "2w": now.AddDate(0, 0, -14), "36h": now.Add(-36 * time.Hour), "0": now, "0d": now,
		"": {}, "d": {}, "7": {}, "-7d": {}, "+7d": {}, "7m": {}, "7.5d": {}, "2026-13-01": {}, "1066-10-14": {}, "99999999w": {}, "4294967296d": {},
	} {
		got, err := ParseSince(in, now)
		if !got.Equal(want) || (err != nil) != want.IsZero() || err != nil && !errors.Is(err, ErrSince) {
			t.Errorf("%q is read as %v, %v; want %v", in, got, err, want)
		}
	}
}

func FuzzParseIMEI(f *testing.F) {
	for _, s := range []string{"356938035643809", "35-693803-564380-9\r\n", "643809", "3569380356438012"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		got, err := ParseIMEI(s)
		if err != nil {
			return
		}
		if len(got) < 6 || len(got) > 15 || strings.Trim(got, "0123456789") != "" {
			t.Errorf("%q is read as %q", s, got)
		}
		if again, err := ParseIMEI(got); again != got || err != nil {
			t.Errorf("%q is read as %q, and that as %q, %v", s, got, again, err)
		}
	})
}

func FuzzParseSince(f *testing.F) {
	for _, s := range []string{"2026-11-01", "7d", "2w", "36h", "0"} {
		f.Add(s)
	}
	now := time.Date(2026, 11, 22, 14, 0, 0, 0, time.UTC)
	f.Fuzz(func(t *testing.T, s string) {
		got, err := ParseSince(s, now)
		if err == nil && now.Sub(got) > 110*365*24*time.Hour {
			t.Errorf("%q is read as %v", s, got)
		}
	})
}

// FuzzRemember takes a case in from elsewhere: whatever its case.json says, the
// register stays whole and its row of the case stays within its limits.
func FuzzRemember(f *testing.F) {
	sample := newCase(f, f.TempDir(), phone("7f3c21a9", "356938035643809"))
	good, err := os.ReadFile(filepath.Join(sample, "case.json"))
	must(f, err)
	f.Add(good, []byte(`{"verdict":"READY","signer":"SHA256:x","ticket":{"id":"T-1"}}`))
	f.Add([]byte("{"), []byte(nil))
	f.Add([]byte(strings.ReplaceAll(string(good), "preship:case", "another:case")), []byte(nil))
	f.Add([]byte(strings.ReplaceAll(string(good), `"done"`, `"running"`)), []byte(`{"verdict":"FAILED"}`))
	dir := f.TempDir()
	made := newCase(f, dir, nil)
	f.Fuzz(func(t *testing.T, caseFile, reportFile []byte) {
		must(t, os.WriteFile(filepath.Join(made, "case.json"), caseFile, 0o600))
		must(t, os.WriteFile(filepath.Join(made, "report.json"), reportFile, 0o600))
		must(t, os.WriteFile(filepath.Join(made, "SHA256SUMS.sig"), nil, 0o600))
		must(t, Remember(t.Context(), made, true, testTime))
		r := opened(t, dir)
		all, err := r.Cases(t.Context(), Filter{})
		must(t, err)
		e := only(t, all)
		for _, s := range []string{e.ID, e.SN, e.Serial, e.Model, e.MarketName, e.Codename, string(e.Verdict), e.Signer, e.Ticket} {
			if len([]rune(s)) > maxWord+1 || !utf8.ValidString(s) {
				t.Errorf("%q is out of bounds", s)
			}
		}
		if len([]rune(e.Problem)) > maxProblem+1 || !utf8.ValidString(e.Problem) {
			t.Errorf("%q is out of bounds", e.Problem)
		}
		if (e.ID == "") != (e.Problem != "") || len(e.IMEI) > maxIMEIs || len(e.Steps) > len(report.Steps) {
			t.Errorf("remembered as %s", asJSON(t, e))
		}
		if b, err := json.Marshal(e); err != nil || len(b) > 16<<10 {
			t.Errorf("%d bytes, %v", len(b), err)
		}
	})
}
