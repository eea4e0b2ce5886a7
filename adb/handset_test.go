package adb_test

import (
	"bytes"
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"math/rand/v2"
	"os"
	"strconv"
	"strings"
	"testing"
	"time"

	"preship/adb"
	"preship/adb/conformance"
)

// handsetFromEnvironment is the handset that PRESHIP_HANDSET names by serial, on
// the server that adb's own variables name. Without one the test is skipped.
func handsetFromEnvironment(tb testing.TB) *adb.Device {
	tb.Helper()
	serial := os.Getenv("PRESHIP_HANDSET")
	if serial == "" {
		tb.Skip("PRESHIP_HANDSET names no handset")
	}
	c, err := adb.New(adb.Options{})
	if err != nil {
		tb.Fatal(err)
	}
	dev, _, err := c.Pick(tb.Context(), serial)
	if err != nil {
		tb.Fatal(err)
	}
	return dev
}

func TestHandset(t *testing.T) { checkHandset(t, handsetFromEnvironment(t)) }

func TestHandsetMeetsExpectations(t *testing.T) {
	dev := handsetFromEnvironment(t)
	kind, err := conformance.Identify(t.Context(), peer{dev})
	if err != nil {
		t.Fatal(err)
	}
	if err := conformance.Run(t.Context(), peer{dev}, conformance.Options{Daemon: kind}); err != nil {
		t.Error(err)
	}
}

func checkHandset(t *testing.T, dev *adb.Device) {
	t.Helper()
	t.Run("shell", func(t *testing.T) { checkShell(t, dev) })
	t.Run("sync", func(t *testing.T) { checkSync(t, dev) })
	t.Run("sync version 1", func(t *testing.T) { checkSyncV1(t, dev) })
	t.Run("refusals", func(t *testing.T) { checkRefusals(t, dev) })
	t.Run("pull", func(t *testing.T) { checkPull(t, dev) })
}

// scratch is a folder on the handset that is removed with the test.
func scratch(t *testing.T, dev *adb.Device) string {
	t.Helper()
	dir := "/data/local/tmp/preship-test-" + strconv.Itoa(os.Getpid()) + "-" + strconv.FormatUint(rand.Uint64(), 36)
	t.Cleanup(func() {
		ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
		defer cancel()
		if res, err := dev.Shell(ctx, "rm -r "+dir, nil); err != nil || res.Exit > 0 {
			t.Errorf("rm: %v, exit %d: %s", err, res.Exit, res.Stderr)
		}
	})
	return dir
}

func checkShell(t *testing.T, dev *adb.Device) {
	ctx := t.Context()
	features, err := dev.Features(ctx)
	if err != nil || len(features) == 0 {
		t.Fatalf("Features = %v, %v", features, err)
	}
	res, err := dev.Shell(ctx, "echo out; echo err >&2; exit 7", nil)
	switch {
	case err != nil:
		t.Fatal(err)
	case !features.Has(adb.FeatureShellV2) && res.Exit != -1:
		t.Errorf("exit %d from a handset that cannot tell", res.Exit)
	case features.Has(adb.FeatureShellV2) && (string(res.Stdout) != "out\n" || string(res.Stderr) != "err\n" || res.Exit != 7):
		t.Errorf("got %q, %q, exit %d", res.Stdout, res.Stderr, res.Exit)
	}
	if features.Has(adb.FeatureShellV2) {
		in := make([]byte, 3<<20)
		rand.NewChaCha8([32]byte{3}).Read(in)
		res, err := dev.Shell(ctx, "cat", bytes.NewReader(in))
		if err != nil || !bytes.Equal(res.Stdout, in) {
			t.Errorf("cat of %d bytes gave %d: %v", len(in), len(res.Stdout), err)
		}
	}
	conn, err := dev.Open(ctx, "exec:echo out")
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	if b, err := io.ReadAll(conn); string(b) != "out\n" || err != nil {
		t.Errorf("exec gave %q, %v", b, err)
	}
}

func checkSync(t *testing.T, dev *adb.Device) {
	ctx := t.Context()
	dir := scratch(t, dev)
	s, err := dev.Sync(ctx)
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	content := make([]byte, 200_001)
	rand.NewChaCha8([32]byte{4}).Read(content)
	mtime := time.Unix(1600000000, 0)
	for _, name := range []string{"plain", "with space, comma", "new\nline", "ünïcode", "-dash"} {
		if err := s.Push(dir+"/"+name, 0o640, mtime, bytes.NewReader(content)); err != nil {
			t.Fatal(err)
		}
		fi, err := s.Lstat(dir + "/" + name)
		if err != nil || !fi.IsRegular() || fi.Size != int64(len(content)) || !fi.MTime.Equal(mtime) {
			t.Errorf("Lstat of pushed %q = %+v, %v", name, fi, err)
		}
		var back bytes.Buffer
		if n, err := dev.PullFile(ctx, dir+"/"+name, &back); err != nil || n != int64(len(content)) || !bytes.Equal(back.Bytes(), content) {
			t.Errorf("PullFile of pushed %q = %d bytes, %v", name, n, err)
		}
	}
	entries, err := dev.List(ctx, dir)
	if err != nil || len(entries) != 5 {
		t.Errorf("List = %d entries, %v, want 5", len(entries), err)
	}
	var paths []string
	for i := range 600 {
		paths = append(paths, dir+"/"+[]string{"plain", "missing"}[i%2])
	}
	err = s.LstatAll(paths, func(i int, _ adb.FileInfo, err error) error {
		if (err != nil) != (i%2 == 1) {
			return fmt.Errorf("path %d: %w", i, err)
		}
		return nil
	})
	if err != nil {
		t.Errorf("LstatAll: %v", err)
	}
}

// checkSyncV1 asks as before Android 8, where a missing file is answered by zeros.
func checkSyncV1(t *testing.T, dev *adb.Device) {
	dir := scratch(t, dev)
	s, err := dev.SyncV1(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	mtime := time.Unix(1600000000, 0)
	if err := s.Push(dir+"/plain", 0o640, mtime, strings.NewReader("four")); err != nil {
		t.Fatal(err)
	}
	var refused *adb.SyncError
	paths := []string{dir + "/plain", dir + "/missing", dir + "/missing/deeper", dir + "/plain"}
	err = s.LstatAll(paths, func(i int, fi adb.FileInfo, err error) error {
		switch there := i == 0 || i == 3; {
		case there && (err != nil || !fi.IsRegular() || fi.Size != 4 || fi.SizeExact || !fi.MTime.Equal(mtime) || fi.Ino != 0):
			t.Errorf("Lstat of %s = %+v, %v", paths[i], fi, err)
		case !there && (!errors.Is(err, fs.ErrNotExist) || !errors.As(err, &refused) || !refused.Unsure):
			t.Errorf("Lstat of %s: %v, want fs.ErrNotExist that is unsure", paths[i], err)
		}
		return nil
	})
	if err != nil {
		t.Error(err)
	}
	if entries, err := s.List(dir); err != nil || len(entries) != 1 || entries[0].Name != "plain" || entries[0].Info.Size != 4 {
		t.Errorf("List = %+v, %v", entries, err)
	}
}

func checkRefusals(t *testing.T, dev *adb.Device) {
	ctx := t.Context()
	dir := scratch(t, dev)
	if res, err := dev.Shell(ctx, "mkdir -p "+dir+"/empty "+dir+"/locked && echo x > "+dir+"/denied && chmod 0 "+dir+"/locked "+dir+"/denied", nil); err != nil || res.Exit > 0 {
		t.Fatalf("%v, exit %d: %s", err, res.Exit, res.Stderr)
	}
	t.Cleanup(func() {
		if _, err := dev.Shell(context.Background(), "chmod 700 "+dir+"/locked "+dir+"/denied", nil); err != nil {
			t.Error(err)
		}
	})
	if entries, err := dev.List(ctx, dir+"/empty"); err != nil || len(entries) != 0 {
		t.Errorf("List of an empty folder = %v, %v", entries, err)
	}
	if _, err := dev.List(ctx, dir+"/locked"); !errors.Is(err, fs.ErrPermission) {
		t.Errorf("List of a locked folder: %v, want fs.ErrPermission", err)
	}
	if _, err := dev.List(ctx, dir+"/none"); err == nil {
		t.Error("List of a missing folder: no error")
	}
	if _, err := dev.PullFile(ctx, dir+"/denied", io.Discard); !errors.Is(err, fs.ErrPermission) {
		t.Errorf("PullFile of a denied file: %v, want fs.ErrPermission", err)
	}
	var refused *adb.SyncError
	if _, err := dev.PullFile(ctx, dir, io.Discard); !errors.As(err, &refused) {
		t.Errorf("PullFile of a folder: %v, want a SyncError", err)
	}
	if _, err := dev.Open(ctx, "no-such-service:"); !errors.Is(err, adb.ErrRefused) {
		t.Errorf("Open of no service: %v, want ErrRefused", err)
	}
	s, err := dev.Sync(ctx)
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	if err := s.Push("/proc/none/x", 0o600, time.Now(), strings.NewReader("x")); !errors.As(err, &refused) {
		t.Errorf("Push where nothing can be: %v, want a SyncError", err)
	}
}

// hashSink hashes what a Pull delivers.
type hashSink struct {
	hash map[int][sha256.Size]byte
	errs map[int]error
	buf  bytes.Buffer
}

func (s *hashSink) Open(int) (io.Writer, error) {
	s.buf.Reset()
	return &s.buf, nil
}

func (s *hashSink) Done(i int, err error) error {
	s.hash[i], s.errs[i] = sha256.Sum256(s.buf.Bytes()), err
	return nil
}

func checkPull(t *testing.T, dev *adb.Device) {
	ctx := t.Context()
	dir := scratch(t, dev)
	s, err := dev.Sync(ctx)
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	var reqs []adb.PullRequest
	want := map[int][sha256.Size]byte{}
	random := rand.NewChaCha8([32]byte{5})
	for i := range 200 {
		path := dir + "/" + strconv.Itoa(i)
		reqs = append(reqs, adb.PullRequest{Path: path, Size: int64(i * 700)})
		if i%50 == 33 {
			continue // is not there
		}
		content := make([]byte, i*700)
		random.Read(content)
		want[i] = sha256.Sum256(content)
		if err := s.Push(path, 0o600, time.Now(), bytes.NewReader(content)); err != nil {
			t.Fatal(err)
		}
	}
	sink := &hashSink{hash: map[int][sha256.Size]byte{}, errs: map[int]error{}}
	seq := func(yield func(adb.PullRequest) bool) {
		for _, r := range reqs {
			if !yield(r) {
				return
			}
		}
	}
	if err := dev.Pull(ctx, seq, adb.PullWindow{}, sink); err != nil {
		t.Fatal(err)
	}
	for i := range reqs {
		sum, there := want[i]
		switch {
		case there && (sink.errs[i] != nil || sink.hash[i] != sum):
			t.Errorf("file %d differs: %v", i, sink.errs[i])
		case !there && !errors.Is(sink.errs[i], fs.ErrNotExist):
			t.Errorf("missing file %d: %v, want fs.ErrNotExist", i, sink.errs[i])
		}
	}
}
