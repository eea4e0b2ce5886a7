package link

import "sync"

// Strikes counts, for each piece of work, how often the connection broke over it.
// Its zero value is ready for use, and it is safe for concurrent use.
type Strikes[K comparable] struct {
	mu    sync.Mutex
	count map[K]int
}

// Add counts a break over piece. It returns the count, and whether the piece is to
// be given up because of it.
func (s *Strikes[K]) Add(piece K) (n int, out bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.count == nil {
		s.count = map[K]int{}
	}
	s.count[piece]++
	return s.count[piece], s.count[piece] >= maxStrikes
}

// Clear forgets the breaks over piece, because more of it was done since.
func (s *Strikes[K]) Clear(piece K) {
	s.mu.Lock()
	defer s.mu.Unlock()
	delete(s.count, piece)
}
