package vfs

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"io"
	"sync"
	"time"
)

// Content is the bytes of a regular file. Both methods are safe for concurrent
// use.
type Content interface {
	io.ReaderAt
	Size() int64
}

// generated computes its bytes from their offset: a file of any size takes no
// memory, and reads the same in pieces of any length.
type generated struct {
	length int64
	seed   uint64
}

// Generate returns a file of length bytes computed from seed. It takes no memory.
func Generate(length int64, seed uint64) Content { return generated{length: length, seed: seed} }

func (g generated) Size() int64 { return g.length }

func (g generated) ReadAt(p []byte, off int64) (int, error) {
	if off >= g.length {
		return 0, io.EOF
	}
	p = p[:min(int64(len(p)), g.length-off)]
	var word [8]byte
	for n := 0; n < len(p); {
		at := off + int64(n)
		binary.LittleEndian.PutUint64(word[:], Mix(Mix(g.seed)+uint64(at/8)))
		n += copy(p[n:], word[at%8:])
	}
	if off+int64(len(p)) == g.length {
		return len(p), io.EOF
	}
	return len(p), nil
}

// Mix is the finalizer of splitmix64: successive counters give unrelated words.
func Mix(x uint64) uint64 {
	x += 0x9e3779b97f4a7c15
	x = (x ^ x>>30) * 0xbf58476d1ce4e5b9
	x = (x ^ x>>27) * 0x94d049bb133111eb
	return x ^ x>>31
}

// made computes its bytes at each read and at each look at its size.
type made func() []byte

// Lazily returns a file whose bytes come from make, which is called once, at the first
// read or Size: a tree of photos is cheap until it is listed.
func Lazily(make func() []byte) Content { return made(sync.OnceValue(make)) }

func (m made) Size() int64 { return int64(len(m())) }

func (m made) ReadAt(p []byte, off int64) (int, error) { return bytes.NewReader(m()).ReadAt(p, off) }

// unsized is content that shows no size, as in procfs.
type unsized struct{ Content }

func (unsized) Size() int64 { return 0 }

// memory is content that can be written.
type memory struct {
	mu   sync.RWMutex
	data []byte
}

func newMemory(b []byte) *memory { return &memory{data: b} }

func (m *memory) bytes() []byte {
	m.mu.RLock()
	defer m.mu.RUnlock()
	return m.data
}

func (m *memory) Size() int64 { return made(m.bytes).Size() }

func (m *memory) ReadAt(p []byte, off int64) (int, error) { return made(m.bytes).ReadAt(p, off) }

func (m *memory) append(p []byte) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.data = append(m.data, p...)
}

// endless fills the whole buffer of every read.
type endless func(p []byte)

func (endless) Size() int64 { return 0 }

func (e endless) ReadAt(p []byte, _ int64) (int, error) {
	e(p)
	return len(p), nil
}

// Boot begins the handset's uptime.
func (t *Tree) Boot() {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.started = time.Now()
}

// Uptime returns how long the handset is on.
func (t *Tree) Uptime() time.Duration {
	t.mu.RLock()
	defer t.mu.RUnlock()
	return time.Since(t.started)
}

func (t *Tree) uptime() []byte {
	up := t.Uptime().Seconds()
	return fmt.Appendf(nil, "%.2f %.2f\n", up, up*6.5)
}
