package main

import (
	"context"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"time"
)

// machine is the computer that doctor looks at. Everything a check asks of the
// system goes through it, so that a test can be any computer.
type machine struct {
	goos string
	root string // before /sys, /proc and /dev; "" is the real ones
	home string
	pid  int
	// run gives what a program writes; its arguments are doctor's own.
	run func(ctx context.Context, program string, args ...string) ([]byte, error)
	// openUSB says whether this user may talk to the device behind a node.
	openUSB func(node string) error
	// volume tells of the disk that a folder is on.
	volume func(dir string) (volume, error)
	// built is no later than when this preship was made; zero when unknown.
	built time.Time
}

// volume is a mounted file system.
type volume struct {
	free int64  // bytes that this user may still write
	kind string // as in fileSystems; "" when the system does not say
}

// runTime bounds another program's answer.
const runTime = 10 * time.Second

func thisMachine() machine {
	home, _ := os.UserHomeDir() // "" looks nowhere
	return machine{
		goos: runtime.GOOS, home: home, pid: os.Getpid(), run: runProgram, openUSB: openNode, volume: volumeOf, built: builtAt(),
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

// builtAt is the later of what the build says of its source and the age of the
// program's own file.
func builtAt() time.Time {
	built := buildVersion().Time
	if exe, err := os.Executable(); err == nil {
		if info, err := os.Stat(exe); err == nil && info.ModTime().After(built) {
			built = info.ModTime()
		}
	}
	return built
}

// path is a file of the machine's, by its absolute name.
func (m machine) path(name string) string { return filepath.Join(m.root, name) }
