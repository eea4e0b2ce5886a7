package intake

import (
	"strings"
	"testing"
	"time"

	"preship/report"
)

func TestComplete(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 11, 22, 23, 30, 0, 0, time.FixedZone("", -3*3600))
	var in Form
	in.Purchase.Country = "es"
	in.Complete(now)
	if in.Ticket.Opened != "2026-11-23" || in.Ticket.ShipBy != "2026-12-23" {
		t.Errorf("opened %s, post by %s; want the day in UTC and 30 days more", in.Ticket.Opened, in.Ticket.ShipBy)
	}
	if !strings.Contains(in.Ticket.ShipBySource, "default") {
		t.Errorf("source %q does not say that the day is a default", in.Ticket.ShipBySource)
	}
	if in.Purchase.Country != "ES" || in.Customer.Language != report.DefaultLanguage {
		t.Errorf("country %q, language %q", in.Purchase.Country, in.Customer.Language)
	}

	in = Form{Ticket: Ticket{Opened: "2026-11-01", ShipBy: "2026-11-10"}, Customer: Customer{Language: "zh"}}
	in.Complete(now)
	if in.Ticket.Opened != "2026-11-01" || in.Ticket.ShipBy != "2026-11-10" || in.Customer.Language != "zh" {
		t.Errorf("%+v: given values were changed", in.Ticket)
	}
	if in.Ticket.ShipBySource != "given at intake" {
		t.Errorf("source %q, want that it was given", in.Ticket.ShipBySource)
	}

	in = Form{Ticket: Ticket{Opened: "soon"}}
	in.Complete(now)
	if in.Ticket.ShipBy != "" {
		t.Errorf("a day to post by, %s, from no date", in.Ticket.ShipBy)
	}
}

func TestContactIn(t *testing.T) {
	t.Parallel()
	for _, country := range []string{"ES", "SG", "AE", "BD"} {
		if got := contactIn(country); got.country != country {
			t.Errorf("%s: the contact of %q", country, got.country)
		}
	}
	for _, country := range []string{"DE", ""} {
		if got := contactIn(country); got.country != "" || len(got.how) == 0 {
			t.Errorf("%q: %+v, want the row of every other country", country, got)
		}
	}
}

func TestDaysOfAForm(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name   string
		change func(*Form)
		field  string // "" when it is fine
	}{
		{"opened somewhere where it is tomorrow", func(in *Form) { in.Ticket.Opened = "2026-11-23" }, ""},
		{"opened the day after", func(in *Form) { in.Ticket.Opened = "2026-11-24" }, "ticket.opened"},
		{"posted later", func(in *Form) { in.Ticket.ShipBy = "2026-12-24" }, ""},
		{"posted in another century", func(in *Form) { in.Ticket.ShipBy = "2101-01-01" }, "ticket.ship_by"},
		{"the last year there is", func(in *Form) { in.Ticket.ShipBy = "2100-12-31" }, ""},
		{"bought before there were such handsets", func(in *Form) { in.Purchase.Date = "2009-12-31" }, "purchase.date"},
		{"bought in the first year", func(in *Form) { in.Purchase.Date = "2010-01-01" }, ""},
		{"agreed to in the future", func(in *Form) { in.Consent.At = "2027-01-01" }, "consent.at"},
		{"no day to delete by", func(in *Form) { in.Backup.DeleteBy = "" }, ""},
		{"a day to delete by in words", func(in *Form) { in.Backup.DeleteBy = "soon" }, "backup.delete_by"},
		{"an estimate without end", func(in *Form) { in.Estimate.ValidUntil = "0001-01-01" }, "estimate.valid_until"},
		{"a photo named in the form", func(in *Form) { in.Condition.Photos = []report.Photo{{File: "evidence/../x.jpg"}} }, "condition.photos"},
		{"a photo that was added", func(in *Form) { in.Condition.Photos = []report.Photo{{File: "evidence/condition-01.jpg"}} }, ""},
	} {
		in := sampleIntake()
		in.Complete(formTime)
		tt.change(&in)
		got := in.Problems(formTime, nil)
		if tt.field == "" && len(got) > 0 || tt.field != "" && (len(got) != 1 || got[0].Field != tt.field) {
			t.Errorf("%s: %v, want a problem with %q", tt.name, got, tt.field)
		}
	}
}

// A country is taken as people write it.
func TestCountryByName(t *testing.T) {
	t.Parallel()
	f, _ := FieldNamed("purchase.country")
	for typed, want := range map[string]string{"España": "ES", " spain ": "ES", "es": "ES", "Alemania": "DE", "中国": "CN", "Reino Unido": "GB", "Atlantis": "ATLANTIS"} {
		var in Form
		if problem := f.Read(&in, typed); !problem.Empty() || in.Purchase.Country != want {
			t.Errorf("%q is kept as %q, %s; want %q", typed, in.Purchase.Country, problem, want)
		}
	}
	for code := range countryNames {
		if !countryCode().MatchString(code) {
			t.Errorf("%q is no code", code)
		}
	}
}
