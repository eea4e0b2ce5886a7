package intake

import (
	"slices"
	"strings"
	"testing"

	"preship/report"
	"preship/report/message"
)

// Numbers with a right check digit.
const (
	imeiA = "868732053538038"
	imeiB = "868732053538046"
	imeiC = "356938035643809"
)

func unit(source string, imeis ...string) *report.Handset {
	name, code := "Redmi Note 10", "M2101K7AG"
	h := &report.Handset{MarketName: &name, Model: &code, IMEI: []report.IMEI{}, SN: &report.SN{Value: "30758/F1XK02345"}}
	for i, n := range imeis {
		h.IMEI = append(h.IMEI, report.IMEI{Slot: i + 1, Value: n, Luhn: true, Source: source})
	}
	return h
}

func TestCompareNumbers(t *testing.T) {
	t.Parallel()
	two, one := unit("service", imeiA, imeiB), unit("service", imeiA)
	unread := unit("service")
	unread.IMEI = nil
	for _, tt := range []struct {
		name    string
		box     string
		handset *report.Handset
		want    report.Status
		id      message.ID // of the difference or the reason; "" if nothing differs
	}{
		{"the same", imeiA, two, report.StatusPass, ""},
		{"both", imeiB + ", " + imeiA, two, report.StatusPass, ""},
		{"another", imeiC, two, report.StatusFail, "intake.imei.differs"},
		{"one of both is another", imeiA + "," + imeiC, two, report.StatusFail, "intake.imei.differs"},
		{"the box names a slot that the handset does not", imeiA + "," + imeiB, one, report.StatusWarn, "intake.imei.one-of-two"},
		{"two others on the box", imeiC + "," + imeiB, one, report.StatusFail, "intake.imei.differs"},
		{"one digit repeated", "111111111111111", two, report.StatusFail, "intake.imei.wrong"},
		{"wrong check digit", "868732053538039", two, report.StatusFail, "intake.imei.wrong"},
		{"a placeholder", "004999010640000", two, report.StatusFail, "intake.imei.wrong"},
		{"a placeholder, not identified", "123456789012347", nil, report.StatusFail, "intake.imei.wrong"},
		{"words", "on the box", two, report.StatusFail, "intake.imei.wrong"},
		{"a wrong number that the handset has", "111111111111111", unit("service", "111111111111111"), report.StatusPass, ""},
		{"no modem", imeiA, unit("service"), report.StatusFail, "intake.imei.no-modem"},
		{"not read", imeiA, unread, report.StatusUnknown, "identity.paper.not-compared"},
		{"not identified", imeiA, nil, report.StatusUnknown, "identity.paper.not-compared"},
		{"read off by a person", imeiA, unit(report.SourceAttested, imeiA), report.StatusWarn, "intake.imei.read-off"},
	} {
		in := &Form{}
		in.Product.IMEIBox = tt.box
		l := in.compare(tt.handset)
		var ids []message.ID
		for _, d := range l.differs {
			if d.field != "product.imei_box" {
				t.Errorf("%s: the difference is in %s", tt.name, d.field)
			}
			ids = append(ids, d.what.ID())
		}
		for _, s := range slices.Concat(l.untold, l.open) {
			ids = append(ids, s.ID())
		}
		if tt.id == "" && len(ids) > 0 || tt.id != "" && !slices.Equal(ids, []message.ID{tt.id}) {
			t.Errorf("%s: says %v, want %q", tt.name, ids, tt.id)
		}
		if got := l.finding(); got.Status != tt.want {
			t.Errorf("%s: %s, want %s", tt.name, got.Status, tt.want)
		}
	}
}

func TestComparePapers(t *testing.T) {
	t.Parallel()
	h := unit("service", imeiA, imeiB)
	for _, tt := range []struct {
		name   string
		change func(*Product)
		field  string // that differs; "" if nothing differs
		want   report.Status
	}{
		{"all agree", func(p *Product) {
			p.Model, p.IMEISticker, p.IMEIReceipt, p.SNBox = "Redmi Note 10", imeiA, imeiB, "F1XK02345"
		}, "", report.StatusPass},
		{"sticker", func(p *Product) { p.IMEISticker = imeiC }, "product.imei_sticker", report.StatusFail},
		{"receipt", func(p *Product) { p.IMEIReceipt = imeiC }, "product.imei_receipt", report.StatusFail},
		{"model", func(p *Product) { p.Model = "Redmi Note 12" }, "product.model", report.StatusFail},
		{"serial number", func(p *Product) { p.SNBox = "30758/F1XK99999" }, "product.sn_box", report.StatusFail},
		{"another model's code", func(p *Product) { p.Model = "Redmi Note 10 M2101K7BG" }, "product.model", report.StatusFail},
		{"nothing filled in", func(*Product) {}, "", report.StatusPass},
		{"spaces only", func(p *Product) { p.IMEIBox, p.SNBox, p.Model = " ", " ", " " }, "", report.StatusPass},
	} {
		in := &Form{}
		tt.change(&in.Product)
		var fields []string
		for _, p := range in.Unlike(h) {
			fields = append(fields, p.Field)
		}
		if strings.Join(fields, " ") != tt.field {
			t.Errorf("%s: %v differ, want %q", tt.name, fields, tt.field)
		}
		if got := in.Compare(h); got.Status != tt.want {
			t.Errorf("%s: %s, want %s", tt.name, got.Status, tt.want)
		}
	}
	// Without an identified handset nothing agrees.
	in := &Form{Product: Product{Model: "Redmi Note 10", SNBox: "F1XK02345"}}
	if got := in.Compare(nil); got.Status != report.StatusUnknown || got.Observed != "" {
		t.Errorf("not identified: %+v, want unknown", got)
	}
	h.SN = nil
	if got := in.Compare(h); got.Status != report.StatusUnknown {
		t.Errorf("no serial number read: %s, want unknown", got.Status)
	}
	if got := in.Compare(unit("service", imeiA)); got.Observed != "model, S/N" {
		t.Errorf("observed %q, want what agrees", got.Observed)
	}
}

// A form that is not whole proves nothing, also if it contradicts nothing.
func TestFindingOfAForm(t *testing.T) {
	t.Parallel()
	h := unit("service", imeiA)
	whole := sampleIntake()
	whole.Product.IMEIBox = imeiA
	whole.Complete(formTime)
	if got := whole.Finding(h); got.Status != report.StatusPass {
		t.Errorf("whole: %s %s, want pass", got.Status, got.Summary)
	}
	r := &report.Report{Handset: h}
	if whole.Contradicts(r) {
		t.Error("a form that agrees contradicts")
	}
	for name, change := range map[string]func(*Form){
		"no salt":       func(in *Form) { in.Salt = "" },
		"no opening":    func(in *Form) { in.Ticket.Opened = "" },
		"no posting":    func(in *Form) { in.Ticket.ShipBy = "" },
		"no seller":     func(in *Form) { in.Purchase.Seller = "" },
		"salt too long": func(in *Form) { in.Salt += "0" },
	} {
		in := whole
		change(&in)
		if got := in.Finding(h); got.Status != report.StatusUnknown {
			t.Errorf("%s: %s, want unknown", name, got.Status)
		}
		if !in.Contradicts(r) {
			t.Errorf("%s: a claim is made of it", name)
		}
	}
	other := whole
	other.Product.IMEIBox = imeiC
	other.Salt = ""
	if got := other.Finding(h); got.Status != report.StatusFail {
		t.Errorf("another handset, and no salt: %s, want fail", got.Status)
	}
	if !other.Contradicts(r) {
		t.Error("a form of another handset does not contradict")
	}
}

func TestProblemsSayAFieldOnce(t *testing.T) {
	t.Parallel()
	in := sampleIntake()
	in.Complete(formTime)
	in.Product.IMEIBox = "words"
	got := in.Problems(formTime, unit("service", imeiA))
	if len(got) != 1 || got[0].Field != "product.imei_box" {
		t.Errorf("%v, want one problem with the number", got)
	}
	in.Product.IMEIBox = imeiC
	if got := in.Problems(formTime, unit("service", imeiA)); len(got) != 1 || got[0].Field != "product.imei_box" {
		t.Errorf("%v, want the contradiction", got)
	}
}
