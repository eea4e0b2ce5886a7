// Package program finds the programs of other people that tests compare preship with,
// such as adb, age and ssh-keygen.
//
// A test without its program is skipped. With PRESHIP_REQUIRE_TOOLS=1, which the
// continuous integration sets, it fails, so that a missing program is noticed. Only tests
// import this package.
package program

import (
	"os"
	"os/exec"
	"testing"
)

// Path returns the path of a program that is installed. Otherwise it ends the test.
func Path(t testing.TB, name string) string {
	t.Helper()
	path, err := exec.LookPath(name)
	switch {
	case err == nil:
		return path
	case os.Getenv("PRESHIP_REQUIRE_TOOLS") == "1":
		t.Fatalf("%s is required: %v", name, err)
	default:
		t.Skipf("%s is not installed", name)
	}
	return ""
}
