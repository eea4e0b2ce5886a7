package plan

import (
	"crypto/sha256"
	"encoding/hex"
	"hash/maphash"
	"iter"
	"maps"
	"slices"
	"strconv"
	"sync"

	"preship/backup/manifest"
	"preship/report/message"
)

// errTooMany means that a listing is larger than any handset's storage.
var errTooMany = message.Error(message.Say("backup.why.too-many-names"), nil)

const (
	maxEntries = 8 << 20
	nameChunk  = 1 << 20
	entryChunk = 1 << 13
)

// State is what became of a listed name so far.
type State uint8

const (
	StateListed     State = iota // named by the handset; nothing else is known
	StateSaved                   // copied with the listed size; not compared by hash
	StateProved                  // size and hash match the handset's, and copy and journal are on the disk
	StateChanged                 // changed during every read; the last copy is kept
	StateVanished                // listed, and gone before it was read
	StateUnreadable              // the handset refused, or the computer cannot hold it
	StateRecorded                // has no contents to read: folders, special files, empty files that do not open
	StateKept                    // proved by an earlier run; gone from the handset since
	StateLeftOut                 // not copied, as asked
)

// mark is a fact about an entry on the way to a state.
type mark uint16

const (
	markHostSum   mark = 1 << iota // sum is the SHA-256 of the copy
	markDeviceSum                  // the handset gave its SHA-256; it is sum until there is a copy
	markDiffer                     // the two differ
	markJournaled                  // the journal has a line for this copy
	markAgain                      // the last read failed, and another may not
	markReuse                      // the copy of an earlier run may be this file; sum is the journal's
	markTrusted                    // the handset proved that copy: it is not asked again
	markEchoed                     // that copy was proved by reading it twice
	markHeld                       // that copy was proved
	markAside                      // the copy is apart: a proved older one has its place
	markAsked                      // the handset was asked for its hash
	markUnheld                     // the disk of the computer refused it
)

// entry is one listed name. There may be millions: names share chunks of memory, and
// facts about few entries are in maps of the plan.
type entry struct {
	size   int64
	mtime  int64 // Unix seconds
	ctime  int64 // the same, of the last change to contents or attributes; 0: unknown
	ino    uint64
	sum    [sha256.Size]byte
	name   uint32 // chunk<<20 | offset
	mode   uint32 // st_mode of the handset
	length uint16
	marks  mark
	state  State
	tries  uint8 // reads so far
	// inexact says that the size is known modulo 2^32 only (sync version 1).
	inexact bool
}

// Plan is the list of all entries. Adding is for one goroutine; the methods that change
// the outcome of an entry lock.
type Plan struct {
	chunks [][]entry
	names  [][]byte
	count  int

	mu         sync.Mutex
	reasons    map[uint32]message.Sentence // why an entry is not proved
	hosts      map[uint32]string           // the path of a copy in the case, if it differs from the usual one
	sizes      map[uint32]int64            // the size of a copy, if it differs from the listed one
	stored     [][]manifest.OnDisk         // sizes and sums of encrypted copies, by chunk
	older      map[uint32]manifest.Entry   // proved versions of entries that changed since
	movedFiles []uint32                    // entries whose newer versions replaced those

	appsFrom, appsTo uint32 // the entries that are files of apps

	encrypted bool // files are encrypted
}

func New() *Plan {
	return &Plan{reasons: map[uint32]message.Sentence{}, hosts: map[uint32]string{}, sizes: map[uint32]int64{}, older: map[uint32]manifest.Entry{}}
}

// Add appends a name and returns its index.
func (p *Plan) Add(name []byte) (uint32, error) {
	if p.count >= maxEntries || len(name) > manifest.MaxPath {
		return 0, errTooMany
	}
	last := len(p.names) - 1
	if last < 0 || len(p.names[last])+len(name) > nameChunk {
		size := nameChunk
		if last < 0 {
			size = 0 // grows, because most handsets do not fill one chunk
		}
		p.names = append(p.names, make([]byte, 0, size))
		last++
	}
	e := entry{name: uint32(last)<<20 | uint32(len(p.names[last])), length: uint16(len(name))}
	p.names[last] = append(p.names[last], name...)
	if p.count%entryChunk == 0 {
		size := entryChunk
		if p.count == 0 {
			size = 0 // as above
		}
		p.chunks = append(p.chunks, make([]entry, 0, size))
	}
	c := &p.chunks[len(p.chunks)-1]
	*c = append(*c, e)
	p.count++
	return uint32(p.count - 1), nil
}

// Cut drops the entries from n on.
func (p *Plan) Cut(n int) {
	for i := n; i < p.count; i++ {
		delete(p.reasons, uint32(i))
		delete(p.hosts, uint32(i))
	}
	whole := (n + entryChunk - 1) / entryChunk
	p.chunks, p.count = p.chunks[:whole], n
	if rest := n % entryChunk; rest > 0 {
		p.chunks[whole-1] = p.chunks[whole-1][:rest]
	}
}

// at returns an entry, for the methods of the plan alone.
func (p *Plan) at(i uint32) *entry { return &p.chunks[i/entryChunk][i%entryChunk] }

// Path returns the path of an entry on the handset. The bytes belong to the plan.
func (p *Plan) Path(i uint32) []byte {
	e := p.at(i)
	off := e.name & (nameChunk - 1)
	return p.names[e.name>>20][off : off+uint32(e.length)]
}

// InCase returns the path of the copy of an entry, relative to the case folder.
func (p *Plan) InCase(i uint32) string {
	if h, ok := p.hosts[i]; ok {
		return h
	}
	return p.usual(i)
}

// usual returns the path in the case for a name that the disk holds as it is.
func (p *Plan) usual(i uint32) string {
	if p.encrypted && manifest.TypeOf(p.at(i).mode) == manifest.TypeFile {
		return manifest.Dir + string(p.Path(i)) + manifest.EncryptedExt
	}
	return manifest.Dir + string(p.Path(i))
}

// Length returns the size of the copy of an entry, or its listed size.
func (p *Plan) Length(i uint32) int64 {
	p.mu.Lock()
	defer p.mu.Unlock()
	if n, ok := p.sizes[i]; ok {
		return n
	}
	return p.at(i).size
}

// Settle sets the state of an entry and the reason for it.
func (p *Plan) Settle(i uint32, s State, reason message.Sentence) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.at(i).state = s
	p.note(i, reason)
}

// note keeps the reason for an entry's state. The caller holds mu.
func (p *Plan) note(i uint32, reason message.Sentence) {
	if reason.Empty() {
		delete(p.reasons, i)
		return
	}
	p.reasons[i] = reason
}

// Index finds entries by path. It holds hashes of the paths, not the paths.
type Index struct {
	plan *Plan
	seed maphash.Seed
	at   map[uint64]uint32
}

// Index returns an index of the entries so far.
func (p *Plan) Index() *Index {
	x := &Index{plan: p, seed: maphash.MakeSeed(), at: make(map[uint64]uint32, p.count)}
	for i := range uint32(p.count) {
		x.Add(i)
	}
	return x
}

// Add adds an entry to the index.
func (x *Index) Add(i uint32) { x.at[maphash.Bytes(x.seed, x.plan.Path(i))] = i }

// Find returns the entry with that path. If two paths share a hash it may miss one,
// which costs a second copy and never gives a wrong one.
func (x *Index) Find(path []byte) (uint32, bool) {
	i, ok := x.at[maphash.Bytes(x.seed, path)]
	if !ok || string(x.plan.Path(i)) != string(path) {
		return 0, false
	}
	return i, true
}

var statuses = [...]manifest.Status{
	StateListed: manifest.StatusMissing, StateSaved: manifest.StatusSaved, StateProved: manifest.StatusProved, StateChanged: manifest.StatusChanged,
	StateVanished: manifest.StatusVanished, StateUnreadable: manifest.StatusUnreadable, StateRecorded: manifest.StatusRecorded, StateKept: manifest.StatusKept, StateLeftOut: manifest.StatusLeftOut,
}

// entry returns an entry for the manifest.
func (p *Plan) entry(i uint32) manifest.Entry {
	e := p.at(i)
	out := manifest.Entry{
		Host: p.hosts[i], Type: manifest.TypeOf(e.mode), Status: statuses[e.state],
		Size: p.Length(i), MTime: e.mtime, Ino: e.ino,
	}
	out.Explain(p.reasons[i])
	if e.mode != 0 {
		out.Mode = strconv.FormatUint(uint64(e.mode), 8)
	}
	out.SetPath(p.Path(i))
	if e.marks&markAside != 0 {
		out.Host = p.Aside(i)
	}
	if e.marks&markHostSum != 0 && e.state != StateUnreadable && e.state != StateVanished {
		out.SHA256, out.Stored = hex.EncodeToString(e.sum[:]), p.Stored(i).Stored()
	}
	return out
}

// SetStored enters the size and SHA-256 of the encrypted copy of an entry.
func (p *Plan) SetStored(i uint32, s manifest.OnDisk) {
	p.mu.Lock()
	defer p.mu.Unlock()
	for len(p.stored) <= int(i/entryChunk) {
		p.stored = append(p.stored, nil)
	}
	chunk := &p.stored[i/entryChunk]
	if *chunk == nil {
		*chunk = make([]manifest.OnDisk, entryChunk)
	}
	(*chunk)[i%entryChunk] = s
}

// Stored returns size and SHA-256 of the encrypted copy of an entry: zero if it is not
// encrypted.
func (p *Plan) Stored(i uint32) manifest.OnDisk {
	p.mu.Lock()
	defer p.mu.Unlock()
	if int(i/entryChunk) >= len(p.stored) || p.stored[i/entryChunk] == nil {
		return manifest.OnDisk{}
	}
	return p.stored[i/entryChunk][i%entryChunk]
}

// OnDisk returns the size and SHA-256 of the copy of an entry on the disk.
func (p *Plan) OnDisk(i uint32) (size int64, sum [sha256.Size]byte) {
	if s := p.Stored(i); s.Size != 0 {
		return s.Size, s.Sum
	}
	return p.Length(i), p.at(i).sum
}

// Size returns the listed size of an entry.
func (p *Plan) Size(i uint32) int64 { return p.at(i).size }

// Exact reports whether the listed size is not modulo 2^32.
func (p *Plan) Exact(i uint32) bool { return !p.at(i).inexact }

// Mode returns the st_mode of an entry.
func (p *Plan) Mode(i uint32) uint32 { return p.at(i).mode }

// Type returns the type of an entry.
func (p *Plan) Type(i uint32) manifest.Type { return manifest.TypeOf(p.at(i).mode) }

// MTime returns the time of an entry, in Unix seconds.
func (p *Plan) MTime(i uint32) int64 { return p.at(i).mtime }

// Sum returns the SHA-256 of the copy of an entry.
func (p *Plan) Sum(i uint32) [sha256.Size]byte { return p.at(i).sum }

// Reason returns why an entry is not proved.
func (p *Plan) Reason(i uint32) message.Sentence { return p.reasons[i] }

// Len returns the number of entries.
func (p *Plan) Len() uint32 { return uint32(p.count) }

// Placed reports whether an entry has a path in the case of its own.
func (p *Plan) Placed(i uint32) bool { _, ok := p.hosts[i]; return ok }

// Place sets the path of an entry in the case.
func (p *Plan) Place(i uint32, host string) {
	if host != p.usual(i) {
		p.hosts[i] = host
	}
}

// Move sets the path of an entry in the case, whatever it had before.
func (p *Plan) Move(i uint32, host string) {
	delete(p.hosts, i)
	p.Place(i, host)
}

// Entries yields all entries for the manifest, and then the older versions that are
// kept. n is their number.
func (p *Plan) Entries() (all iter.Seq[manifest.Entry], n int64) {
	return func(yield func(manifest.Entry) bool) {
		for i := range p.Len() {
			if !yield(p.entry(i)) {
				return
			}
		}
		for _, i := range slices.Sorted(maps.Keys(p.older)) {
			if !yield(p.older[i]) {
				return
			}
		}
	}, int64(p.count + len(p.older))
}

// SetApps enters that the entries from first on are files of apps.
func (p *Plan) SetApps(first uint32) { p.appsFrom, p.appsTo = first, p.Len() }

// SetEncrypted enters whether the copies are encrypted.
func (p *Plan) SetEncrypted(is bool) { p.encrypted = is }
