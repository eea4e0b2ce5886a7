package worklist

import (
	"fmt"
	"slices"
	"strings"

	"preship/report/intake"
	"preship/report/message"
	"preship/verify"
)

// List is a worklist. Its zero value and nil have no rows.
type List struct{ rows []Row }

// Row is the line about one handset.
type Row struct {
	line   int // in the file, from 1
	serial string
	imeis  []string
	fields map[string]string // of the intake form, by name
}

// Len returns how many handsets the list has.
func (l *List) Len() int {
	if l == nil {
		return 0
	}
	return len(l.rows)
}

// Find returns the row of a handset that has one of these serial numbers or IMEIs. found
// is false if the list has no such row. Two rows that both fit are an error, and so is a
// row that gives the number of another handset as well.
func (l *List) Find(serials, imeis []string) (row Row, found bool, err error) {
	if l == nil {
		return Row{}, false, nil
	}
	for _, r := range l.rows {
		switch fits, unlike := r.compare(serials, imeis); {
		case !fits:
		case unlike:
			return Row{}, false, message.Error(message.Say("worklist.other-handset", "line", fmt.Sprint(r.line)), nil)
		case found:
			return Row{}, false, message.Error(message.Say("worklist.two-rows", "first", fmt.Sprint(row.line), "second", fmt.Sprint(r.line)), nil)
		default:
			row, found = r, true
		}
	}
	return row, found, nil
}

// compare reports whether a number of the row is the handset's, and whether another is not.
// A handset that answered no IMEI, or no serial, contradicts nothing.
func (r Row) compare(serials, imeis []string) (fits, unlike bool) {
	if r.serial != "" && len(serials) > 0 {
		same := slices.ContainsFunc(serials, func(s string) bool { return strings.EqualFold(s, r.serial) })
		fits, unlike = fits || same, unlike || !same
	}
	for _, number := range r.imeis {
		if len(imeis) > 0 {
			same := slices.Contains(imeis, number)
			fits, unlike = fits || same, unlike || !same
		}
	}
	return fits, unlike
}

// Ticket returns the ticket number; empty if the row has none.
func (r Row) Ticket() string { return r.fields["ticket.id"] }

// Claims returns what the papers of the handset say, to be compared with the handset.
func (r Row) Claims() verify.Claims {
	one := func(name string) []string {
		if s := r.fields[name]; s != "" {
			return []string{s}
		}
		return nil
	}
	return verify.Claims{
		Box: one("product.imei_box"), Sticker: one("product.imei_sticker"), Receipt: one("product.imei_receipt"), SN: r.fields["product.sn_box"],
	}
}

// Fill puts the answers of the row into the fields of a form that are empty, and reports
// whether it changed any.
func (r Row) Fill(in *intake.Form) (changed bool) {
	for _, f := range intake.Fields {
		answer, ok := r.fields[f.Name]
		if empty := f.Text(in); !ok || empty != "" && (!f.YesNo() || empty != "no") {
			continue
		}
		if problem := f.Read(in, answer); problem.Empty() {
			changed = true
		}
	}
	return changed
}
