package main

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"preship/adb/adbtest"
	"preship/cmd/preship/internal/console"
)

// A recording that cannot be made leaves no file, and one is never replaced.
func TestRecordFile(t *testing.T) {
	t.Parallel()
	p, err := adbtest.Load("redmi-note-10")
	if err != nil {
		t.Fatal(err)
	}
	h := adbtest.New(p)
	server, err := adbtest.NewServer("", h)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = errors.Join(server.Close(), h.Close()) })
	file := filepath.Join(t.TempDir(), "mine.txtar")
	run := func(ctx context.Context) error {
		e := &env{Console: &console.Console{Out: &strings.Builder{}, Err: &strings.Builder{}, Now: time.Now}}
		return runHandsetRecord(ctx, e, &globals{adbAddr: server.Addr()}, file)
	}
	cancelled, cancel := context.WithCancel(t.Context())
	cancel()
	if err := run(cancelled); err == nil {
		t.Error("recorded after the context ended")
	}
	if _, err := os.Stat(file); err == nil {
		t.Error("an attempt that failed left a file")
	}
	if err := run(t.Context()); err != nil {
		t.Fatal(err)
	}
	before, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if err := run(t.Context()); err == nil {
		t.Error("the file was replaced")
	}
	if after, _ := os.ReadFile(file); string(after) != string(before) {
		t.Error("the file changed")
	}
	again, err := emulate(file, "idle", "")
	if err != nil {
		t.Fatal(err)
	}
	_ = again.Close()
}
