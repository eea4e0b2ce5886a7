package adbtest

import (
	"context"
	"maps"
	"slices"
	"sync"
)

// adbdPID is adbd's process number, of which all shells are children.
const adbdPID = 9120

// jobs is the processes that adbd's shells run, so that ps shows them and kill
// reaches them.
type jobs struct {
	mu      sync.Mutex
	last    int
	running map[int]*job
}

type job struct {
	pid, parent int
	name        string
	stop        context.CancelCauseFunc // nil: it cannot be reached
}

const (
	firstJob = 9871
	lastJob  = 32767 // pid_max of a handset
)

// start gives a process its number.
func (j *jobs) start(name string, parent int) *job {
	j.mu.Lock()
	defer j.mu.Unlock()
	if j.running == nil {
		j.running, j.last = map[int]*job{}, firstJob-1
	}
	for j.last++; j.last > lastJob || j.running[j.last] != nil; j.last++ {
		if j.last > lastJob {
			j.last = firstJob - 1
		}
	}
	one := &job{pid: j.last, parent: parent, name: name}
	j.running[one.pid] = one
	return one
}

func (j *jobs) end(one *job) {
	j.mu.Lock()
	defer j.mu.Unlock()
	delete(j.running, one.pid)
}

// reach lets signals end a process by way of stop.
func (j *jobs) reach(one *job, stop context.CancelCauseFunc) {
	j.mu.Lock()
	defer j.mu.Unlock()
	one.stop = stop
}

// list is what runs, by number.
func (j *jobs) list() []job {
	j.mu.Lock()
	defer j.mu.Unlock()
	all := make([]job, 0, len(j.running))
	for _, pid := range slices.Sorted(maps.Keys(j.running)) {
		all = append(all, *j.running[pid])
	}
	return all
}

// signal ends a process, whatever the signal; no name only asks whether it is
// there.
func (j *jobs) signal(pid int, name string) errno {
	j.mu.Lock()
	one := j.running[pid]
	j.mu.Unlock()
	switch {
	case one == nil && pid > 0 && pid < firstJob:
		return ePERM
	case one == nil:
		return eSRCH
	case name != "" && one.stop != nil:
		one.stop(&signalError{name})
	}
	return 0
}
