package doctor

import (
	"context"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"time"

	"preship/cmd/preship/internal/volume"
)

// machine is the computer that doctor checks. Every check asks the system through it, so
// that a test can be any computer.
type machine struct {
	goos string
	root string // before /sys, /proc and /dev; "" is the real ones
	home string
	pid  int
	// run returns the output of a program.
	run func(ctx context.Context, program string, args ...string) ([]byte, error)
	// openUSB returns an error if this user may not open the device behind a node.
	openUSB func(node string) error
	// volume returns the volume that a folder is on.
	volume func(dir string) (volume.Volume, error)
	// built is no later than when this preship was made; zero when unknown.
	built time.Time
}

// runTime bounds another program's answer.
const runTime = 10 * time.Second

func thisMachine(source time.Time) machine {
	home, _ := os.UserHomeDir() // "" looks nowhere
	return machine{
		goos: runtime.GOOS, home: home, pid: os.Getpid(), run: runProgram, openUSB: openNode, volume: volume.Of, built: builtAt(source),
	}
}

func runProgram(ctx context.Context, program string, args ...string) ([]byte, error) {
	ctx, cancel := context.WithTimeout(ctx, runTime)
	defer cancel()
	cmd := exec.CommandContext(ctx, program, args...)
	cmd.WaitDelay = time.Second
	return cmd.Output()
}

// openNode opens a USB device node as adb would, and claims nothing.
func openNode(node string) error {
	f, err := os.OpenFile(node, os.O_RDWR, 0)
	if err != nil {
		return err
	}
	return f.Close()
}

// builtAt returns the later of the time of the source and the age of the program's own
// file.
func builtAt(source time.Time) time.Time {
	built := source
	if exe, err := os.Executable(); err == nil {
		if info, err := os.Stat(exe); err == nil && info.ModTime().After(built) {
			built = info.ModTime()
		}
	}
	return built
}

// path is a file of the machine's, by its absolute name.
func (m machine) path(name string) string { return filepath.Join(m.root, name) }
