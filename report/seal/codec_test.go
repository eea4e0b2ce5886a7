package seal

import (
	"bytes"
	"errors"
	"strings"
	"testing"

	"preship/report"
	"preship/report/bundle"
	"preship/report/casedir"
	"preship/report/safefile"
)

func TestParseSums(t *testing.T) {
	t.Parallel()
	d := report.Digest(nil)
	for _, tt := range []struct {
		name, in string
		ok       bool
	}{
		{"two files", d + "  a\n" + d + "  b/c.txt\n", true},
		{"empty", "", false},
		{"last line not ended", d + "  a", false},
		{"empty line", d + "  a\n\n", false},
		{"one space", d + " a\n", false},
		{"binary mode", d + " *a\n", false},
		{"carriage return", d + "  a\r\n", false},
		{"upper case", strings.ToUpper(d) + "  a\n", false},
		{"short digest", d[2:] + "  a\n", false},
		{"escaped name", `\` + d + "  a\n", false},
		{"out of order", d + "  b\n" + d + "  a\n", false},
		{"named twice", d + "  a\n" + d + "  a\n", false},
		{"absolute", d + "  /a\n", false},
		{"way out", d + "  ../a\n", false},
		{"way out below", d + "  a/../../b\n", false},
		{"hidden", d + "  .a\n", false},
		{"drive", d + "  C:a\n", false},
		{"backslash", d + `  a\b` + "\n", false},
		{"endless name", d + "  " + strings.Repeat("a", maxNameLength+1) + "\n", false},
	} {
		sums, err := parseSums([]byte(tt.in))
		if (err == nil) != tt.ok || err != nil && !errors.Is(err, errSums) {
			t.Errorf("%s: error %v, want ok %t", tt.name, err, tt.ok)
		}
		if tt.ok && string(formatSums(sums)) != tt.in {
			t.Errorf("%s: written again as %q", tt.name, formatSums(sums))
		}
	}
}

func FuzzParseSums(f *testing.F) {
	f.Add([]byte(report.Digest(nil) + "  a\n" + report.Digest(nil) + "  evidence/0001-getprop.txt\n"))
	f.Fuzz(func(t *testing.T, b []byte) {
		sums, err := parseSums(b)
		if err == nil && !bytes.Equal(formatSums(sums), b) {
			t.Errorf("%q is accepted and written again as %q", b, formatSums(sums))
		}
	})
}

func TestAttestation(t *testing.T) {
	t.Parallel()
	signer := testSigner(t, 1)
	r := report.Report{ID: sampleID, Verdict: report.VerdictReady, Steps: []report.StepRecord{{Findings: report.Findings{
		{ID: "a", Status: report.StatusPass}, {ID: "b", Status: report.StatusWarn}, {ID: "c", Status: "what"},
	}}}}
	b, err := attest(&r, []sum{{"report.json", report.Digest([]byte("x"))}}, signer, nil)
	if err != nil {
		t.Fatal(err)
	}
	s, err := checkAttestation(b, signer.PublicKey())
	if err != nil {
		t.Fatal(err)
	}
	if len(s.Subject) != 1 || s.Subject[0].Name != "report.json" || s.Subject[0].Digest["sha256"] != report.Digest([]byte("x")) {
		t.Errorf("subjects = %+v", s.Subject)
	}
	if p := s.Predicate; p.Result != "WARNED" || len(p.PassedTests) != 1 || len(p.UnknownTests) != 1 {
		t.Errorf("predicate = %+v", p)
	}
	if !strings.Contains(string(b), `"hint": "`+signer.Fingerprint()+`"`) {
		t.Errorf("the bundle does not name its key: %s", b)
	}
	if _, err := checkAttestation(b, testSigner(t, 2).PublicKey()); err == nil {
		t.Error("another key is accepted")
	}
	for from, to := range map[string]string{
		"sigstore.bundle.v0.3": "sigstore.bundle.v0.2",
		"in-toto+json":         "in-toto+jsom",
		`"signatures": [`:      `"signatures": [{},`,
	} {
		if _, err := checkAttestation([]byte(strings.Replace(string(b), from, to, 1)), signer.PublicKey()); !errors.Is(err, bundle.ErrAttestation) {
			t.Errorf("%q for %q: error %v, want %v", to, from, err, bundle.ErrAttestation)
		}
	}
}

func TestPredicateResult(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		verdict report.Verdict
		status  report.Status
		want    string
	}{
		{report.VerdictReady, report.StatusPass, "PASSED"},
		{report.VerdictReady, report.StatusSkipped, "PASSED"},
		{report.VerdictReady, report.StatusWarn, "WARNED"},
		{report.VerdictReady, report.StatusUnknown, "WARNED"},
		{report.VerdictNotReady, report.StatusPass, "FAILED"},
		{report.VerdictIncomplete, report.StatusPass, "FAILED"},
		{report.VerdictFailed, report.StatusPass, "FAILED"},
	} {
		r := report.Report{Verdict: tt.verdict, Steps: []report.StepRecord{{Findings: report.Findings{{ID: "a", Status: tt.status}}}}}
		if got := newPredicate(&r, nil).Result; got != tt.want {
			t.Errorf("%s with a %s: %s, want %s", tt.verdict, tt.status, got, tt.want)
		}
	}
}

func FuzzAttestation(f *testing.F) {
	signer := testSigner(f, 1)
	r := report.Report{ID: sampleID}
	good, err := attest(&r, []sum{{"a", report.Digest(nil)}}, signer, nil)
	if err != nil {
		f.Fatal(err)
	}
	f.Add(good)
	f.Add([]byte(`{"dsseEnvelope":{"payload":"e30=","signatures":[{}]}}`))
	f.Fuzz(func(t *testing.T, b []byte) {
		s, err := checkAttestation(b, signer.PublicKey())
		if err == nil && (len(s.Subject) != 1 || s.Predicate.ReportID != sampleID) {
			t.Errorf("accepted %+v without a signature", s)
		}
	})
}

func FuzzSignature(f *testing.F) {
	dir := smallPackage(f)
	root := mustRoot(f, dir)
	good, err := safefile.Read(safefile.In(root), casedir.SigName, maxSmallFile)
	if err != nil {
		f.Fatal(err)
	}
	f.Add(good)
	f.Add([]byte("-----BEGIN SSH SIGNATURE-----\n-----END SSH SIGNATURE-----\n"))
	f.Fuzz(func(t *testing.T, b []byte) {
		sig, err := parseSignature(b)
		if err == nil && sig.PublicKey == nil {
			t.Error("a signature without a key is accepted")
		}
	})
}
