package page

import (
	"fmt"
	"strings"
	"testing"
	"unicode/utf8"

	"preship/report"
	"preship/report/casetest"
	"preship/report/check"
	"preship/report/message"
)

func TestPlaceChecks(t *testing.T) {
	t.Parallel()
	heading := []checkLine{{heading: true}}
	check := func(n int) []checkLine { return make([]checkLine, n) }
	for _, tt := range []struct {
		name   string
		blocks [][]checkLine
		rows   int
		want   string
	}{
		{"all in one column", [][]checkLine{heading, check(1), check(2)}, 5, "4 0 0"},
		{"goes on in the other", [][]checkLine{heading, check(2), check(2)}, 4, "3 2 0"},
		{"a step's name does not end a column", [][]checkLine{check(3), heading, check(1)}, 4, "3 2 0"},
		{"more than there is room for", [][]checkLine{check(2), check(2), check(2), check(1)}, 2, "2 2 2"},
		{"no room at all", [][]checkLine{heading, check(1)}, 0, "0 0 1"},
	} {
		columns, left := place(tt.blocks, tt.rows)
		if got := fmt.Sprint(len(columns[0]), len(columns[1]), left); got != tt.want {
			t.Errorf("%s: %s, want %s", tt.name, got, tt.want)
		}
	}
}

// A check that passed and has little room is named by its title, and is not cut. Any
// other keeps its sentence.
func TestChecksInOneLine(t *testing.T) {
	t.Parallel()
	r := casetest.Report(t, nil)
	for _, tag := range report.Languages {
		s, err := newSheet(&r, langNamed(tag), wholeFace(t), pageWidth, pageHeight)
		if err != nil {
			t.Fatal(err)
		}
		f := report.Finding{ID: check.BackupProved, Status: report.StatusPass}
		f.Tell(message.Say("backup.proved.reread"))
		lines := func() string {
			one := &report.Report{Steps: []report.StepRecord{{Name: report.StepBackup, State: report.StepDone, Findings: report.Findings{f}}}}
			return s.checkBlocks(one, checkRoom{pass: 1, other: 1})[1][0].text
		}
		if got, want := lines(), s.t("check.backup.proved"); got != want {
			t.Errorf("%s: pass is written as %q, want %q", tag, got, want)
		}
		if f.Status = report.StatusWarn; !strings.HasPrefix(lines(), f.ID+": ") || !strings.HasSuffix(lines(), "…") {
			t.Errorf("%s: warn is written as %q", tag, lines())
		}
	}
}

// A line of Chinese does not begin with a closing mark or end with an opening one.
func TestLinesKeepMarks(t *testing.T) {
	t.Parallel()
	r := casetest.Report(t, nil)
	s, err := newSheet(&r, langNamed("zh"), wholeFace(t), pageWidth, pageHeight)
	if err != nil {
		t.Fatal(err)
	}
	const text = "手机在不登录账号的情况下完成设置，并（再次）经过“检查”。手机没有列出账号。"
	for width := 10.0; width < 80; width++ {
		lines := s.lines(text, checkPoints, width, 99)
		if strings.Join(lines, "") != text {
			t.Fatalf("lines %q lose a part of the text", lines)
		}
		for _, l := range lines {
			begin, _ := utf8.DecodeRuneInString(l)
			end, _ := utf8.DecodeLastRuneInString(l)
			if strings.ContainsRune(closing, begin) || strings.ContainsRune(opening, end) {
				t.Errorf("width %v: line %q", width, l)
			}
		}
	}
}
