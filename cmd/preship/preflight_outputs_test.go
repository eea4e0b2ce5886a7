package main

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"preship/adb/reset"
	"preship/cmd/preship/internal/console"
	"preship/cmd/preship/internal/events"
	"preship/cmd/preship/internal/job"
	"preship/report"
	"preship/report/trust"
)

// badOutput is a name that no file can be written under.
type badOutput struct {
	name string
	make func(t *testing.T, dir, job string) (path string)
	want string
}

var badOutputs = []badOutput{
	{"in a folder that is not there", func(_ *testing.T, dir, _ string) string { return filepath.Join(dir, "no", "x") }, "no such folder"},
	{"a folder", func(_ *testing.T, dir, _ string) string { return dir }, "is a folder"},
	{"below a file", func(t *testing.T, dir, _ string) string {
		mustDo(t, os.WriteFile(filepath.Join(dir, "f"), nil, 0o600))
		return filepath.Join(dir, "f", "x")
	}, "choose another file"},
	{"in the case", func(_ *testing.T, _, job string) string { return filepath.Join(job, "evidence", "x") }, "breaks the seal"},
	{"a link to a file of the case", func(t *testing.T, dir, job string) string {
		return linkTo(t, filepath.Join(job, "case.json"), filepath.Join(dir, "link"))
	}, "breaks the seal"},
	{"in a folder that is a link into the case", func(t *testing.T, dir, job string) string {
		return filepath.Join(linkTo(t, filepath.Join(job, "evidence"), filepath.Join(dir, "link")), "x")
	}, "breaks the seal"},
	{"a link to nothing", func(t *testing.T, dir, _ string) string {
		if err := os.Symlink("gone", filepath.Join(dir, "link")); err != nil {
			t.Skip("no links here")
		}
		return filepath.Join(dir, "link")
	}, "link to a file that does not exist"},
	{"in a folder that takes nothing", func(t *testing.T, dir, _ string) string {
		if os.Geteuid() <= 0 {
			t.Skip("this user may write everywhere")
		}
		mustDo(t, os.Chmod(dir, 0o500))
		return filepath.Join(dir, "x")
	}, "nothing can be written there"},
}

func linkTo(t *testing.T, target, link string) string {
	t.Helper()
	if err := os.Symlink(target, link); err != nil {
		t.Skip("no links here")
	}
	return link
}

// Of two outputs that are one file the second would overwrite the first.
func TestTwoNamesOfOneFile(t *testing.T) {
	dir := t.TempDir()
	t.Chdir(dir)
	mustDo(t, os.Mkdir("d", 0o700))
	mustDo(t, os.WriteFile("d/there", nil, 0o600))
	mustDo(t, os.Link("d/there", "d/other"))
	linkTo(t, "d", "l")
	for _, tt := range []struct {
		a, b string
		one  bool
	}{
		{"d/x", "d/../d/x", true},
		{"d/x", filepath.Join(dir, "d", "x"), true},
		{"d/x", "l/x", true},
		{"d/there", "l/there", true},
		{"d/there", "d/other", true},
		{"d/x", "d/y", false},
		{"d/x", "x", false},
		{"no/x", "no/x", true},
	} {
		err := (&outputs{junit: tt.a, ctrf: tt.b}).Try()
		if got := err != nil && strings.Contains(err.Error(), "name one file"); got != tt.one {
			t.Errorf("%s and %s: %v, want it refused as one file: %t", tt.a, tt.b, err, tt.one)
		}
	}
}

// The outputs beside the report are tried before the handset is asked anything,
// and nothing is left by it.
func TestUnwritableOutputErasesNothing(t *testing.T) {
	t.Parallel()
	s, dir := readyToErase(t)
	for _, bad := range append(badOutputs, specialOutputs...) {
		t.Run(bad.name, func(t *testing.T) {
			at := t.TempDir()
			good := filepath.Join(t.TempDir(), "good.xml")
			path := bad.make(t, at, dir)
			for _, args := range [][]string{
				{"prepare", "--out", filepath.Join(s.home, "new"), "--confirm=emulated"},
				{"prepare", "--case", dir, "--confirm=emulated"},
				{"report", "--case", dir},
				{"verify", "--case", dir},
			} {
				s.refuses(t, nil, bad.want, append(args, "--no-input", "--junit", path)...)
				s.refuses(t, nil, bad.want, append(args, "--no-input", "--junit", good, "--ctrf", path)...)
			}
			s.refuses(t, nil, bad.want, "report", "verify", dir, "--csv", path)
			if exists(good) {
				t.Error("a file was left by a run that did nothing")
			}
		})
	}
	both := filepath.Join(s.home, "one")
	s.refuses(t, nil, "one file", "prepare", "--case", dir, "--confirm=emulated", "--no-input", "--junit", both, "--ctrf", both)
	kept := filepath.Join(s.home, "kept")
	mustDo(t, os.WriteFile(kept, []byte("<mine/>"), 0o600))
	s.refuses(t, nil, "no such file", "report", "--case", dir, "--junit", kept, "--key", filepath.Join(s.home, "nope"))
	s.refuses(t, nil, "no such folder", "report", "--case", dir, "--junit", kept, "--ctrf", filepath.Join(s.home, "no", "x"))
	if b, err := os.ReadFile(kept); err != nil || string(b) != "<mine/>" {
		t.Errorf("a file that was there holds %q, %v", b, err)
	}
	if n := s.wipes(); n != 0 || exists(filepath.Join(s.home, "new")) {
		t.Errorf("the wipe was sent %d times; a new case was begun: %t", n, exists(filepath.Join(s.home, "new")))
	}
}

// inProcess is a job in this process, on a computer with so much space.
func (s *story) inProcess(opts jobOptions, free func(string) (int64, error)) (*env, *globals, jobOptions, *bytes.Buffer) {
	e, _, errOut := testEnv()
	e.Now, e.free = time.Now, free
	e.ConfigDir = func() (string, error) { return s.home, nil }
	opts.Confirm, opts.Wait = []string{reset.ConfirmEmulated}, demoWait
	return e, &globals{adbAddr: s.addr(), noInput: true}, opts, errOut
}

// A disk without room for the report is refused before anything is asked, and also
// where it fills while the job is under way.
func TestFullDiskErasesNothing(t *testing.T) {
	t.Parallel()
	s, dir := readyToErase(t)
	full := func(string) (int64, error) { return 5_000_000, nil }
	before := len(s.handset.Sent())
	wantFull := func(t *testing.T, err error) {
		t.Helper()
		if exitCodeOf(err) != exitUsage || !strings.Contains(err.Error(), "5.0 MB left") || !strings.Contains(err.Error(), "need 32.0 MB") {
			t.Errorf("error %v", err)
		}
	}
	e, g, opts, _ := s.inProcess(jobOptions{Options: job.Options{Out: filepath.Join(s.home, "new")}}, full)
	wantFull(t, runPrepare(t.Context(), e, g, opts))
	wantFull(t, runFleet(t.Context(), e, g, opts, fleetOptions{all: true, jobs: 1}))
	e, g, opts, _ = s.inProcess(jobOptions{Options: job.Options{Dir: dir}}, full)
	wantFull(t, runPrepare(t.Context(), e, g, opts))
	wantFull(t, runReset(t.Context(), e, g, opts))
	if sent := s.handset.Sent()[before:]; len(sent) > 0 || exists(filepath.Join(s.home, "new")) {
		t.Fatalf("the handset was sent %v, and a case was begun: %t", sent, exists(filepath.Join(s.home, "new")))
	}
	looks := 0
	fills := func(string) (int64, error) {
		if looks++; looks > 1 { // past the look as the case is opened
			return full("")
		}
		return 1 << 40, nil
	}
	e, g, opts, _ = s.inProcess(jobOptions{Options: job.Options{Dir: dir}}, fills)
	wantFull(t, runPrepare(t.Context(), e, g, opts))
	if n := s.wipes(); n != 0 {
		t.Errorf("the wipe was sent %d times", n)
	}
}

// runUntil runs preship prepare --json and does something as a step begins.
func (s *story) runUntil(t *testing.T, step string, do func(), args ...string) (code int, last events.Event) {
	t.Helper()
	cmd := s.command(t.Context(), args...)
	out, err := cmd.StdoutPipe()
	mustDo(t, err)
	mustDo(t, cmd.Start())
	lines := bufio.NewScanner(out)
	lines.Buffer(nil, 1<<20)
	for lines.Scan() {
		mustDo(t, json.Unmarshal(lines.Bytes(), &last))
		if last.Event == "step" && last.Step == step && last.State == string(report.StepRunning) {
			do()
		}
	}
	_, _ = io.Copy(io.Discard, out)
	if err := cmd.Wait(); !errors.As(err, new(*exec.ExitError)) && err != nil {
		t.Fatal(err)
	}
	return cmd.ProcessState.ExitCode(), last
}

// A key that is lost, or exchanged, while the job is under way is missed before
// the handset is erased.
func TestKeyLostOnTheWay(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name, want string
		lose       func(file string) error
	}{
		{"deleted", "since this job began", os.Remove},
		{"exchanged", "was exchanged", func(file string) error {
			return errors.Join(os.Remove(file), trust.CreateKey(file, nil))
		}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			s := newStory(t, demoProfile)
			file := filepath.Join(s.home, "k")
			s.does(t, exitReady, "key", "new", "--key", file)
			code, last := s.runUntil(t, report.StepBackup, func() { mustDo(t, tt.lose(file)) },
				"prepare", "--json", "--out", filepath.Join(s.home, "out"), "--confirm=emulated", "--no-input", "--key", file)
			if code != int(exitUsage) || !strings.Contains(last.Error, tt.want) || s.wipes() != 0 {
				t.Errorf("exit code %d, last event %+v, %d wipes", code, last, s.wipes())
			}
		})
	}
}

// Where the report cannot be finished after the wipe all the same, running the job
// again seals it, and erases nothing twice.
func TestReportFailsAfterTheWipe(t *testing.T) {
	t.Parallel()
	s := newStory(t, demoProfile)
	out, there := filepath.Join(s.home, "out"), filepath.Join(s.home, "there")
	mustDo(t, os.Mkdir(there, 0o700))
	args := []string{"--json", "--confirm=emulated", "--no-input", "--junit", filepath.Join(there, "j.xml")}
	code, last := s.runUntil(t, report.StepVerify, func() { mustDo(t, os.Remove(there)) }, append([]string{"prepare", "--out", out}, args...)...)
	// The report was sealed before the output failed, and is unchanged.
	if code != int(exitFailed) || last.Verdict != string(report.VerdictReady) || last.Error == "" || s.wipes() != 1 {
		t.Fatalf("exit code %d, last event %+v, %d wipes", code, last, s.wipes())
	}
	cases, err := filepath.Glob(filepath.Join(out, "PS-*"))
	if err != nil || len(cases) != 1 {
		t.Fatal(cases, err)
	}
	mustDo(t, os.Mkdir(there, 0o700))
	s.does(t, exitReady, append([]string{"prepare", "--case", cases[0]}, args...)...)
	s.does(t, exitReady, "report", "verify", cases[0])
	if s.wipes() != 1 || !exists(filepath.Join(there, "j.xml")) {
		t.Errorf("%d wipes, the output is there: %t", s.wipes(), exists(filepath.Join(there, "j.xml")))
	}
}

// The default key is made before the handset is asked anything, and that is said.
func TestDefaultKeyIsMadeFirst(t *testing.T) {
	t.Parallel()
	s := newStory(t, demoProfile)
	var stderr bytes.Buffer
	cmd := s.command(t.Context(), "prepare", "--out", filepath.Join(s.home, "out"), "--confirm=emulated", "--no-input")
	cmd.Stderr = &stderr
	if err := cmd.Run(); err != nil {
		t.Fatalf("%v\n%s", err, stderr.String())
	}
	made, first := strings.Index(stderr.String(), "A signing key was made"), strings.Index(stderr.String(), "1/6")
	if made < 0 || made > first || strings.Count(stderr.String(), "A signing key was made") != 1 {
		t.Errorf("the key is mentioned at %d, step 1 at %d\n%s", made, first, stderr.String())
	}
}

// atReport is a person who does something when the last step begins.
type atReport struct {
	*console.Person
	do func()
}

func (p atReport) Tell(ev job.Event) {
	if s, ok := ev.(job.StepBegun); ok && s.Name == report.StepReport {
		p.do()
	}
	p.Person.Tell(ev)
}

// An output that cannot be written after the report is sealed takes nothing of the
// verdict, and is said.
func TestOutputGoneAfterTheSeal(t *testing.T) {
	t.Parallel()
	s, dir := readyToErase(t)
	e, g, opts, errOut := s.inProcess(jobOptions{Options: job.Options{Dir: dir}}, nil)
	out := filepath.Join(s.home, "gone")
	mustDo(t, os.Mkdir(out, 0o700))
	g.junit = filepath.Join(out, "x.xml")
	person := atReport{e.Person(true), func() { mustDo(t, os.RemoveAll(out)) }}
	j := job.New(host(e, g), person, opts.of(e, g))
	defer j.Close()
	err := j.Prepare(t.Context())
	e.tellPrepared(j)
	if err == nil || exitCodeOf(err) != exitFailed {
		t.Errorf("%v, want exit code 1", err)
	}
	if j.End().Report.Verdict != report.VerdictReady || strings.Contains(errOut.String(), "FAILED") {
		t.Errorf("verdict %s of a sealed report:\n%s", j.End().Report.Verdict, errOut.String())
	}
	if e.told != "" {
		t.Error("the error counts as printed, and was not")
	}
}
