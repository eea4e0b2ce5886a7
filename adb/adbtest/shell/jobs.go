package shell

import (
	"slices"
	"sync"

	"preship/adb/adbtest/toybox"
)

// ADBD is the process number of adbd, the parent of all shells.
const ADBD = 9120

// firstJob is the number of the first process of a shell.
const firstJob = 9871

// Jobs are the processes that the shells of a handset run, as ps lists them. The
// zero value is ready for use, by several shells at the same time.
type Jobs struct {
	mu      sync.Mutex
	started int
	running []toybox.Running
}

// start gives a process its number.
func (j *Jobs) start(name string, parent int) toybox.Running {
	j.mu.Lock()
	defer j.mu.Unlock()
	one := toybox.Running{PID: firstJob + j.started, Parent: parent, Name: name}
	j.started++
	j.running = append(j.running, one)
	return one
}

func (j *Jobs) end(one toybox.Running) {
	j.mu.Lock()
	defer j.mu.Unlock()
	j.running = slices.DeleteFunc(j.running, func(other toybox.Running) bool { return other == one })
}

// List returns what runs, by number.
func (j *Jobs) List() []toybox.Running {
	j.mu.Lock()
	defer j.mu.Unlock()
	return slices.Clone(j.running)
}
