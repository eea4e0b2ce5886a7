package report

import (
	"bytes"
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

func sampleIntake() Intake {
	return Intake{
		Salt:     "00112233445566778899aabbccddeeff",
		Ticket:   IntakeTicket{ID: "T-2041", RMA: "RMA-778", Opened: "2026-11-20"},
		Customer: Customer{Name: "Jordan Example", Phone: "+34 600 000 000", Email: "jordan@example.net", Address: "Calle Mayor 1, 28013 Madrid"},
		Product:  Product{Model: "Redmi Note 10", Colour: "grey", Storage: "128 GB", IMEIBox: "356938035643809"},
		Purchase: Purchase{Seller: "Mi Store", FromMaker: true, Date: "2026-03-01", Country: "es", Document: "F-1"},
		Fault:    Fault{Description: "the screen stays black after a call, the phone still rings", Since: "October", Tried: "restarted it, twice"},
		Handed:   HandedOver{SIMRemoved: true, Accessories: []string{"charger"}},
		Backup:   BackupAgreement{Made: "made"},
		Consent:  Consent{Wipe: true, By: "Jordan Example", At: "2026-11-20", Wording: "v1"},
		People:   People{PerformedBy: "desk1"},
	}
}

func TestIntakeNamesWhatIsMissing(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name   string
		change func(*Intake)
		field  string // "" when it is fine
	}{
		{"whole", func(*Intake) {}, ""},
		{"no ticket", func(in *Intake) { in.Ticket.ID = " " }, "ticket.id"},
		{"no name", func(in *Intake) { in.Customer.Name = "" }, "customer.name"},
		{"no address", func(in *Intake) { in.Customer.Address = "" }, "customer.address"},
		{"no way to answer", func(in *Intake) { in.Customer.Phone, in.Customer.Email = "", "" }, "customer.phone"},
		{"mail only", func(in *Intake) { in.Customer.Phone = "" }, ""},
		{"no mail address", func(in *Intake) { in.Customer.Email = "jordan" }, "customer.email"},
		{"no such language", func(in *Intake) { in.Customer.Language = "tlh" }, "customer.language"},
		{"country in words", func(in *Intake) { in.Purchase.Country = "Spain" }, "purchase.country"},
		{"no date", func(in *Intake) { in.Purchase.Date = "" }, "purchase.date"},
		{"date in words", func(in *Intake) { in.Purchase.Date = "last March" }, "purchase.date"},
		{"bought tomorrow", func(in *Intake) { in.Purchase.Date = "2027-03-01" }, "purchase.date"},
		{"no consent", func(in *Intake) { in.Consent.Wipe = false }, "consent.wipe"},
		{"consent of nobody", func(in *Intake) { in.Consent.By = "" }, "consent.wipe"},
		{"backup not spoken of", func(in *Intake) { in.Backup.Made = "" }, "backup.made"},
		{"IMEI with spaces", func(in *Intake) { in.Product.IMEIBox = "35 693803 564380 9" }, "product.imei_box"},
		{"fault not told", func(in *Intake) { in.Fault.Description = "" }, "fault.description"},
		{"passcode told", func(in *Intake) { in.Fault.Tried = "PIN: 4711, does not help" }, "fault"},
		{"code told in Spanish", func(in *Intake) { in.Fault.Description += ", la contraseña es 123456" }, "fault"},
	} {
		in := sampleIntake()
		tt.change(&in)
		_, err := sampleCase(t).SetIntake(in, testTime)
		wrong := (*IntakeError)(nil)
		switch {
		case tt.field == "" && err != nil:
			t.Errorf("%s: %v", tt.name, err)
		case tt.field == "":
		case !errors.As(err, &wrong) || !errors.Is(err, ErrIntake) || len(wrong.Problems) != 1 || wrong.Problems[0].Field != tt.field:
			t.Errorf("%s: error %v, want one about %s", tt.name, err, tt.field)
		}
	}
}

func TestFaultHasToSayWhatHappens(t *testing.T) {
	t.Parallel()
	for text, ok := range map[string]bool{
		"": false, "not working": false, "The phone is not working!": false, "it is broken, please repair": false, "DEAD PHONE": false,
		"defective": false, "no funciona": false, "El móvil está roto.": false, "mi teléfono no funciona": false, "avería": false,
		"手机坏了": false, "我的手机无法使用": false, "xiaomi not working at all": false, "?!?!?!?!?!?!?!?!": false, "it has a fault": false,
		"screen flickers green after an update":      true,
		"does not charge beyond 30 % with any cable": true,
		"la pantalla se apaga durante las llamadas":  true,
		"the phone is broken: speaker is silent":     true,
		"充电到百分之三十就停止":                                true,
		"屏幕闪烁发绿":                                     true,
	} {
		if what := judgeFault(text); (what == "") != ok {
			t.Errorf("%q: %q, want it accepted: %t", text, what, ok)
		}
	}
}

func TestParseIntakeRefusesPasscodes(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		`{"passcode":"1234"}`:                        "never written down",
		`{"product":{"unlock_pattern":"L"}}`:         "never written down",
		`{"customer":{"contraseña":"x"}}`:            "never written down",
		`{"customer":{"nmae":"x"}}`:                  "unknown field",
		`{"schema":"urn:preship:intake:v9"}`:         "want urn:preship:intake:v1",
		`[`:                                          "not complete",
		`{"x":"` + strings.Repeat("a", 2<<20) + `"}`: "too large",
	} {
		if _, err := ParseIntake([]byte(text)); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%.40s: error %v, want one with %q", text, err, want)
		}
	}
}

func withIntake(t *testing.T, change func(*Intake)) *Case {
	t.Helper()
	c := sampleCase(t)
	sampleSteps(t, c, nil)
	in := sampleIntake()
	if change != nil {
		change(&in)
	}
	if _, err := c.SetIntake(in, testTime); err != nil {
		t.Fatal(err)
	}
	seal(t, c)
	return c
}

// The form is part of the sealed package, its personal part of nothing else.
func TestIntakeIsSealed(t *testing.T) {
	t.Parallel()
	c := withIntake(t, nil)
	if got := mustVerify(t, c.Dir(), VerifyOptions{}); !got.OK || len(got.Withheld) != 0 {
		t.Fatalf("result = %+v", got)
	}
	if err := conforms(t, "intake", []byte(readFile(t, c, intakeName))); err != nil {
		t.Error(err)
	}
	s, err := checkAttestation([]byte(readFile(t, c, attestationName)), testSigner(t, 1).PublicKey())
	if err != nil || len(s.Predicate.Materials) != 2 {
		t.Errorf("materials %+v, %v", s.Predicate.Materials, err)
	}
	for _, name := range files(t, c.Dir()) {
		text := readFile(t, c, name)
		if name == intakeName || name == claimName {
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
	for _, name := range []string{intakeName, claimName, pdfName, labelName} {
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
	if err := EraseIntake(c.Dir()); err != nil {
		t.Fatal(err)
	}
	got := mustVerify(t, c.Dir(), VerifyOptions{})
	if want := []string{claimName, intakeName}; !got.OK || strings.Join(got.Withheld, " ") != strings.Join(want, " ") {
		t.Errorf("result = %+v, want %q withheld", got, want)
	}
	if err := os.Remove(filepath.Join(c.Dir(), reportName)); err != nil {
		t.Fatal(err)
	}
	if got := mustVerify(t, c.Dir(), VerifyOptions{}); got.OK || !got.names(reportName) {
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

func TestWhoIsAskedFirst(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name      string
		fromMaker bool
		date      string
		country   string
		want      string
	}{
		{"own shop, first year", true, "2026-01-10", "ES", AskMaker},
		{"own shop, second year", true, "2025-01-10", "ES", AskSeller},
		{"elsewhere, first year", false, "2026-01-10", "ES", AskSeller},
		{"third year in Spain", false, "2024-01-10", "ES", AskSeller},
		{"third year in Germany", false, "2024-01-10", "DE", AskRepair},
		{"long ago", true, "2019-01-10", "ES", AskRepair},
		{"no date", true, "", "ES", AskSeller},
	} {
		p := Purchase{FromMaker: tt.fromMaker, Date: tt.date, Country: tt.country}
		if got := p.first("2026-11-20"); got != tt.want {
			t.Errorf("%s: %q, want %q", tt.name, got, tt.want)
		}
	}
	for _, c := range contacts {
		if len(c.how) == 0 || c.source == "" || c.note == "" {
			t.Errorf("contact %q tells too little", c.country)
		}
	}
	if last := contacts[len(contacts)-1]; last.country != "" {
		t.Error("no row for every other country")
	}
}

func TestClaimHasWhatTheyAskFor(t *testing.T) {
	t.Parallel()
	for lang, own := range map[string]string{"en": "Warranty claim", "es": "Reclamación de garantía", "zh": "保修申请"} {
		c := withIntake(t, func(in *Intake) { in.Customer.Language = lang })
		text := readFile(t, c, claimName)
		for _, want := range []string{
			own, "Jordan Example", "Calle Mayor 1, 28013 Madrid", "+34 600 000 000", "jordan@example.net", "356938035643809", "490154203237518",
			"31844/F1WN00001", "the screen stays black after a call", "F-1", "900 128 128", "RMA-778", "2026-12-20", "charger", c.ID(), "READY",
		} {
			if !strings.Contains(text, want) {
				t.Errorf("%s: the claim lacks %q:\n%s", lang, want, text)
			}
		}
	}
}

// A claim may be left out of what is sent. Its digest is sent all the same, and
// must not confirm a guess: two of the same words differ.
func TestClaimCannotBeGuessed(t *testing.T) {
	t.Parallel()
	for _, lang := range Languages {
		var texts []string
		for _, salt := range []string{strings.Repeat("1", 32), strings.Repeat("2", 32)} {
			in := sampleIntake()
			in.Customer.Language, in.Salt = lang, salt
			r := build(t, nil)
			r.Ticket = in.ticket()
			text, err := renderClaim(in, &r)
			if err != nil {
				t.Fatal(err)
			}
			if bytes.Contains(text, []byte(salt)) {
				t.Errorf("%s: the claim tells the salt of the form", lang)
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
	r := build(t, variants["failed"])
	in := sampleIntake()
	in.complete(testTime)
	r.Ticket = in.ticket()
	b, err := renderClaim(in, &r)
	if err != nil {
		t.Fatal(err)
	}
	if text := string(b); strings.Contains(text, "My data is saved") || !strings.Contains(text, "do not post it before") {
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
	in, err := ParseIntake([]byte(text))
	if err != nil {
		t.Fatal(err)
	}
	c := sampleCase(t)
	sampleSteps(t, c, nil)
	if _, err := c.SetIntake(in, testTime); err != nil {
		t.Fatal(err)
	}
	seal(t, c)
	for _, name := range []string{claimName, htmlName, intakeName} {
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

func FuzzParseIntake(f *testing.F) {
	raw, err := json.Marshal(sampleIntake())
	if err != nil {
		f.Fatal(err)
	}
	f.Add(raw)
	f.Add([]byte(`{"passcode":1}`))
	f.Fuzz(func(t *testing.T, b []byte) {
		in, err := ParseIntake(b)
		if err != nil {
			return
		}
		in.complete(testTime)
		_ = in.check(testTime)
		r := Report{Ticket: in.ticket()}
		if _, err := renderClaim(in, &r); err != nil {
			t.Error(err)
		}
	})
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
		sampleSteps(t, c, func(steps map[string]*StepRecord, _ *Handset, _ *Accounts, _ *Reset, _ *Clean) {
			for i := range steps[StepBackup].Findings {
				steps[StepBackup].Findings[i].Evidence = []string{manifestName}
			}
		})
		if err := c.WriteFile(manifestName, []byte(text)); err != nil {
			t.Fatal(err)
		}
		seal(t, c)
		if got := mustVerify(t, c.Dir(), VerifyOptions{}); !got.OK || len(got.Withheld) != 0 {
			t.Errorf("%s: %+v", name, got)
		}
		file := filepath.Join(c.Dir(), manifestName)
		flip(t, file, 12)
		if got := mustVerify(t, c.Dir(), VerifyOptions{}); got.OK || !got.names(manifestName) || len(got.Problems) != 1 {
			t.Errorf("%s, changed: %+v", name, got)
		}
		if err := os.Remove(file); err != nil {
			t.Fatal(err)
		}
		if got := mustVerify(t, c.Dir(), VerifyOptions{}); !got.OK || !slices.Equal(got.Withheld, []string{manifestName}) {
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
