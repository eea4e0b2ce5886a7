package archive

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"io/fs"
	"os"
	"path"
	"slices"

	"preship/report/safefile"
)

// maxJournal bounds the journal: a line for each object.
const maxJournal = 64 << 20

// journalHead is the first line of the journal: the contents and the target.
type journalHead struct {
	Address   string   `json:"address"`
	Case      string   `json:"case"`
	Recipient string   `json:"recipient"`
	For       []string `json:"for"`
	Key       []byte   `json:"key"` // key.age, which only the chain's secret keys open
	Pack      int64    `json:"pack"`
}

// journalLine is an object that was stored and read back.
type journalLine struct {
	object
	Contents string `json:"contents"` // the SHA-256 of its contents
}

// journal says which objects of a case were stored and read back, so that a run that was
// killed resumes.
type journal struct {
	head journalHead
	done map[string]journalLine
	f    *os.File
}

// openJournal returns the journal of the case, made new with fresh unless its head fits. A
// line that is cut short is dropped.
func openJournal(root *os.Root, fits func(journalHead) bool, fresh func() (journalHead, error)) (*journal, error) {
	j := &journal{done: map[string]journalLine{}}
	var keep bytes.Buffer
	b, err := safefile.Read(safefile.In(root), JournalName, maxJournal)
	if err == nil {
		j.parse(b, &keep)
	}
	if err != nil && !errors.Is(err, fs.ErrNotExist) && !errors.Is(err, safefile.ErrTooLarge) {
		return nil, err
	}
	if keep.Len() == 0 || !fits(j.head) {
		j.done = map[string]journalLine{}
		if j.head, err = fresh(); err != nil {
			return nil, err
		}
		keep.Reset()
		if err := json.NewEncoder(&keep).Encode(j.head); err != nil {
			return nil, err
		}
	}
	if err := root.MkdirAll(path.Dir(JournalName), 0o700); err != nil {
		return nil, err
	}
	if err := safefile.Write(root, JournalName, keep.Bytes()); err != nil {
		return nil, err
	}
	j.f, err = root.OpenFile(JournalName, os.O_WRONLY|os.O_APPEND, 0o600)
	return j, err
}

// parse reads the lines up to the first that is not one, and keeps those.
func (j *journal) parse(b []byte, keep *bytes.Buffer) {
	in := bufio.NewReader(bytes.NewReader(b))
	for first := true; ; first = false {
		line, err := in.ReadBytes('\n')
		if err != nil {
			return // the end, or a line that was cut short
		}
		var one journalLine
		switch {
		case first && json.Unmarshal(line, &j.head) == nil:
		case !first && json.Unmarshal(line, &one) == nil:
			j.done[one.Name] = one
		default:
			return
		}
		keep.Write(line)
	}
}

// add notes an object. It is on the disk when add returns.
func (j *journal) add(o object, contents string) error {
	b, err := json.Marshal(journalLine{o, contents})
	if err != nil {
		return err
	}
	if _, err := j.f.Write(append(b, '\n')); err != nil {
		return err
	}
	return j.f.Sync()
}

func sameKeys(a, b []string) bool {
	return slices.Equal(slices.Sorted(slices.Values(a)), slices.Sorted(slices.Values(b)))
}
