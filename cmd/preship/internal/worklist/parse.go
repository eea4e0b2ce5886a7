package worklist

import (
	"bytes"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"unicode/utf8"

	"preship/report/imei"
	"preship/report/intake"
	"preship/report/message"
	"preship/report/printable"
)

// MaxBytes is the most bytes of a worklist: a day's handsets take a few kilobytes.
const MaxBytes = 4 << 20

const (
	maxRows     = 10_000
	maxProblems = 20 // named at once
)

// names are the short names of columns; a column can also have the name of a field of the
// intake form, such as purchase.date.
var names = map[string]string{
	"ticket": "ticket.id", "rma": "ticket.rma", "imei_box": "product.imei_box", "box_imei": "product.imei_box",
	"sn_box": "product.sn_box", "customer": "customer.name", "name": "customer.name", "phone": "customer.phone",
	"email": "customer.email", "address": "customer.address", "fault": "fault.description",
}

// notListed are the groups of fields that no list can fill: only the owner consents, and
// the condition is seen at the desk.
var notListed = []string{"consent", "condition", "estimate"}

// Parse reads a CSV file: a line of column names, then a line for each handset. The columns
// are separated by commas or semicolons. The error names everything that must be mended,
// with its line.
func Parse(b []byte) (*List, error) {
	b = bytes.TrimPrefix(b, []byte("\ufeff"))
	if !utf8.Valid(b) {
		return nil, message.Error(message.Say("worklist.not-utf8"), nil)
	}
	head, _, _ := bytes.Cut(b, []byte("\n"))
	r := csv.NewReader(bytes.NewReader(b))
	r.TrimLeadingSpace = true
	if bytes.Count(head, []byte(";")) > bytes.Count(head, []byte(",")) {
		r.Comma = ';'
	}
	p := parser{list: &List{}, lineOf: map[string]int{}}
	columns, err := r.Read()
	if err != nil {
		return nil, message.Error(message.Say("worklist.empty"), nil)
	}
	if p.columns(columns); len(p.problems) > 0 {
		return nil, p.err()
	}
	for len(p.problems) < maxProblems {
		cells, err := r.Read()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			p.bad(message.Say("worklist.csv", "error", printable.Text(err.Error())))
			break
		}
		line, _ := r.FieldPos(0)
		p.row(line, cells)
	}
	if len(p.problems) > 0 {
		return nil, p.err()
	}
	if len(p.list.rows) == 0 {
		return nil, message.Error(message.Say("worklist.empty"), nil)
	}
	return p.list, nil
}

// parser collects the rows and the problems of one file.
type parser struct {
	list     *List
	fields   []string // of the columns: a field of the form, "serial" or "imei"
	lineOf   map[string]int
	problems []message.Sentence
}

func (p *parser) err() error {
	return message.Error(message.Join(message.Semicolon, p.problems...), nil)
}

func (p *parser) bad(s message.Sentence) { p.problems = append(p.problems, s) }

func (p *parser) columns(cells []string) {
	seen := map[string]bool{}
	for _, cell := range cells {
		name := strings.NewReplacer(" ", "_", "-", "_").Replace(strings.ToLower(strings.TrimSpace(cell)))
		if long, ok := names[name]; ok {
			name = long
		}
		_, field := intake.FieldNamed(name)
		group, _, _ := strings.Cut(name, ".")
		field = field && !slices.Contains(notListed, group)
		switch {
		case !field && name != "serial" && name != "imei":
			p.bad(message.Say("worklist.column", "column", printable.Text(cell)))
		case seen[name]:
			p.bad(message.Say("worklist.column-twice", "column", printable.Text(cell)))
		}
		seen[name] = true
		p.fields = append(p.fields, name)
	}
	if len(p.problems) == 0 && !seen["serial"] && !seen["imei"] {
		p.bad(message.Say("worklist.no-number"))
	}
}

func (p *parser) row(line int, cells []string) {
	row := Row{line: line, fields: map[string]string{}}
	at := func(problem message.Sentence) {
		p.bad(message.Say("worklist.line", "line", fmt.Sprint(line), "problem", problem))
	}
	for i, cell := range cells {
		if cell = strings.TrimSpace(cell); cell == "" || i >= len(p.fields) {
			continue
		}
		switch name := p.fields[i]; name {
		case "serial":
			row.serial = cell
		case "imei":
			numbers, err := imei.Printed(strings.TrimPrefix(cell, "'"))
			if err != nil {
				at(message.Of(err))
			}
			row.imeis = numbers
		default:
			f, _ := intake.FieldNamed(name)
			if problem := f.Read(&intake.Form{}, cell); !problem.Empty() {
				at(message.Join(message.Colon, message.AsIs(name), problem))
			}
			row.fields[name] = cell
		}
	}
	if row.serial == "" && len(row.imeis) == 0 {
		if len(row.fields) > 0 {
			at(message.Say("worklist.no-number"))
		}
		return
	}
	for _, key := range append([]string{strings.ToLower(row.serial)}, row.imeis...) {
		if before, twice := p.lineOf[key]; twice && key != "" {
			at(message.Say("worklist.twice", "line", fmt.Sprint(before)))
		}
		p.lineOf[key] = line
	}
	if p.list.rows = append(p.list.rows, row); len(p.list.rows) > maxRows {
		p.bad(message.Say("worklist.too-long", "most", fmt.Sprint(maxRows)))
	}
}
