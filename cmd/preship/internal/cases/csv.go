package cases

import (
	"encoding/csv"
	"io"
	"strconv"
	"strings"
	"time"

	"preship/report/printable"
	"preship/report/register"
)

// columns are the columns of the CSV, by the names of the fields in --json.
var columns = []struct {
	name  string
	value func(Case) string
}{
	{"id", func(c Case) string { return c.ID }},
	{"path", func(c Case) string { return c.Path }},
	{"ticket", func(c Case) string { return c.Ticket }},
	{"imei", func(c Case) string { return strings.Join(c.IMEI, " ") }},
	{"sn", func(c Case) string { return c.SN }},
	{"serial", func(c Case) string { return c.Serial }},
	{"model", func(c Case) string { return c.Model }},
	{"market_name", func(c Case) string { return c.MarketName }},
	{"verdict", func(c Case) string { return string(c.Verdict) }},
	{"stand", func(c Case) string { return string(c.Stand) }},
	{"started", func(c Case) string { return stamp(c.Started) }},
	{"updated", func(c Case) string { return stamp(c.Updated) }},
	{"backup_bytes", func(c Case) string {
		if c.Backup.Bytes == nil {
			return ""
		}
		return strconv.FormatInt(*c.Backup.Bytes, 10)
	}},
	{"problem", func(c Case) string { return c.Problem }},
	{"next", func(c Case) string { return c.Next }},
	{"desk", func(c Case) string { return c.Desk }},
	{"folder", func(c Case) string { return c.Folder }},
}

func stamp(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.UTC().Format(time.RFC3339)
}

// CSV writes cases for a spreadsheet, after a line of column names. The text is UTF-8 with
// a byte order mark, without which a spreadsheet reads names wrong.
func (f *Folder) CSV(to io.Writer, all []register.Entry) error {
	if _, err := io.WriteString(to, "\ufeff"); err != nil {
		return err
	}
	w := csv.NewWriter(to)
	w.UseCRLF = true
	var head []string
	for _, c := range columns {
		head = append(head, c.name)
	}
	if err := w.Write(head); err != nil {
		return err
	}
	for one := range f.Described(all) {
		var row []string
		for _, c := range columns {
			row = append(row, printable.Cell(c.value(one)))
		}
		if err := w.Write(row); err != nil {
			return err
		}
	}
	w.Flush()
	return w.Error()
}
