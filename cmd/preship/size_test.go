package main

import (
	"os"
	"os/exec"
	"path/filepath"
	"testing"
)

// maxSize is what a download of preship may be, in bytes.
const maxSize = 30e6

// builtRelease builds preship as a release does, but for -trimpath, which would have
// everything compiled once more and makes it no larger.
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

func TestReleaseIsSmall(t *testing.T) {
	t.Parallel()
	if testing.Short() {
		t.Skip("builds the program")
	}
	fi, err := os.Stat(builtRelease(t))
	if err != nil {
		t.Fatal(err)
	}
	if fi.Size() >= maxSize {
		t.Errorf("the program has %d bytes, want fewer than %d: go tool nm -size -sort size shows what grew", fi.Size(), int64(maxSize))
	}
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
