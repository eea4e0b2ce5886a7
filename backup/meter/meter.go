package meter

import "sync"

// Progress is how far a backup or a restore is.
type Progress struct {
	Phase                 string // one of the Phase constants
	FilesDone, FilesTotal int64
	BytesDone, BytesTotal int64
	Proved                int64 // files proved, and on disk
}

// The phases. PhaseWaiting may interrupt any other.
const (
	PhaseListing   = "listing"
	PhaseCopying   = "copying and proving"
	PhaseReading   = "reading changed files again"
	PhaseReread    = "reading everything a second time"
	PhaseWaiting   = "waiting for the handset"
	PhaseItems     = "saving contacts and messages"
	PhaseRestoring = "sending files back and proving them"
	PhaseOpening   = "opening the backup"
	PhaseBugreport = "the handset writes its bugreport"
	PhaseWriting   = "writing the manifest"
	PhaseArchiving = "archiving and reading back"
	PhaseFetching  = "fetching from the archive"
)

// Meter keeps the progress of one run. It is safe for concurrent use.
type Meter struct {
	mu   sync.Mutex
	now  Progress
	tell func(Progress)
}

// Change changes the progress and reports it.
func (m *Meter) Change(fn func(p *Progress)) {
	m.mu.Lock()
	defer m.mu.Unlock()
	fn(&m.now)
	if m.tell != nil {
		m.tell(m.now)
	}
}

// SetPhase starts a phase.
func (m *Meter) SetPhase(phase string) { m.Change(func(p *Progress) { p.Phase = phase }) }

// During starts another phase until the returned function is called.
func (m *Meter) During(phase string) (back func()) {
	var before string
	m.Change(func(p *Progress) { before, p.Phase = p.Phase, phase })
	return func() { m.SetPhase(before) }
}

// New returns a meter that calls tell at every change, from one goroutine at a time.
// tell must not block; it may be nil.
func New(tell func(Progress)) *Meter { return &Meter{tell: tell} }
