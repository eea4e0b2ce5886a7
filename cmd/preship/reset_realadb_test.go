package main

import (
	"context"
	"encoding/json"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"preship/adb/adbtest"
	"preship/adb/handset"
	"preship/report"
	"preship/testdata/program"
)

// TestResetThroughRealADB resets an emulated handset through adb's own server,
// which reaches it over the network, reconnects to it after every restart, and
// signs its way in anew after the reset.
func TestResetThroughRealADB(t *testing.T) {
	t.Parallel()
	binary := program.Path(t, "adb")
	for _, way := range []string{"recovery", "settings"} {
		t.Run(way, func(t *testing.T) {
			t.Parallel()
			r := startRealADB(t, binary)
			r.preship(0, "backup", "--out", r.dir)
			r.preship(0, "accounts", "--case", r.dir, "--wait", "30s")
			before := len(r.handset.Sent())
			r.preship(2, "reset", "--case", r.dir, "--way", way, "--confirm=000000", "--no-input")
			if got := r.wrote(before); len(got) != 0 {
				t.Errorf("before the confirmation the handset was sent %q", got)
			}
			r.preship(0, "reset", "--case", r.dir, "--way", way, "--confirm=538038", "--no-input", "--wait", "90s")
			want := map[string]string{
				"recovery": "reboot:recovery format-data: reboot:",
				"settings": "am start -a android.settings.DEVICE_INFO_SETTINGS",
			}[way]
			if got := strings.Join(r.wrote(before), " "); got != want {
				t.Errorf("the handset was sent %q, want %q", got, want)
			}
			var clean report.Clean
			if err := json.Unmarshal(r.preship(0, "verify", "--case", r.dir, "--json", "--wait", "60s"), &clean); err != nil || clean.Rung != report.RungObservedClean {
				t.Errorf("rung %q, %v, want %q", clean.Rung, err, report.RungObservedClean)
			}
		})
	}
}

// realADB is an emulated handset behind an adb server of its own.
type realADB struct {
	t       *testing.T
	handset *adbtest.Handset
	serial  string
	home    string
	dir     string
	port    string
}

func startRealADB(t *testing.T, binary string) *realADB {
	t.Helper()
	h, err := emulate(demoProfile, "guided", "")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = h.Close() })
	d, err := adbtest.NewDaemon(h, "")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = d.Close() })
	r := startADB(t, binary)
	r.handset, r.serial, r.dir = h, d.Addr(), filepath.Join(r.home, "job")
	r.adb(binary, "connect", d.Addr())
	r.adb(binary, "-s", d.Addr(), "wait-for-device")
	return r
}

// startADB starts an adb server on its own port, without handsets.
func startADB(t *testing.T, binary string) *realADB {
	t.Helper()
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	port := strconv.Itoa(ln.Addr().(*net.TCPAddr).Port)
	_ = ln.Close()
	r := &realADB{t: t, home: t.TempDir(), port: port}
	r.adb(binary, "start-server")
	t.Cleanup(func() { r.adb(binary, "kill-server") })
	return r
}

// env is without the computer's own adb server and handsets.
func (r *realADB) env() []string {
	return append(os.Environ(), "HOME="+r.home, "XDG_CONFIG_HOME="+r.home, "AppData="+r.home,
		"ANDROID_ADB_SERVER_PORT="+r.port, "ADB_SERVER_SOCKET=", "ANDROID_SERIAL=", "ADB_MDNS=0")
}

func (r *realADB) adb(binary string, args ...string) {
	r.t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), 30*time.Second)
	defer cancel()
	cmd := exec.CommandContext(ctx, binary, append([]string{"-P", r.port}, args...)...)
	cmd.Env = r.env()
	if out, err := cmd.CombinedOutput(); err != nil {
		r.t.Errorf("adb %q: %v\n%s", args, err, out)
	}
}

// preship runs preship, wants an exit code, and returns its standard output.
func (r *realADB) preship(code int, args ...string) []byte {
	r.t.Helper()
	cmd := exec.CommandContext(r.t.Context(), os.Args[0], append(args, "--serial", r.serial)...)
	cmd.Env = append(r.env(), asPreship+"=1", "LC_ALL=C", "NO_COLOR=1")
	var stderr strings.Builder
	cmd.Stderr = &stderr
	out, _ := cmd.Output() // the exit code is what counts
	if got := cmd.ProcessState.ExitCode(); got != code {
		r.t.Fatalf("preship %q: exit code %d, want %d\n%s\n%s", args, got, code, out, stderr.String())
	}
	return out
}

// wrote is what the handset was sent since that changes something.
func (r *realADB) wrote(since int) (lines []string) {
	r.t.Helper()
	for _, s := range r.handset.Sent()[since:] {
		line := s.Line
		if line == "" {
			line = s.Service
		}
		row, ok := handset.Match(line)
		if !ok {
			r.t.Errorf("the handset was sent %q, which is in no table", line)
		} else if row.Writes {
			lines = append(lines, line)
		}
	}
	return lines
}
