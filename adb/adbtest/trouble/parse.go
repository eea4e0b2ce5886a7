package trouble

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"path"
	"slices"
	"strconv"
	"strings"
	"time"
)

// ErrText is wrapped by every error of [Parse].
var ErrText = errors.New("trouble file")

// TextError is the error of [Parse] for a line that is not a trouble.
type TextError struct {
	Line  int   // from 1
	Fault Fault // the fault of Word
	Word  string
	Needs string // FaultLacks: the key that Word, a kind, must be given
	err   error
}

// Fault is a fault of a word of a line.
type Fault string

// The faults of a word.
const (
	FaultKind  Fault = "kind"  // no kind of trouble is called so
	FaultPair  Fault = "pair"  // it is not key=value
	FaultKey   Fault = "key"   // the kind does not take that key, or not twice
	FaultValue Fault = "value" // the key does not take that value
	FaultLacks Fault = "lacks" // the kind lacks a key
	FaultQuote Fault = "quote" // its quotes do not end
)

func (e *TextError) Error() string {
	text := fmt.Sprintf("%v: line %d: %s: %s", ErrText, e.Line, e.Fault, strconv.Quote(e.Word))
	if e.Needs != "" {
		text += " needs " + e.Needs + "="
	}
	if e.err != nil {
		text += ": " + e.err.Error()
	}
	return text
}

func (e *TextError) Unwrap() error { return ErrText }

const (
	maxLines = 1000
	maxLine  = 8 << 10
)

// Parse reads the text form: one trouble a line, first its kind, then its settings
// as key=value words; # begins a comment. A value with
// spaces, or with bytes that are not text, is written as a Go string in double
// quotes. Counts of bytes may end in K, M or G (powers of 1024).
//
//	unauthorized
//	cut service=sync: after=1M for=2s times=1
//	deny path=/sdcard/DCIM/Camera/IMG_0001.jpg
//	wrong-hash path="/sdcard/Download/a b.pdf"
//	format answer=disabled
func Parse(r io.Reader) ([]Trouble, error) {
	var list []Trouble
	lines := bufio.NewScanner(r)
	lines.Buffer(nil, maxLine)
	for n := 1; lines.Scan(); n++ {
		words, err := Words(lines.Text())
		if err != nil {
			return nil, &TextError{Line: n, Fault: FaultQuote, Word: lines.Text(), err: err}
		}
		if len(words) == 0 {
			continue
		}
		one, bad := parseLine(words)
		if bad != nil {
			bad.Line = n
			return nil, bad
		}
		if len(list) == maxLines {
			return nil, fmt.Errorf("%w: more than %d lines", ErrText, maxLines)
		}
		list = append(list, one)
	}
	if err := lines.Err(); err != nil {
		return nil, fmt.Errorf("%w: %w", ErrText, err)
	}
	return list, nil
}

// takesOf lists the keys of each kind. A * marks one that it must be given.
var takesOf = map[Kind]string{
	Unauthorized: "",
	Offline:      "",
	Cut:          "service after for times", // for: time off the bus (2s)
	Stall:        "service after for times", // for: how long (for ever)
	Deny:         "path*",                   // a folder: all that is in it too
	Grow:         "path* by* times",         // each time it is read
	Shrink:       "path* by* times",
	Vanish:       "path*",
	WrongSize:    "path* by*", // by may be negative
	WrongHash:    "path*",
	FullDisk:     "bytes",   // bytes left free (0)
	LowBattery:   "level*",  // per cent
	Format:       "answer*", // failed or disabled
	NoNetwork:    "times",
	Swapped:      "",
	Row:          "uri* id column answer times", // answer: ends, without an error
}

// readers is how each key is read.
var readers = map[string]func(t *Trouble, value string) error{
	"path":    func(t *Trouble, v string) error { t.Path = v; return checkPattern(v) },
	"service": func(t *Trouble, v string) error { t.Service = v; return nil },
	"after":   func(t *Trouble, v string) (err error) { t.After, err = parseNumber(v, 0, maxBytes); return err },
	"by":      func(t *Trouble, v string) (err error) { t.By, err = parseNumber(v, -maxBytes, maxBytes); return err },
	"bytes":   func(t *Trouble, v string) (err error) { t.Bytes, err = parseNumber(v, 0, maxBytes); return err },
	"level":   func(t *Trouble, v string) error { n, err := parseNumber(v, 0, 100); t.Level = int(n); return err },
	"times":   func(t *Trouble, v string) error { n, err := parseNumber(v, 0, 1<<30); t.Times = int(n); return err },
	"for":     func(t *Trouble, v string) (err error) { t.For, err = parseFor(v); return err },
	"answer":  func(t *Trouble, v string) error { t.Answer = v; return checkAnswer(t.Kind, v) },
	"uri":     func(t *Trouble, v string) error { t.URI = v; return nil },
	"id":      func(t *Trouble, v string) error { t.ID = v; return nil },
	"column":  func(t *Trouble, v string) error { t.Column = v; return nil },
}

func parseLine(words []string) (t Trouble, bad *TextError) {
	t.Kind = Kind(words[0])
	takes, ok := takesOf[t.Kind]
	if !ok {
		return t, &TextError{Fault: FaultKind, Word: words[0]}
	}
	if t.Kind == Cut {
		t.For = 2 * time.Second
	}
	open := strings.Fields(takes) // those that were not given yet
	for _, word := range words[1:] {
		key, value, ok := strings.Cut(word, "=")
		if !ok || value == "" {
			return t, &TextError{Fault: FaultPair, Word: word}
		}
		i := slices.IndexFunc(open, func(k string) bool { return strings.TrimSuffix(k, "*") == key })
		if i < 0 {
			return t, &TextError{Fault: FaultKey, Word: word}
		}
		open = slices.Delete(open, i, i+1)
		if err := readers[key](&t, value); err != nil {
			return t, &TextError{Fault: FaultValue, Word: word, err: err}
		}
	}
	for _, key := range open {
		if key, needed := strings.CutSuffix(key, "*"); needed {
			return t, &TextError{Fault: FaultLacks, Word: words[0], Needs: key}
		}
	}
	return t, nil
}

// Words splits a line at spaces. A word may end in a Go string in double quotes; one
// that begins with # ends the line.
func Words(line string) ([]string, error) {
	var words []string
	for {
		line = strings.TrimLeft(line, " \t\r")
		if line == "" || line[0] == '#' {
			return words, nil
		}
		end := strings.IndexAny(line, " \t\r\"")
		if end < 0 {
			return append(words, line), nil
		}
		if line[end] != '"' {
			words, line = append(words, line[:end]), line[end:]
			continue
		}
		quoted, err := strconv.QuotedPrefix(line[end:])
		if err != nil {
			return nil, fmt.Errorf("quoted word: %w", err)
		}
		value, err := strconv.Unquote(quoted)
		if err != nil {
			return nil, fmt.Errorf("quoted word: %w", err)
		}
		words, line = append(words, line[:end]+value), line[end+len(quoted):]
	}
}

func checkPattern(v string) error {
	if !strings.HasPrefix(v, "/") {
		return fmt.Errorf("%q does not begin with /", v)
	}
	_, err := path.Match(v, "")
	return err
}

func checkAnswer(kind Kind, v string) error {
	allowed := []string{"failed", "disabled"}
	if kind == Row {
		allowed = []string{"ends"}
	}
	if !slices.Contains(allowed, v) {
		return fmt.Errorf("%q is not one of %s", v, strings.Join(allowed, ", "))
	}
	return nil
}

const maxBytes = 1 << 50

// parseNumber reads a number that may end in K, M or G.
func parseNumber(v string, least, most int64) (int64, error) {
	shift := 0
	if i := strings.IndexByte("KMG", v[len(v)-1]); i >= 0 {
		shift, v = 10*(i+1), v[:len(v)-1]
	}
	n, err := strconv.ParseInt(v, 10, 64)
	if err == nil && (n < least>>shift || n > most>>shift) {
		err = fmt.Errorf("%d is out of range", n)
	}
	return n << shift, err
}

func parseFor(v string) (time.Duration, error) {
	d, err := time.ParseDuration(v)
	if err == nil && d <= 0 {
		err = fmt.Errorf("%s is no time", v)
	}
	return d, err
}
