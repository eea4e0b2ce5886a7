package adbtest

import (
	"os"
	"os/exec"
	"strings"
	"syscall"
	"testing"
)

// emptyRoot names the folder that a run of the tests makes its root, in the environment.
const emptyRoot = "PRESHIP_EMPTY_ROOT"

// A run that is to be without them leaves the computer's files behind.
func init() {
	dir := os.Getenv(emptyRoot)
	if dir == "" {
		return
	}
	if err := syscall.Chroot(dir); err != nil {
		panic(err)
	}
	if err := os.Chdir("/"); err != nil {
		panic(err)
	}
}

// TestShellInAnEmptyRoot runs the tests of the shell and of its commands in a process
// that sees an empty folder in place of the computer's files.
func TestShellInAnEmptyRoot(t *testing.T) {
	t.Parallel()
	if os.Getuid() != 0 {
		t.Skip("only root may change its root")
	}
	const suite = "^(TestShellLanguage|TestShellStdin|TestShellKnowsItsFolder|TestShellEndsWithContext|TestShellIsConcurrent|TestScripts|TestSession|TestTerminalSession|TestSignals|TestToyboxCaptures|TestDD|TestTar)$"
	cmd := exec.CommandContext(t.Context(), os.Args[0], "-test.run="+suite, "-test.v")
	cmd.Env = append(os.Environ(), emptyRoot+"="+t.TempDir())
	out, err := cmd.CombinedOutput()
	if passed := strings.Count(string(out), "\n--- PASS: Test"); err != nil || passed < 12 {
		t.Errorf("%v, %d tests passed: %s", err, passed, out)
	}
}
