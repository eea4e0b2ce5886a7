package main

import (
	"bufio"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"

	"preship/adb/adbtest"
	"preship/report/seal"
	"preship/testdata/program"
)

// counter is a desk page for six handsets behind a real adb server, and the handsets.
type counter struct {
	*tab
	desk   *desk
	adb    *realADB
	binary string // of adb
	out    string
	server *exec.Cmd
}

// newCounter connects six handsets over the network, each with something of its own.
func newCounter(t *testing.T) *counter {
	t.Helper()
	c := &counter{tab: &tab{t: t}, binary: program.Path(t, "adb"), out: filepath.Join(t.TempDir(), "cases")}
	chromium(t)
	idle := adbtest.OwnerHelpful()
	idle.SignsOut = false
	c.desk = newDesk(t, 6, `text - - 2026-03-01T08:00:00Z /sdcard/Download/list.txt "list"`+"\n", func(i int) []adbtest.Option {
		switch i {
		case signsOutLate:
			return []adbtest.Option{adbtest.WithOwner(idle)}
		case unreadable:
			return []adbtest.Option{adbtest.WithTrouble(adbtest.Trouble{Kind: adbtest.TroubleDeny, Path: "/sdcard/DCIM/" + deskSerial(i) + ".txt"})}
		case lowBattery:
			return []adbtest.Option{adbtest.WithTrouble(adbtest.Trouble{Kind: adbtest.TroubleLowBattery, Level: 4})}
		}
		return nil
	})
	c.adb = startADB(t, c.binary)
	for i, h := range c.desk.handsets {
		front, err := adbtest.NewDaemon(h, "")
		mustDo(t, err)
		t.Cleanup(func() { _ = front.Close() })
		c.desk.serials[i] = front.Addr()
		c.adb.adb(c.binary, "connect", front.Addr())
	}
	return c
}

// The handsets at the counter that are not like the others.
const (
	signsOutLate = 1
	unreadable   = 2
	unplugged    = 3
	lowBattery   = 4
)

// serve starts the desk, and returns its link. Nothing of an earlier run is lost with it.
func (c *counter) serve() (link string) {
	c.t.Helper()
	c.server = exec.CommandContext(c.t.Context(), os.Args[0], "desk", "--no-open", "--json", "--out", c.out)
	c.server.Env = append(c.adb.env(), asPreship+"=1", "LC_ALL=C")
	stdout, err := c.server.StdoutPipe()
	mustDo(c.t, err)
	mustDo(c.t, c.server.Start())
	server := c.server
	c.t.Cleanup(func() { _ = server.Process.Kill(); _ = server.Wait() })
	line, err := bufio.NewReader(stdout).ReadBytes('\n')
	mustDo(c.t, err)
	var first struct{ URL string }
	mustDo(c.t, json.Unmarshal(line, &first))
	return first.URL
}

// pull takes a handset off its cable, and plug puts it back.
func (c *counter) pull(i int) { c.t.Helper(); c.adb.adb(c.binary, "disconnect", c.desk.serials[i]) }
func (c *counter) plug(i int) { c.t.Helper(); c.adb.adb(c.binary, "connect", c.desk.serials[i]) }

// show opens the page of a handset by its card on the board. The cards change places while
// jobs continue, so the card is found and clicked in one step.
func (c *counter) show(i int) {
	c.t.Helper()
	card := fmt.Sprintf(".card[data-serial=%q]", c.desk.serials[i])
	c.do("the board", chromedp.Navigate(c.root+"/board"))
	eval[bool](c.tab, until(fmt.Sprintf(`(card => card && (card.click(), true))(document.querySelector(%q))`, card)))
	c.do("the page of "+c.desk.serials[i], chromedp.WaitVisible(chromedp.CSS("#head .tails")))
}

// says waits until a part of the page says words.
func (c *counter) says(css, words string) {
	c.t.Helper()
	eval[bool](c.tab, until(fmt.Sprintf(`document.querySelector(%q) && !document.querySelector(%q).hidden && document.querySelector(%q).textContent.includes(%q)`, css, css, css, words)))
}

// posed is the question that is open on the page.
type posed struct{ ID, Kind, Text, End string }

// next waits until a question is open, or the job has ended.
func (c *counter) next() (q posed) {
	c.t.Helper()
	text := eval[string](c.tab, `new Promise((done) => { const look = () => {
		const form = document.querySelector("#ask form"), end = document.querySelector("#end .verdict");
		if (form) done(JSON.stringify({ID: form.elements.question.value, Kind: form.className, Text: form.textContent}));
		else if (end) done(JSON.stringify({End: document.querySelector("#end").textContent}));
		else setTimeout(look, 20); }; look(); })`)
	mustDo(c.t, json.Unmarshal([]byte(text), &q))
	return q
}

// answer answers a question with a button, or by the keyboard.
func (c *counter) answer(q posed, button, typed string) {
	c.t.Helper()
	if typed != "" {
		c.do("the answer "+typed, chromedp.SendKeys(chromedp.CSS("#ask input.typed"), typed+"\r"))
	} else {
		c.click(`#ask button[value="` + button + `"]`)
	}
	c.answered(q.ID)
}

// finish answers what the page of a handset asks until its job has ended, and returns what
// the page says then.
func (c *counter) finish(i int) (end string) {
	c.t.Helper()
	c.show(i)
	for {
		q := c.next()
		switch {
		case q.End != "":
			return q.End
		case strings.Contains(q.Kind, "confirm"):
			c.answer(q, "", deskSerial(i)[2:])
		case strings.Contains(q.Text, "message to send"), strings.Contains(q.Text, "fault report"):
			c.answer(q, "no", "")
		default:
			c.answer(q, "yes", "")
		}
	}
}

// TestDeskCounter prepares six handsets at once on the page alone, as a clerk does: one whose
// owner signs out late, one with an unreadable photo, one whose cable is pulled, one with an
// empty battery. The desk is ended at a question and started again, and the page continues.
func TestDeskCounter(t *testing.T) {
	t.Parallel()
	if testing.Short() {
		t.Skip("six jobs")
	}
	c := newCounter(t)
	c.openTab(c.serve())
	for i := range c.desk.handsets {
		c.show(i)
		c.click("#start")
		c.see("#stop, #end .verdict")
	}

	c.show(lowBattery)
	if q := c.next(); !strings.Contains(q.End, "NOT READY") || !strings.Contains(q.End, "30 %") {
		t.Errorf("the one with an empty battery: %+v", q)
	}

	c.show(unplugged)
	q := c.next()
	c.pull(unplugged)
	c.says("#now", "This handset is not connected")
	c.do("reload", chromedp.Reload(), chromedp.WaitVisible(chromedp.CSS("#ask form")))
	c.says("#now", "This page continues by itself")
	c.plug(unplugged)
	c.lacks("#now", "This handset is not connected")
	if again := c.next(); again.ID != q.ID {
		t.Errorf("the question after the cable was pulled: %+v", again)
	}
	c.show(0)
	q = c.next()
	c.end()
	c.says("#lost", "The connection to preship on this computer is lost")
	c.serve()
	c.lacks("#lost", "lost")
	if again := c.next(); again.ID == q.ID || again.Text != q.Text {
		t.Errorf("the desk was started again and asks %+v, before it was %+v", again, q)
	}
	for i := range c.desk.handsets {
		if i == lowBattery {
			continue
		}
		if i == signsOutLate {
			c.show(i)
			c.answer(c.next(), "no", "") // without the form
			c.answer(c.next(), "no", "") // without the fault report
			c.says("#now", "Find device, off")
			c.desk.handsets[i].SetOwner(adbtest.OwnerHelpful())
		}
		if end := c.finish(i); !strings.Contains(end, "READY (EMULATED") || strings.Contains(end, "NOT READY") {
			t.Errorf("handset %d ends with %s", i, end)
		}
		wipes := 0
		for _, sent := range c.desk.handsets[i].Sent() {
			if strings.HasPrefix(sent.Service, "format-data:") {
				wipes++
			}
		}
		if wipes != 1 {
			t.Errorf("handset %d: the wipe was sent %d times, want once", i, wipes)
		}
	}
	found, err := filepath.Glob(filepath.Join(c.out, "PS-*", "PS-*.zip"))
	if err != nil || len(found) != len(c.desk.handsets)-1 {
		t.Errorf("parcel files: %q %v", found, err)
	}
	for _, parcel := range found {
		if res, err := seal.Verify(parcel, seal.VerifyOptions{}); err != nil || !res.OK {
			t.Errorf("%s: %v %+v", parcel, err, res.Problems)
		}
	}
}

// lacks waits until a part of the page does not say words any more, or is hidden.
func (c *counter) lacks(css, words string) {
	c.t.Helper()
	eval[bool](c.tab, until(fmt.Sprintf(`document.querySelector(%q).hidden || !document.querySelector(%q).textContent.includes(%q)`, css, css, words)))
}

// end ends the desk as Ctrl-C does.
func (c *counter) end() {
	c.t.Helper()
	mustDo(c.t, c.server.Process.Signal(os.Interrupt))
	_ = c.server.Wait() // its exit code says how it ended
	if code := c.server.ProcessState.ExitCode(); code != int(exitInterrupted) {
		c.t.Errorf("it ends with exit code %d, want %d", code, exitInterrupted)
	}
}
