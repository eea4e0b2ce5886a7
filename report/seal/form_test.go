package seal

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"preship/report"
	"preship/report/casedir"
	"preship/report/check"
	"preship/report/intake"
)

// A form about another handset is refused, with what differs; one that cannot be
// compared is not called right.
func TestIntakeIsHeldAgainstTheHandset(t *testing.T) {
	t.Parallel()
	const own, second, other = "356938035643809", "490154203237518", "868732053538038"
	for _, tt := range []struct {
		name   string
		form   func(*intake.Form)
		phone  func(*report.Handset)
		field  string        // that is refused, "" when the form is kept
		says   string        // in the problem
		status report.Status // of the finding
	}{
		{"its own", func(*intake.Form) {}, nil, "", "", report.StatusPass},
		{"both numbers", func(in *intake.Form) { in.Product.IMEIBox = second + ", " + own }, nil, "", "", report.StatusPass},
		{"no number", func(in *intake.Form) { in.Product.IMEIBox = "" }, nil, "", "", report.StatusPass},
		{"another model", func(in *intake.Form) { in.Product.Model = "Redmi Note 12" }, nil, "product.model", "Redmi Note 10", report.StatusFail},
		{"another number", func(in *intake.Form) { in.Product.IMEIBox = other }, nil, "product.imei_box", own, report.StatusFail},
		{"another number on the receipt", func(in *intake.Form) { in.Product.IMEIReceipt = other }, nil, "product.imei_receipt", other, report.StatusFail},
		{"another number on the sticker", func(in *intake.Form) { in.Product.IMEISticker = other }, nil, "product.imei_sticker", other, report.StatusFail},
		{"one of two is another", func(in *intake.Form) { in.Product.IMEIBox = own + "," + other }, nil, "product.imei_box", other, report.StatusFail},
		{"one digit repeated", func(in *intake.Form) { in.Product.IMEIBox = "111111111111111" }, nil, "product.imei_box", "is not an IMEI", report.StatusFail},
		{"zeros", func(in *intake.Form) { in.Product.IMEIReceipt = "000000000000000" }, nil, "product.imei_receipt", "is not an IMEI", report.StatusFail},
		{"an unprogrammed modem's", func(in *intake.Form) { in.Product.IMEIBox = "004999010640000" }, nil, "product.imei_box", "is not an IMEI", report.StatusFail},
		{"a placeholder", func(in *intake.Form) { in.Product.IMEIBox = "123456789012347" }, nil, "product.imei_box", "is not an IMEI", report.StatusFail},
		{"a wrong check digit", func(in *intake.Form) { in.Product.IMEIBox = "356938035643808" }, nil, "product.imei_box", "is not an IMEI", report.StatusFail},
		{
			"the handset's own number fails its check", func(in *intake.Form) { in.Product.IMEIBox = "356938035643808" },
			func(h *report.Handset) { h.IMEI = []report.IMEI{{Slot: 1, Value: "356938035643808"}} }, "", "", report.StatusPass,
		},
		{"serial number", func(in *intake.Form) { in.Product.SNBox = "S/N: f1wn00001" }, nil, "", "", report.StatusPass},
		{"another serial number", func(in *intake.Form) { in.Product.SNBox = "31844/F1WN00002" }, nil, "product.sn_box", "31844/F1WN00001", report.StatusFail},
		{"the handset does not report its number", func(*intake.Form) {}, func(h *report.Handset) { h.IMEI = nil }, "", "", report.StatusUnknown},
		{"a repeated digit, and the handset tells nothing", func(in *intake.Form) { in.Product.IMEIBox = "111111111111111" }, func(h *report.Handset) { h.IMEI = nil }, "product.imei_box", "is not an IMEI", report.StatusFail},
		{"the handset has no number", func(*intake.Form) {}, func(h *report.Handset) { h.IMEI = []report.IMEI{} }, "product.imei_box", "has no IMEI", report.StatusFail},
		{"a person read it off", func(*intake.Form) {}, func(h *report.Handset) { h.IMEI = []report.IMEI{{Slot: 1, Value: own, Source: report.SourceAttested}} }, "", "", report.StatusWarn},
		{"the handset tells one of two", func(in *intake.Form) { in.Product.IMEIBox = own + " " + second }, func(h *report.Handset) { h.IMEI = h.IMEI[:1] }, "", "", report.StatusWarn},
		{"the handset does not report its name", func(*intake.Form) {}, func(h *report.Handset) { h.MarketName, h.Codename = nil, nil }, "", "", report.StatusUnknown},
		{"the handset does not report its serial number", func(in *intake.Form) { in.Product.SNBox = "x" }, func(h *report.Handset) { h.SN = nil }, "", "", report.StatusUnknown},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			c := formCase(t, tt.phone)
			in := sampleIntake()
			tt.form(&in)
			_, err := c.SetIntake(in, testTime)
			wrong := (*intake.Error)(nil)
			switch {
			case tt.field == "" && err != nil:
				t.Fatal(err)
			case tt.field == "":
			case !errors.As(err, &wrong) || len(wrong.Problems) != 1 || wrong.Problems[0].Field != tt.field || !strings.Contains(wrong.Problems[0].What.String(), tt.says):
				t.Fatalf("error %v, want one about %s that says %q", err, tt.field, tt.says)
			}
			// The same form where it came into the case another way.
			putForm(t, c, in)
			r := seal(t, c)
			f, _ := r.Step(report.StepIdentify).Findings.ByID(check.IntakeHandset)
			if f.Status != tt.status {
				t.Errorf("finding %+v, want %s", f, tt.status)
			}
			if want := tt.status == report.StatusPass || tt.status == report.StatusWarn; want != (r.Verdict == report.VerdictReady) {
				t.Errorf("verdict %s", r.Verdict)
			}
			_, err = os.Stat(filepath.Join(c.Dir(), casedir.ClaimName))
			if written := err == nil; written == (tt.status == report.StatusFail) {
				t.Errorf("a claim is written: %t", written)
			}
			if got := mustVerify(t, c.Dir(), VerifyOptions{}); !got.OK {
				t.Errorf("problems: %+v", got.Problems)
			}
			for _, tag := range []string{"es", "zh"} {
				if said, ok := f.Sentence().In(tag); !ok || said == f.Summary {
					t.Errorf("%s: %q is not translated: %q", tag, f.Summary, said)
				}
			}
		})
	}
}

// A form that was filled in before the handset was read, and one that is edited
// between building and sealing, make no claim either.
func TestClaimOfAnotherHandsetIsTakenAway(t *testing.T) {
	t.Parallel()
	c := sampleCase(t)
	in := sampleIntake()
	in.Product.Model = "Redmi Note 12"
	if _, err := c.SetIntake(in, testTime); err != nil {
		t.Fatal(err) // not known yet
	}
	if f, err := c.CompareIntake(in); err != nil || f.Status != report.StatusUnknown {
		t.Errorf("%+v, %v", f, err)
	}
	sampleSteps(t, c, nil)
	if r := seal(t, c); r.Verdict != report.VerdictNotReady {
		t.Errorf("verdict %s", r.Verdict)
	}
	if _, err := os.Stat(filepath.Join(c.Dir(), casedir.ClaimName)); err == nil {
		t.Error("a claim is written")
	}
	if page := readFile(t, c, htmlName); !strings.Contains(page, "Redmi Note 12") {
		t.Error("the page does not say what differs")
	}

	c = withIntake(t, nil)
	r, err := c.Report(sampleTool)
	if err != nil {
		t.Fatal(err)
	}
	putForm(t, c, in)
	if err := Seal(c, r, testSigner(t, 1), testPages); err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(filepath.Join(c.Dir(), casedir.ClaimName)); err == nil {
		t.Error("the claim of the form before is left")
	}
}

// A form that lost an answer after it was kept is neither called one about this
// handset nor made a claim of.
func TestStoredFormThatIsNotComplete(t *testing.T) {
	t.Parallel()
	for name, spoil := range map[string]func(*intake.Form){
		"product.model": func(in *intake.Form) { in.Product.Model = " " },
		"consent.wipe":  func(in *intake.Form) { in.Consent = intake.Consent{} },
		"customer.name": func(in *intake.Form) { in.Customer.Name = "" },
		"salt":          func(in *intake.Form) { in.Salt = "1" },
		"fault":         func(in *intake.Form) { *in = intake.Form{Schema: intake.Schema} },
	} {
		c := withIntake(t, nil)
		in, _, err := c.Intake()
		if err != nil {
			t.Fatal(err)
		}
		spoil(&in)
		putForm(t, c, in)
		r := seal(t, c)
		f, _ := r.Step(report.StepIdentify).Findings.ByID(check.IntakeHandset)
		if f.Status != report.StatusUnknown || !strings.Contains(f.Summary, name) || r.Verdict == report.VerdictReady {
			t.Errorf("%s: %s, %+v, want unknown and named, and no READY", name, r.Verdict, f)
		}
		if _, err := os.Stat(filepath.Join(c.Dir(), casedir.ClaimName)); err == nil {
			t.Errorf("%s: a claim is written", name)
		}
	}
}

// What a claim says of the job follows from its findings, in each language.
func TestClaimFollowsTheFindings(t *testing.T) {
	t.Parallel()
	type change = func(map[string]*report.StepRecord, *report.Handset, *report.Accounts, *report.Reset, *report.Clean)
	replace := func(step string, f report.Finding) change {
		return func(steps map[string]*report.StepRecord, _ *report.Handset, _ *report.Accounts, _ *report.Reset, _ *report.Clean) {
			steps[step].Findings = append(steps[step].Findings, f)
		}
	}
	accepted := found1("backup.unreadable", report.StatusWarn, "accepted")
	accepted.Method = report.MethodAttested
	for _, tt := range []struct {
		name     string
		change   change
		has, not map[string][]string
	}{
		{
			"all saved", nil,
			map[string][]string{"en": {"My data is saved.", "The handset was reset.", "No account is signed in."}, "es": {"Mis datos personales están guardados.", "se ha restablecido", "No queda ninguna sesión abierta."}, "zh": {"本人的数据已备份。", "手机已恢复出厂设置。", "没有登录任何账号。"}},
			nil,
		},
		{
			"what no computer is given", replace(report.StepBackup, found1("backup.calls", report.StatusWarn, "the call log was not given")),
			map[string][]string{"en": {"as far as the handset gives it"}, "es": {"en la medida en que el teléfono"}, "zh": {"凡手机允许电脑读取的数据均已备份"}},
			map[string][]string{"en": {"My data is saved."}, "es": {"están guardados."}, "zh": {"本人的数据已备份"}},
		},
		{
			"a loss was accepted", replace(report.StepBackup, accepted),
			map[string][]string{"en": {"Not all of my data is saved."}, "es": {"No todos mis datos personales están guardados."}, "zh": {"未全部备份"}},
			map[string][]string{"en": {"My data is saved"}, "es": {"Mis datos personales están"}, "zh": {"数据已备份"}},
		},
		{
			"done without a backup", replace(report.StepReset, found1("reset.ready.backup", report.StatusSkipped, "The owner does without a backup.")),
			map[string][]string{"en": {"My data is not saved: I declined a backup."}, "es": {"no están guardados: he renunciado"}, "zh": {"本人放弃了备份"}},
			map[string][]string{"en": {"data is saved"}, "es": {"datos personales están"}, "zh": {"已备份"}},
		},
		{
			"the backup is not proved", replace(report.StepBackup, found1("backup.proved", report.StatusFail, "not proved")),
			map[string][]string{"en": {"Not all of my data is saved."}, "es": {"No todos"}, "zh": {"未全部备份"}},
			map[string][]string{"en": {"My data is saved"}, "es": {"Mis datos personales están"}, "zh": {"数据已备份"}},
		},
		{
			"an account is left", replace(report.StepVerify, found1("clean.accounts", report.StatusFail, "an account is signed in")),
			map[string][]string{"en": {"An account is still signed in."}, "es": {"Todavía queda una sesión abierta."}, "zh": {"仍有账号处于登录状态"}},
			map[string][]string{"en": {"No account is"}, "es": {"No queda ninguna"}, "zh": {"没有登录任何账号"}},
		},
		{
			"the handset still saw a SIM card", replace(report.StepAccounts, found1("inside.sim.none", report.StatusWarn, "a SIM card is in the handset")),
			map[string][]string{"en": {"LOOK AGAIN"}, "es": {"COMPRUÉBELO"}, "zh": {"请再检查"}},
			map[string][]string{"en": {"SIM card: taken out, as the form says\n"}, "es": {"SIM: retirada, según el formulario\n"}, "zh": {"SIM 卡：已取出（据登记表）\n"}},
		},
		{
			"the handset saw no SIM card", replace(report.StepAccounts, found1("inside.sim.none", report.StatusPass, "No SIM card is in the handset.")),
			map[string][]string{"en": {"SIM card: none inside\n"}, "es": {"SIM: no hay ninguna dentro\n"}, "zh": {"SIM 卡：不在机内\n"}},
			map[string][]string{"en": {"SIM card: taken out"}, "es": {"SIM: retirada"}, "zh": {"SIM 卡：已取出（据登记表）\n"}},
		},
		{
			"the handset has no IMEI, and no paper names one", func(_ map[string]*report.StepRecord, h *report.Handset, _ *report.Accounts, _ *report.Reset, _ *report.Clean) {
				h.IMEI = []report.IMEI{}
			},
			map[string][]string{"en": {", without an IMEI", "IMEI: not present (this model has no modem)"}, "es": {", sin IMEI", "IMEI: no tiene"}, "zh": {"，无 IMEI", "IMEI：无（"}},
			map[string][]string{"en": {"unknown"}, "es": {"desconocido"}, "zh": {"未知"}},
		},
		{
			"the backup was not begun", func(steps map[string]*report.StepRecord, _ *report.Handset, _ *report.Accounts, _ *report.Reset, _ *report.Clean) {
				steps[report.StepBackup].State = report.StepNotRun
				steps[report.StepBackup].Findings = nil
			},
			map[string][]string{"en": {"My data is not saved."}, "es": {"no están guardados."}, "zh": {"本人的数据未备份。"}},
			map[string][]string{"en": {"data is saved"}, "es": {"personales están"}, "zh": {"已备份"}},
		},
	} {
		for _, tag := range report.Languages {
			c := sampleCase(t)
			sampleSteps(t, c, tt.change)
			in := sampleIntake()
			in.Customer.Language = tag
			if strings.Contains(tt.name, "no paper names one") {
				in.Product.IMEIBox, in.Product.IMEISticker, in.Product.IMEIReceipt = "", "", ""
			}
			putForm(t, c, in)
			seal(t, c)
			text := readFile(t, c, casedir.ClaimName)
			for _, want := range tt.has[tag] {
				if !strings.Contains(text, want) {
					t.Errorf("%s, %s: the claim lacks %q:\n%s", tt.name, tag, want, text)
				}
			}
			for _, wrong := range tt.not[tag] {
				if strings.Contains(text, wrong) {
					t.Errorf("%s, %s: the claim says %q:\n%s", tt.name, tag, wrong, text)
				}
			}
		}
	}
}
