package desk

import (
	"context"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"preship/adb"
	"preship/cmd/preship/internal/hold"
	"preship/cmd/preship/internal/job"
	"preship/report"
	"preship/report/casedir"
)

// A desk that was started again knows the jobs that its end interrupted, and no others.
func TestMemory(t *testing.T) {
	t.Parallel()
	config := t.TempDir()
	m := OpenMemory(config, "/cases")
	m.began(unwatched{Serial: "a1", Language: "es", Exclude: []string{"apps"}})
	m.began(unwatched{Serial: "b2"})
	m.began(unwatched{Serial: "a1", Language: "zh"})
	m.ended("b2")
	m.SetAddress("127.0.0.1:4711")
	again := OpenMemory(config, "/cases")
	if all := again.jobs(); len(all) != 1 || all[0].Serial != "a1" || all[0].Language != "zh" || again.Address() != "127.0.0.1:4711" {
		t.Errorf("it remembers %+v at %q", all, again.Address())
	}
	if other := OpenMemory(config, "/other"); len(other.jobs()) > 0 || other.Address() != "" {
		t.Error("the desk of another folder remembers the same")
	}
	for _, damaged := range []string{"", "{", `{"jobs":[` + strings.Repeat(`{},`, maxJobs) + `{}]}`, strings.Repeat(" ", maxMemory+1)} {
		if err := os.WriteFile(filepath.Join(config, m.name), []byte(damaged), 0o600); err != nil {
			t.Fatal(err)
		}
		if again := OpenMemory(config, "/cases"); len(again.jobs()) > 0 || again.Address() != "" {
			t.Errorf("a damaged memory is used: %.20q", damaged)
		}
	}
}

// The same address is taken again, and another one if somebody has it.
func TestListenAgain(t *testing.T) {
	t.Parallel()
	m := OpenMemory(t.TempDir(), "/cases")
	listen := func() Listening {
		t.Helper()
		on, err := ListenAgain(t.Context(), "127.0.0.1:0", nil, m)
		if err != nil {
			t.Fatal(err)
		}
		return on
	}
	first := listen()
	at := first.Addr().String()
	if err := first.Close(); err != nil {
		t.Fatal(err)
	}
	second := listen()
	defer second.Close()
	if second.Addr().String() != at {
		t.Skipf("somebody took %s in between", at)
	}
	third := listen()
	defer third.Close()
	if third.Addr().String() == at || m.Address() != third.Addr().String() {
		t.Errorf("the third listens at %s and remembers %s", third.Addr(), m.Address())
	}
	named, err := ListenAgain(t.Context(), "localhost:0", nil, m)
	if err != nil {
		t.Fatal(err)
	}
	defer named.Close()
	if host, _, _ := net.SplitHostPort(m.Address()); host != "localhost" {
		t.Errorf("it remembers %s", m.Address())
	}
}

// caseOf makes a case of the handset with a serial.
func caseOf(t *testing.T, r *rig, serial string) (dir string) {
	t.Helper()
	c, err := casedir.CreateIn(r.o.Out, time.Now())
	if err != nil {
		t.Fatal(err)
	}
	if err := c.Bind(report.Unit{Serial: serial}); err != nil {
		t.Fatal(err)
	}
	if err := c.Close(); err != nil {
		t.Fatal(err)
	}
	return c.Dir()
}

// A job that the end of the desk interrupted is resumed without a person, one whose case is
// not there any more is forgotten. Neither needs its handset to be connected.
func TestInterruptedJobsResume(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	dir := caseOf(t, r, "a1")
	r.o.Memory.began(unwatched{Serial: "a1", Language: "es"})
	r.o.Memory.began(unwatched{Serial: "b2"})
	r.o.Wait = time.Hour
	ctx, stop := context.WithCancel(t.Context())
	defer stop()
	r.change(func() { r.ctx = ctx })
	for _, u := range r.o.Memory.jobs() {
		r.resume(u)
	}
	r.mu.Lock()
	if len(r.seats) != 1 || r.seats[0].serial != "a1" || !r.seats[0].running() {
		t.Errorf("the seats are %+v", r.seats)
	}
	r.mu.Unlock()
	b := r.browser(t)
	if status, body := b.get("/h/" + seatID("a1")); status != http.StatusOK || !strings.Contains(body, "a1") {
		t.Errorf("its page: %d %s", status, body)
	}
	stop()
	r.work.Wait()
	if all := r.o.Memory.jobs(); len(all) != 1 || all[0].Serial != "a1" {
		t.Errorf("after the desk ended it remembers %+v", all)
	}
	if held, err := casedir.Open(dir); err != nil {
		t.Errorf("the case is not let go: %v", err)
	} else if err := held.Close(); err != nil {
		t.Error(err)
	}
}

// A job that a person stopped, or that came to its end, is not resumed by itself.
func TestStoppedJobsStay(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	caseOf(t, r, "a1")
	r.o.Wait = time.Hour
	s := r.plug(adb.DeviceInfo{Serial: "a1", State: adb.StateDevice})
	r.change(func() { r.ctx = t.Context() })
	b := r.browser(t)
	for _, do := range []string{"start", "stop"} {
		if status, body := b.post("/h/"+s.id+"/"+do, nil); status != http.StatusNoContent {
			t.Fatalf("%s: %d %s", do, status, body)
		}
	}
	r.work.Wait()
	if all := r.o.Memory.jobs(); len(all) > 0 {
		t.Errorf("it remembers %+v", all)
	}
}

// While another preship works on a handset, the page says who it is and offers no start.
// When it ended, the page offers to resume.
func TestAnotherWorks(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	dir := caseOf(t, r, "a1")
	s := r.plug(adb.DeviceInfo{Serial: "a1", State: adb.StateDevice})
	release, err := job.Claim(r.o.Host, r.o.Client, "a1")
	if err != nil {
		t.Fatal(err)
	}
	s.lookElsewhere()
	b := r.browser(t)
	at := "at=handset&id=" + s.id
	b.until(at, "now", "being prepared in a command window")
	b.until("at=board", "board", "being prepared in a command window")
	b.until(at, "actions", "")
	if _, body := b.get("/h/" + s.id); strings.Contains(body, `id="start"`) {
		t.Error("it can be started")
	}
	for note, words := range map[hold.Note]string{
		{Case: dir}:             "This handset is being prepared in a command window (process ",
		{Case: dir, Page: true}: "Another desk page is working on this handset (process ",
	} {
		r.change(func() { s.elsewhere = &hold.Holder{Note: hold.Note{Case: note.Case, Page: note.Page, PID: 4711}} })
		b.until(at, "now", words+"4711)")
	}
	if err := release(); err != nil {
		t.Fatal(err)
	}
	s.lookElsewhere()
	b.until(at, "actions", "Resume")
	b.until(at, "head", filepath.Base(dir))
}

// The page of a handset that is not connected says so, and becomes that of the handset when
// it comes: also after the desk was started again.
func TestAbsentHandset(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	b := r.browser(t)
	at := "at=handset&id=" + seatID("a1")
	if status, body := b.get("/h/" + seatID("a1")); status != http.StatusOK || !strings.Contains(body, "This handset is not connected") || !strings.Contains(body, `data-live="at=handset`) {
		t.Errorf("%d %s", status, body)
	}
	r.plug(adb.DeviceInfo{Serial: "a1", Model: "Redmi_Note_10", State: adb.StateDevice})
	b.until(at, "head", "Redmi Note 10")
	b.until(at, "now", "The handset is connected")
	r.change(func() { r.see(nil) })
	b.until(at, "now", "This handset is not connected")
	for _, id := range []string{"1", "99", strings.Repeat("f", 13), "zzzzzzzzzzzz"} {
		if status, _ := b.get("/h/" + id); status != http.StatusNotFound {
			t.Errorf("the handset %s: %d", id, status)
		}
	}
}
