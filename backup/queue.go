package backup

import (
	"slices"
	"sync"
)

const (
	// largeFile is the size from which a file is worth a stream's whole
	// attention: half a second of USB 2.
	largeFile = 16 << 20
	// anybodyReads are the bits one of which lets the shell read a file that is
	// not its own, be it as a member of the group or as anybody.
	anybodyReads = 0o044
)

// queue is what is to be read in a round. Large files begin first, so that the
// last of them is not alone at the end; small ones come in the order they were
// listed, folder by folder; and those the handset will probably refuse come
// last, because every refusal ends a stream, and so do those during which the
// connection was lost. It is safe for concurrent use.
type queue struct {
	mu       sync.Mutex
	large    []uint32 // largest first
	small    []uint32
	suspects []uint32
	torsos   []*torso // begun, and to be ended first
}

func newQueue(p *plan, files []uint32) *queue {
	q := &queue{}
	for _, i := range files {
		switch {
		case p.mode(i)&anybodyReads == 0:
			q.suspects = append(q.suspects, i)
		case p.size(i) >= largeFile:
			q.large = append(q.large, i)
		default:
			q.small = append(q.small, i)
		}
	}
	slices.SortStableFunc(q.large, func(a, b uint32) int {
		return int(min(1, max(-1, p.size(b)-p.size(a))))
	})
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

// setAside returns a file that was begun.
func (q *queue) setAside(t *torso) {
	q.mu.Lock()
	defer q.mu.Unlock()
	q.torsos = append(q.torsos, t)
}

// torso returns a file that was begun, to be ended.
func (q *queue) torso() (*torso, bool) {
	q.mu.Lock()
	defer q.mu.Unlock()
	if len(q.torsos) == 0 {
		return nil, false
	}
	t := q.torsos[0]
	q.torsos = q.torsos[1:]
	return t, true
}

// empty reports whether everything is taken.
func (q *queue) empty() bool {
	q.mu.Lock()
	defer q.mu.Unlock()
	return len(q.small)+len(q.large)+len(q.suspects)+len(q.torsos) == 0
}
