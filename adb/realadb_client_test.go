package adb_test

import (
	"bytes"
	"context"
	"errors"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"preship/adb/adbtest"
	"preship/testdata/program"
)

// TestRealClientOnEmulatedHandset has the real adb use an emulated handset, by
// the server front and, behind its own server, by the daemon front.
func TestRealClientOnEmulatedHandset(t *testing.T) {
	t.Parallel()
	binary := program.Path(t, "adb")
	for _, front := range []string{"server", "daemon"} {
		t.Run(front, func(t *testing.T) {
			t.Parallel()
			p, err := adbtest.Load("android-emulator")
			if err != nil {
				t.Fatal(err)
			}
			h := adbtest.New(p, adbtest.WithOwner(adbtest.OwnerHelpful()))
			t.Cleanup(func() { _ = h.Close() })
			c := realClient{t: t, binary: binary, home: t.TempDir()}
			if front == "server" {
				c.onServer(h)
			} else {
				c.onDaemon(h)
			}
			c.waitsFor("")
			t.Run("files", c.files)
			t.Run("shell", c.shell)
			t.Run("forwards", c.forwards)
			t.Run("root", c.root)
		})
	}
}

// realClient is the adb program with a home and its own server.
type realClient struct {
	t                          *testing.T
	binary, home, spec, serial string
}

func (c *realClient) onServer(h *adbtest.Handset) {
	server, err := adbtest.NewServer("", h)
	if err != nil {
		c.t.Fatal(err)
	}
	c.t.Cleanup(func() { _ = server.Close() })
	_, port, _ := net.SplitHostPort(server.Addr())
	c.spec, c.serial = "tcp:"+port, h.Serial()
}

func (c *realClient) onDaemon(h *adbtest.Handset) {
	daemon, err := adbtest.NewDaemon(h, "")
	if err != nil {
		c.t.Fatal(err)
	}
	c.t.Cleanup(func() { _ = daemon.Close() })
	c.spec, c.serial = "tcp:"+freePort(c.t), daemon.Addr()
	c.t.Cleanup(func() { killServer(c.t, c.binary, c.spec) })
	c.run(c.t, "", "start-server")
	c.run(c.t, "", "connect", daemon.Addr())
}

// run returns the output, both streams together, and the exit status.
func (c *realClient) run(t *testing.T, stdin string, args ...string) (out string, exit int) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 30*time.Second)
	defer cancel()
	if args[0] != "start-server" && args[0] != "connect" {
		args = append([]string{"-s", c.serial}, args...)
	}
	cmd := exec.CommandContext(ctx, c.binary, append([]string{"-L", c.spec}, args...)...)
	cmd.Env = append(os.Environ(), "HOME="+c.home, "ANDROID_USER_HOME=", "ADB_VENDOR_KEYS=", "ADB_MDNS_AUTO_CONNECT=0")
	cmd.Stdin, cmd.WaitDelay = strings.NewReader(stdin), 2*time.Second
	b, err := cmd.CombinedOutput()
	if failed := new(exec.ExitError); errors.As(err, &failed) && failed.Exited() {
		return string(b), failed.ExitCode()
	}
	if err != nil {
		t.Fatalf("adb %q: %v: %s", args, err, b)
	}
	return string(b), 0
}

// waitsFor waits until the handset answers as this user, "" for any.
func (c *realClient) waitsFor(user string) {
	c.t.Helper()
	ctx, cancel := context.WithTimeout(c.t.Context(), 30*time.Second)
	defer cancel()
	for {
		out, exit := c.run(c.t, "", "shell", "id -un")
		if exit == 0 && (user == "" || out == user+"\n") {
			return
		}
		select {
		case <-ctx.Done():
			c.t.Fatalf("the handset answers %q, want user %q", out, user)
		case <-time.After(50 * time.Millisecond):
		}
	}
}

// answers runs a row of commands and compares what they print.
func (c *realClient) answers(t *testing.T, rows []realRow) {
	t.Helper()
	for _, row := range rows {
		out, exit := c.run(t, row.stdin, row.args...)
		if !strings.Contains(strings.ReplaceAll(out, "\r", ""), row.want) || exit != row.exit {
			t.Errorf("adb %q: %q, exit %d; want %q, exit %d", row.args, out, exit, row.want, row.exit)
		}
	}
}

type realRow struct {
	args        []string
	stdin, want string
	exit        int
}

func (c *realClient) files(t *testing.T) {
	const remote = "/data/local/tmp/real"
	from, to := filepath.Join(t.TempDir(), "sent"), t.TempDir()
	photo := bytes.Repeat([]byte("0123456789abcdef"), 20_000)
	if err := errors.Join(os.MkdirAll(filepath.Join(from, "deep"), 0o755), os.WriteFile(filepath.Join(from, "deep", "photo"), photo, 0o644)); err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink("deep/photo", filepath.Join(from, "link")); err != nil {
		t.Skip(err)
	}
	c.answers(t, []realRow{
		{args: []string{"shell", "mkdir " + remote}},
		{args: []string{"push", from, remote}},
		{args: []string{"shell", "wc -c < " + remote + "/sent/deep/photo"}, want: "320000\n"},
		{args: []string{"shell", "cat " + remote + "/sent/link | wc -c"}, want: "320000\n"},
		{args: []string{"pull", remote + "/sent/deep", to}},
		{args: []string{"pull", remote + "/none", to}, want: "No such file or directory", exit: 1},
		{args: []string{"push", filepath.Join(from, "deep", "photo"), "/system/photo"}, want: "Permission denied", exit: 1},
		{args: []string{"shell", "rm -rf " + remote + "; ls " + remote}, want: "No such file or directory", exit: 1},
	})
	if got, err := os.ReadFile(filepath.Join(to, "deep", "photo")); !bytes.Equal(got, photo) {
		t.Errorf("pulled %d bytes, %v; want the %d pushed", len(got), err, len(photo))
	}
}

func (c *realClient) shell(t *testing.T) {
	c.answers(t, []realRow{
		{args: []string{"shell", "echo out; echo err >&2; exit 17"}, want: "out\nerr\n", exit: 17},
		{args: []string{"shell", "-x", "exit 17"}},
		{args: []string{"shell", "-tt", "[ -t 0 ] && echo terminal"}, want: "terminal\n"},
		{args: []string{"shell", "[ -t 0 ]"}, exit: 1},
		{args: []string{"shell", "-tt"}, stdin: "echo $((6*7))\nnone\nfor i in 1 2\ndo echo line $i\ndone\nexit 5\n", want: "line 2\n", exit: 5},
		{args: []string{"shell"}, stdin: "x=y; echo $x\nread z\nthe line\necho \"<$z>\"\n", want: "y\n<the line>\n"},
		{args: []string{"shell", "read a; echo $a; read code; exit $code"}, stdin: "hello\n19\n", want: "hello\n", exit: 19},
		{args: []string{"shell", "trap 'echo no' INT; trap; ps $$ | grep $$ | wc -l"}, want: "trap -- 'echo no' INT\n1\n"},
		{args: []string{"shell", "xxd /sdcard"}, want: "/system/bin/sh: xxd: inaccessible or not found\n", exit: 127},
		{args: []string{"shell", "ls -Q"}, want: "ls: Unknown option 'Q' (see \"ls --help\")\n", exit: 1},
		{args: []string{"exec-out", "tar -c -C /sdcard DCIM | head -c 5"}, want: "DCIM/"},
	})
}

func (c *realClient) forwards(t *testing.T) {
	echo, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer echo.Close()
	go func() {
		for conn, err := echo.Accept(); err == nil; conn, err = echo.Accept() {
			_, _ = conn.Write([]byte("hello"))
			_ = conn.Close()
		}
	}()
	_, port, _ := net.SplitHostPort(echo.Addr().String())
	out, _ := c.run(t, "", "forward", "tcp:0", "tcp:12345")
	forward := strings.TrimSpace(out)
	c.answers(t, []realRow{
		{args: []string{"reverse", "tcp:12345", "tcp:" + port}},
		{args: []string{"reverse", "--no-rebind", "tcp:12345", "tcp:1"}, want: "cannot rebind", exit: 1},
		{args: []string{"reverse", "--list"}, want: "tcp:12345 tcp:" + port},
		{args: []string{"forward", "--list"}, want: "tcp:" + forward + " tcp:12345"},
	})
	conn, err := net.DialTimeout("tcp", "127.0.0.1:"+forward, 10*time.Second)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	_ = conn.SetDeadline(time.Now().Add(10 * time.Second))
	got := make([]byte, 5)
	if n, err := conn.Read(got); string(got[:n]) != "hello" {
		t.Errorf("through both ways came %q, %v", got[:n], err)
	}
	c.answers(t, []realRow{
		{args: []string{"reverse", "--remove", "tcp:12345"}},
		{args: []string{"reverse", "--remove", "tcp:12345"}, want: "not found", exit: 1},
		{args: []string{"reverse", "--remove-all"}},
		{args: []string{"forward", "--remove", "tcp:" + forward}},
		{args: []string{"forward", "--remove-all"}},
	})
}

func (c *realClient) root(t *testing.T) {
	c.answers(t, []realRow{
		{args: []string{"unroot"}, want: "adbd not running as root\n"},
		{args: []string{"root"}, want: "restarting adbd as root\n"},
	})
	c.waitsFor("root")
	c.answers(t, []realRow{{args: []string{"unroot"}, want: "restarting adbd as non root\n"}})
	c.waitsFor("shell")
}
