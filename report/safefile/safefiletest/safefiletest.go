// Package safefiletest makes tests that write many small files cheaper.
//
// It is for tests only: a file on a memory disk does not survive a power cut.
package safefiletest

import (
	"fmt"
	"os"
	"runtime/debug"
	"strconv"
)

// Runner runs tests; *testing.M is one.
type Runner interface{ Run() int }

// InMemory returns a runner that puts the temporary files of the tests in memory, where
// syncing a file costs nothing, if the system offers a memory disk with room. It also
// collects garbage less often. Both hold for the programs that the tests start.
func InMemory(tests Runner) Runner { return inMemory{tests} }

type inMemory struct{ Runner }

// garbage is the GOGC of tests: they live seconds, and memory is plentiful.
const garbage = 400

func (m inMemory) Run() int {
	debug.SetGCPercent(garbage)
	if err := os.Setenv("GOGC", strconv.Itoa(garbage)); err != nil {
		return failed(err)
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
