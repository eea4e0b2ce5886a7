package backup

import "sync"

// Progress is how far a backup is.
type Progress struct {
	Phase                 string // one of the Phase constants
	FilesDone, FilesTotal int64
	BytesDone, BytesTotal int64
	Proved                int64 // files proved, and on disk
}

// The phases of a backup. PhaseWaiting may come in the middle of any of them.
const (
	PhaseListing   = "listing"
	PhaseCopying   = "copying and proving"
	PhaseReading   = "reading changed files again"
	PhaseReread    = "reading everything a second time"
	PhaseWaiting   = "waiting for the handset"
	PhaseItems     = "saving contacts and messages"
	PhaseRestoring = "sending files back and proving them"
	PhaseWriting   = "writing the manifest"
)

// meter adds up progress and tells it. It is safe for concurrent use; tell is
// called by one goroutine at a time.
type meter struct {
	mu   sync.Mutex
	now  Progress
	tell func(Progress)
}

func (m *meter) change(fn func(p *Progress)) {
	m.mu.Lock()
	defer m.mu.Unlock()
	fn(&m.now)
	if m.tell != nil {
		m.tell(m.now)
	}
}

func (m *meter) phase(phase string) { m.change(func(p *Progress) { p.Phase = phase }) }

// during shows another phase until the returned function is called.
func (m *meter) during(phase string) (back func()) {
	var before string
	m.change(func(p *Progress) { before, p.Phase = p.Phase, phase })
	return func() { m.phase(before) }
}
