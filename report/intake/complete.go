package intake

import (
	"fmt"
	"strings"
	"time"

	"preship/report"
)

// Fill fills in what the case knows, where the form leaves it open: the model of the
// handset, which is nil if it was not identified, and the case's ID as the number of the
// ticket.
func (in *Form) Fill(h *report.Handset, id string) {
	if strings.TrimSpace(in.Ticket.ID) == "" {
		in.Ticket.ID = id
	}
	if strings.TrimSpace(in.People.PerformedBy) == "" {
		in.People.PerformedBy = in.Customer.Name
	}
	if in.Consent.Wipe && strings.TrimSpace(in.Consent.By) == "" {
		in.Consent.By = in.Customer.Name
	}
	in.FillModel(h)
}

// FillModel fills in the model of the handset, which is nil if it was not identified, if
// the form names no model.
func (in *Form) FillModel(h *report.Handset) {
	if names := modelNames(h); strings.TrimSpace(in.Product.Model) == "" && len(names) > 0 {
		in.Product.Model = names[0]
	}
}

// Complete fills in defaults, and says where they come from.
func (in *Form) Complete(now time.Time) {
	if in.Ticket.Opened == "" {
		in.Ticket.Opened = now.UTC().Format(time.DateOnly)
	}
	opened, err := time.Parse(time.DateOnly, in.Ticket.Opened)
	if in.Ticket.ShipBy == "" && err == nil {
		in.Ticket.ShipBy = opened.AddDate(0, 0, shipDays).Format(time.DateOnly)
		in.Ticket.ShipBySource = defaultShipWhy(opened)
	}
	if in.Ticket.ShipBySource == "" {
		in.Ticket.ShipBySource = givenShipWhy
	}
	in.Purchase.Country = strings.ToUpper(countryOf(in.Purchase.Country))
	if in.Customer.Language == "" {
		in.Customer.Language = report.DefaultLanguage
	}
}

// ReportTicket is what of the form is in the report.
func (in Form) ReportTicket() *report.Ticket {
	t := &report.Ticket{
		ID: in.Ticket.ID, RMA: in.Ticket.RMA, ShipBy: in.Ticket.ShipBy, ShipWhy: in.Ticket.ShipBySource,
		Warranty: in.Purchase.first(in.Ticket.Opened, in.Customer.Business), Photos: append([]report.Photo{}, in.Condition.Photos...),
	}
	report.Tidy(t)
	return t
}

// givenShipWhy and defaultShipWhy are the sources of the last day to post.
const givenShipWhy = "given at intake"

func defaultShipWhy(opened time.Time) string {
	return fmt.Sprintf("%d days from %s: preship's default; the letter with the RMA number decides", shipDays, opened.Format(time.DateOnly))
}
