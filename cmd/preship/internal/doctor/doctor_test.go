package doctor

import (
	"context"
	"errors"
	"io"
	"io/fs"
	"net"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"time"

	"preship/adb"
	"preship/adb/adbtest"
	"preship/cmd/preship/internal/console"
	"preship/cmd/preship/internal/signing"
	"preship/cmd/preship/internal/volume"
	"preship/report"
	"preship/report/message"
)

// testComputer is the facts of an invented computer: its files are under root, its
// environment is vars, and nothing of the real computer is seen.
type testComputer struct {
	*facts
	t       *testing.T
	root    string
	vars    map[string]string
	adbAddr string
}

func newComputer(t *testing.T) *testComputer {
	t.Helper()
	p := &testComputer{t: t, root: t.TempDir(), vars: map[string]string{}, adbAddr: "127.0.0.1:1"}
	now := time.Date(2026, 11, 22, 12, 0, 0, 0, time.UTC)
	getenv := func(name string) string { return p.vars[name] }
	configDir := func() (string, error) { return filepath.Join(p.root, "config", "preship"), nil }
	p.facts = newFacts(Options{
		Console: &console.Console{Getenv: getenv, Now: func() time.Time { return now }},
		Out:     filepath.Join(p.root, "out"), ConfigDir: configDir,
		Client: func() (*adb.Client, error) { return adb.New(adb.Options{Addr: p.adbAddr}) },
		Keys:   &signing.Keys{ConfigDir: configDir, Getenv: getenv},
	}, machine{
		goos: "linux", root: p.root, home: filepath.Join(p.root, "home"),
		run:     func(context.Context, string, ...string) ([]byte, error) { return nil, errors.New("nothing runs here") },
		openUSB: func(string) error { return nil },
		volume:  func(string) (volume.Volume, error) { return volume.Volume{Free: 1 << 40, Kind: "ext4"}, nil },
		built:   now.AddDate(0, -1, 0),
	})
	return p
}

// write puts a file on the made-up computer.
func (p *testComputer) write(name, content string, mode fs.FileMode) string {
	p.t.Helper()
	file := filepath.Join(p.root, name)
	if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
		p.t.Fatal(err)
	}
	if err := os.WriteFile(file, []byte(content), mode); err != nil {
		p.t.Fatal(err)
	}
	return file
}

func (p *testComputer) link(target, name string) {
	p.t.Helper()
	file := filepath.Join(p.root, name)
	if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
		p.t.Fatal(err)
	}
	if err := os.Symlink(target, file); err != nil {
		p.t.Fatal(err)
	}
}

// expect compares a result: its status, a word of its text, and a word of
// what to do ("" for nothing to do).
func expect(t *testing.T, what string, got result, status report.Status, found, next string) {
	t.Helper()
	if got.status != status || !strings.Contains(got.found.String(), found) || next == "" && len(got.next) > 0 || !strings.Contains(message.Join(message.Stop, got.next...).String(), next) {
		t.Errorf("%s: %s, %q, %q; want %s, %q, %q", what, got.status, got.found, got.next, status, found, next)
	}
}

const adb41 = "Android Debug Bridge version 1.0.41\nVersion 34.0.5-12345\nInstalled as /x/adb\n"

func TestDoctorFindsADB(t *testing.T) {
	t.Parallel()
	if runtime.GOOS == "windows" {
		t.Skip("no file of a made-up Linux can be run there")
	}
	versions := map[string]string{"bin": adb41, "old": "Android Debug Bridge version 1.0.39\nVersion 27.0.1\n", "new": "Android Debug Bridge version 1.0.41\nVersion 36.0.0\n", "odd": "hello\n"}
	answers, silent := serverSeen{version: 41}, serverSeen{err: adb.ErrNoServer}
	tests := []struct {
		name     string
		path     []string // folders on the PATH with an adb
		sdk      string   // ANDROID_HOME with an adb
		server   serverSeen
		binary   [3]string
		versions [3]string
	}{
		{"none", nil, "", silent, [3]string{"fail", "no adb program found", "platform-tools"}, [3]string{"skipped", "", ""}},
		{"none, and a server", nil, "", answers, [3]string{"warn", "is enough", "platform-tools"}, [3]string{"skipped", "", ""}},
		{"one", []string{"bin"}, "", silent, [3]string{"pass", "34.0.5-12345 (protocol 41)", ""}, [3]string{"pass", "one", ""}},
		{"one that is no adb", []string{"odd"}, "", silent, [3]string{"fail", `"hello": no adb`, "platform-tools"}, [3]string{"pass", "", ""}},
		{"only in the SDK", nil, "new", silent, [3]string{"fail", "not on the PATH", "Add this folder"}, [3]string{"pass", "one", ""}},
		{"two that agree", []string{"bin", "new"}, "", answers, [3]string{"pass", "34.0.5", ""}, [3]string{"pass", "share a server", ""}},
		{"two that fight", []string{"bin"}, "old", silent, [3]string{"pass", "34.0.5", ""}, [3]string{"warn", "27.0.1 (protocol 39)", "end each other's server"}},
		{"one that fights the server", []string{"old"}, "", answers, [3]string{"pass", "27.0.1", ""}, [3]string{"warn", "the server that answers has protocol 41", "Keep the newest"}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			p := newComputer(t)
			p.machine.run = func(_ context.Context, program string, _ ...string) ([]byte, error) {
				for dir, text := range versions {
					if strings.HasPrefix(program, filepath.Join(p.root, dir)+string(filepath.Separator)) {
						return []byte(text), nil
					}
				}
				return nil, fs.ErrNotExist
			}
			var dirs []string
			for _, dir := range tt.path {
				dirs = append(dirs, filepath.Dir(p.write(dir+"/adb", "", 0o755)))
			}
			p.vars["PATH"] = strings.Join(append(dirs, filepath.Join(p.root, "empty")), string(filepath.ListSeparator))
			if tt.sdk != "" {
				p.write(tt.sdk+"/platform-tools/adb", "", 0o755)
				p.vars["ANDROID_HOME"] = filepath.Join(p.root, tt.sdk)
			}
			p.server = tt.server
			p.binaries = findADB(t.Context(), p.machine, p.Console.Getenv)
			expect(t, "binary", checkADBBinary(t.Context(), p.facts), report.Status(tt.binary[0]), tt.binary[1], tt.binary[2])
			expect(t, "versions", checkADBVersions(t.Context(), p.facts), report.Status(tt.versions[0]), tt.versions[1], tt.versions[2])
		})
	}
}

// TestFindADBOnce: one adb that is reached in several ways is one.
func TestFindADBOnce(t *testing.T) {
	t.Parallel()
	if runtime.GOOS == "windows" {
		t.Skip("links need rights there")
	}
	p := newComputer(t)
	p.write("usr/lib/android-sdk/platform-tools/adb", "", 0o755)
	p.link(filepath.Join(p.root, "usr/lib/android-sdk/platform-tools/adb"), "usr/bin/adb")
	p.write("plain/adb", "", 0o644) // not a program
	p.vars["PATH"] = strings.Join([]string{filepath.Join(p.root, "plain"), filepath.Join(p.root, "usr/bin")}, ":")
	found := findADB(t.Context(), p.machine, p.Console.Getenv)
	if len(found) != 1 || !found[0].onPath || found[0].path != filepath.Join(p.root, "usr/bin/adb") {
		t.Errorf("found %+v, want the one on the PATH", found)
	}
}

func TestParseADBVersion(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		out      string
		protocol int
		release  string
	}{
		{adb41, 41, "34.0.5-12345"},
		{"Android Debug Bridge version 1.0.41\r\nVersion 29.0.6-debian\r\n", 41, "29.0.6-debian"},
		{"Android Debug Bridge version 1.0.32\nRevision 09a0d98bebce-android\n", 32, "1.0.32"},
		{"Android Debug Bridge version 1.0.x\n", 0, ""},
		{"Android Debug Bridge version 41\n", 0, ""},
		{"Android Debug Bridge version 1.0.-4\n", 0, ""},
		{"", 0, ""},
	} {
		protocol, release, err := parseADBVersion([]byte(tt.out))
		if err != nil {
			protocol, release = 0, ""
		}
		if protocol != tt.protocol || release != tt.release || (err != nil) != (tt.protocol == 0) {
			t.Errorf("%q: %d, %q, %v; want %d, %q", tt.out, protocol, release, err, tt.protocol, tt.release)
		}
	}
}

func FuzzParseADBVersion(f *testing.F) {
	f.Add([]byte(adb41))
	f.Add([]byte("Android Debug Bridge version 1.0.32\nRevision x\n"))
	f.Fuzz(func(t *testing.T, b []byte) {
		if protocol, release, err := parseADBVersion(b); err == nil && (protocol <= 0 || release == "") {
			t.Fatalf("%q gives %d, %q and no error", b, protocol, release)
		}
	})
}

func TestDoctorLooksAtServer(t *testing.T) {
	t.Parallel()
	// A program that is no adb server, at its own port.
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer ln.Close()
	go func() {
		for {
			c, err := ln.Accept()
			if err != nil {
				return
			}
			_, _ = c.Write([]byte("SSH-2.0-OpenSSH_9.2\r\n"))
			_ = c.Close()
		}
	}()
	s, err := adbtest.NewServer("")
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	for _, tt := range []struct {
		name, addr  string
		status      report.Status
		found, next string
	}{
		{"answers", s.Addr(), report.StatusPass, "protocol 41 at " + s.Addr(), ""},
		{"nobody", "127.0.0.1:1", report.StatusWarn, "no server answers at 127.0.0.1:1", "no adb to start one with"},
		{"another program", ln.Addr().String(), report.StatusFail, "is not an adb server", "End that program"},
		{"no address", "nowhere", report.StatusFail, "HOST:PORT", "ADB_SERVER_SOCKET"},
	} {
		p := newComputer(t)
		p.adbAddr = tt.addr
		p.look(t.Context())
		expect(t, tt.name, checkADBServer(t.Context(), p.facts), tt.status, tt.found, tt.next)
	}
}

// TestDoctorNamesListener: /proc names the program on the port.
func TestDoctorNamesListener(t *testing.T) {
	t.Parallel()
	if runtime.GOOS == "windows" {
		t.Skip("links need rights there")
	}
	p := newComputer(t)
	p.write("proc/net/tcp", "  sl  local_address rem_address   st\n"+
		"   0: 0100007F:13AD 0100007F:9999 01 00000000:00000000 00:00000000 00000000     0        0 111 1\n"+
		"   1: 0100007F:13AD 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 4711 1\n", 0o644)
	p.link("socket:[111]", "proc/3/fd/3")
	p.link("/usr/bin/client", "proc/3/exe")
	p.link("socket:[4711]", "proc/42/fd/5")
	p.link("/opt/tool/adb", "proc/42/exe")
	if got, ok := p.machine.listener(5037); !ok || got.sentence().String() != "/opt/tool/adb (process 42)" {
		t.Errorf("listener(5037) = %v, %v", got, ok)
	}
	if got, ok := p.machine.listener(5038); ok {
		t.Errorf("listener(5038) = %v", got)
	}
}

func FuzzParseListener(f *testing.F) {
	f.Add("   1: 0100007F:13AD 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 4711 1")
	f.Add("::: : : 0A : : : : : :")
	f.Fuzz(func(t *testing.T, line string) {
		if inode, ok := parseListener(line, 5037); ok && inode == "" {
			t.Fatalf("%q: no inode", line)
		}
	})
}

func TestDoctorLooksAtEnvironment(t *testing.T) {
	t.Parallel()
	here := []adb.DeviceInfo{{Serial: "here", State: adb.StateDevice}}
	for _, tt := range []struct {
		name        string
		vars        map[string]string
		serial      string // --serial
		status      report.Status
		found, next string
	}{
		{"clean", nil, "", report.StatusPass, "nothing", ""},
		{"server elsewhere", map[string]string{"ADB_SERVER_SOCKET": "tcp:10.0.0.2:5037"}, "", report.StatusPass, "ADB_SERVER_SOCKET=tcp:10.0.0.2:5037", ""},
		{"two say where", map[string]string{"ADB_SERVER_SOCKET": "tcp:1", "ANDROID_ADB_SERVER_PORT": "2"}, "", report.StatusPass, "PORT=2", "overrides"},
		{"handset is here", map[string]string{"ANDROID_SERIAL": "here"}, "", report.StatusPass, "ANDROID_SERIAL=here", ""},
		{"handset is not", map[string]string{"ANDROID_SERIAL": "gone"}, "", report.StatusFail, "ANDROID_SERIAL=gone", "not connected"},
		{"handset is not, and not meant", map[string]string{"ANDROID_SERIAL": "gone"}, "here", report.StatusPass, "gone", ""},
	} {
		p := newComputer(t)
		p.vars, p.infos, p.Serial = tt.vars, here, tt.serial
		expect(t, tt.name, checkEnvironment(t.Context(), p.facts), tt.status, tt.found, tt.next)
	}
}

func TestDoctorLooksAtHandsets(t *testing.T) {
	t.Parallel()
	ready := adb.DeviceInfo{Serial: "a", State: adb.StateDevice}
	waits := adb.DeviceInfo{Serial: "b", State: adb.StateUnauthorized}
	for _, tt := range []struct {
		name        string
		infos       []adb.DeviceInfo
		serial      string
		status      report.Status
		found, next string
	}{
		{"none", nil, "", report.StatusFail, "none", "USB debugging"},
		{"one ready", []adb.DeviceInfo{ready}, "", report.StatusPass, "a device", ""},
		{"one waits", []adb.DeviceInfo{waits}, "", report.StatusFail, "b unauthorized", "b: Unlock it"},
		{"two, one ready", []adb.DeviceInfo{ready, waits}, "", report.StatusWarn, "b unauthorized", "--serial"},
		{"two, the ready one named", []adb.DeviceInfo{ready, waits}, "a", report.StatusPass, "a device", ""},
		{"two, the other named", []adb.DeviceInfo{ready, waits}, "b", report.StatusFail, "a device", "b: Unlock it"},
		{"another named", []adb.DeviceInfo{ready}, "c", report.StatusFail, "a device", "c is not connected"},
	} {
		p := newComputer(t)
		p.infos, p.Serial = tt.infos, tt.serial
		expect(t, tt.name, checkHandsets(t.Context(), p.facts), tt.status, tt.found, tt.next)
	}
}

func TestDoctorLooksAtForwards(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name, answer string
		status       report.Status
		found, next  string
	}{
		{"none", "OKAY0000", report.StatusPass, "none", ""},
		{"cut", "OKAY0040a tcp:6100 localabstract:scrcpy", report.StatusUnknown, "could not be checked", ""},
		{"one, whole", "OKAY0021a tcp:27183 localabstract:scrcpy\n", report.StatusWarn, "tcp:27183 to localabstract:scrcpy on a", "Close it"},
		{"refused", "FAIL0002no", report.StatusUnknown, "could not be checked", ""},
	} {
		p := newComputer(t)
		client, err := adb.New(adb.Options{Addr: "fake:1", IdleTimeout: time.Second, Dial: func(context.Context) (net.Conn, error) {
			near, far := net.Pipe()
			go func() {
				defer far.Close()
				if _, err := io.ReadFull(far, make([]byte, len("0011host:list-forward"))); err == nil {
					_, _ = io.WriteString(far, tt.answer)
				}
			}()
			return near, nil
		}})
		if err != nil {
			t.Fatal(err)
		}
		p.server = serverSeen{client: client, version: 41}
		expect(t, tt.name, checkForwards(t.Context(), p.facts), tt.status, tt.found, tt.next)
	}
	p := newComputer(t)
	p.server.err = adb.ErrNoServer
	expect(t, "no server", checkForwards(t.Context(), p.facts), report.StatusSkipped, "no adb server", "")
}
