package after

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"preship/cmd/preship/internal/job"
	"preship/report"
	"preship/report/casedir"
	"preship/report/casetest"
)

// TestMain is the program that runs after a case, if the environment says so: it adds a line
// for each variable of preship to a file.
func TestMain(m *testing.M) {
	file := os.Getenv("AFTER_TEST_FILE")
	if file == "" {
		os.Exit(m.Run())
	}
	f, err := os.OpenFile(file, os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o600)
	if err != nil {
		panic(err)
	}
	fmt.Fprintln(f, "RUN", len(os.Args)-1)
	for _, v := range os.Environ() {
		if strings.HasPrefix(v, "PRESHIP_") {
			fmt.Fprintln(f, v)
		}
	}
	switch os.Getenv("AFTER_TEST_END") {
	case "fail":
		fmt.Println("not this")
		fmt.Println("no \x1b[31mticket")
		os.Exit(7)
	case "sleep":
		time.Sleep(time.Minute)
	}
	os.Exit(0)
}

// ended makes a case with a report, and how its job ended.
func ended(t *testing.T, ticket string) (job.Ending, *casedir.Case) {
	t.Helper()
	c := casetest.Case(t)
	if err := c.WriteFile(casedir.ReportName, []byte("{}")); err != nil {
		t.Fatal(err)
	}
	if err := c.Close(); err != nil {
		t.Fatal(err)
	}
	return job.Ending{Dir: c.Dir(), ID: c.ID(), Sealed: true, Report: report.Report{Verdict: report.VerdictReady, Ticket: &report.Ticket{ID: ticket}}}, c
}

// program is this test, as a program; its output is in a file.
func program(t *testing.T, end string) (c *Command, lines func() []string) {
	t.Helper()
	file := filepath.Join(t.TempDir(), "said")
	t.Setenv("AFTER_TEST_FILE", file)
	t.Setenv("AFTER_TEST_END", end)
	c, err := Find(os.Args[0])
	if err != nil {
		t.Fatal(err)
	}
	return c, func() []string {
		b, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		return strings.Split(strings.TrimSpace(string(b)), "\n")
	}
}

func TestRunOnceAnEnd(t *testing.T) {
	t.Setenv("PRESHIP_KEY_PASSPHRASE", "secret")
	c, lines := program(t, "")
	end, _ := ended(t, "T-1\n\x1b]0;x\u202e\x00$(reboot)"+strings.Repeat("9", 10_000))
	for range 2 {
		if err := c.Run(t.Context(), end); err != nil {
			t.Fatal(err)
		}
	}
	got := lines()
	if n := len(slices.DeleteFunc(slices.Clone(got), func(s string) bool { return s != "RUN 0" })); n != 1 {
		t.Errorf("ran %d times for one end, or with arguments: %q", n, got)
	}
	for _, want := range []string{"PRESHIP_VERDICT=READY", "PRESHIP_CASE=" + end.ID, "PRESHIP_CASE_DIR=" + end.Dir, "PRESHIP_REPORT_JSON=" + filepath.Join(end.Dir, "report.json"), "PRESHIP_PARCEL="} {
		if !slices.Contains(got, want) {
			t.Errorf("no %q in %q", want, got)
		}
	}
	for _, line := range got {
		if strings.Contains(line, "secret") || len(line) > maxValue+50 || strings.HasPrefix(line, "PRESHIP_TICKET") && !strings.HasPrefix(line, "PRESHIP_TICKET=T-1]0;x$(reboot)999") {
			t.Errorf("%.200q", line)
		}
	}
	if err := os.WriteFile(filepath.Join(end.Dir, casedir.ReportName), []byte("{ }"), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := c.Run(t.Context(), end); err != nil || len(lines()) != 2*len(got) {
		t.Errorf("another report: %v, %d lines, want %d", err, len(lines()), 2*len(got))
	}
}

func TestRunFails(t *testing.T) {
	c, lines := program(t, "fail")
	end, _ := ended(t, "T-1")
	for range 2 { // it is tried again
		err := c.Run(t.Context(), end)
		if err == nil || !strings.Contains(err.Error(), "exit code 7") || !strings.Contains(err.Error(), "ticket") || strings.ContainsAny(err.Error(), "\x1b\n") || strings.Contains(err.Error(), "not this") {
			t.Errorf("error %q", err)
		}
	}
	if n := strings.Count(strings.Join(lines(), "\n"), "RUN 0"); n != 2 {
		t.Errorf("ran %d times, want 2", n)
	}
	t.Setenv("AFTER_TEST_END", "sleep")
	c.limit = 300 * time.Millisecond
	if err := c.Run(t.Context(), end); err == nil || !strings.Contains(err.Error(), "did not end") {
		t.Errorf("a program that does not end: %v", err)
	}
}

func TestFind(t *testing.T) {
	t.Parallel()
	for _, name := range []string{"", "no-such-program", "curl -d x", t.TempDir()} {
		if _, err := Find(name); !errors.Is(err, ErrProgram) {
			t.Errorf("%q: %v, want %v", name, err, ErrProgram)
		}
	}
}
