package main

import (
	"os"
	"os/exec"
	"path/filepath"
	"testing"

	"preship/report/pattern"
)

// A pattern that is invalid would end the program in the middle of a job.
func TestPatterns(t *testing.T) {
	t.Parallel()
	if err := pattern.Check(); err != nil {
		t.Error(err)
	}
}

// builtRelease builds preship as a release does, but for -trimpath, which would have
// everything compiled a second time and makes it no larger.
func builtRelease(t testing.TB) string {
	t.Helper()
	file := filepath.Join(t.TempDir(), "preship.exe")
	cmd := exec.CommandContext(t.Context(), "go", "build", "-ldflags=-s -w", "-o", file, ".")
	cmd.Env = append(os.Environ(), "CGO_ENABLED=0")
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	return file
}

// BenchmarkStart is how long a person waits for the shortest answers. It has to
// stay below 50 ms; GODEBUG=inittrace=1 shows what takes it.
func BenchmarkStart(b *testing.B) {
	file := builtRelease(b)
	for _, arg := range []string{"version", "--help"} {
		b.Run(arg, func(b *testing.B) {
			for b.Loop() {
				if out, err := exec.CommandContext(b.Context(), file, arg).CombinedOutput(); err != nil {
					b.Fatalf("%v\n%s", err, out)
				}
			}
		})
	}
}
