package intake

import (
	"encoding/json"
	"strings"
	"testing"

	"preship/report"
)

func TestIntakeNamesMissingFields(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name   string
		change func(*Form)
		field  string // "" when it is fine
	}{
		{"whole", func(*Form) {}, ""},
		{"no ticket", func(in *Form) { in.Ticket.ID = " " }, "ticket.id"},
		{"no name", func(in *Form) { in.Customer.Name = "" }, "customer.name"},
		{"no address", func(in *Form) { in.Customer.Address = "" }, "customer.address"},
		{"no way to answer", func(in *Form) { in.Customer.Phone, in.Customer.Email = "", "" }, "customer.phone"},
		{"mail only", func(in *Form) { in.Customer.Phone = "" }, ""},
		{"no mail address", func(in *Form) { in.Customer.Email = "jordan" }, "customer.email"},
		{"no such language", func(in *Form) { in.Customer.Language = "tlh" }, "customer.language"},
		{"country that is not known", func(in *Form) { in.Purchase.Country = "Atlantis" }, "purchase.country"},
		{"no date", func(in *Form) { in.Purchase.Date = "" }, "purchase.date"},
		{"date in words", func(in *Form) { in.Purchase.Date = "last March" }, "purchase.date"},
		{"bought tomorrow", func(in *Form) { in.Purchase.Date = "2027-03-01" }, "purchase.date"},
		{"a consent that comes later", func(in *Form) { in.Consent = Consent{} }, ""},
		{"a backup that comes later", func(in *Form) { in.Backup.Made = "" }, ""},
		{"no such word about the backup", func(in *Form) { in.Backup.Made = "maybe" }, "backup.made"},
		{"IMEI with spaces", func(in *Form) { in.Product.IMEIBox = "35 693803 564380 9" }, "product.imei_box"},
		{"fault not told", func(in *Form) { in.Fault.Description = "" }, "fault.description"},
		{"passcode told", func(in *Form) { in.Fault.Tried = "PIN: 4711, does not help" }, "fault"},
		{"code told in Spanish", func(in *Form) { in.Fault.Description += ", la contraseña es 123456" }, "fault"},
	} {
		in := sampleIntake()
		tt.change(&in)
		in.Complete(formTime)
		got := in.Problems(formTime, nil)
		switch {
		case tt.field == "" && len(got) > 0:
			t.Errorf("%s: %v", tt.name, got)
		case tt.field == "":
		case len(got) != 1 || got[0].Field != tt.field:
			t.Errorf("%s: %v, want one problem, about %s", tt.name, got, tt.field)
		}
	}
}

func TestFaultHasToDescribeTheFault(t *testing.T) {
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
		if got := describes(text); got != ok {
			t.Errorf("%q is accepted: %t, want %t", text, got, ok)
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
		`{"schema":"urn:preship:intake:v9"}`:         "urn:preship:intake:v1 is",
		`[`:                                          "not complete",
		`{"x":"` + strings.Repeat("a", 2<<20) + `"}`: "too large",
	} {
		if _, err := Parse([]byte(text)); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%.40s: error %v, want one with %q", text, err, want)
		}
	}
}

func TestWhoIsAskedFirst(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name     string
		purchase Purchase
		business bool
		want     string
	}{
		{"own shop, first year", Purchase{FromMaker: true, Date: "2026-01-10", Country: "ES"}, false, AskMaker},
		{"own shop, second year", Purchase{FromMaker: true, Date: "2025-01-10", Country: "ES"}, false, AskSeller},
		{"own shop, length of the maker's warranty unknown", Purchase{FromMaker: true, Date: "2026-01-10", Country: "DE"}, false, AskSeller},
		{"elsewhere, first year", Purchase{Date: "2026-01-10", Country: "ES"}, false, AskSeller},
		{"third year in Spain", Purchase{Date: "2024-01-10", Country: "ES"}, false, AskSeller},
		{"older law in Spain", Purchase{Date: "2021-12-31", Country: "ES"}, false, AskRepair},
		{"third year in Portugal", Purchase{Date: "2024-01-10", Country: "PT"}, false, AskSeller},
		{"third year in Sweden", Purchase{Date: "2024-01-10", Country: "SE"}, false, AskSeller},
		{"fifth year in Norway", Purchase{Date: "2022-01-10", Country: "NO"}, false, AskSeller},
		{"sixth year in Norway", Purchase{Date: "2021-01-10", Country: "NO"}, false, AskRepair},
		{"fifth year in Ireland", Purchase{Date: "2022-01-10", Country: "IE"}, false, AskSeller},
		{"fifth year in Britain", Purchase{Date: "2022-01-10", Country: "GB"}, false, AskSeller},
		{"no fixed end in the Netherlands", Purchase{Date: "2020-01-10", Country: "NL"}, false, AskSeller},
		{"second year in China", Purchase{Date: "2025-01-10", Country: "CN"}, false, AskRepair},
		{"third year in Germany", Purchase{Date: "2024-01-10", Country: "DE"}, false, AskRepair},
		{"third year in Germany, with an insurance", Purchase{Date: "2024-01-10", Country: "DE", Extended: true}, false, AskExtended},
		{"second year with an insurance", Purchase{Date: "2025-01-10", Country: "DE", Extended: true}, false, AskSeller},
		{"a business, whose time is unknown", Purchase{Date: "2019-01-10", Country: "DE"}, true, AskSeller},
		{"a country whose law is unknown", Purchase{Date: "2015-01-10", Country: "BR"}, false, AskSeller},
		{"long ago", Purchase{FromMaker: true, Date: "2019-01-10", Country: "ES"}, false, AskRepair},
		{"no date", Purchase{FromMaker: true, Country: "ES"}, false, AskSeller},
	} {
		if got := tt.purchase.first("2026-11-20", tt.business); got != tt.want {
			t.Errorf("%s: %q, want %q", tt.name, got, tt.want)
		}
	}
	for _, c := range contacts {
		if len(c.how) == 0 || c.source == "" || c.note == "" {
			t.Errorf("contact %q says too little", c.country)
		}
	}
	if last := contacts[len(contacts)-1]; last.country != "" {
		t.Error("no row for every other country")
	}
	for _, l := range laws {
		if l.source == "" || l.years == 0 && l.note == "" || (l.since == "") != (l.before == 0) {
			t.Errorf("the law of %s says too little: %+v", l.country, l)
		}
	}
}

func FuzzParseIntake(f *testing.F) {
	raw, err := json.Marshal(sampleIntake())
	if err != nil {
		f.Fatal(err)
	}
	f.Add(raw)
	f.Add([]byte(`{"passcode":1}`))
	f.Fuzz(func(t *testing.T, b []byte) {
		in, err := Parse(b)
		if err != nil {
			return
		}
		in.Complete(formTime)
		_ = in.check(formTime)
		r := report.Report{Ticket: in.ReportTicket()}
		if _, err := Claim(in, &r); err != nil {
			t.Error(err)
		}
	})
}
