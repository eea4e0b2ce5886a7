package trouble

import (
	"path"
	"slices"
	"strings"
	"sync"
	"time"
)

// Trouble is one fault of a handset. Kind decides which of the other fields count;
// a zero field is not set. [Parse] describes the text form.
type Trouble struct {
	Kind    Kind
	Path    string        // files: a path, or a pattern of path.Match
	Service string        // streams: how the service string begins; "" is any
	After   int64         // streams: bytes sent to the computer before it happens
	By      int64         // files: bytes more or fewer
	Bytes   int64         // disk: the bytes left free
	Level   int           // battery: per cent
	For     time.Duration // streams: how long a stall lasts, or a cut handset stays away; 0 is for ever
	Times   int           // how often it happens; 0 is always
	Answer  string        // format: the answer of recovery; row: "ends" if the provider stops without an error
	URI     string        // row: of the table, without content://
	ID      string        // row: its _id; "" is every one
	Column  string        // row: the column that a query must ask for, "file" for content read; "" is any but _id
}

// Kind names a kind of trouble, as the text form spells it.
type Kind string

// The kinds of trouble.
const (
	Unauthorized Kind = "unauthorized" // the debugging prompt is never answered
	Offline      Kind = "offline"      // listed, and never answers
	Cut          Kind = "cut"          // the cable comes out while a stream sends
	Stall        Kind = "stall"        // a stream falls silent and stays open
	Deny         Kind = "deny"         // a file or folder the shell may not read
	Grow         Kind = "grow"         // a file grows while it is read
	Shrink       Kind = "shrink"       // a file shrinks while it is read
	Vanish       Kind = "vanish"       // a file is gone once it is asked for
	WrongSize    Kind = "wrong-size"   // stat shows a wrong size
	WrongHash    Kind = "wrong-hash"   // the handset's own hash of a file is wrong
	FullDisk     Kind = "full-disk"    // writes end with ENOSPC
	LowBattery   Kind = "low-battery"  // in dumpsys battery
	Format       Kind = "format"       // recovery does not wipe
	NoNetwork    Kind = "no-network"   // Find Device cannot be switched off
	Swapped      Kind = "swapped"      // another unit of the model is in the recovery
	Row          Kind = "row"          // a provider throws when it comes to a row
)

// List is the troubles of one handset. A caller asks it at the moment at which a
// trouble would happen; it counts how often each did. A List is safe for
// concurrent use.
type List struct {
	mu       sync.Mutex
	list     []Trouble
	happened []int // how often, for each of list
}

// NewList returns a List of which nothing has happened yet.
func NewList(list []Trouble) *List {
	return &List{list: slices.Clone(list), happened: make([]int, len(list))}
}

// Happens reports whether a trouble of this kind happens now, and counts it.
func (t *List) Happens(kind Kind) (Trouble, bool) {
	return t.happen(kind, func(Trouble) bool { return true })
}

// File reports whether a trouble of this kind happens to the file name: the one that
// its Path names, or one that its pattern matches.
func (t *List) File(kind Kind, name string) (Trouble, bool) {
	return t.happen(kind, func(one Trouble) bool {
		ok, _ := path.Match(one.Path, name)
		return ok || one.Path == name
	})
}

// within is File for the folders above name.
func (t *List) within(kind Kind, name string) (Trouble, bool) {
	for dir := path.Dir(name); dir != "/" && dir != "."; dir = path.Dir(dir) {
		if one, ok := t.File(kind, dir); ok {
			return one, true
		}
	}
	return Trouble{}, false
}

// Row reports whether a provider throws or stops at a row, if it is asked for these
// columns.
func (t *List) Row(uri, id string, columns []string) (Trouble, bool) {
	return t.happen(Row, func(one Trouble) bool {
		asked := one.Column == "" && !slices.Equal(columns, []string{"_id"}) || slices.Contains(columns, one.Column)
		return one.URI == uri && (one.ID == "" || one.ID == id) && asked
	})
}

// stream reports whether a trouble of this kind happens to a service that is
// opened now.
func (t *List) stream(kind Kind, service string) (Trouble, bool) {
	return t.happen(kind, func(one Trouble) bool { return strings.HasPrefix(service, one.Service) })
}

func (t *List) happen(kind Kind, befalls func(Trouble) bool) (Trouble, bool) {
	t.mu.Lock()
	defer t.mu.Unlock()
	for i, one := range t.list {
		if one.Kind == kind && (one.Times == 0 || t.happened[i] < one.Times) && befalls(one) {
			t.happened[i]++
			return one, true
		}
	}
	return Trouble{}, false
}
