package desk

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"os"
	"path/filepath"
	"slices"
	"sync"

	"preship/report/safefile"
)

// Memory is what a desk remembers of its last run, in the folder of preship's own files: its
// address, so that a page that is open finds a desk that was started again, and the jobs that
// ran when it ended. It is safe for concurrent use. What cannot be read or written is
// forgotten: a person then opens the new link, and presses Resume.
type Memory struct {
	dir, name string

	mu   sync.Mutex
	kept remembered
}

type remembered struct {
	Address string      `json:"address"` // host:port of a desk on a free port
	Jobs    []unwatched `json:"jobs"`
}

// unwatched is a job that the end of the desk interrupted.
type unwatched struct {
	Serial   string   `json:"serial"`
	Language string   `json:"language"`
	Exclude  []string `json:"exclude,omitempty"`
}

const (
	maxMemory = 1 << 20
	maxJobs   = 200 // a desk has a few handsets
)

// OpenMemory reads what the desk of a folder of cases remembers. Config is the folder of
// preship's own files.
func OpenMemory(config, out string) *Memory {
	sum := sha256.Sum256([]byte(out))
	m := &Memory{dir: config, name: "desk-" + hex.EncodeToString(sum[:8]) + ".json"}
	root, err := os.OpenRoot(config)
	if err != nil {
		return m
	}
	defer root.Close()
	b, err := safefile.Read(safefile.In(root), m.name, maxMemory)
	if err != nil || json.Unmarshal(b, &m.kept) != nil || len(m.kept.Jobs) > maxJobs {
		m.kept = remembered{}
	}
	return m
}

// Address returns the address of the last run; empty if there was none.
func (m *Memory) Address() string {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.kept.Address
}

// SetAddress remembers an address.
func (m *Memory) SetAddress(address string) {
	m.change(func(r *remembered) { r.Address = address })
}

// began remembers a job.
func (m *Memory) began(u unwatched) {
	m.change(func(r *remembered) { r.Jobs = append(r.without(u.Serial), u) })
}

// ended forgets the job of a handset.
func (m *Memory) ended(serial string) {
	m.change(func(r *remembered) { r.Jobs = r.without(serial) })
}

func (r *remembered) without(serial string) []unwatched {
	return slices.DeleteFunc(r.Jobs, func(u unwatched) bool { return u.Serial == serial })
}

// jobs returns the jobs that the end of the last run interrupted.
func (m *Memory) jobs() []unwatched {
	m.mu.Lock()
	defer m.mu.Unlock()
	return slices.Clone(m.kept.Jobs)
}

func (m *Memory) change(fn func(*remembered)) {
	m.mu.Lock()
	defer m.mu.Unlock()
	fn(&m.kept)
	b, err := json.Marshal(m.kept)
	if err != nil {
		return
	}
	if os.MkdirAll(m.dir, 0o700) != nil {
		return
	}
	root, err := os.OpenRoot(filepath.Clean(m.dir))
	if err != nil {
		return
	}
	defer root.Close()
	_ = safefile.Write(root, m.name, append(b, '\n')) // a person starts a forgotten job
}
