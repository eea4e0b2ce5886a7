package backup_test

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"runtime"
	"strings"
	"sync"
	"testing"
	"time"

	"preship/adb"
	"preship/adb/adbtest"
	"preship/adb/link"
	"preship/backup/meter"
	"preship/testdata/program"
)

// realServer is an adb server of a test's own, with a handset connected to it.
type realServer struct {
	t      *testing.T
	binary string
	spec   string
	daemon *adbtest.Daemon
}

// throughRealServer puts a real adb server between r and its handset.
func (r *rig) throughRealServer(t *testing.T) *realServer {
	t.Helper()
	if runtime.GOOS == "windows" {
		t.Skip("adb has no local sockets here")
	}
	binary := program.Path(t, "adb")
	home, err := os.MkdirTemp("", "adb") // a local socket's path may not be long
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = os.RemoveAll(home) })
	t.Setenv("HOME", home) // the server makes a key there
	t.Setenv("ADB_MDNS_AUTO_CONNECT", "0")
	daemon, err := adbtest.NewDaemon(r.handset, "")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = daemon.Close() })
	s := &realServer{t: t, binary: binary, spec: "localfilesystem:" + home + "/s", daemon: daemon}
	t.Cleanup(s.kill)
	return s
}

// client returns a client; start allows it to start the server.
func (s *realServer) client(start bool) *adb.Client {
	s.t.Helper()
	c, err := adb.New(adb.Options{Addr: s.spec, Start: start, IdleTimeout: 5 * time.Second})
	if err != nil {
		s.t.Fatal(err)
	}
	return c
}

// connect starts the server and connects the handset.
func (s *realServer) connect() {
	s.t.Helper()
	ctx, cancel := context.WithTimeout(s.t.Context(), 30*time.Second)
	defer cancel()
	c := s.client(true)
	if _, err := c.Ensure(ctx); err != nil {
		s.t.Fatal(err)
	}
	_ = c.Connect(ctx, s.daemon.Addr()) // it ends before the owner has answered
	if _, err := link.New(c.Device(s.daemon.Addr()), link.Options{}).WaitFor(ctx, adb.StateDevice); err != nil {
		s.t.Fatal(err)
	}
}

func (s *realServer) kill() {
	ctx, cancel := context.WithTimeout(context.Background(), 20*time.Second)
	defer cancel()
	_ = exec.CommandContext(ctx, s.binary, "-L", s.spec, "kill-server").Run() // the server may have ended already
}

// TestRunWhenTheServerIsKilled kills the adb server during a run: preship starts it again
// if it may. Else it says that the server is missing, and the next run resumes.
func TestRunWhenTheServerIsKilled(t *testing.T) {
	for _, start := range []bool{true, false} {
		t.Run(fmt.Sprint("start ", start), func(t *testing.T) {
			r := newRig(t, filmTree(12, "10:00:00"), adbtest.Trouble{Kind: adbtest.TroubleCut, Service: "none: only for its speed"})
			s := r.throughRealServer(t)
			s.connect()
			r.device = s.client(start).Device(s.daemon.Addr())
			if !start {
				r.options.Wait = 500 * time.Millisecond
			}
			var once sync.Once
			killed := make(chan struct{})
			r.options.Progress = func(p meter.Progress) {
				if p.BytesDone > 4<<20 {
					once.Do(func() {
						go func() {
							defer close(killed)
							s.kill()
						}()
					})
				}
			}
			b, err := r.run(context.Background())
			<-killed
			if start {
				if err != nil || b.Files.Proved != 13 {
					t.Fatalf("files %+v and error %v, want 13 proved", b.Files, err)
				}
				return
			}
			if !errors.Is(err, link.ErrLost) || !errors.Is(err, adb.ErrNoServer) || !strings.Contains(err.Error(), "no adb server") {
				t.Fatalf("files %+v and error %v, want ErrLost for ErrNoServer", b.Files, err)
			}
			s.connect()
			r.options.Progress = nil
			r.options.Wait = 20 * time.Second
			if b := r.mustRun(); b.Files.Proved != 13 {
				t.Errorf("run again: files %+v, want 13 proved", b.Files)
			}
		})
	}
}
