package report

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// A form about another handset is refused, with what differs; one that cannot be
// compared is not called right.
func TestIntakeIsHeldAgainstTheHandset(t *testing.T) {
	t.Parallel()
	const own, second, other = "356938035643809", "490154203237518", "868732053538038"
	for _, tt := range []struct {
		name   string
		form   func(*Intake)
		phone  func(*Handset)
		field  string // that is refused, "" when the form is kept
		says   string // in the problem
		status Status // of the finding
	}{
		{"its own", func(*Intake) {}, nil, "", "", StatusPass},
		{"both numbers", func(in *Intake) { in.Product.IMEIBox = second + ", " + own }, nil, "", "", StatusPass},
		{"no number", func(in *Intake) { in.Product.IMEIBox = "" }, nil, "", "", StatusPass},
		{"another model", func(in *Intake) { in.Product.Model = "Redmi Note 12" }, nil, "product.model", "Redmi Note 10", StatusFail},
		{"another number", func(in *Intake) { in.Product.IMEIBox = other }, nil, "product.imei_box", own, StatusFail},
		{"another number on the receipt", func(in *Intake) { in.Product.IMEIReceipt = other }, nil, "product.imei_receipt", other, StatusFail},
		{"another number on the sticker", func(in *Intake) { in.Product.IMEISticker = other }, nil, "product.imei_sticker", other, StatusFail},
		{"one of two is another", func(in *Intake) { in.Product.IMEIBox = own + "," + other }, nil, "product.imei_box", other, StatusFail},
		{"one digit repeated", func(in *Intake) { in.Product.IMEIBox = "111111111111111" }, nil, "product.imei_box", "no IMEI", StatusFail},
		{"zeros", func(in *Intake) { in.Product.IMEIReceipt = "000000000000000" }, nil, "product.imei_receipt", "no IMEI", StatusFail},
		{"an unprogrammed modem's", func(in *Intake) { in.Product.IMEIBox = "004999010640000" }, nil, "product.imei_box", "no IMEI", StatusFail},
		{"a placeholder", func(in *Intake) { in.Product.IMEIBox = "123456789012347" }, nil, "product.imei_box", "no IMEI", StatusFail},
		{"a wrong check digit", func(in *Intake) { in.Product.IMEIBox = "356938035643808" }, nil, "product.imei_box", "no IMEI", StatusFail},
		{
			"the handset's own number fails its check", func(in *Intake) { in.Product.IMEIBox = "356938035643808" },
			func(h *Handset) { h.IMEI = []IMEI{{Slot: 1, Value: "356938035643808"}} }, "", "", StatusPass,
		},
		{"serial number", func(in *Intake) { in.Product.SNBox = "S/N: f1wn00001" }, nil, "", "", StatusPass},
		{"another serial number", func(in *Intake) { in.Product.SNBox = "31844/F1WN00002" }, nil, "product.sn_box", "31844/F1WN00001", StatusFail},
		{"the handset does not tell its number", func(*Intake) {}, func(h *Handset) { h.IMEI = nil }, "", "", StatusUnknown},
		{"a repeated digit, and the handset tells nothing", func(in *Intake) { in.Product.IMEIBox = "111111111111111" }, func(h *Handset) { h.IMEI = nil }, "product.imei_box", "no IMEI", StatusFail},
		{"the handset has no number", func(*Intake) {}, func(h *Handset) { h.IMEI = []IMEI{} }, "product.imei_box", "has none", StatusFail},
		{"a person read it off", func(*Intake) {}, func(h *Handset) { h.IMEI = []IMEI{{Slot: 1, Value: own, Source: sourceAttested}} }, "", "", StatusWarn},
		{"the handset tells one of two", func(in *Intake) { in.Product.IMEIBox = own + " " + second }, func(h *Handset) { h.IMEI = h.IMEI[:1] }, "", "", StatusWarn},
		{"the handset does not tell its name", func(*Intake) {}, func(h *Handset) { h.MarketName, h.Codename = nil, nil }, "", "", StatusUnknown},
		{"the handset does not tell its serial number", func(in *Intake) { in.Product.SNBox = "x" }, func(h *Handset) { h.SN = nil }, "", "", StatusUnknown},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			c := formCase(t, tt.phone)
			in := sampleIntake()
			tt.form(&in)
			_, err := c.SetIntake(in, testTime)
			wrong := (*IntakeError)(nil)
			switch {
			case tt.field == "" && err != nil:
				t.Fatal(err)
			case tt.field == "":
			case !errors.As(err, &wrong) || len(wrong.Problems) != 1 || wrong.Problems[0].Field != tt.field || !strings.Contains(wrong.Problems[0].What, tt.says):
				t.Fatalf("error %v, want one about %s that says %q", err, tt.field, tt.says)
			}
			// The same form where it came into the case another way.
			putForm(t, c, in)
			r := seal(t, c)
			f, _ := r.Step(StepIdentify).Findings.ByID(CheckIntake)
			if f.Status != tt.status {
				t.Errorf("finding %+v, want %s", f, tt.status)
			}
			if want := tt.status == StatusPass || tt.status == StatusWarn; want != (r.Verdict == VerdictReady) {
				t.Errorf("verdict %s", r.Verdict)
			}
			_, err = os.Stat(filepath.Join(c.Dir(), claimName))
			if written := err == nil; written == (tt.status == StatusFail) {
				t.Errorf("a claim is written: %t", written)
			}
			if got := mustVerify(t, c.Dir(), VerifyOptions{}); !got.OK {
				t.Errorf("problems: %+v", got.Problems)
			}
			for _, tag := range []string{"es", "zh"} {
				if said, ok := f.Told().In(tag); !ok || said == f.Summary {
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
		t.Fatal(err) // nobody knows yet
	}
	if f, err := c.CompareIntake(in); err != nil || f.Status != StatusUnknown {
		t.Errorf("%+v, %v", f, err)
	}
	sampleSteps(t, c, nil)
	if r := seal(t, c); r.Verdict != VerdictNotReady {
		t.Errorf("verdict %s", r.Verdict)
	}
	if _, err := os.Stat(filepath.Join(c.Dir(), claimName)); err == nil {
		t.Error("a claim is written")
	}
	if page := readFile(t, c, htmlName); !strings.Contains(page, "Redmi Note 12") {
		t.Error("the page does not say what differs")
	}

	c = withIntake(t, nil)
	r, err := Build(c, sampleTool)
	if err != nil {
		t.Fatal(err)
	}
	putForm(t, c, in)
	if err := Seal(c, r, testSigner(t, 1), testPages); err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(filepath.Join(c.Dir(), claimName)); err == nil {
		t.Error("the claim of the form before is left")
	}
}

// A form that lost an answer after it was kept is neither called one about this
// handset nor made a claim of.
func TestStoredFormThatIsNotComplete(t *testing.T) {
	t.Parallel()
	for name, spoil := range map[string]func(*Intake){
		"product.model": func(in *Intake) { in.Product.Model = " " },
		"consent.wipe":  func(in *Intake) { in.Consent = Consent{} },
		"customer.name": func(in *Intake) { in.Customer.Name = "" },
		"salt":          func(in *Intake) { in.Salt = "1" },
		"fault":         func(in *Intake) { *in = Intake{Schema: IntakeSchema} },
	} {
		c := withIntake(t, nil)
		in, _, err := c.Intake()
		if err != nil {
			t.Fatal(err)
		}
		spoil(&in)
		putForm(t, c, in)
		r := seal(t, c)
		f, _ := r.Step(StepIdentify).Findings.ByID(CheckIntake)
		if f.Status != StatusUnknown || !strings.Contains(f.Summary, name) || r.Verdict == VerdictReady {
			t.Errorf("%s: %s, %+v, want unknown and named, and no READY", name, r.Verdict, f)
		}
		if _, err := os.Stat(filepath.Join(c.Dir(), claimName)); err == nil {
			t.Errorf("%s: a claim is written", name)
		}
	}
}

// What a claim says of the job follows from its findings, in each language.
func TestClaimSaysWhatTheFindingsShow(t *testing.T) {
	t.Parallel()
	type change = func(map[string]*StepRecord, *Handset, *Accounts, *Reset, *Clean)
	replace := func(step string, f Finding) change {
		return func(steps map[string]*StepRecord, _ *Handset, _ *Accounts, _ *Reset, _ *Clean) {
			steps[step].Findings = append(steps[step].Findings, f)
		}
	}
	accepted := found1("backup.unreadable", StatusWarn, "accepted")
	accepted.Method = MethodAttested
	for _, tt := range []struct {
		name     string
		change   change
		has, not map[string][]string
	}{
		{
			"all saved", nil,
			map[string][]string{"en": {"My data is saved.", "The handset was reset.", "No account is signed in."}, "es": {"Mis datos personales están guardados.", "se ha restablecido", "No queda ninguna sesión abierta."}, "zh": {"我的数据已备份。", "手机已恢复出厂设置。", "没有登录任何账号。"}},
			nil,
		},
		{
			"what no computer is given", replace(StepBackup, found1("backup.calls", StatusWarn, "the call log was not given")),
			map[string][]string{"en": {"as far as the handset gives it"}, "es": {"en la medida en que el teléfono"}, "zh": {"凡手机允许电脑读取的数据均已备份"}},
			map[string][]string{"en": {"My data is saved."}, "es": {"están guardados."}, "zh": {"我的数据已备份"}},
		},
		{
			"a loss was accepted", replace(StepBackup, accepted),
			map[string][]string{"en": {"Not all of my data is saved."}, "es": {"No todos mis datos personales están guardados."}, "zh": {"未全部备份"}},
			map[string][]string{"en": {"My data is saved"}, "es": {"Mis datos personales están"}, "zh": {"数据已备份"}},
		},
		{
			"done without a backup", replace(StepReset, found1("reset.ready.backup", StatusSkipped, "the owner does without a backup")),
			map[string][]string{"en": {"My data is not saved: I did without a backup."}, "es": {"no están guardados: he renunciado"}, "zh": {"我放弃了备份"}},
			map[string][]string{"en": {"data is saved"}, "es": {"datos personales están"}, "zh": {"已备份"}},
		},
		{
			"the backup is not proved", replace(StepBackup, found1("backup.proved", StatusFail, "not proved")),
			map[string][]string{"en": {"Not all of my data is saved."}, "es": {"No todos"}, "zh": {"未全部备份"}},
			map[string][]string{"en": {"My data is saved"}, "es": {"Mis datos personales están"}, "zh": {"数据已备份"}},
		},
		{
			"an account is left", replace(StepVerify, found1("clean.accounts", StatusFail, "an account is signed in")),
			map[string][]string{"en": {"An account is still signed in."}, "es": {"Todavía queda una sesión abierta."}, "zh": {"仍有账号处于登录状态"}},
			map[string][]string{"en": {"No account is"}, "es": {"No queda ninguna"}, "zh": {"没有登录任何账号"}},
		},
		{
			"the handset still saw a SIM card", replace(StepAccounts, found1("inside.sim.none", StatusWarn, "a SIM card is in the handset")),
			map[string][]string{"en": {"LOOK AGAIN"}, "es": {"COMPRUÉBELO"}, "zh": {"请再检查"}},
			map[string][]string{"en": {"SIM card is taken out, as the form says, SD"}, "es": {"SIM: retirada, según el formulario, tarjeta"}, "zh": {"SIM 卡已取出"}},
		},
		{
			"the handset saw no SIM card", replace(StepAccounts, found1("inside.sim.none", StatusPass, "no SIM card is in the handset")),
			map[string][]string{"en": {"SIM card is not inside, SD"}, "es": {"SIM: no hay ninguna dentro, tarjeta"}, "zh": {"SIM 卡不在机内，"}},
			map[string][]string{"en": {"SIM card is taken out"}, "es": {"SIM: retirada"}, "zh": {"SIM 卡已取出"}},
		},
		{
			"the handset has no IMEI, and no paper names one", func(_ map[string]*StepRecord, h *Handset, _ *Accounts, _ *Reset, _ *Clean) { h.IMEI = []IMEI{} },
			map[string][]string{"en": {", without an IMEI", "IMEI: none, it has no modem"}, "es": {", sin IMEI", "IMEI: no tiene"}, "zh": {"，无 IMEI", "IMEI：无，"}},
			map[string][]string{"en": {"unknown"}, "es": {"desconocido"}, "zh": {"未知"}},
		},
		{
			"the backup was not begun", func(steps map[string]*StepRecord, _ *Handset, _ *Accounts, _ *Reset, _ *Clean) {
				steps[StepBackup].State = StepNotRun
				steps[StepBackup].Findings = nil
			},
			map[string][]string{"en": {"My data is not saved."}, "es": {"no están guardados."}, "zh": {"我的数据未备份。"}},
			map[string][]string{"en": {"data is saved"}, "es": {"personales están"}, "zh": {"已备份"}},
		},
	} {
		for _, tag := range Languages {
			c := sampleCase(t)
			sampleSteps(t, c, tt.change)
			in := sampleIntake()
			in.Customer.Language = tag
			if strings.Contains(tt.name, "no paper names one") {
				in.Product.IMEIBox, in.Product.IMEISticker, in.Product.IMEIReceipt = "", "", ""
			}
			putForm(t, c, in)
			seal(t, c)
			text := readFile(t, c, claimName)
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
