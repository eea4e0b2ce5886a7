package casedir

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path"
	"strconv"
	"time"

	"preship/report"
	"preship/report/message"
	"preship/report/safefile"
)

// ErrBrokenLog: the record of commands is not the one that was written.
var ErrBrokenLog = message.Error(message.Say("error.log-changed"), nil)

const (
	EvidenceDir = "evidence"
	LogName     = EvidenceDir + "/commands.jsonl"

	// A shell line holds at most a handful of paths of 4 KiB.
	maxLogLine = 1 << 20
	maxLogSize = 256 << 20
)

// logLine is one line of evidence/commands.jsonl. Prev is the SHA-256 of the
// line before it, without its newline; the first line carries the SHA-256 of the
// case ID, so that a record cannot be moved from one case to another.
type logLine struct {
	Seq      int       `json:"seq"` // counts from 1 without a gap
	Name     string    `json:"name"`
	Line     string    `json:"line"` // as sent to the handset
	Writes   bool      `json:"writes"`
	Start    time.Time `json:"start"`
	End      time.Time `json:"end"`
	Exit     int       `json:"exit"` // -1: the handset did not report it
	Stdout   *stored   `json:"stdout"`
	Stderr   *stored   `json:"stderr"` // nil: nothing was written there
	Error    string    `json:"error"`
	Redacted bool      `json:"redacted"` // names were masked before the bytes were kept
	Prev     string    `json:"prev"`
}

// stored is one kept answer.
type stored struct {
	File   string `json:"file"`
	SHA256 string `json:"sha256"`
	Size   int64  `json:"size"`
}

// commandLog is the end of the chain, where the next line goes.
type commandLog struct {
	seq  int
	prev string
	size int64
	err  error // set when the file's end is no longer known
}

func newCommandLog(id string) commandLog { return commandLog{prev: report.Digest([]byte(id))} }

// readLog follows the chain of case id, calling fn for each line. It returns
// the end of the last complete line; bytes behind it are a write that a crash
// cut short, which is for the caller to judge. A complete line that does not
// belong to the chain is [ErrBrokenLog].
func readLog(r io.Reader, id string, fn func(logLine) error) (commandLog, error) {
	log := newCommandLog(id)
	in := bufio.NewReaderSize(io.LimitReader(r, maxLogSize+1), 64<<10)
	for {
		line, err := nextLine(in)
		if err == io.EOF {
			return log, nil
		}
		if err != nil {
			return log, fmt.Errorf("%s line %d: %w", LogName, log.seq+1, err)
		}
		entry, err := log.accept(line)
		if err == nil && fn != nil {
			err = fn(entry)
		}
		if err != nil {
			return log, fmt.Errorf("%s line %d: %w", LogName, log.seq+1, err)
		}
		log.seq, log.prev = entry.Seq, report.Digest(line)
		log.size += int64(len(line)) + 1
		if log.size > maxLogSize {
			return log, fmt.Errorf("%s: %w", LogName, safefile.ErrTooLarge)
		}
	}
}

// nextLine returns a line without its newline; one without a newline is torn
// and counts as the end.
func nextLine(in *bufio.Reader) ([]byte, error) {
	var line []byte
	for {
		part, err := in.ReadSlice('\n')
		if len(line)+len(part) > maxLogLine {
			return nil, fmt.Errorf("%w: %w", ErrBrokenLog, safefile.ErrTooLarge)
		}
		line = append(line, part...)
		switch {
		case err == nil:
			return line[:len(line)-1], nil
		case !errors.Is(err, bufio.ErrBufferFull):
			return nil, err
		}
	}
}

func (l *commandLog) accept(line []byte) (logLine, error) {
	var e logLine
	dec := json.NewDecoder(bytes.NewReader(line))
	dec.DisallowUnknownFields()
	if err := dec.Decode(&e); err != nil {
		return e, fmt.Errorf("%w: %w", ErrBrokenLog, err)
	}
	switch {
	case dec.More():
		return e, message.Detail(ErrBrokenLog, message.Say("error.detail.objects"))
	case e.Seq != l.seq+1:
		return e, message.Detail(ErrBrokenLog, message.Say("error.detail.numbered", "number", strconv.Itoa(e.Seq)))
	case e.Prev != l.prev:
		return e, message.Detail(ErrBrokenLog, message.Say("error.detail.order"))
	}
	for _, s := range []*stored{e.Stdout, e.Stderr} {
		if s != nil && !report.EvidenceName().MatchString(s.File) {
			return e, message.Detail(ErrBrokenLog, message.Say("error.detail.no-evidence", "file", strconv.Quote(s.File)))
		}
	}
	return e, nil
}

// recoverLog makes the record whole again after a crash: a torn last line goes,
// and so do answers that were kept but not yet entered.
func recoverLog(root *os.Root, id string) (commandLog, error) {
	if err := safefile.RemoveTemps(root, EvidenceDir); err != nil {
		return commandLog{}, err
	}
	f, err := safefile.OpenRegular(root, LogName)
	if errors.Is(err, fs.ErrNotExist) {
		log := newCommandLog(id)
		return log, removeOrphans(root, log.seq)
	}
	if err != nil {
		return commandLog{}, err
	}
	log, err := readLog(f, id, nil)
	if err := errors.Join(err, f.Close()); err != nil {
		return commandLog{}, err
	}
	if err := truncateLog(root, log.size); err != nil {
		return commandLog{}, err
	}
	return log, removeOrphans(root, log.seq)
}

func truncateLog(root *os.Root, size int64) error {
	f, err := root.OpenFile(LogName, os.O_WRONLY, 0)
	if err != nil {
		return err
	}
	info, err := f.Stat()
	if err == nil && info.Size() > size {
		err = errors.Join(f.Truncate(size), f.Sync())
	}
	return errors.Join(err, f.Close())
}

// removeOrphans deletes numbered answers behind the last entry of the log.
func removeOrphans(root *os.Root, last int) error {
	entries, err := fs.ReadDir(root.FS(), EvidenceDir)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return err
	}
	for _, e := range entries {
		name := path.Join(EvidenceDir, e.Name())
		m := report.EvidenceName().FindStringSubmatch(name)
		if m == nil {
			continue
		}
		if seq, err := strconv.Atoi(m[1]); err == nil && seq > last {
			if err := root.Remove(name); err != nil {
				return err
			}
		}
	}
	return nil
}
