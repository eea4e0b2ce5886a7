package adb_test

import (
	"context"
	"errors"
	"net"
	"os"
	"os/exec"
	"runtime"
	"strconv"
	"strings"
	"testing"
	"time"

	"preship/adb"
	"preship/testdata/program"
)

// freePort is a free port, for a server of the test's own.
func freePort(t testing.TB) string {
	t.Helper()
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer ln.Close()
	return strconv.Itoa(ln.Addr().(*net.TCPAddr).Port)
}

// killServer ends the server that the test started.
func killServer(t testing.TB, binary, spec string) {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), 20*time.Second)
	defer cancel()
	if text, err := exec.CommandContext(ctx, binary, "-L", spec, "kill-server").CombinedOutput(); err != nil {
		t.Errorf("kill-server: %v: %s", err, text)
	}
}

// startServer starts a real server through Ensure, with the environment's own
// addresses pointing elsewhere.
func startServer(t testing.TB, addr, spec string) *adb.Client {
	t.Helper()
	binary := program.Path(t, "adb")
	t.Setenv("HOME", t.TempDir()) // the server makes a key there
	t.Setenv("ANDROID_ADB_SERVER_PORT", "1")
	c, err := adb.New(adb.Options{Addr: addr, Start: true})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { killServer(t, binary, spec) })
	started, err := c.Ensure(t.Context())
	if err != nil || !started {
		t.Fatalf("Ensure = %v, %v, want a server started", started, err)
	}
	return c
}

func TestRealServer(t *testing.T) {
	port := freePort(t)
	c := startServer(t, "127.0.0.1:"+port, "tcp:"+port)
	ctx := t.Context()
	if started, err := c.Ensure(ctx); started || err != nil {
		t.Errorf("Ensure again = %v, %v, want the server found", started, err)
	}
	if v, err := c.Version(ctx); err != nil || v < 31 {
		t.Errorf("Version = %d, %v", v, err)
	}
	if _, err := c.Devices(ctx); err != nil {
		t.Errorf("Devices: %v", err)
	}
	enough := errors.New("enough")
	if err := c.Track(ctx, func([]adb.DeviceInfo) error { return enough }); !errors.Is(err, enough) {
		t.Errorf("Track: %v", err)
	}
	if _, err := c.Device("no-such-serial").Open(ctx, "shell:id"); !errors.Is(err, adb.ErrNoDevice) {
		t.Errorf("Open on no device: %v, want ErrNoDevice", err)
	}
	nobody := "127.0.0.1:" + freePort(t)
	if err := c.Connect(ctx, nobody); !errors.Is(err, adb.ErrNoDevice) {
		t.Errorf("Connect to a closed port: %v, want ErrNoDevice", err)
	}
	if err := c.Disconnect(ctx, nobody); !errors.Is(err, adb.ErrNoDevice) {
		t.Errorf("Disconnect of an address that was never connected: %v, want ErrNoDevice", err)
	}
}

func TestRealServerOnLocalSocket(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("adb has no local sockets here")
	}
	spec := "localfilesystem:" + t.TempDir() + "/adb.sock"
	c := startServer(t, spec, spec)
	if v, err := c.Version(t.Context()); err != nil || v < 31 {
		t.Errorf("Version = %d, %v", v, err)
	}
	if c.Addr() != spec {
		t.Errorf("Addr() = %q, want %q", c.Addr(), spec)
	}
}

func TestEnsureWithoutStart(t *testing.T) {
	addr := "127.0.0.1:" + freePort(t)
	tests := []struct {
		name    string
		options adb.Options
		says    string
	}{
		{"not asked to start", adb.Options{Addr: addr}, "refused"},
		{"no binary", adb.Options{Addr: addr, Start: true, ADB: "no-such-adb-anywhere"}, "no-such-adb-anywhere"},
		{"binary that fails", adb.Options{Addr: addr, Start: true, ADB: os.Args[0]}, "start-server"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			c, err := adb.New(tt.options)
			if err != nil {
				t.Fatal(err)
			}
			started, err := c.Ensure(t.Context())
			if started || !errors.Is(err, adb.ErrNoServer) || !strings.Contains(err.Error(), tt.says) {
				t.Errorf("Ensure = %v, %v, want ErrNoServer with a word on %q", started, err, tt.says)
			}
		})
	}
}
