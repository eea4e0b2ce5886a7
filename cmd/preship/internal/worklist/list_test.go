package worklist

import (
	"strings"
	"testing"

	"preship/report/intake"
)

const sample = "\ufeffSerial;IMEI;Ticket;Box IMEI;Customer;purchase.date\r\n" +
	"d35ca000;;T-1;868732053538038;Jordan Example;29/11/2026\r\n" +
	";86-873205-353804-6;T-2;;;\r\n" +
	"\r\n" +
	"d35ca002;356938035643809;T-3;;;\r\n"

func TestParse(t *testing.T) {
	t.Parallel()
	l, err := Parse([]byte(sample))
	if err != nil {
		t.Fatal(err)
	}
	if l.Len() != 3 {
		t.Fatalf("%d rows, want 3", l.Len())
	}
	for _, tt := range []struct {
		serials, imeis []string
		ticket         string
		fails          bool
	}{
		{[]string{"D35CA000"}, nil, "T-1", false},
		{[]string{"elsewhere", "d35ca000"}, nil, "T-1", false},
		{[]string{"x"}, []string{"868732053538038", "868732053538046"}, "T-2", false},
		{[]string{"d35ca002"}, []string{"356938035643809"}, "T-3", false},
		{[]string{"d35ca002"}, nil, "T-3", false},
		{[]string{"d35ca002"}, []string{"868732050123456"}, "", true}, // the serial of one handset, the IMEI of another
		{[]string{"other"}, []string{"356938035643809"}, "", true},
		{[]string{"d35ca000"}, []string{"868732053538046"}, "", true}, // two rows
		{[]string{"other"}, []string{"868732050123456"}, "", false},
		{nil, nil, "", false},
	} {
		row, found, err := l.Find(tt.serials, tt.imeis)
		if (err != nil) != tt.fails || found != (tt.ticket != "") || row.Ticket() != tt.ticket {
			t.Errorf("%q %q: ticket %q, found %t, %v; want %q", tt.serials, tt.imeis, row.Ticket(), found, err, tt.ticket)
		}
	}
	row, _, _ := l.Find([]string{"d35ca000"}, nil)
	if c := row.Claims(); len(c.Box) != 1 || c.Box[0] != "868732053538038" || c.Receipt != nil {
		t.Errorf("claims %+v", c)
	}
	in := intake.Form{Customer: intake.Customer{Name: "Somebody Else"}}
	if !row.Fill(&in) || in.Ticket.ID != "T-1" || in.Customer.Name != "Somebody Else" || in.Purchase.Date != "2026-11-29" {
		t.Errorf("the form has %+v", in)
	}
}

func TestParseRefuses(t *testing.T) {
	t.Parallel()
	for in, want := range map[string][]string{
		"":                              {"no handset"},
		"serial,ticket\n":               {"no handset"},
		"serial,colour of eyes\na,b\n":  {"unknown column, colour of eyes"},
		"ticket\nT-1\n":                 {"serial number or an IMEI is missing"},
		"serial,serial\na,b\n":          {"column serial twice"},
		"serial,passcode\na,1234\n":     {"unknown column, passcode"},
		"serial,ticket\n,T-1\na,T-2\n":  {"line 2: a serial number or an IMEI is missing"},
		"imei\n123\n":                   {"line 2:"},
		"serial\na\nA\n":                {"line 3: the same number is on line 2"},
		"serial,imei_box\na,123\nb,9\n": {"line 2: product.imei_box", "line 3: product.imei_box"},
		"serial,ticket\na,T\nb\n":       {"not valid CSV"},
		"serial\n\xff\n":                {"UTF-8"},
	} {
		l, err := Parse([]byte(in))
		if err == nil || l != nil {
			t.Errorf("%q is accepted", in)
			continue
		}
		for _, w := range want {
			if !strings.Contains(err.Error(), w) {
				t.Errorf("%q: %v, want %q", in, err, w)
			}
		}
	}
}

func FuzzParse(f *testing.F) {
	f.Add([]byte(sample))
	f.Add([]byte("serial,ticket\na,T-1\n"))
	f.Fuzz(func(t *testing.T, b []byte) {
		l, err := Parse(b)
		if (l == nil) == (err == nil) {
			t.Errorf("%v with %v", l, err)
		}
		if l == nil {
			return
		}
		for _, r := range l.rows {
			if r.serial == "" && len(r.imeis) == 0 {
				t.Errorf("line %d names no handset", r.line)
			}
			var in intake.Form
			r.Fill(&in)
		}
	})
}
