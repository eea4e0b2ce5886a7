//go:build unix

package main

import (
	"context"
	"fmt"
	"net"
	"os"
	"path/filepath"
	"testing"

	"golang.org/x/sys/unix"
)

// specialKeys are names that are no file; opening one of them may wait for ever.
var specialKeys = []badKey{
	{"a pipe", func(t *testing.T, path string) (string, []string) {
		mustDo(t, unix.Mkfifo(path, 0o600))
		return path, nil
	}, "is a pipe"},
	{"a socket", func(t *testing.T, path string) (string, []string) {
		l, err := (&net.ListenConfig{}).Listen(context.Background(), "unix", path)
		mustDo(t, err)
		t.Cleanup(func() { l.Close() })
		return path, nil
	}, "is a socket"},
	{"a device", func(*testing.T, string) (string, []string) { return "/dev/zero", nil }, "is a device"},
}

var specialOutputs = []badOutput{
	{"a pipe", func(t *testing.T, dir, _ string) string {
		mustDo(t, unix.Mkfifo(filepath.Join(dir, "x"), 0o600))
		return filepath.Join(dir, "x")
	}, "is a pipe"},
	{"a device", func(*testing.T, string, string) string { return "/dev/full" }, "is a device"},
}

// A pipe, a socket or a device is refused at once wherever a file is named.
func TestNamedFilesNeverHang(t *testing.T) {
	t.Parallel()
	s := newStory(t, demoProfile)
	for _, special := range specialKeys {
		path, _ := special.make(t, filepath.Join(t.TempDir(), "x"))
		if special.name == "a pipe" {
			mustDo(t, unix.Mkfifo(path+".yaml", 0o600))
			s.refuses(t, nil, special.want, "prepare", "--out", "x", "--confirm=emulated", "--no-input", "--policy", path+".yaml")
		}
		for _, args := range [][]string{
			{"prepare", "--out", "x", "--confirm=emulated", "--no-input", "--encrypt-to", path},
			{"prepare", "--out", "x", "--confirm=emulated", "--no-input", "--passphrase-file", path},
			{"prepare", "--out", "x", "--confirm=emulated", "--no-input", "--identity", path},
			{"prepare", "--out", "x", "--confirm=emulated", "--no-input", "--policy", path},
			{"backup", "--out", "x", "--passphrase-file", path},
			{"report", "verify", "x", "--allowed-signers", path},
			{"report", "verify", "x", "--revoked", path},
			{"report", "countersign", "x", "--allowed-signers", path},
			{"key", "trust", path},
			{"handset", demoProfile, "--trouble", path},
		} {
			s.refuses(t, nil, special.want, args...)
		}
	}
}

// A shell gives a program the output of another as a pipe that has no name of its
// own; that is read to its end.
func TestPipeOfTheShellIsRead(t *testing.T) {
	t.Parallel()
	r, w, err := os.Pipe()
	mustDo(t, err)
	defer r.Close()
	go func() {
		_, _ = w.WriteString("correct horse\nnot this\n")
		_ = w.Close()
	}()
	got, err := readPassphrase(fmt.Sprintf("/dev/fd/%d", r.Fd()))
	if err != nil || string(got) != "correct horse" {
		t.Errorf("%q, %v", got, err)
	}
}
