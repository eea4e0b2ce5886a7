// Package safefiletest makes tests that write many small files cheaper.
//
// It is for tests only: a file on a memory disk does not survive a power cut.
package safefiletest

import (
	"cmp"
	"fmt"
	"os"
	"runtime/debug"
	"strconv"
)

// Runner runs tests; *testing.M is one.
type Runner interface{ Run() int }

// InMemory returns a runner that puts the temporary files of the tests in memory, where
// syncing a file costs nothing, if the system offers a memory disk with room. It also
// collects garbage less often, and shortens the wait of the race detector at an exit.
// All hold for the programs that the tests start, if they get [Environment].
func InMemory(tests Runner) Runner { return inMemory{tests} }

type inMemory struct{ Runner }

// garbage is the GOGC of tests: they live seconds, and memory is plentiful.
const garbage = 400

// race is the GORACE of the programs that the tests start. With the race detector each
// waits a second before it exits, unless this says otherwise, and the stories start a
// thousand of them. A race found before the exit is reported as ever.
const race = "atexit_sleep_ms=20"

// Environment names the variables that a test hands on where it gives a program an
// environment of its own.
var Environment = []string{"GOGC", "GORACE"}

func (m inMemory) Run() int {
	debug.SetGCPercent(garbage)
	for name, value := range map[string]string{"GOGC": strconv.Itoa(garbage), "GORACE": cmp.Or(os.Getenv("GORACE"), race)} {
		if err := os.Setenv(name, value); err != nil {
			return failed(err)
		}
	}
	parent := memoryDisk()
	if parent == "" {
		return m.Runner.Run()
	}
	dir, err := os.MkdirTemp(parent, "preship-test-")
	if err != nil {
		return failed(err)
	}
	defer func() { _ = os.RemoveAll(dir) }()
	if err := os.Setenv("TMPDIR", dir); err != nil {
		return failed(err)
	}
	return m.Runner.Run()
}

func failed(err error) int {
	fmt.Fprintln(os.Stderr, err)
	return 1
}
