package adbtest

import (
	"maps"
	"slices"
	"sync"
)

// adbdPID is adbd's process number, of which all shells are children.
const adbdPID = 9120

// jobs is the processes that adbd's shells run, as ps lists them.
type jobs struct {
	mu      sync.Mutex
	last    int
	running map[int]*job
}

type job struct {
	pid, parent int
	name        string
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
