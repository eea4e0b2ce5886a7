package adbtest

import (
	"encoding/binary"
	"io"
	"sync"
)

// content is what a regular file holds. Both methods may be called at any time
// by any goroutine.
type content interface {
	io.ReaderAt
	size() int64
}

// generated is content computed from its offset, so that a file of any size
// costs no memory and reads the same in whatever pieces.
type generated struct {
	length int64
	seed   uint64
}

// generate returns length bytes that follow from seed.
func generate(length int64, seed uint64) content { return generated{length: length, seed: seed} }

func (g generated) size() int64 { return g.length }

func (g generated) ReadAt(p []byte, off int64) (int, error) {
	if off >= g.length {
		return 0, io.EOF
	}
	p = p[:min(int64(len(p)), g.length-off)]
	var word [8]byte
	for n := 0; n < len(p); {
		at := off + int64(n)
		binary.LittleEndian.PutUint64(word[:], mix(mix(g.seed)+uint64(at/8)))
		n += copy(p[n:], word[at%8:])
	}
	if off+int64(len(p)) == g.length {
		return len(p), io.EOF
	}
	return len(p), nil
}

// mix is the finalizer of splitmix64: neighbouring counters give unrelated words.
func mix(x uint64) uint64 {
	x += 0x9e3779b97f4a7c15
	x = (x ^ x>>30) * 0xbf58476d1ce4e5b9
	x = (x ^ x>>27) * 0x94d049bb133111eb
	return x ^ x>>31
}

// lazy is content made when it is first looked at: a tree of photos is cheap
// until somebody lists it.
type lazy struct {
	make func() []byte
	once sync.Once
	data []byte
}

// lazily returns content that make yields when it is first looked at.
func lazily(make func() []byte) content { return &lazy{make: make} }

func (l *lazy) bytes() []byte {
	l.once.Do(func() { l.data = l.make() })
	return l.data
}

func (l *lazy) size() int64 { return int64(len(l.bytes())) }

func (l *lazy) ReadAt(p []byte, off int64) (int, error) { return readAt(l.bytes(), p, off) }

// memory is content that can be written.
type memory struct {
	mu   sync.RWMutex
	data []byte
}

func newMemory(b []byte) *memory { return &memory{data: b} }

func (m *memory) size() int64 {
	m.mu.RLock()
	defer m.mu.RUnlock()
	return int64(len(m.data))
}

func (m *memory) ReadAt(p []byte, off int64) (int, error) {
	m.mu.RLock()
	defer m.mu.RUnlock()
	return readAt(m.data, p, off)
}

func (m *memory) append(p []byte) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.data = append(m.data, p...)
}

func readAt(data, p []byte, off int64) (int, error) {
	if off >= int64(len(data)) {
		return 0, io.EOF
	}
	n := copy(p, data[off:])
	if n < len(p) {
		return n, io.EOF
	}
	return n, nil
}
