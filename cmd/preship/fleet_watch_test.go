package main

import (
	"bufio"
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"testing"

	"preship/adb"
	"preship/adb/adbtest"
	"preship/cmd/preship/internal/events"
	"preship/report"
)

// TestWatch: a handset that comes later is taken, one that became ready and is
// plugged in again is not, one that did not is resumed in its case, and
// ctrl-c with nothing under way is a calm end.
func TestWatch(t *testing.T) {
	t.Parallel()
	if runtime.GOOS == "windows" {
		t.Skip("a process cannot be sent Ctrl-C there")
	}
	const first, second, guard = "192.0.2.7:5555", "192.0.2.8:5555", "192.0.2.9:5555"
	d := newDesk(t, 3, "", func(i int) []adbtest.Option {
		if i == 1 { // of another handset's battery one would not begin to erase
			return []adbtest.Option{adbtest.WithTrouble(adbtest.Trouble{Kind: adbtest.TroubleLowBattery, Level: 4})}
		}
		return nil
	})
	s, err := adbtest.NewServer("")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = s.Close() })
	for i, addr := range []string{first, second, guard} {
		s.AddWireless(d.handsets[i], adbtest.Wireless{Addr: addr})
	}
	client, err := adb.New(adb.Options{Addr: s.Addr()})
	if err != nil {
		t.Fatal(err)
	}
	plug := func(addr string) { _ = client.Connect(t.Context(), addr) } // it waits for its owner's consent, which is an error
	again := func(addr string) {
		if err := client.Disconnect(t.Context(), addr); err != nil {
			t.Error(err)
		}
		plug(addr)
	}
	cmd := exec.CommandContext(t.Context(), os.Args[0], "prepare", "--watch", "--json", "--no-input", "--confirm=emulated", "--wait", "20s",
		"--out", filepath.Join(d.home, "out"))
	cmd.Env = append(os.Environ(), asPreship+"=1", "LC_ALL=C", "HOME="+d.home, "XDG_CONFIG_HOME="+d.home, "AppData="+d.home, "ADB_SERVER_SOCKET=tcp:"+s.Addr())
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	begun, done, dirs := map[string]int{}, map[string]int{}, map[string]bool{}
	var last events.Event
	lines := bufio.NewScanner(out)
	lines.Buffer(nil, 1<<20)
	for lines.Scan() {
		var ev events.Event
		if err := json.Unmarshal(lines.Bytes(), &ev); err != nil {
			t.Fatalf("%q: %v", lines.Text(), err)
		}
		last = ev
		switch {
		case ev.Event == "say" && ev.Serial == "":
			plug(first) // it watches
		case ev.Event == "begin":
			begun[ev.Serial]++
			if ev.Serial == second {
				dirs[ev.Case] = true
			}
		case ev.Event != "done":
		default:
			done[ev.Serial]++
			switch ev.Serial {
			case first:
				again(first)
				plug(second)
			case second:
				if done[second] == 1 {
					again(second)
				} else {
					plug(guard) // had the first been begun again, it would be seen by the time this one is done
				}
			case guard:
				_ = cmd.Process.Signal(os.Interrupt)
			}
		}
	}
	_ = cmd.Wait() // its code is looked at
	if begun[first] != 1 || begun[second] != 2 || len(dirs) != 1 {
		t.Errorf("begun %v, the second in %d cases; want the ready one once, and the other twice in one case", begun, len(dirs))
	}
	if code := cmd.ProcessState.ExitCode(); code != int(exitNotReady) || last.Event != "summary" || *last.Exit != code {
		t.Errorf("exit code %d after %+v, want that of the worst, %d", code, last, exitNotReady)
	}
	for _, row := range *last.Handsets {
		if want := row.Serial != second; want != (row.Verdict == report.VerdictReady) {
			t.Errorf("%+v", row)
		}
	}
}
