package adb_test

import (
	"context"
	"fmt"
	"io"
	"iter"
	"math/rand/v2"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strconv"
	"sync"
	"testing"
	"time"

	"preship/adb"
	"preship/adb/adbtest"
	"preship/adb/link"
)

// The benchmarks copy files from the handset that PRESHIP_HANDSET names, or from
// an emulated one behind a real adb server, and in the same run by `adb pull`,
// the same through a server on a local socket, and `adb exec-out tar`, so that
// their ratio does not depend on the machine: x-adb-pull is how many times as
// long it took. Run them with -benchtime=1x: adb pull is slow.

func BenchmarkPullManySmall(b *testing.B) { benchmarkPull(b, 4000, 8<<10) }

func BenchmarkPullFewLarge(b *testing.B) { benchmarkPull(b, 24, 3<<20) }

func benchmarkPull(b *testing.B, files, size int) {
	dev := benchHandset(b)
	dir := benchTree(b, dev, files, size)
	var reqs []adb.PullRequest
	for i := range files {
		reqs = append(reqs, adb.PullRequest{Path: dir + "/" + benchName(i), Size: int64(size)})
	}
	local := localServer(b, dev.Serial())
	b.SetBytes(int64(files) * int64(size))
	b.ReportAllocs()
	b.ResetTimer()
	for b.Loop() {
		pullTo(b, dev, b.TempDir(), reqs, 1)
	}
	ours := b.Elapsed() / time.Duration(b.N)
	b.ReportMetric(float64(files)/ours.Seconds(), "files/s")
	for name, pull := range map[string]func(to string){
		"x-adb-pull":      func(to string) { run(b, "adb", "-s", dev.Serial(), "pull", dir, to) },
		"x-adb-pull-unix": func(to string) { run(b, "adb", "-L", local, "-s", dev.Serial(), "pull", dir, to) },
		"x-exec-out-tar":  func(to string) { tarTo(b, dev, dir, to) },
		"x-four-streams":  func(to string) { pullTo(b, dev, to, reqs, 4) },
	} {
		if name == "x-adb-pull-unix" && local == "" {
			continue
		}
		start := time.Now()
		pull(b.TempDir())
		b.ReportMetric(time.Since(start).Seconds()/ours.Seconds(), name)
	}
}

// benchHandset is the handset to measure.
func benchHandset(b *testing.B) *adb.Device {
	b.Helper()
	if os.Getenv("PRESHIP_HANDSET") != "" {
		return handsetFromEnvironment(b)
	}
	port := freePort(b)
	c := startServer(b, "127.0.0.1:"+port, "tcp:"+port)
	b.Setenv("ADB_SERVER_SOCKET", "tcp:127.0.0.1:"+port) // for the adb that is run beside
	p, err := adbtest.Load("redmi-note-10")
	if err != nil {
		b.Fatal(err)
	}
	h := adbtest.New(p, adbtest.WithOwner(adbtest.OwnerHelpful()))
	b.Cleanup(func() { h.Close() })
	daemon, err := adbtest.NewDaemon(h, "")
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { daemon.Close() })
	dev := c.Device(daemon.Addr())
	if info, err := link.New(dev, link.Options{}).WaitFor(b.Context(), adb.StateDevice); err != nil {
		b.Fatalf("handset is %+v: %v", info, err)
	}
	return dev
}

// localServer is a second server, on a local socket, that has the handset too;
// "" where the handset is not on the network and can have but one.
func localServer(b *testing.B, serial string) string {
	b.Helper()
	if _, _, err := net.SplitHostPort(serial); err != nil || runtime.GOOS == "windows" {
		return ""
	}
	dir, err := os.MkdirTemp("", "adb") // b.TempDir's names are too long for a socket
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { os.RemoveAll(dir) })
	spec := "localfilesystem:" + filepath.Join(dir, "s")
	run(b, "adb", "-L", spec, "start-server")
	b.Cleanup(func() { killServer(b, "adb", spec) })
	run(b, "adb", "-L", spec, "connect", serial)
	run(b, "adb", "-L", spec, "-s", serial, "wait-for-device")
	return spec
}

func benchName(i int) string { return fmt.Sprintf("f%05d", i) }

// benchTree makes files of random bytes on the handset; it is removed with b.
func benchTree(b *testing.B, dev *adb.Device, files, size int) string {
	b.Helper()
	ctx := b.Context()
	dir := "/data/local/tmp/preship-bench-" + strconv.Itoa(os.Getpid())
	s, err := dev.Sync(ctx)
	if err != nil {
		b.Fatal(err)
	}
	defer s.Close()
	b.Cleanup(func() {
		if _, err := dev.Shell(context.Background(), "rm -r "+dir, nil); err != nil {
			b.Error(err)
		}
	})
	random := rand.NewChaCha8([32]byte{1})
	for i := range files {
		if err := s.Push(dir+"/"+benchName(i), 0o644, time.Unix(1700000000, 0), io.LimitReader(random, int64(size))); err != nil {
			b.Fatal(err)
		}
	}
	return dir
}

// pullTo shares the requests out over streams and writes every file to dir.
func pullTo(b *testing.B, dev *adb.Device, dir string, reqs []adb.PullRequest, streams int) {
	b.Helper()
	queue := make(chan adb.PullRequest, len(reqs))
	for _, r := range reqs {
		queue <- r
	}
	close(queue)
	var wg sync.WaitGroup
	for range streams {
		wg.Go(func() {
			sink := &dirSink{dir: dir}
			if err := dev.Pull(b.Context(), sink.ask(queue), adb.PullWindow{}, sink); err != nil {
				b.Error(err)
			}
		})
	}
	wg.Wait()
	if b.Failed() {
		b.FailNow()
	}
}

// dirSink writes the files of one Pull under their last name.
type dirSink struct {
	dir  string
	mu   sync.Mutex
	reqs []adb.PullRequest
	f    *os.File
}

func (s *dirSink) ask(queue <-chan adb.PullRequest) iter.Seq[adb.PullRequest] {
	return func(yield func(adb.PullRequest) bool) {
		for r := range queue {
			s.mu.Lock()
			s.reqs = append(s.reqs, r)
			s.mu.Unlock()
			if !yield(r) {
				return
			}
		}
	}
}

func (s *dirSink) Open(i int) (io.Writer, error) {
	s.mu.Lock()
	name := filepath.Base(s.reqs[i].Path)
	s.mu.Unlock()
	f, err := os.Create(filepath.Join(s.dir, name))
	s.f = f
	return f, err
}

func (s *dirSink) Done(_ int, err error) error {
	if s.f != nil {
		if err := s.f.Close(); err != nil {
			return err
		}
		s.f = nil
	}
	return err
}

func tarTo(b *testing.B, dev *adb.Device, dir, to string) {
	b.Helper()
	r, w, err := os.Pipe()
	if err != nil {
		b.Fatal(err)
	}
	out := exec.CommandContext(b.Context(), "adb", "-s", dev.Serial(), "exec-out", "tar -c -C "+dir+" .")
	out.Stdout = w
	if err := out.Start(); err != nil {
		b.Fatal(err)
	}
	w.Close()
	in := exec.CommandContext(b.Context(), "tar", "-x", "-C", to)
	in.Stdin = r
	if text, err := in.CombinedOutput(); err != nil {
		b.Fatalf("tar: %v: %s", err, text)
	}
	r.Close()
	if err := out.Wait(); err != nil {
		b.Fatal(err)
	}
}

func run(b *testing.B, name string, args ...string) {
	b.Helper()
	if text, err := exec.CommandContext(b.Context(), name, args...).CombinedOutput(); err != nil {
		b.Fatalf("%s %v: %v: %s", name, args, err, text)
	}
}
