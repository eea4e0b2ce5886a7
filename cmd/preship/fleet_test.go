package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"golang.org/x/tools/txtar"

	"preship/adb/adbtest"
	"preship/cmd/preship/internal/events"
	"preship/report"
	"preship/report/casedir"
	"preship/report/check"
	"preship/report/imei"
	"preship/report/seal"
	"preship/testdata"
)

// desk is several emulated handsets and a home for preship.
type desk struct {
	t        testing.TB
	handsets []*adbtest.Handset
	serials  []string // as their adb server names them
	home     string
	env      []string
	server   string         // the address of its adb server
	events   []events.Event // of the last run
}

// deskProfile is handset number i: its own serial, and few files, one of which
// says whose it is.
func deskProfile(tb testing.TB, i int, tree string) *adbtest.Profile {
	tb.Helper()
	b, err := testdata.Handsets.ReadFile(path.Join(testdata.HandsetDir, demoProfile+".txtar"))
	if err != nil {
		tb.Fatal(err)
	}
	a := txtar.Parse(b)
	for n, f := range a.Files {
		switch f.Name {
		case "getprop.txt":
			f.Data = bytes.ReplaceAll(f.Data, []byte("c9a0a2a6"), []byte(deskSerial(i)))
			for slot, own := range []string{"868732053538038", "868732053538046"} {
				f.Data = bytes.ReplaceAll(f.Data, []byte(own), []byte(deskIMEI(i, slot)))
			}
			a.Files[n].Data = f.Data
		case "apps.txt": // those of the system, which cost nothing to save
			a.Files[n].Data = userApps.ReplaceAll(f.Data, nil)
		case "tree.txt":
			a.Files[n].Data = fmt.Appendf(nil, "text - - 2026-03-01T08:00:00Z /sdcard/DCIM/%s.txt %q\n%s", deskSerial(i), "of "+deskSerial(i), tree)
		}
	}
	p, err := adbtest.Parse(fmt.Sprintf("desk-%02d", i), txtar.Format(a))
	if err != nil {
		tb.Fatal(err)
	}
	return p
}

var userApps = regexp.MustCompile(`(?m)^[^#\n]* user .*\n`)

func deskSerial(i int) string { return fmt.Sprintf("d35c%04x", 0xa000+i) }

// deskIMEI is an IMEI of handset number i; those of the first are its profile's.
func deskIMEI(i, slot int) string {
	digits := fmt.Sprintf("868732053538%02d", 3+2*i+slot)
	return digits + string(imei.CheckDigit(digits))
}

func newDesk(tb testing.TB, n int, tree string, options func(i int) []adbtest.Option) *desk {
	tb.Helper()
	d := &desk{t: tb, home: tb.TempDir()}
	for i := range n {
		all := []adbtest.Option{adbtest.WithOwner(adbtest.OwnerHelpful())}
		if options != nil {
			all = append(all, options(i)...)
		}
		h := adbtest.New(deskProfile(tb, i, tree), all...)
		tb.Cleanup(func() { _ = h.Close() })
		d.handsets, d.serials = append(d.handsets, h), append(d.serials, h.Serial())
	}
	return d
}

// serve puts the handsets on an adb server of their own.
func (d *desk) serve(tb testing.TB) {
	tb.Helper()
	s, err := adbtest.NewServer("", d.handsets...)
	if err != nil {
		tb.Fatal(err)
	}
	tb.Cleanup(func() { _ = s.Close() })
	d.server = s.Addr()
	d.env = append(os.Environ(), "HOME="+d.home, "XDG_CONFIG_HOME="+d.home, "AppData="+d.home,
		"ADB_SERVER_SOCKET=tcp:"+s.Addr(), "ANDROID_SERIAL=")
}

// anyCode is for a run that need not be the last.
const anyCode exitCode = -1

// prepare runs preship prepare --json over all handsets, wants an exit code, and
// returns its events.
func (d *desk) prepare(code exitCode, args ...string) []events.Event {
	d.t.Helper()
	args = append([]string{"prepare", "--json", "--no-input", "--confirm=emulated", "--out", filepath.Join(d.home, "out")}, args...)
	cmd := exec.CommandContext(d.t.Context(), os.Args[0], args...)
	cmd.Env = append(d.env, asPreship+"=1", "LC_ALL=C")
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	out, _ := cmd.Output() // its code is what counts
	if got := cmd.ProcessState.ExitCode(); got != int(code) && code != anyCode {
		d.t.Errorf("preship %q: exit code %d, want %d\n%s", args, got, code, stderr.String())
	}
	var all []events.Event
	for line := range bytes.Lines(out) {
		var ev events.Event
		if err := json.Unmarshal(line, &ev); err != nil {
			d.t.Fatalf("%q: %v", line, err)
		}
		all = append(all, ev)
	}
	d.events = all
	if len(all) == 0 {
		d.t.Fatalf("no events\n%s", stderr.String())
	}
	return all
}

// ended is the last event of each handset, and the one at the end of all.
func (d *desk) ended(all []events.Event) (each map[string]events.Event, summary events.Event) {
	d.t.Helper()
	each = map[string]events.Event{}
	for _, ev := range all[:len(all)-1] {
		if last, ok := each[ev.Serial]; ok && last.Event == "done" {
			d.t.Errorf("%s: %+v after it was done", ev.Serial, ev)
		}
		each[ev.Serial] = ev
	}
	summary = all[len(all)-1]
	if summary.Event != "summary" || summary.Handsets == nil || len(*summary.Handsets) != len(d.handsets) {
		d.t.Fatalf("the last event is %+v, want a summary of %d", summary, len(d.handsets))
	}
	return each, summary
}

// ready looks at everything of a handset that is said to be ready: its report
// verifies, and its case holds only its own file.
func (d *desk) ready(i int, ev events.Event) {
	d.t.Helper()
	name := deskSerial(i)
	if ev.Event != "done" || ev.Verdict != string(report.VerdictReady) || *ev.Exit != 0 {
		d.t.Errorf("%s: %s, want done and READY; it went so:", name, ev.Verdict)
		for _, past := range d.events {
			if past.Serial == ev.Serial && past.Event != "finding" {
				d.t.Logf("%s %s %s %s %s%s", past.At.Format("05.000"), past.Event, past.Step, past.State, past.Text, past.Error)
			}
		}
		return
	}
	res, err := seal.Verify(ev.Case, seal.VerifyOptions{})
	if err != nil || !res.OK || res.Verdict != report.VerdictReady {
		d.t.Errorf("%s: its report: %+v, %v", name, res, err)
	}
	if page, err := os.ReadFile(filepath.Join(ev.Case, casedir.StartName)); err != nil || !bytes.Contains(page, []byte("backup/storage/emulated/0/DCIM")) {
		d.t.Errorf("%s: its owner's page: %v, and it does not name the photos", name, err)
	}
	found, err := filepath.Glob(filepath.Join(ev.Case, "backup", "storage", "emulated", "0", "DCIM", "*"))
	if err != nil || len(found) != 1 {
		d.t.Errorf("%s: saved %q, %v, want its own file", name, found, err)
		return
	}
	if b, err := os.ReadFile(found[0]); err != nil || string(b) != "of "+name {
		d.t.Errorf("%s: %s holds %q, %v", name, found[0], b, err)
	}
	wipes := 0
	for _, sent := range d.handsets[i].Sent() {
		if strings.HasPrefix(sent.Service, "format-data:") {
			wipes++
		}
	}
	if wipes != 1 {
		d.t.Errorf("%s: the wipe was sent %d times, want once", name, wipes)
	}
}

// TestDeskWithTrouble: of sixteen handsets three are in trouble, each in its own
// way. They are named with the reason, they are not erased, and the others
// become ready as if they were alone.
func TestDeskWithTrouble(t *testing.T) {
	t.Parallel()
	trouble := map[int]adbtest.Trouble{
		6:  {Kind: adbtest.TroubleLowBattery, Level: 4},
		9:  {Kind: adbtest.TroubleDeny, Path: "/sdcard/DCIM/" + deskSerial(9) + ".txt"},
		12: {Kind: adbtest.TroubleCut, Service: "sync:", For: time.Second, Times: 1},
	}
	const hostile = `text - - 2026-03-01T08:00:00Z "/sdcard/Download/a\nb\x1b[31m\x9b .. %s.txt" "hostile"` + "\n"
	d := newDesk(t, 16, hostile, func(i int) []adbtest.Option {
		if tr, ok := trouble[i]; ok {
			return []adbtest.Option{adbtest.WithTrouble(tr)}
		}
		return nil
	})
	d.serve(t)
	list := filepath.Join(d.home, "worklist.csv")
	if err := os.WriteFile(list, fmt.Appendf(nil, "serial,ticket,imei_box\n%s,T-100,868732053538038\n%s,T-101,\n", deskSerial(0), deskSerial(1)), 0o600); err != nil {
		t.Fatal(err)
	}
	junit := filepath.Join(d.home, "junit.xml")
	each, summary := d.ended(d.prepare(exitNotReady, "--all", "--wait", "10m", "--worklist", list, "--junit", junit))
	d.listed(*summary.Handsets, junit)
	if *summary.Exit != int(exitNotReady) {
		t.Errorf("the summary says exit %d, want the worst: %d", *summary.Exit, exitNotReady)
	}
	want := map[int]exitCode{6: exitNotReady, 9: exitNotReady}
	cases := map[string]string{}
	for i, serial := range d.serials {
		ev := each[serial]
		if other, twice := cases[ev.Case]; twice && ev.Case != "" {
			t.Errorf("%s and %s have one case, %s", serial, other, ev.Case)
		}
		cases[ev.Case] = serial
		code, bad := want[i]
		if !bad {
			d.ready(i, ev)
			continue
		}
		if ev.Event != "done" || *ev.Exit != int(code) || ev.Verdict == string(report.VerdictReady) {
			t.Errorf("%s in trouble: %+v, want exit %d", serial, ev, code)
		}
		for _, sent := range d.handsets[i].Sent() {
			if strings.HasPrefix(sent.Service, "reboot:") || strings.HasPrefix(sent.Service, "format-data:") {
				t.Errorf("%s in trouble was sent %s", serial, sent.Service)
			}
		}
	}
}

// A handset that never allows this computer ends with its reason, however short the wait.
func TestDeskUnauthorized(t *testing.T) {
	t.Parallel()
	d := newDesk(t, 1, "", func(int) []adbtest.Option {
		return []adbtest.Option{adbtest.WithTrouble(adbtest.Trouble{Kind: adbtest.TroubleUnauthorized})}
	})
	d.serve(t)
	_, summary := d.ended(d.prepare(exitNoHandset, "--all", "--wait", "100ms"))
	if row := (*summary.Handsets)[0]; row.Exit != int(exitNoHandset) || row.Reason != "handset.unauthorized" || row.Case != "" {
		t.Errorf("%+v, want exit %d for handset.unauthorized", row, exitNoHandset)
	}
}

// listed looks at what the worklist gave handsets 0 and 1: the ticket in the summary and in
// the list of cases, and a passed check of the box. The test report has every case.
func (d *desk) listed(rows []events.Row, junit string) {
	d.t.Helper()
	tickets := map[string]string{deskSerial(0): "T-100", deskSerial(1): "T-101"}
	xml, err := os.ReadFile(junit)
	if err != nil {
		d.t.Fatal(err)
	}
	for _, row := range rows {
		if row.Ticket != tickets[row.Serial] || len(row.IMEI) == 0 && row.Case != "" {
			d.t.Errorf("%s has the ticket %q and the IMEIs %q, want the ticket %q", row.Serial, row.Ticket, row.IMEI, tickets[row.Serial])
		}
		if id := filepath.Base(row.Case); row.Case != "" && !bytes.Contains(xml, []byte(id+" backup")) {
			d.t.Errorf("the tests of %s are not in the JUnit file", id)
		}
		if tickets[row.Serial] == "" {
			continue
		}
		g, err := casedir.Look(row.Case)
		if err != nil || g.Ticket != row.Ticket {
			d.t.Errorf("%s: its case has the ticket %q, %v", row.Serial, g.Ticket, err)
		}
	}
	boxed := slices.ContainsFunc(d.events, func(ev events.Event) bool {
		return ev.Serial == deskSerial(0) && ev.Finding != nil && ev.Finding.ID == check.IdentityIMEIBox && ev.Finding.Status == report.StatusPass
	})
	if !boxed {
		d.t.Error("the IMEI of the box was not compared with the handset's")
	}
}
