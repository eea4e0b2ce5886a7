package backup

import (
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"hash/maphash"
	"iter"
	"maps"
	"slices"
	"strconv"
	"sync"

	"preship/backup/manifest"
	"preship/backup/provider"
)

// errTooMany: a listing larger than any handset's storage, not looked at further.
var errTooMany = errors.New("more names than a handset can hold")

const (
	maxEntries = 8 << 20
	nameChunk  = 1 << 20
	entryChunk = 1 << 13
)

// state is what became of a listed name so far.
type state uint8

const (
	stateListed     state = iota // named by the handset, nothing more known
	stateSaved                   // lies on the computer as long as the handset said; not compared by hash
	stateProved                  // size and hash are those the handset reported, and both are on disk
	stateChanged                 // was never the same twice; the last copy is kept
	stateVanished                // was listed, and gone when it was read
	stateUnreadable              // the handset refused, or the computer cannot hold it
	stateRecorded                // folders, specials, empty files that do not open: there is nothing to read
	stateKept                    // gone from the handset since an earlier run, which saved and proved it
)

// mark is what is known about an entry on the way to a state.
type mark uint16

const (
	markHostSum   mark = 1 << iota // sum is that of the copy on the computer
	markDeviceSum                  // the handset gave its own; it is sum until there is a copy
	markDiffer                     // both are known and not the same
	markJournaled                  // the journal has this very copy
	markAgain                      // the last read did not end well, and another may
	markReuse                      // an earlier run's copy may be this very file; sum is the journal's
	markTrusted                    // and the handset proved it then: it need not be asked again
	markEchoed                     // and it was read twice then
	markHeld                       // and it was proved then, whatever by
	markAside                      // the copy lies apart: a proved older one lies in its place
	markAsked                      // the handset was asked for its hash
)

// entry is one listed name. There may be millions, so that names lie in chunks
// of memory they share and what few entries have lies in maps beside the plan.
type entry struct {
	size   int64
	mtime  int64 // whole seconds: sync tells no more
	ino    uint64
	sum    [sha256.Size]byte
	name   uint32 // chunk<<20 | offset
	mode   uint32 // st_mode as the handset has it
	length uint16
	marks  mark
	state  state
	tries  uint8 // reads so far
	// inexact: the size is known modulo 2^32 only (sync version 1).
	inexact bool
}

// plan is everything listed. Adding is for one goroutine; what concerns one
// entry's outcome goes through the methods that lock.
type plan struct {
	chunks [][]entry
	names  [][]byte
	count  int

	mu      sync.Mutex
	reasons map[uint32]string         // why an entry is not proved
	hosts   map[uint32]string         // where an entry lies, if not at its own path
	sizes   map[uint32]int64          // how long the copy is, if not as listed
	stored  [][]manifest.OnDisk       // how copies lie on the disk, if encrypted; by chunk
	older   map[uint32]manifest.Entry // proved versions in the places of entries that changed since
	moved   []uint32                  // entries whose newer versions took those places

	appsFrom, appsTo uint32 // entries that are files of apps, and of no storage

	encrypted bool // files are encrypted
}

func newPlan() *plan {
	return &plan{reasons: map[uint32]string{}, hosts: map[uint32]string{}, sizes: map[uint32]int64{}, older: map[uint32]manifest.Entry{}}
}

// add appends a name and returns its index.
func (p *plan) add(name []byte) (uint32, error) {
	if p.count >= maxEntries || len(name) > manifest.MaxPath {
		return 0, errTooMany
	}
	last := len(p.names) - 1
	if last < 0 || len(p.names[last])+len(name) > nameChunk {
		p.names = append(p.names, make([]byte, 0, nameChunk))
		last++
	}
	e := entry{name: uint32(last)<<20 | uint32(len(p.names[last])), length: uint16(len(name))}
	p.names[last] = append(p.names[last], name...)
	if p.count%entryChunk == 0 {
		p.chunks = append(p.chunks, make([]entry, 0, entryChunk))
	}
	c := &p.chunks[len(p.chunks)-1]
	*c = append(*c, e)
	p.count++
	return uint32(p.count - 1), nil
}

// cut drops the entries from n on. What they were called stays in memory.
func (p *plan) cut(n int) {
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
func (p *plan) at(i uint32) *entry { return &p.chunks[i/entryChunk][i%entryChunk] }

// path returns an entry's path on the handset. The bytes belong to the plan.
func (p *plan) path(i uint32) []byte {
	e := p.at(i)
	off := e.name & (nameChunk - 1)
	return p.names[e.name>>20][off : off+uint32(e.length)]
}

// host returns where an entry lies, relative to the case folder.
func (p *plan) host(i uint32) string {
	if h, ok := p.hosts[i]; ok {
		return h
	}
	return p.usual(i)
}

// usual returns where an entry lies unless its name cannot stay.
func (p *plan) usual(i uint32) string {
	if p.encrypted && manifest.TypeOf(p.at(i).mode) == manifest.TypeFile {
		return manifest.Dir + string(p.path(i)) + manifest.EncryptedExt
	}
	return manifest.Dir + string(p.path(i))
}

// length returns how many bytes an entry's copy has, or was listed with.
func (p *plan) length(i uint32) int64 {
	p.mu.Lock()
	defer p.mu.Unlock()
	if n, ok := p.sizes[i]; ok {
		return n
	}
	return p.at(i).size
}

// settle gives an entry its state and the reason for it.
func (p *plan) settle(i uint32, s state, reason string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.at(i).state = s
	p.note(i, reason)
}

// note keeps the reason for an entry's state. The caller holds mu.
func (p *plan) note(i uint32, reason string) {
	if reason == "" {
		delete(p.reasons, i)
		return
	}
	p.reasons[i] = reason
}

// index finds entries by path. It holds hashes of the paths, not the paths.
type index struct {
	plan *plan
	seed maphash.Seed
	at   map[uint64]uint32
}

// index makes an index of what is listed so far.
func (p *plan) index() *index {
	x := &index{plan: p, seed: maphash.MakeSeed(), at: make(map[uint64]uint32, p.count)}
	for i := range uint32(p.count) {
		x.add(i)
	}
	return x
}

// add makes an entry known to the index.
func (x *index) add(i uint32) { x.at[maphash.Bytes(x.seed, x.plan.path(i))] = i }

// find returns the entry with that path. Where two paths share a hash it may
// miss one, which costs a second copy and never a wrong one.
func (x *index) find(path []byte) (uint32, bool) {
	i, ok := x.at[maphash.Bytes(x.seed, path)]
	if !ok || string(x.plan.path(i)) != string(path) {
		return 0, false
	}
	return i, true
}

var statuses = [...]manifest.Status{
	stateListed: manifest.StatusMissing, stateSaved: manifest.StatusSaved, stateProved: manifest.StatusProved, stateChanged: manifest.StatusChanged,
	stateVanished: manifest.StatusVanished, stateUnreadable: manifest.StatusUnreadable, stateRecorded: manifest.StatusRecorded, stateKept: manifest.StatusKept,
}

// entry returns an entry as the manifest has it.
func (p *plan) entry(i uint32) manifest.Entry {
	e := p.at(i)
	out := manifest.Entry{
		Host: p.hosts[i], Type: manifest.TypeOf(e.mode), Status: statuses[e.state],
		Size: p.length(i), MTime: e.mtime, Ino: e.ino, Reason: p.reasons[i],
	}
	if e.mode != 0 {
		out.Mode = strconv.FormatUint(uint64(e.mode), 8)
	}
	out.SetPath(p.path(i))
	if e.marks&markAside != 0 {
		out.Host = p.aside(i)
	}
	if e.marks&markHostSum != 0 && e.state != stateUnreadable && e.state != stateVanished {
		out.SHA256, out.Stored = hex.EncodeToString(e.sum[:]), p.storedAs(i).Stored()
	}
	return out
}

// setStored enters the size and SHA-256 of the encrypted copy of an entry.
func (p *plan) setStored(i uint32, s manifest.OnDisk) {
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

// storedAs returns how the copy of an entry lies on the disk: zero where it lies
// there as it is.
func (p *plan) storedAs(i uint32) manifest.OnDisk {
	p.mu.Lock()
	defer p.mu.Unlock()
	if int(i/entryChunk) >= len(p.stored) || p.stored[i/entryChunk] == nil {
		return manifest.OnDisk{}
	}
	return p.stored[i/entryChunk][i%entryChunk]
}

// onDisk returns how long the file of an entry is on the disk, and its SHA-256 there.
func (p *plan) onDisk(i uint32) (size int64, sum [sha256.Size]byte) {
	if s := p.storedAs(i); s.Size != 0 {
		return s.Size, s.Sum
	}
	return p.length(i), p.at(i).sum
}

// size returns the listed size of an entry.
func (p *plan) size(i uint32) int64 { return p.at(i).size }

// exact reports whether the listed size is not modulo 2^32.
func (p *plan) exact(i uint32) bool { return !p.at(i).inexact }

// mode returns the st_mode of an entry.
func (p *plan) mode(i uint32) uint32 { return p.at(i).mode }

// kind returns the type of an entry.
func (p *plan) kind(i uint32) manifest.Type { return manifest.TypeOf(p.at(i).mode) }

// mtime returns the time of an entry, in Unix seconds.
func (p *plan) mtime(i uint32) int64 { return p.at(i).mtime }

// sum returns the SHA-256 of the copy of an entry.
func (p *plan) sum(i uint32) [sha256.Size]byte { return p.at(i).sum }

// reason returns why an entry is not proved.
func (p *plan) reason(i uint32) string { return p.reasons[i] }

// len returns the number of entries.
func (p *plan) len() uint32 { return uint32(p.count) }

// placed reports whether an entry has a path in the case of its own.
func (p *plan) placed(i uint32) bool { _, ok := p.hosts[i]; return ok }

// place sets the path of an entry in the case.
func (p *plan) place(i uint32, host string) {
	if host != p.usual(i) {
		p.hosts[i] = host
	}
}

// entries yields all entries for the manifest, and then the older versions that are
// kept. n is their number.
func (p *plan) entries() (all iter.Seq[manifest.Entry], n int64) {
	return func(yield func(manifest.Entry) bool) {
		for i := range p.len() {
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

// setApps enters that the entries from first on are files of apps.
func (p *plan) setApps(first uint32) { p.appsFrom, p.appsTo = first, p.len() }

// appFiles answers for the files of apps.
type appFiles struct {
	plan  *plan
	known *index
}

func (p *plan) appFiles() *appFiles { return &appFiles{p, p.index()} }

// Unsaved implements provider.AppFiles.
func (f *appFiles) Unsaved(path string) string {
	i, ok := f.known.find([]byte(path))
	if !ok {
		return provider.NotListed
	}
	if s := f.plan.state(i); s == stateSaved || s == stateProved {
		return ""
	}
	return cmp.Or(f.plan.reason(i), "not saved")
}

// Unproved implements provider.AppFiles.
func (f *appFiles) Unproved() (n, listed int64, names string) {
	files, _ := f.plan.tallyWhere(f.plan.ofApp)
	return files.Saved - files.Proved, files.Listed, f.plan.namedWhere(f.plan.ofApp, stateSaved)
}
