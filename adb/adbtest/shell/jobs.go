package shell

import (
	"maps"
	"slices"
	"sync"
)

// ADBD is the process number of adbd, the parent of all shells.
const ADBD = 9120

// Jobs are the processes that the shells of a handset run, as ps lists them. The
// zero value is ready for use, by several shells at the same time.
type Jobs struct {
	mu      sync.Mutex
	last    int
	running map[int]*job
}

type job struct {
	PID, Parent int
	Name        string
}

const (
	firstJob = 9871
	lastJob  = 32767 // pid_max of a handset
)

// start gives a process its number.
func (j *Jobs) start(name string, parent int) *job {
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
	one := &job{PID: j.last, Parent: parent, Name: name}
	j.running[one.PID] = one
	return one
}

func (j *Jobs) end(one *job) {
	j.mu.Lock()
	defer j.mu.Unlock()
	delete(j.running, one.PID)
}

// List returns what runs, by number.
func (j *Jobs) List() []job {
	j.mu.Lock()
	defer j.mu.Unlock()
	all := make([]job, 0, len(j.running))
	for _, pid := range slices.Sorted(maps.Keys(j.running)) {
		all = append(all, *j.running[pid])
	}
	return all
}
