package casedir

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"strings"
	"time"

	"preship/report"
	"preship/report/safefile"
)

// maxEvidence is the most bytes one stream of one answer may have.
const maxEvidence = 64 << 20

// Entry is one question to a handset, and its answer.
//
// The bytes are kept unchanged and travel with the sealed package. Answers
// that name accounts or people must not: the caller masks them, either in the
// bytes it gives or with Redact.
type Entry struct {
	Name       string // short name of the command, becomes part of the file name
	Line       string // as sent
	Writes     bool   // it changed something on the handset
	Start, End time.Time
	Exit       int // -1: the handset did not report it
	Stdout     []byte
	Stderr     []byte
	Error      string // why there is no complete answer; "" when there is one
	// Redact masks what must not leave the computer; applied to both streams
	// before anything is written. Nil keeps the bytes. That it was used is
	// entered in the log, and digests are those of the masked bytes: a digest of
	// the raw ones would let somebody confirm a guessed name.
	Redact func([]byte) []byte
	// Masked: the caller has masked the answer already. The log marks it as redacted.
	Masked bool
}

// Record keeps an answer as evidence/NNNN-name.txt (and NNNN-name.stderr.txt
// if there is any) and enters it in evidence/commands.jsonl. Both
// are on disk when it returns. The ref is what a [Finding] names as evidence.
func (c *Case) Record(e Entry) (ref string, err error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.log.err != nil {
		return "", c.log.err
	}
	if err := c.unseal(); err != nil {
		return "", err
	}
	line := logLine{
		Seq: c.log.seq + 1, Name: e.Name, Line: e.Line, Writes: e.Writes,
		Start: e.Start.UTC(), End: e.End.UTC(), Exit: e.Exit, Error: c.outside()(e.Error),
		Redacted: e.Redact != nil || e.Masked, Prev: c.log.prev,
	}
	if e.Redact != nil {
		e.Stdout, e.Stderr = e.Redact(e.Stdout), e.Redact(e.Stderr)
	}
	name := fmt.Sprintf("%s/%04d-%s", EvidenceDir, line.Seq, fileSafe(e.Name))
	if line.Stdout, err = c.keep(name+".txt", e.Stdout); err != nil {
		return "", err
	}
	if len(e.Stderr) > 0 {
		if line.Stderr, err = c.keep(name+".stderr.txt", e.Stderr); err != nil {
			return "", err
		}
	}
	if err := c.enter(line); err != nil {
		return "", err
	}
	return line.Stdout.File, nil
}

func (c *Case) keep(name string, b []byte) (*stored, error) {
	if len(b) > maxEvidence {
		return nil, fmt.Errorf("%s: %d bytes: %w", name, len(b), safefile.ErrTooLarge)
	}
	if err := c.root.Mkdir(EvidenceDir, 0o700); err != nil && !errors.Is(err, fs.ErrExist) {
		return nil, err
	}
	if err := safefile.Write(c.root, name, b); err != nil {
		return nil, err
	}
	return &stored{File: name, SHA256: report.Digest(b), Size: int64(len(b))}, nil
}

// enter appends a line. When that goes wrong half-way the file is cut back, and
// when even that goes wrong nothing more is entered: a line after a torn one
// would break the chain for good.
func (c *Case) enter(line logLine) error {
	b, err := json.Marshal(line)
	if err != nil {
		return err
	}
	if len(b) >= maxLogLine || c.log.size+int64(len(b)) >= maxLogSize {
		return fmt.Errorf("%s: %w", LogName, safefile.ErrTooLarge)
	}
	if err := c.appendLog(append(b, '\n')); err != nil {
		if cut := truncateLog(c.root, c.log.size); cut != nil {
			c.log.err = fmt.Errorf("%s: %w", LogName, errors.Join(err, cut))
		}
		return err
	}
	c.log = commandLog{seq: line.Seq, prev: report.Digest(b), size: c.log.size + int64(len(b)) + 1}
	return nil
}

func (c *Case) appendLog(b []byte) error {
	f, err := c.root.OpenFile(LogName, os.O_WRONLY|os.O_CREATE|os.O_APPEND, 0o600)
	if err != nil {
		return err
	}
	_, err = f.Write(b)
	if err == nil {
		err = f.Sync()
	}
	if err := errors.Join(err, f.Close()); err != nil {
		return err
	}
	if c.log.seq > 0 {
		return nil
	}
	return safefile.SyncDir(c.root, EvidenceDir)
}

// fileSafe makes a file name part that is the same on every file system.
func fileSafe(name string) string {
	safe := strings.Map(func(r rune) rune {
		switch {
		case r >= 'a' && r <= 'z', r >= '0' && r <= '9':
			return r
		case r >= 'A' && r <= 'Z':
			return r - 'A' + 'a'
		default:
			return '-'
		}
	}, name)
	safe = strings.Trim(safe, "-")
	if safe == "" {
		return "answer"
	}
	return strings.TrimRight(safe[:min(len(safe), 40)], "-")
}
