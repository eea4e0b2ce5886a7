package copying

import (
	"slices"
	"sort"
	"sync"

	"preship/backup/plan"
)

const (
	// largeFile is the least size of a large file: half a second of USB 2.
	largeFile = 16 << 20
	// sharedRead has the mode bits of which one lets the shell read the files of others:
	// those of the group and of all users.
	sharedRead = 0o044
)

// queue holds the files to read in a round. Large files come first, so that the round does
// not end with one stream. Small files come in the order of the list, folder by folder.
// Files that the handset will probably refuse come last, because a refusal ends a stream,
// and so do files during which the connection was lost. It is safe for concurrent use.
type queue struct {
	mu       sync.Mutex
	large    []uint32 // largest first
	small    []uint32
	suspects []uint32
	partials []*partial // taken before all others
	silent   []*partial // that fell silent: taken after all others
}

func newQueue(p *plan.Plan, files []uint32) *queue {
	q := &queue{}
	for _, i := range files {
		switch {
		case p.Mode(i)&sharedRead == 0:
			q.suspects = append(q.suspects, i)
		case p.Size(i) >= largeFile:
			q.large = append(q.large, i)
		default:
			q.small = append(q.small, i)
		}
	}
	sort.SliceStable(q.large, func(i, j int) bool { return p.Size(q.large[i]) > p.Size(q.large[j]) })
	return q
}

// take returns the next file for a stream that prefers large ones or small ones.
func (q *queue) take(large bool) (uint32, bool) {
	q.mu.Lock()
	defer q.mu.Unlock()
	order := []*[]uint32{&q.small, &q.large, &q.suspects}
	if large {
		order[0], order[1] = order[1], order[0]
	}
	for _, list := range order {
		if len(*list) > 0 {
			i := (*list)[0]
			*list = (*list)[1:]
			return i, true
		}
	}
	return 0, false
}

// giveBack returns files that were taken and not read, to be taken next.
func (q *queue) giveBack(files []uint32) {
	q.mu.Lock()
	defer q.mu.Unlock()
	q.small = append(slices.Clone(files), q.small...)
}

// suspect returns a file during which the connection was lost, to be taken last.
func (q *queue) suspect(i uint32) {
	q.mu.Lock()
	defer q.mu.Unlock()
	q.suspects = append(q.suspects, i)
}

// setAside returns a partial file, to be taken next, or last if its stream fell silent.
func (q *queue) setAside(t *partial, silent bool) {
	q.mu.Lock()
	defer q.mu.Unlock()
	if silent {
		q.silent = append(q.silent, t)
	} else {
		q.partials = append(q.partials, t)
	}
}

// nextPartial returns a partial file to resume.
func (q *queue) nextPartial() (*partial, bool) {
	q.mu.Lock()
	defer q.mu.Unlock()
	list := &q.partials
	if len(*list) == 0 && len(q.small)+len(q.large)+len(q.suspects) == 0 {
		list = &q.silent
	}
	if len(*list) == 0 {
		return nil, false
	}
	t := (*list)[0]
	*list = (*list)[1:]
	return t, true
}

// empty reports whether all files are taken.
func (q *queue) empty() bool {
	q.mu.Lock()
	defer q.mu.Unlock()
	return len(q.small)+len(q.large)+len(q.suspects)+len(q.partials)+len(q.silent) == 0
}
