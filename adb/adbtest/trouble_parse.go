package adbtest

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

// ErrTroubleText is wrapped by every error of [ParseTrouble].
var ErrTroubleText = errors.New("trouble file")

const (
	maxTroubles    = 1000
	maxTroubleLine = 8 << 10
)

// ParseTrouble reads the text form: one trouble a line, first its kind, then
// what the kind takes as key=value words; # begins a comment. A value with
// spaces, or with bytes that are not text, is written as a Go string in double
// quotes. Counts of bytes may end in K, M or G (powers of 1024).
//
//	unauthorized
//	cut service=sync: after=1M for=2s times=1
//	deny path=/sdcard/DCIM/Camera/IMG_0001.jpg
//	wrong-hash path="/sdcard/Download/a b.pdf"
//	format answer=disabled
//
// Kinds and what they take (a * must be given):
//
//	unauthorized, offline
//	cut          service after for times    for: how long it stays away (2s)
//	stall        service after for times    for: how long (for ever)
//	chop         service times
//	deny         path*                      a folder: all that is in it too
//	grow, shrink path* by* times            each time it is read
//	vanish       path*
//	wrong-size   path* by*                  by may be negative
//	wrong-hash   path*
//	full-disk    bytes                      what is left free (0)
//	low-battery  level*                     per cent
//	huge-output  command* bytes*
//	format       answer*                    failed or disabled
//	no-network   times
//	swapped
//	row          uri* id column answer times  answer: ends, without an error
func ParseTrouble(r io.Reader) ([]Trouble, error) {
	var list []Trouble
	lines := bufio.NewScanner(r)
	lines.Buffer(nil, maxTroubleLine)
	for n := 1; lines.Scan(); n++ {
		words, err := splitTroubleLine(lines.Text())
		if err != nil {
			return nil, fmt.Errorf("%w: line %d: %w", ErrTroubleText, n, err)
		}
		if len(words) == 0 {
			continue
		}
		one, err := parseTrouble(words)
		if err != nil {
			return nil, fmt.Errorf("%w: line %d: %w", ErrTroubleText, n, err)
		}
		if len(list) == maxTroubles {
			return nil, fmt.Errorf("%w: more than %d lines", ErrTroubleText, maxTroubles)
		}
		list = append(list, one)
	}
	if err := lines.Err(); err != nil {
		return nil, fmt.Errorf("%w: %w", ErrTroubleText, err)
	}
	return list, nil
}

// troubleTakes is which keys each kind takes, and which of them it must be
// given.
var troubleTakes = map[TroubleKind]struct{ needs, may []string }{
	TroubleUnauthorized: {},
	TroubleOffline:      {},
	TroubleCut:          {may: []string{"service", "after", "for", "times"}},
	TroubleStall:        {may: []string{"service", "after", "for", "times"}},
	TroubleChop:         {may: []string{"service", "times"}},
	TroubleDeny:         {needs: []string{"path"}},
	TroubleGrow:         {needs: []string{"path", "by"}, may: []string{"times"}},
	TroubleShrink:       {needs: []string{"path", "by"}, may: []string{"times"}},
	TroubleVanish:       {needs: []string{"path"}},
	TroubleWrongSize:    {needs: []string{"path", "by"}},
	TroubleWrongHash:    {needs: []string{"path"}},
	TroubleFullDisk:     {may: []string{"bytes"}},
	TroubleLowBattery:   {needs: []string{"level"}},
	TroubleHugeOutput:   {needs: []string{"command", "bytes"}},
	TroubleFormat:       {needs: []string{"answer"}},
	TroubleNoNetwork:    {may: []string{"times"}},
	TroubleSwapped:      {},
	TroubleRow:          {needs: []string{"uri"}, may: []string{"id", "column", "answer", "times"}},
}

// troubleKeys is how each key is read.
var troubleKeys = map[string]func(t *Trouble, value string) error{
	"path":    func(t *Trouble, v string) error { t.Path = v; return checkPattern(v) },
	"service": func(t *Trouble, v string) error { t.Service = v; return nil },
	"command": func(t *Trouble, v string) error { t.Command = v; return nil },
	"after":   func(t *Trouble, v string) (err error) { t.After, err = parseBytes(v, 0); return err },
	"by":      func(t *Trouble, v string) (err error) { t.By, err = parseBytes(v, -1<<62); return err },
	"bytes":   func(t *Trouble, v string) (err error) { t.Bytes, err = parseBytes(v, 0); return err },
	"level":   func(t *Trouble, v string) (err error) { t.Level, err = parseWithin(v, 100); return err },
	"times":   func(t *Trouble, v string) (err error) { t.Times, err = parseWithin(v, 1<<30); return err },
	"for":     func(t *Trouble, v string) (err error) { t.For, err = parseFor(v); return err },
	"answer":  func(t *Trouble, v string) error { t.Answer = v; return checkAnswer(t.Kind, v) },
	"uri":     func(t *Trouble, v string) error { t.URI = v; return nil },
	"id":      func(t *Trouble, v string) error { t.ID = v; return nil },
	"column":  func(t *Trouble, v string) error { t.Column = v; return nil },
}

func parseTrouble(words []string) (Trouble, error) {
	t := Trouble{Kind: TroubleKind(words[0])}
	takes, ok := troubleTakes[t.Kind]
	if !ok {
		return Trouble{}, fmt.Errorf("no kind of trouble is called %q", words[0])
	}
	if t.Kind == TroubleCut {
		t.For = 2 * time.Second
	}
	given := map[string]bool{}
	for _, word := range words[1:] {
		key, value, ok := strings.Cut(word, "=")
		if !ok || value == "" {
			return Trouble{}, fmt.Errorf("%q is not key=value", word)
		}
		if given[key] || !slices.Contains(takes.needs, key) && !slices.Contains(takes.may, key) {
			return Trouble{}, fmt.Errorf("%s does not take %q, or not twice", t.Kind, key)
		}
		given[key] = true
		if err := troubleKeys[key](&t, value); err != nil {
			return Trouble{}, fmt.Errorf("%s: %w", key, err)
		}
	}
	for _, key := range takes.needs {
		if !given[key] {
			return Trouble{}, fmt.Errorf("%s needs %s=", t.Kind, key)
		}
	}
	return t, nil
}

// splitTroubleLine splits at spaces; a value may be a quoted Go string.
func splitTroubleLine(line string) ([]string, error) {
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
			return nil, fmt.Errorf("quoted value: %w", err)
		}
		value, err := strconv.Unquote(quoted)
		if err != nil {
			return nil, fmt.Errorf("quoted value: %w", err)
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

func checkAnswer(kind TroubleKind, v string) error {
	allowed := []string{"failed", "disabled"}
	if kind == TroubleRow {
		allowed = []string{"ends"}
	}
	if !slices.Contains(allowed, v) {
		return fmt.Errorf("%q is none of %s", v, strings.Join(allowed, ", "))
	}
	return nil
}

func parseBytes(v string, least int64) (int64, error) {
	shift := 0
	if i := strings.IndexByte("KMG", v[len(v)-1]); i >= 0 {
		shift, v = 10*(i+1), v[:len(v)-1]
	}
	n, err := strconv.ParseInt(v, 10, 64)
	if err != nil {
		return 0, err
	}
	const most = 1 << 50
	if n < least || n > most>>shift || n < -(most>>shift) {
		return 0, fmt.Errorf("%d is out of range", n)
	}
	return n << shift, nil
}

func parseWithin(v string, most int) (int, error) {
	n, err := strconv.Atoi(v)
	if err == nil && (n < 0 || n > most) {
		err = fmt.Errorf("%d is not within 0 to %d", n, most)
	}
	return n, err
}

func parseFor(v string) (time.Duration, error) {
	d, err := time.ParseDuration(v)
	if err == nil && d <= 0 {
		err = fmt.Errorf("%s is no time", v)
	}
	return d, err
}
