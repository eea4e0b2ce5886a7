package seal

import (
	"bytes"
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"preship/report"
	"preship/report/casedir"
	"preship/report/casetest"
	"preship/report/intake"
	"preship/report/schema/schematest"
)

// The form is part of the sealed package, its personal part of nothing else.
func TestIntakeIsSealed(t *testing.T) {
	t.Parallel()
	c := withIntake(t, nil)
	if got := mustVerify(t, c.Dir(), VerifyOptions{}); !got.OK || len(got.Withheld) != 0 {
		t.Fatalf("result = %+v", got)
	}
	if err := schematest.Conforms(t, "intake", []byte(readFile(t, c, casedir.IntakeName))); err != nil {
		t.Error(err)
	}
	s, err := checkAttestation([]byte(readFile(t, c, attestationName)), testSigner(t, 1).PublicKey())
	if err != nil || len(s.Predicate.Materials) != 3 {
		t.Errorf("materials %+v, %v", s.Predicate.Materials, err)
	}
	for _, name := range files(t, c.Dir()) {
		text := readFile(t, c, name)
		if name == casedir.IntakeName || name == casedir.ClaimName || name == casedir.FaultName || name == casedir.LabelName {
			continue
		}
		for _, private := range []string{"Jordan", "Calle Mayor", "600 000", "jordan@", sampleIntake().Salt} {
			if strings.Contains(text, private) {
				t.Errorf("%s holds %q", name, private)
			}
		}
	}
	if page := readFile(t, c, htmlName); !strings.Contains(page, "RMA-778") || !strings.Contains(page, "2026-12-20") {
		t.Error("the page lacks the RMA number or the day to post by")
	}
	for _, name := range []string{casedir.IntakeName, casedir.ClaimName, casedir.FaultName, casedir.LabelName, pdfName} {
		flip(t, filepath.Join(c.Dir(), name), 20)
		if got := mustVerify(t, c.Dir(), VerifyOptions{}); got.OK || !got.names(name) || len(got.Problems) != 1 {
			t.Errorf("%s changed: %+v", name, got.Problems)
		}
		flip(t, filepath.Join(c.Dir(), name), 20)
	}
}

func TestIntakeCanBeWithheld(t *testing.T) {
	t.Parallel()
	c := withIntake(t, nil)
	if err := c.Close(); err != nil {
		t.Fatal(err)
	}
	if err := casedir.EraseIntake(c.Dir()); err != nil {
		t.Fatal(err)
	}
	got := mustVerify(t, c.Dir(), VerifyOptions{})
	if want := []string{casedir.ClaimName, casedir.FaultName, casedir.IntakeName, casedir.LabelName}; !got.OK || strings.Join(got.Withheld, " ") != strings.Join(want, " ") {
		t.Errorf("result = %+v, want %q withheld", got, want)
	}
	if err := os.Remove(filepath.Join(c.Dir(), casedir.ReportName)); err != nil {
		t.Fatal(err)
	}
	if got := mustVerify(t, c.Dir(), VerifyOptions{}); got.OK || !got.names(casedir.ReportName) {
		t.Errorf("the report withheld: %+v", got)
	}
}

func TestSaltIsNew(t *testing.T) {
	t.Parallel()
	in := sampleIntake()
	in.Salt = ""
	a, err1 := sampleCase(t).SetIntake(in, testTime)
	b, err2 := sampleCase(t).SetIntake(in, testTime)
	if err := errors.Join(err1, err2); err != nil || len(a.Salt) != 32 || a.Salt == b.Salt {
		t.Errorf("%v; salts %q and %q", err, a.Salt, b.Salt)
	}
}

func TestClaimHasRequiredFacts(t *testing.T) {
	t.Parallel()
	for lang, own := range map[string][]string{
		"en": {"Warranty claim", "20 December 2026", "READY"},
		"es": {"Reclamación de garantía", "20 de diciembre de 2026", "LISTO"},
		"zh": {"保修申请", "2026年12月20日", "可以寄出"},
	} {
		c := withIntake(t, func(in *intake.Form) { in.Customer.Language = lang })
		text := readFile(t, c, casedir.ClaimName)
		for _, want := range append(own,
			"Jordan Example", "Calle Mayor 1, 28013 Madrid", "+34 600 000 000", "jordan@example.net", "356938035643809", "490154203237518",
			"31844/F1WN00001", "the screen stays black after a call", "F-1", "900 128 128", "RMA-778", "charger", c.ID(),
		) {
			if !strings.Contains(text, want) {
				t.Errorf("%s: the claim lacks %q:\n%s", lang, want, text)
			}
		}
	}
}

// A claim may be left out of a sent package. Its digest is sent all the same, and
// must not confirm a guess: two of the same words differ.
func TestClaimCannotBeGuessed(t *testing.T) {
	t.Parallel()
	for _, lang := range report.Languages {
		var texts []string
		for _, salt := range []string{strings.Repeat("1", 32), strings.Repeat("2", 32)} {
			in := sampleIntake()
			in.Customer.Language, in.Salt = lang, salt
			r := casetest.Report(t, nil)
			r.Ticket = in.ReportTicket()
			text, err := intake.Claim(in, &r)
			if err != nil {
				t.Fatal(err)
			}
			if bytes.Contains(text, []byte(salt)) {
				t.Errorf("%s: the claim has the salt of the form", lang)
			}
			texts = append(texts, string(text))
		}
		if texts[0] == texts[1] {
			t.Errorf("%s: who knows the owner can make the same claim", lang)
		}
	}
}

func TestClaimDoesNotPromiseMoreThanTheReport(t *testing.T) {
	t.Parallel()
	r := casetest.Report(t, variants["failed"])
	in := sampleIntake()
	in.Complete(testTime)
	r.Ticket = in.ReportTicket()
	b, err := intake.Claim(in, &r)
	if err != nil {
		t.Fatal(err)
	}
	if text := string(b); strings.Contains(text, "My data is saved") || strings.Contains(text, "post it by") || !strings.Contains(text, "DO NOT POST THE HANDSET YET. The report says FAILED") ||
		!strings.Contains(text, "recovery refused") {
		t.Errorf("a failed job's claim:\n%s", text)
	}
}

func TestHostileIntake(t *testing.T) {
	t.Parallel()
	evil := "x\x1b[2J\u202e<script>" + strings.Repeat("W", 10_000)
	raw, err := json.Marshal(sampleIntake())
	if err != nil {
		t.Fatal(err)
	}
	text := strings.NewReplacer("T-2041", mask(evil), "RMA-778", mask(evil), "Jordan Example", mask(evil), "the screen stays", mask(evil)).Replace(string(raw))
	in, err := intake.Parse([]byte(text))
	if err != nil {
		t.Fatal(err)
	}
	c := sampleCase(t)
	sampleSteps(t, c, nil)
	if _, err := c.SetIntake(in, testTime); err != nil {
		t.Fatal(err)
	}
	seal(t, c)
	for _, name := range []string{casedir.ClaimName, htmlName, casedir.IntakeName} {
		page := readFile(t, c, name)
		if strings.ContainsAny(page, "\x1b\u202e") || name == htmlName && strings.Contains(page, "<script") {
			t.Errorf("%s holds it as it was", name)
		}
	}
	if got := mustVerify(t, c.Dir(), VerifyOptions{}); !got.OK {
		t.Errorf("problems: %+v", got.Problems)
	}
}

func mask(s string) string {
	b, _ := json.Marshal(s) // a string always encodes
	return strings.Trim(string(b), `"`)
}

// The list of the owner's files is withheld like the form: with it the package is
// compared, without it the package verifies, and says so. Packages that were
// sealed before there was a salt in the list are no different.
func TestManifestMayBeWithheld(t *testing.T) {
	t.Parallel()
	for name, text := range map[string]string{
		"as it is now":   `{"schema":"urn:preship:backup-manifest:v1","salt":"00112233445566778899aabbccddeeff","entries":[]}`,
		"without a salt": `{"schema":"urn:preship:backup-manifest:v1","entries":[]}`,
	} {
		c := sampleCase(t)
		sampleSteps(t, c, func(steps map[string]*report.StepRecord, _ *report.Handset, _ *report.Accounts, _ *report.Reset, _ *report.Clean) {
			for i := range steps[report.StepBackup].Findings {
				steps[report.StepBackup].Findings[i].Evidence = []string{casedir.ManifestName}
			}
		})
		if err := c.WriteFile(casedir.ManifestName, []byte(text)); err != nil {
			t.Fatal(err)
		}
		seal(t, c)
		if got := mustVerify(t, c.Dir(), VerifyOptions{}); !got.OK || len(got.Withheld) != 0 {
			t.Errorf("%s: %+v", name, got)
		}
		file := filepath.Join(c.Dir(), casedir.ManifestName)
		flip(t, file, 12)
		if got := mustVerify(t, c.Dir(), VerifyOptions{}); got.OK || !got.names(casedir.ManifestName) || len(got.Problems) != 1 {
			t.Errorf("%s, changed: %+v", name, got)
		}
		if err := os.Remove(file); err != nil {
			t.Fatal(err)
		}
		if got := mustVerify(t, c.Dir(), VerifyOptions{}); !got.OK || !slices.Equal(got.Withheld, []string{casedir.ManifestName}) {
			t.Errorf("%s, left out: %+v", name, got)
		}
		if err := os.Remove(filepath.Join(c.Dir(), "evidence", "0001-getprop.txt")); err != nil {
			t.Fatal(err)
		}
		if got := mustVerify(t, c.Dir(), VerifyOptions{}); got.OK {
			t.Errorf("%s: evidence may be left out as well: %+v", name, got)
		}
	}
}

// A salt that comes with a form may be known to somebody, or short.
func TestIntakeMakesItsOwnSalt(t *testing.T) {
	t.Parallel()
	c := sampleCase(t)
	given := sampleIntake()
	given.Salt = "1"
	first, err := c.SetIntake(given, testTime)
	if err != nil || len(first.Salt) != 32 || first.Salt == "1" {
		t.Fatalf("salt %q, %v", first.Salt, err)
	}
	again, err := c.SetIntake(first, testTime)
	if err != nil || again.Salt != first.Salt {
		t.Errorf("the case's own salt %q became %q, %v", first.Salt, again.Salt, err)
	}
}
