package adbtest

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net"
	"os"
	"os/exec"
	"path"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"preship/adb/adbtest/adbd"
	"preship/adb/adbtest/bus"
	"preship/adb/adbtest/stream"
	"preship/adb/conformance"
	"preship/testdata/program"
)

// realADB is a Peer made of the adb program: one process a question.
type realADB struct {
	t      testing.TB
	bin    string
	env    []string
	port   string // of its server
	serial string
}

// privateADB is an adb with a home and a server port of its own. kill ends its
// server, if one was started.
func privateADB(t testing.TB, port string) *realADB {
	t.Helper()
	a := &realADB{t: t, bin: program.Path(t, "adb"), port: port}
	a.env = append(os.Environ(), "ANDROID_ADB_SERVER_PORT="+port, "HOME="+t.TempDir(), "ADB_MDNS_AUTO_CONNECT=0",
		"ANDROID_USER_HOME=", "ANDROID_SERIAL=", "ADB_VENDOR_KEYS=", "ADB_SERVER_SOCKET=tcp:"+port)
	return a
}

// withServer starts the private server and connects it to the daemon.
func (a *realADB) withServer(d *adbd.Front) {
	a.t.Helper()
	a.t.Cleanup(func() { _, _, _ = a.run(context.Background(), nil, "kill-server") })
	a.must("start-server")
	a.connect(d)
}

// connect waits until the server shows the handset in state device: the first
// `adb connect` ends while the owner is still being asked.
func (a *realADB) connect(d *adbd.Front) {
	a.t.Helper()
	a.serial = d.Addr()
	_, _, _ = a.run(context.Background(), nil, "connect", d.Addr())
	a.must("-s", d.Addr(), "wait-for-device")
}

func freePort(t testing.TB) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	return strconv.Itoa(l.Addr().(*net.TCPAddr).Port)
}

func (a *realADB) run(ctx context.Context, stdin []byte, args ...string) (stdout, stderr []byte, err error) {
	ctx, cancel := context.WithTimeout(ctx, 30*time.Second)
	defer cancel()
	cmd := exec.CommandContext(ctx, a.bin, args...)
	cmd.Env = a.env
	cmd.WaitDelay = 2 * time.Second
	var out, errs bytes.Buffer
	cmd.Stdin, cmd.Stdout, cmd.Stderr = bytes.NewReader(stdin), &out, &errs
	err = cmd.Run()
	return out.Bytes(), errs.Bytes(), err
}

func (a *realADB) must(args ...string) string {
	a.t.Helper()
	out, errs, err := a.run(context.Background(), nil, args...)
	if err != nil {
		a.t.Fatalf("adb %q: %v\n%s%s", args, err, out, errs)
	}
	return string(out)
}

func (a *realADB) on(args ...string) []string {
	if a.serial == "" {
		return args
	}
	return append([]string{"-s", a.serial}, args...)
}

func (a *realADB) Shell(ctx context.Context, line string, stdin []byte) (conformance.ShellAnswer, error) {
	out, errs, err := a.run(ctx, stdin, a.on("shell", "-T", line)...)
	answer := conformance.ShellAnswer{Stdout: out, Stderr: errs}
	var exit *exec.ExitError
	if errors.As(err, &exit) && exit.Exited() {
		answer.Exit, err = exit.ExitCode(), nil
	}
	return answer, err
}

func (a *realADB) Push(ctx context.Context, path string, data []byte, perm fs.FileMode, mtime time.Time) error {
	local := filepath.Join(a.t.TempDir(), "push")
	if err := os.WriteFile(local, data, 0o600); err != nil {
		return err
	}
	if err := errors.Join(os.Chmod(local, perm), os.Chtimes(local, mtime, mtime)); err != nil {
		return err
	}
	return a.file(ctx, "push", local, path)
}

func (a *realADB) Pull(ctx context.Context, path string) ([]byte, error) {
	local := filepath.Join(a.t.TempDir(), "pull")
	if err := a.file(ctx, "pull", path, local); err != nil {
		return nil, err
	}
	return os.ReadFile(local)
}

func (a *realADB) file(ctx context.Context, args ...string) error {
	out, errs, err := a.run(ctx, nil, a.on(args...)...)
	if err != nil {
		return fmt.Errorf("adb %q: %w: %s%s", args, err, out, errs)
	}
	return nil
}

// List pulls the folder: `adb ls` cannot be parsed with odd names in it.
func (a *realADB) List(ctx context.Context, dir string) ([]string, error) {
	local := filepath.Join(a.t.TempDir(), "list")
	if err := a.file(ctx, "pull", dir, local); err != nil {
		return nil, err
	}
	entries, err := os.ReadDir(local)
	var names []string
	for _, e := range entries {
		names = append(names, e.Name())
	}
	return names, err
}

// Stat finds the file's line in the list of its folder, because adb has no command for it.
func (a *realADB) Stat(ctx context.Context, name string) (conformance.FileAnswer, error) {
	out, errs, err := a.run(ctx, nil, a.on("ls", path.Dir(name))...)
	if err != nil {
		return conformance.FileAnswer{}, fmt.Errorf("%w: %s", err, errs)
	}
	head, _, ok := strings.Cut("\n"+string(out), " "+path.Base(name)+"\n")
	if !ok {
		return conformance.FileAnswer{}, fs.ErrNotExist
	}
	var f conformance.FileAnswer
	var at int64
	_, err = fmt.Sscanf(head[strings.LastIndexByte(head, '\n')+1:], "%x %x %x", &f.Mode, &f.Size, &at)
	f.MTime = time.Unix(at, 0)
	return f, err
}

func (a *realADB) Service(ctx context.Context, name string) ([]byte, error) {
	line, ok := strings.CutPrefix(name, "exec:")
	if !ok {
		return nil, fmt.Errorf("adb opens no services by name: %w", errors.ErrUnsupported)
	}
	out, _, err := a.run(ctx, nil, a.on("exec-out", line)...)
	return out, err
}

func (a *realADB) State(ctx context.Context) (string, error) {
	out, _, err := a.run(ctx, nil, a.on("get-state")...)
	return strings.TrimSpace(string(out)), err
}

// checkPeer runs the conformance list as subtests.
func checkPeer(t *testing.T, p conformance.Peer, d conformance.Daemon) {
	t.Helper()
	err := conformance.Run(context.Background(), p, conformance.Options{Daemon: d, Each: func(name string, err error) {
		t.Run(name, func(t *testing.T) {
			switch {
			case errors.Is(err, conformance.ErrSkipped):
				t.Skip(err)
			case err != nil:
				t.Error(err)
			}
		})
	}})
	if err != nil && !t.Failed() {
		t.Error(err)
	}
}

func TestCheckByServerFront(t *testing.T) {
	t.Parallel()
	h := newHandset(t)
	checkPeer(t, peerOf(newServer(t, h), h), conformance.Android)
}

func TestCheckRealClientByServerFront(t *testing.T) {
	t.Parallel()
	h := newHandset(t)
	s := newServer(t, h)
	_, port, _ := net.SplitHostPort(s.Addr())
	checkPeer(t, privateADB(t, port), conformance.Android)
}

func TestCheckRealServerByDaemonFront(t *testing.T) {
	t.Parallel()
	a := privateADB(t, freePort(t))
	a.withServer(newDaemon(t, newHandset(t)))
	t.Run("adb", func(t *testing.T) { checkPeer(t, a, conformance.Android) })
	t.Run("wire", func(t *testing.T) {
		checkPeer(t, wirePeer{net.JoinHostPort("127.0.0.1", a.port), a.serial}, conformance.Android)
	})
}

// TestCheckThisHandset checks what PRESHIP_HANDSET names, by the adb server that
// is there: a real handset, or Android's own daemon.
func TestCheckThisHandset(t *testing.T) {
	serial := os.Getenv("PRESHIP_HANDSET")
	if serial == "" {
		t.Skip("PRESHIP_HANDSET names no handset")
	}
	a := &realADB{t: t, bin: program.Path(t, "adb"), env: os.Environ(), serial: serial}
	kind, err := conformance.Identify(t.Context(), a)
	if err != nil {
		t.Fatal(err)
	}
	checkPeer(t, a, kind)
	port := os.Getenv("ANDROID_ADB_SERVER_PORT")
	if port == "" {
		port = "5037"
	}
	checkPeer(t, wirePeer{addr: net.JoinHostPort("127.0.0.1", port), serial: serial}, kind)
}

// TestRealADBSession is a day with adb: look, copy, restart, look again.
func TestRealADBSession(t *testing.T) {
	t.Parallel()
	h := newHandset(t)
	d := newDaemon(t, h)
	a := privateADB(t, freePort(t))
	a.withServer(d)

	if got := a.must("devices", "-l"); !strings.Contains(got, d.Addr()) || !strings.Contains(got, "model:"+h.state.Prop("ro.product.model")) {
		t.Errorf("devices -l: %s", got)
	}
	if got := a.must(a.on("shell", "getprop", "ro.serialno")...); strings.TrimSpace(got) != h.state.Prop("ro.serialno") {
		t.Errorf("getprop: %q", got)
	}
	pulled := filepath.Join(t.TempDir(), "sdcard")
	a.pullReadable(pulled)
	folder := filepath.Join(t.TempDir(), "folder")
	if err := os.MkdirAll(filepath.Join(folder, "deep", "er"), 0o755); err != nil {
		t.Fatal(err)
	}
	for name, size := range map[string]int{"a": 10, "deep/b": 100_000, "deep/er/c": 0} {
		if err := os.WriteFile(filepath.Join(folder, name), distinctBytes(size), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	a.must(a.on("push", folder, "/sdcard/Download/")...)
	if got := a.must(a.on("shell", "cat /sdcard/Download/folder/deep/b | wc -c")...); strings.TrimSpace(got) != "100000" {
		t.Errorf("pushed folder: %q", got)
	}
	for _, tt := range []struct {
		args, want string
		drops      bool // the handset's side of the connection
	}{
		{"root", "adbd cannot run as root in production builds\n", false},
		{"unroot", "adbd not running as root\n", false},
		{"remount", "remount: inaccessible or not found", false},
		{"reverse --list", "", false},
		{"tcpip 5999", "restarting in TCP mode port: 5999", true},
	} {
		_, stay, changed := h.bus.Watch()
		out, errs, _ := a.run(context.Background(), nil, a.on(strings.Fields(tt.args)...)...)
		if !strings.Contains(string(out)+string(errs), tt.want) {
			t.Errorf("adb %s: %q %q, want %q", tt.args, out, errs, tt.want)
		}
		if tt.drops {
			for now := stay; now == stay; _, now, changed = h.bus.Watch() {
				<-changed
			}
			a.again("shell", "true")
		}
	}
	a.again("reboot", "recovery")
	a.must("-s", d.Addr(), "wait-for-sideload")
	a.must("disconnect", d.Addr())
	if got := a.must("devices"); strings.Contains(got, d.Addr()) {
		t.Errorf("after disconnect: %s", got)
	}
}

// again asks until it succeeds: for a moment the server takes a connection that
// has ended for a handset that answers.
func (a *realADB) again(args ...string) {
	a.t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), 30*time.Second)
	defer cancel()
	for {
		out, errs, err := a.run(ctx, nil, a.on(args...)...)
		if err == nil {
			return
		}
		if ctx.Err() != nil {
			a.t.Fatalf("adb %q: %v\n%s%s", args, err, out, errs)
		}
	}
}

// pullReadable pulls what can be: a file of another app stops `adb pull`, on a
// handset as here, so folders are taken one by one.
func (a *realADB) pullReadable(to string) {
	a.t.Helper()
	names, err := a.List(context.Background(), "/sdcard/DCIM")
	if err != nil || len(names) == 0 {
		a.t.Fatalf("pull /sdcard/DCIM: %q, %v", names, err)
	}
	if err := os.Mkdir(to, 0o755); err != nil {
		a.t.Fatal(err)
	}
	a.must(a.on("pull", "/sdcard/DCIM", to)...)
}

func TestRealADBParallelShells(t *testing.T) {
	t.Parallel()
	d := newDaemon(t, newHandset(t))
	a := privateADB(t, freePort(t))
	a.withServer(d)
	p := wirePeer{addr: net.JoinHostPort("127.0.0.1", a.port), serial: d.Addr()}
	const shells = 64
	faults := make(chan error, shells)
	for i := range shells {
		go func() {
			want := strings.Repeat(strconv.Itoa(i)+"\n", 1000)
			ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
			defer cancel()
			answer, err := p.Shell(ctx, "cat; exit 3", []byte(want))
			if err == nil && (string(answer.Stdout) != want || answer.Exit != 3) {
				err = fmt.Errorf("shell %d: %d bytes back, exit %d", i, len(answer.Stdout), answer.Exit)
			}
			faults <- err
		}()
	}
	for range shells {
		if err := <-faults; err != nil {
			t.Error(err)
		}
	}
}

// TestRealADBTerminal: `adb shell` with a terminal asks for one on the handset.
func TestRealADBTerminal(t *testing.T) {
	t.Parallel()
	h := newHandset(t)
	a := privateADB(t, freePort(t))
	a.withServer(newDaemon(t, h))
	out, _, err := a.run(context.Background(), nil, a.on("shell", "-t", "-t", "echo a; exit 4")...)
	var exit *exec.ExitError
	if !errors.As(err, &exit) || exit.ExitCode() != 4 || string(out) != "a\r\n" {
		t.Errorf("shell -tt: %q, %v", out, err)
	}
	i := slices.IndexFunc(h.Sent(), func(s adbd.Sent) bool { return s.Line == "echo a; exit 4" })
	if i < 0 || !strings.Contains(h.Sent()[i].Service, "pty") {
		t.Errorf("sent %v", h.Sent())
	}
}

var (
	_ conformance.Peer = (*realADB)(nil)
	_ conformance.Peer = wirePeer{}
	_ io.Reader        = (*stream.Buffer)(nil)
)

// TestParsePublicKeyOfADB reads what adb itself writes.
func TestParsePublicKeyOfADB(t *testing.T) {
	t.Parallel()
	bin := program.Path(t, "adb")
	file := filepath.Join(t.TempDir(), "key")
	if out, err := exec.Command(bin, "keygen", file).CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	text, err := os.ReadFile(file + ".pub")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := bus.ParsePublicKey(text); err != nil {
		t.Error(err)
	}
}
