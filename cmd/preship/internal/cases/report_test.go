package cases

import (
	"bytes"
	"encoding/csv"
	"fmt"
	"strings"
	"testing"
	"time"

	"preship/report"
	"preship/report/message"
	"preship/report/register"
)

// batch are cases of each kind, with texts that a handset or a customer chose.
func batch() []register.Entry {
	on := time.Date(2026, 11, 22, 12, 0, 0, 0, time.UTC)
	return []register.Entry{
		{ID: "PS-20261122-7K3Q9D", Ticket: "=2041", MarketName: "=HYPERLINK(\"http://x\")", IMEI: []string{"356938035643809"}, Sealed: true, Verdict: report.VerdictReady, Started: on, Updated: on, Locks: []string{}, Backup: register.Held{Held: true, Bytes: new(int64(3_300_000))}},
		{ID: "PS-20261122-222222", Model: "@SUM(1)\x1b[2J\u202e", Sealed: true, Verdict: report.VerdictNotReady, Started: on, Updated: on, Locks: []string{"lock.find-device.off", "lock.screen.off", "account.mi.signed-out"}, Backup: register.Held{Archived: "s3://b/p"}},
		{ID: "PS-20261122-333333", Sealed: true, Verdict: report.VerdictReady, Locks: nil, Backup: register.Held{HandedBack: &on, Deleted: &on}},
		{Path: "moved", Gone: true},
		{Path: "broken", Problem: "case.json: damaged"},
	}
}

func TestReportAsCSV(t *testing.T) {
	t.Parallel()
	var b bytes.Buffer
	if err := writeReport(&b, batch()); err != nil {
		t.Fatal(err)
	}
	if strings.Contains(b.String(), "356938035643809") || strings.ContainsAny(b.String(), "\x1b\u202e") {
		t.Errorf("a whole IMEI, or a control character: %q", b.String())
	}
	rows, err := csv.NewReader(strings.NewReader(strings.TrimPrefix(b.String(), "\ufeff"))).ReadAll()
	if err != nil || len(rows) != 6 {
		t.Fatalf("%d rows, %v", len(rows), err)
	}
	column := func(name string, row int) string {
		for i, head := range rows[0] {
			if head == name {
				return rows[row][i]
			}
		}
		t.Fatalf("no column %s in %q", name, rows[0])
		return ""
	}
	for _, tt := range []struct {
		name string
		row  int
		want string
	}{
		{"imei_tail", 1, "…3809"},
		{"verdict", 1, "READY"},
		{"data", 1, "here"},
		{"bytes", 1, "3300000"},
		{"locks", 1, "off"},
		{"ticket", 1, "'=2041"},
		{"model", 1, "'=HYPERLINK(\"http://x\")"},
		{"locks", 2, "lock.find-device.off account.mi.signed-out"},
		{"data", 2, "archived"},
		{"locks", 3, "unknown"},
		{"data", 3, "deleted"},
		{"deleted", 3, "2026-11-22T12:00:00Z"},
		{"data", 4, "unknown"},
		{"stand", 4, "gone"},
		{"data", 5, "unknown"},
	} {
		if got := column(tt.name, tt.row); got != tt.want {
			t.Errorf("row %d, %s: %q, want %q", tt.row, tt.name, got, tt.want)
		}
	}
	for _, row := range rows[1:] {
		for i, cell := range row {
			if cell != "" && strings.ContainsRune("=+-@|\t\r", rune(cell[0])) {
				t.Errorf("%s is a formula: %q", rows[0][i], cell)
			}
		}
	}
}

// TestReportRowsInEveryLanguage: no word of a row is left in English.
func TestReportRowsInEveryLanguage(t *testing.T) {
	t.Parallel()
	for language, want := range map[string][]string{
		"en": {"off", "Find Device, Mi account", "deleted on 2026-11-2", "not known"},
		"es": {"quitados", "Encontrar dispositivo, cuenta Mi", "eliminados el 2026-11-2", "no se sabe"},
		"zh": {"已解除", "查找手机，小米账号", "已于 2026-11-2", "未知"},
	} {
		say := func(s message.Sentence) string {
			text, known := s.In(language)
			if !known && s.ID() != "" {
				t.Errorf("%s: no words for %s", language, s.ID())
			}
			return text
		}
		all := fmt.Sprint(reportRows(batch(), say))
		for _, words := range want {
			if !strings.Contains(all, words) {
				t.Errorf("%s: no %q in %s", language, words, all)
			}
		}
	}
}
