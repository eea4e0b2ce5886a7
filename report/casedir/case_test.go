package casedir

import (
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"time"

	"preship/report"
	"preship/report/safefile"
)

func TestCreate(t *testing.T) {
	t.Parallel()
	c := newCase(t)
	if !caseID.MatchString(c.ID()) || !strings.HasPrefix(c.ID(), "PS-20261122-") {
		t.Errorf("ID = %q, want PS-20261122-XXXXXX", c.ID())
	}
	if got := filepath.Base(c.Dir()); got != c.ID() {
		t.Errorf("folder = %q, want the ID %q", got, c.ID())
	}
	if runtime.GOOS != "windows" {
		for name, want := range map[string]os.FileMode{".": 0o700, CaseFileName: 0o600} {
			info, err := os.Stat(filepath.Join(c.Dir(), name))
			if err != nil {
				t.Fatal(err)
			}
			if got := info.Mode().Perm(); got != want {
				t.Errorf("mode of %s = %o, want %o", name, got, want)
			}
		}
	}
	other := newCase(t)
	if other.ID() == c.ID() {
		t.Errorf("two cases share the ID %s", c.ID())
	}
}

func TestCreateRefuses(t *testing.T) {
	t.Parallel()
	held := newCase(t)
	strange := t.TempDir()
	if err := os.WriteFile(filepath.Join(strange, "thesis.doc"), nil, 0o600); err != nil {
		t.Fatal(err)
	}
	crashed := t.TempDir()
	for _, name := range []string{LockFileName, CaseFileName + safefile.TempSuffix} {
		if err := os.WriteFile(filepath.Join(crashed, name), []byte("{"), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	for _, tt := range []struct {
		name, dir string
		want      error
	}{
		{"holds a case", held.Dir(), ErrExists},
		{"holds other things", strange, ErrNotEmpty},
		{"left by a crash", crashed, nil},
		{"does not exist", filepath.Join(t.TempDir(), "a", "b"), nil},
	} {
		c, err := Create(tt.dir, testTime)
		if !errors.Is(err, tt.want) {
			t.Errorf("%s: error %v, want %v", tt.name, err, tt.want)
		}
		if err == nil {
			c.Close()
		}
	}
}

func TestOpenRefuses(t *testing.T) {
	t.Parallel()
	held := newCase(t)
	empty := t.TempDir()
	damaged := t.TempDir()
	if err := os.WriteFile(filepath.Join(damaged, CaseFileName), []byte(`{"schema":`), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := Open(held.Dir()); !errors.Is(err, ErrLocked) {
		t.Errorf("held case: error %v, want %v", err, ErrLocked)
	}
	if _, err := Open(empty); !errors.Is(err, ErrNotCase) {
		t.Errorf("empty folder: error %v, want %v", err, ErrNotCase)
	}
	if entries, _ := os.ReadDir(empty); len(entries) != 0 {
		t.Errorf("Open left %v in a folder that is no case", entries)
	}
	if _, err := Open(damaged); err == nil {
		t.Error("damaged case.json: no error")
	}
	// A failed Open must not keep the lock.
	if _, err := Open(damaged); errors.Is(err, ErrLocked) {
		t.Error("damaged case.json: the lock stayed taken")
	}
}

func TestStepSurvivesReopening(t *testing.T) {
	t.Parallel()
	c := newCase(t)
	if got := c.Step(report.StepBackup).State; got != report.StepNotRun {
		t.Errorf("state before = %q, want %q", got, report.StepNotRun)
	}
	want := report.StepRecord{
		Name: report.StepBackup, State: report.StepDone, Started: testTime, Finished: testTime.Add(time.Minute),
		Findings: report.Findings{{ID: "backup.complete", Status: report.StatusPass, Method: report.MethodObserved, At: testTime}},
		Data:     json.RawMessage(`{"files":{"listed":3}}`),
	}
	for _, state := range []report.StepState{report.StepRunning, report.StepDone} {
		want.State = state
		if err := c.SetStep(want); err != nil {
			t.Fatal(err)
		}
	}
	got := reopen(t, c).Step(report.StepBackup)
	if got.State != report.StepDone || !got.Finished.Equal(want.Finished) || len(got.Findings) != 1 {
		t.Errorf("after reopening: %+v, want %+v", got, want)
	}
	var b report.Backup
	if err := json.Unmarshal(got.Data, &b); err != nil || b.Files.Listed != 3 {
		t.Errorf("data = %s (%v), want listed 3", got.Data, err)
	}
}

// A file of the case is what encoding all of it again gives, whichever of it changed.
func TestUnchangedStepsAreKeptAsWritten(t *testing.T) {
	t.Parallel()
	c := newCase(t)
	step := func(name string, state report.StepState) func() error {
		return func() error { return c.SetStep(report.StepRecord{Name: name, State: state, Error: "<" + name + ">"}) }
	}
	for i, change := range []func() error{
		step(report.StepIdentify, report.StepRunning), step(report.StepIdentify, report.StepDone), step(report.StepBackup, report.StepRunning),
		func() error { return c.Keep("x", 1) }, func() error { return c.Bind(report.Unit{Serial: "x"}) },
		step(report.StepBackup, report.StepDone), func() error { c = reopen(t, c); return nil }, step(report.StepIdentify, report.StepFailed),
	} {
		if err := change(); err != nil {
			t.Fatal(err)
		}
		got, err := os.ReadFile(filepath.Join(c.Dir(), CaseFileName))
		if err != nil {
			t.Fatal(err)
		}
		want, err := json.MarshalIndent(c.file, "", "  ")
		if err != nil || string(got) != string(want)+"\n" {
			t.Errorf("change %d, %v: got\n%s\nwant\n%s", i, err, got, want)
		}
	}
}

// A write cut short leaves its temporary file; the case must open as it was.
func TestOpenAfterTornWrite(t *testing.T) {
	t.Parallel()
	c := newCase(t)
	if err := c.SetStep(report.StepRecord{Name: report.StepIdentify, State: report.StepDone}); err != nil {
		t.Fatal(err)
	}
	whole, err := os.ReadFile(filepath.Join(c.Dir(), CaseFileName))
	if err != nil {
		t.Fatal(err)
	}
	temp := filepath.Join(c.Dir(), CaseFileName+safefile.TempSuffix)
	for _, n := range []int{0, 1, len(whole) / 2, len(whole)} {
		if err := os.WriteFile(temp, whole[:n], 0o600); err != nil {
			t.Fatal(err)
		}
		c = reopen(t, c)
		if got := c.Step(report.StepIdentify).State; got != report.StepDone {
			t.Errorf("temporary file of %d bytes: state %q, want %q", n, got, report.StepDone)
		}
		if _, err := os.Stat(temp); !errors.Is(err, os.ErrNotExist) {
			t.Errorf("temporary file of %d bytes is still there (%v)", n, err)
		}
	}
}

// A change that does not reach the disk must not be believed in memory either.
func TestSetStepFailureChangesNothing(t *testing.T) {
	t.Parallel()
	c := newCase(t)
	if err := c.SetStep(report.StepRecord{Name: report.StepIdentify, State: report.StepDone}); err != nil {
		t.Fatal(err)
	}
	if err := c.root.Mkdir(CaseFileName+safefile.TempSuffix, 0o700); err != nil {
		t.Fatal(err)
	}
	if err := c.root.WriteFile(CaseFileName+safefile.TempSuffix+"/full", nil, 0o600); err != nil {
		t.Fatal(err)
	}
	for name, want := range map[string]report.StepState{report.StepReset: report.StepNotRun, report.StepIdentify: report.StepDone} {
		if err := c.SetStep(report.StepRecord{Name: name, State: report.StepFailed}); err == nil {
			t.Fatal("no error from a folder that cannot be written")
		}
		if got := c.Step(name).State; got != want {
			t.Errorf("%s: state = %q, want %q", name, got, want)
		}
	}
	if err := c.root.RemoveAll(CaseFileName + safefile.TempSuffix); err != nil {
		t.Fatal(err)
	}
	if err := c.Keep("x", 1); err != nil {
		t.Fatal(err)
	}
	if got := reopen(t, c).Step(report.StepIdentify).State; got != report.StepDone {
		t.Errorf("written later: state = %q, want %q", got, report.StepDone)
	}
}

func TestBind(t *testing.T) {
	t.Parallel()
	const a, b, z = "356938035643809", "490154203237518", "351756051523999"
	for _, tt := range []struct {
		name         string
		first, later report.Unit
		same         bool
	}{
		{"same serial", report.Unit{Serial: "abc"}, report.Unit{Serial: "abc"}, true},
		{"other serial", report.Unit{Serial: "abc"}, report.Unit{Serial: "abd"}, false},
		{"same IMEI over the network", report.Unit{Serial: "abc", IMEI: []string{a, b}}, report.Unit{Serial: "192.0.2.7:5555", IMEI: []string{b}}, true},
		{"same serial, other IMEI", report.Unit{Serial: "abc", IMEI: []string{a}}, report.Unit{Serial: "abc", IMEI: []string{z}}, false},
		{"same retail number", report.Unit{Serial: "x", SN: "1/2"}, report.Unit{Serial: "y", SN: "1/2"}, true},
		{"same serial, other retail number", report.Unit{Serial: "x", SN: "1/2"}, report.Unit{Serial: "x", SN: "1/3"}, false},
		{"after the reset only the serial is known", report.Unit{Serial: "x", IMEI: []string{a}, SN: "1/2"}, report.Unit{Serial: "x"}, true},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			c := newCase(t)
			if _, ok := c.Unit(); ok {
				t.Error("a new case has a handset")
			}
			if err := c.Bind(tt.first); err != nil {
				t.Fatal(err)
			}
			c = reopen(t, c)
			err := c.Bind(tt.later)
			if tt.same && err != nil || !tt.same && !errors.Is(err, ErrOtherHandset) {
				t.Errorf("error %v, want same = %t", err, tt.same)
			}
		})
	}
}

// What became known later must be part of the next comparison.
func TestBindLearns(t *testing.T) {
	t.Parallel()
	c := newCase(t)
	for _, u := range []report.Unit{{Serial: "x"}, {Serial: "x", IMEI: []string{"356938035643809"}}} {
		if err := c.Bind(u); err != nil {
			t.Fatal(err)
		}
	}
	other := report.Unit{Serial: "x", IMEI: []string{"490154203237518"}}
	if err := c.Bind(other); !errors.Is(err, ErrOtherHandset) {
		t.Errorf("error %v, want %v", err, ErrOtherHandset)
	}
}

func FuzzParseCaseFile(f *testing.F) {
	f.Add([]byte(`{"schema":"urn:preship:case:v1","id":"PS-20261122-7K3Q9D","created":"2026-11-22T14:03:05Z","unit":null,"steps":[{"name":"identify","state":"done","findings":[]}]}`))
	f.Add([]byte(`{"schema":"urn:preship:case:v1","id":"../../etc"}`))
	f.Add([]byte(`{"schema":"urn:preship:case:v1","id":"PS-20261122-7K3Q9D","created":"2026-11-22T14:03:05Z","steps":[{"name":"a","data":{"b":[]}},{"name":"c"}],"seals":[{}],"kept":{"d":[1]}}`))
	f.Add([]byte(`{"schema":"urn:preship:case:v1","id":"PS-20261122-7K3Q9D","created":"2026-11-22T14:03:05Z","steps":[],"retention":{}}`))
	f.Fuzz(func(t *testing.T, b []byte) {
		file, err := parseCaseFile(b)
		if err != nil {
			return
		}
		again, err := file.marshal(map[string][]byte{})
		if err != nil {
			t.Skip("a time no JSON can carry")
		}
		if want, err := json.MarshalIndent(file, "", "  "); err != nil || string(again) != string(want)+"\n" {
			t.Errorf("%v: got\n%s\nwant\n%s", err, again, want)
		}
		if _, err := parseCaseFile(again); err != nil {
			t.Errorf("own output is refused: %v\n%s", err, again)
		}
	})
}
