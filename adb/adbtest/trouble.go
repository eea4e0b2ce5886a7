package adbtest

import (
	"path"
	"slices"
	"strings"
	"sync"
	"time"
)

// Trouble is one thing that goes wrong with a handset. Which fields count
// depends on Kind; the zero of a field is "not said". ParseTrouble has the
// text form.
type Trouble struct {
	Kind    TroubleKind
	Path    string        // files: a path, or a pattern of path.Match
	Service string        // streams: how the service string begins; "" is any
	Command string        // output: the first word of the shell line
	After   int64         // streams: bytes sent to the computer before it happens
	By      int64         // files: bytes more or fewer
	Bytes   int64         // output: how much; disk: how much is left free
	Level   int           // battery: per cent
	For     time.Duration // streams: how long a stall lasts, or a cut handset stays away; 0 is for ever
	Times   int           // how often it happens; 0 is always
	Answer  string        // format: what recovery answers; row: "ends" where the provider stops without a word
	URI     string        // row: of the table, without content://
	ID      string        // row: its _id; "" is every one
	Column  string        // row: what has to be asked for, "file" is what content read gives; "" is any but _id
}

// TroubleKind names a kind of trouble, as the text form spells it.
type TroubleKind string

// The kinds of trouble.
const (
	TroubleUnauthorized TroubleKind = "unauthorized" // the debugging prompt is never answered
	TroubleOffline      TroubleKind = "offline"      // listed, and answers nothing
	TroubleCut          TroubleKind = "cut"          // the cable comes out while a stream sends
	TroubleStall        TroubleKind = "stall"        // a stream falls silent and stays open
	TroubleChop         TroubleKind = "chop"         // a stream sends one byte at a time
	TroubleDeny         TroubleKind = "deny"         // a file or folder the shell may not read
	TroubleGrow         TroubleKind = "grow"         // a file grows while it is read
	TroubleShrink       TroubleKind = "shrink"       // a file shrinks while it is read
	TroubleVanish       TroubleKind = "vanish"       // a file is gone once it is asked for
	TroubleWrongSize    TroubleKind = "wrong-size"   // stat tells another size than there is
	TroubleWrongHash    TroubleKind = "wrong-hash"   // the handset's own hash of a file is wrong
	TroubleFullDisk     TroubleKind = "full-disk"    // writes end with ENOSPC
	TroubleLowBattery   TroubleKind = "low-battery"  // what dumpsys battery tells
	TroubleHugeOutput   TroubleKind = "huge-output"  // a command prints without end
	TroubleFormat       TroubleKind = "format"       // recovery does not wipe
	TroubleNoNetwork    TroubleKind = "no-network"   // Find Device cannot be switched off
	TroubleSwapped      TroubleKind = "swapped"      // another unit of the model stands in the recovery
	TroubleRow          TroubleKind = "row"          // a provider throws when it comes to a row
)

// troubles is what is still to go wrong with one handset. It is asked at the
// moment a thing would happen, and counts.
type troubles struct {
	mu   sync.Mutex
	list []armed
}

type armed struct {
	Trouble
	happened int
}

func newTroubles(list []Trouble) *troubles {
	t := &troubles{}
	for _, one := range list {
		t.list = append(t.list, armed{Trouble: one})
	}
	return t
}

// now says whether trouble of a kind that needs no more than its kind is here,
// and counts it as happened.
func (t *troubles) now(kind TroubleKind) (Trouble, bool) {
	return t.happen(kind, func(Trouble) bool { return true })
}

// file says whether trouble of this kind befalls the file name now: the one that
// its Path names, or one that its pattern matches.
func (t *troubles) file(kind TroubleKind, name string) (Trouble, bool) {
	return t.happen(kind, func(one Trouble) bool {
		if one.Path == name {
			return true
		}
		ok, err := path.Match(one.Path, name)
		return ok && err == nil
	})
}

// within is file for the folders that name lies in.
func (t *troubles) within(kind TroubleKind, name string) (Trouble, bool) {
	for dir := path.Dir(name); dir != "/" && dir != "."; dir = path.Dir(dir) {
		if one, ok := t.file(kind, dir); ok {
			return one, true
		}
	}
	return Trouble{}, false
}

// rename replaces the paths by what as makes of them. as is called without the
// lock, for it may ask for troubles itself.
func (t *troubles) rename(as func(string) string) {
	t.mu.Lock()
	paths := make([]string, len(t.list))
	for i := range t.list {
		paths[i] = t.list[i].Path
	}
	t.mu.Unlock()
	for i, p := range paths {
		if p != "" {
			paths[i] = as(p)
		}
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	for i := range t.list {
		t.list[i].Path = paths[i]
	}
}

// row says whether a provider throws, or stops, at a row that it is asked for these
// columns of.
func (t *troubles) row(uri, id string, columns []string) (Trouble, bool) {
	return t.happen(TroubleRow, func(one Trouble) bool {
		asked := one.Column == "" && !slices.Equal(columns, []string{"_id"}) || slices.Contains(columns, one.Column)
		return one.URI == uri && (one.ID == "" || one.ID == id) && asked
	})
}

// output says whether a command prints without end.
func (t *troubles) output(command string) (Trouble, bool) {
	return t.happen(TroubleHugeOutput, func(one Trouble) bool { return one.Command == command })
}

// stream says whether trouble of this kind befalls a service that is being
// opened.
func (t *troubles) stream(kind TroubleKind, service string) (Trouble, bool) {
	return t.happen(kind, func(one Trouble) bool { return strings.HasPrefix(service, one.Service) })
}

func (t *troubles) happen(kind TroubleKind, befalls func(Trouble) bool) (Trouble, bool) {
	t.mu.Lock()
	defer t.mu.Unlock()
	i := slices.IndexFunc(t.list, func(one armed) bool {
		return one.Kind == kind && (one.Times == 0 || one.happened < one.Times) && befalls(one.Trouble)
	})
	if i < 0 {
		return Trouble{}, false
	}
	t.list[i].happened++
	return t.list[i].Trouble, true
}
