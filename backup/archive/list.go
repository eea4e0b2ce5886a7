package archive

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"
	"time"

	"preship/report/message"
)

// The names of the objects of a case.
const (
	keyName    = "key.age"
	indexName  = "index.age"
	listName   = "list.json"
	packPrefix = "packs/"
	filePrefix = "package/"
)

const listFormat = "urn:preship:archive:v1"

const (
	maxList    = 16 << 20
	maxObjects = 50_000
	maxKey     = 1 << 20
	maxIndex   = 2 << 30
	// maxObject bounds an object of the data: a pack and what encryption adds.
	maxObject = 2 << 30
)

var (
	// ErrDamaged means that an object is missing, or is not the one that was written.
	ErrDamaged = message.Error(message.Say("archive.error.damaged"), nil)
	// ErrOther means that the archive is whole in itself, and is not the one that the case
	// was written to.
	ErrOther = message.Error(message.Say("archive.error.other"), nil)
)

// list is list.json.
type list struct {
	Format    string    `json:"format"`
	Case      string    `json:"case"`
	Written   time.Time `json:"written"`
	Recipient string    `json:"recipient"` // the public half of the key of the case
	For       []string  `json:"for"`       // the public keys whose secret keys open key.age
	Objects   []object  `json:"objects"`

	digest string // the SHA-256 of all this
}

// object is one object of a case: its bytes as they are stored.
type object struct {
	Name   string `json:"name"` // below the case
	Size   int64  `json:"size"`
	SHA256 string `json:"sha256"`
}

func (l *list) find(name string) (object, bool) {
	for _, o := range l.Objects {
		if o.Name == name {
			return o, true
		}
	}
	return object{}, false
}

// damagedError is an [ErrDamaged] of one object.
type damagedError struct {
	name string
	what message.Sentence // its fault
}

func damaged(name string, what message.Sentence) error { return &damagedError{name, what} }

func (e *damagedError) Is(target error) bool { return target == ErrDamaged }

// Sentence names the object and its fault.
func (e *damagedError) Sentence() message.Sentence {
	return message.Join(message.Colon, message.AsIs(e.name), e.what)
}

func (e *damagedError) Error() string { return e.Sentence().String() }

// readList reads list.json of a case. digest, if it is not empty, is the SHA-256 it has to
// have; else the error is [ErrOther].
func readList(ctx context.Context, s Store, id, digest string) (*list, error) {
	b, err := readSmall(ctx, s, id+"/"+listName, maxList)
	if err != nil {
		return nil, err
	}
	l := &list{digest: sumOf(b)}
	if digest != "" && l.digest != digest {
		return nil, ErrOther
	}
	in := json.NewDecoder(bytes.NewReader(b))
	if in.Decode(l) != nil || in.More() || l.check(id) != nil {
		return nil, damaged(listName, message.Say("archive.damaged.list"))
	}
	return l, nil
}

var errList = errors.New("bad list") // never shown

// check refuses a list that no archive of the case has.
func (l *list) check(id string) error {
	if l.Format != listFormat || l.Case != id || len(l.Objects) > maxObjects {
		return errList
	}
	seen := map[string]bool{}
	for _, o := range l.Objects {
		most := int64(maxObject)
		switch o.Name {
		case keyName:
			most = maxKey
		case indexName:
			most = maxIndex
		default:
			if !strings.HasPrefix(o.Name, packPrefix) && !strings.HasPrefix(o.Name, filePrefix) {
				return errList
			}
		}
		if sum, err := hex.DecodeString(o.SHA256); err != nil || len(sum) != sha256.Size || !validName(o.Name) || o.Size < 0 || o.Size > most || seen[o.Name] {
			return errList
		}
		seen[o.Name] = true
	}
	if !seen[keyName] || !seen[indexName] {
		return errList
	}
	return nil
}

func sumOf(b []byte) string {
	sum := sha256.Sum256(b)
	return hex.EncodeToString(sum[:])
}

// readSmall reads a whole object of at most limit bytes.
func readSmall(ctx context.Context, s Store, name string, limit int64) ([]byte, error) {
	ctx, stop := context.WithTimeout(ctx, longest(limit))
	defer stop()
	r, err := s.Get(ctx, name)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	b, err := io.ReadAll(io.LimitReader(r, limit+1))
	if err := errors.Join(err, r.Close()); err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	if int64(len(b)) > limit {
		return nil, damaged(name, message.Say("archive.damaged.longer"))
	}
	return b, nil
}

// longest is how long so many bytes may take: a line that drips ends.
func longest(bytes int64) time.Duration {
	const slowest = 16 << 10 // bytes a second
	return 5*time.Minute + time.Duration(bytes/slowest)*time.Second
}
