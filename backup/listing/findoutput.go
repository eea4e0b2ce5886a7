package listing

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"strings"

	"preship/adb"
	"preship/backup/manifest"
	"preship/backup/plan"
)

// readNames gives every name that find -print0 prints for root to add; odd
// counts those that cannot be from below root, which are left out. A name
// without its NUL is adb.ErrProtocol: find did not end there by itself.
func readNames(r io.Reader, root string, add func(name []byte) error) (odd int, err error) {
	in := bufio.NewReaderSize(r, 2*manifest.MaxPath)
	for {
		name, err := in.ReadSlice(0)
		switch {
		case errors.Is(err, io.EOF) && len(name) == 0:
			return odd, nil
		case errors.Is(err, io.EOF), errors.Is(err, bufio.ErrBufferFull):
			return odd, fmt.Errorf("find: %w: a name without an end", adb.ErrProtocol)
		case err != nil:
			return odd, err
		}
		name = name[:len(name)-1]
		if !below(name, root) {
			odd++
			continue
		}
		if err := add(name); err != nil {
			return odd, err
		}
	}
}

// below reports whether a name is one that find can print below root. What is
// not would be put outside of the backup, or over something in it.
func below(name []byte, root string) bool {
	rest, ok := bytes.CutPrefix(name, []byte(root))
	if !ok || len(name) > manifest.MaxPath {
		return false
	}
	if len(rest) == 0 {
		return true
	}
	if rest[0] != '/' {
		return false
	}
	for part := range bytes.SplitSeq(rest[1:], []byte("/")) {
		if len(part) == 0 || string(part) == "." || string(part) == ".." {
			return false
		}
	}
	return true
}

// complaints turns what find said on stderr into entries' states where it names
// one, and into notes where it does not.
func (l *Lister) complaints(start uint32, end findEnd) {
	about := map[string]string{}
	for line := range strings.Lines(string(end.stderr)) {
		line = strings.TrimRight(line, "\r\n")
		if name, reason, ok := complaint(line); ok {
			about[name] = reason
		} else if line != "" {
			l.notes = append(l.notes, "find: "+manifest.Display(line))
		}
	}
	explained := len(about) > 0
	for i := start; i < l.plan.Len() && len(about) > 0; i++ {
		if reason, ok := about[string(l.plan.Path(i))]; ok {
			l.plan.Settle(i, plan.StateUnreadable, "find: "+manifest.Display(reason))
			delete(about, string(l.plan.Path(i)))
		}
	}
	for name, reason := range about {
		l.notes = append(l.notes, fmt.Sprintf("find: %s: %s", manifest.Display(name), manifest.Display(reason)))
	}
	if !end.whole {
		l.notes = append(l.notes, "find complained more often than is kept")
	}
	if end.odd > 0 {
		l.notes = append(l.notes, fmt.Sprintf("%d names were refused: not below the folder that was listed", end.odd))
	}
	switch {
	case end.exit < 0:
		l.notes = append(l.notes, "the handset does not tell whether find listed all of it")
	case end.exit > 0 && !explained && len(end.stderr) == 0:
		l.notes = append(l.notes, fmt.Sprintf("find ended with exit status %d and did not say why", end.exit))
	}
}

// complaint takes apart a line such as "find: '/a/b': Permission denied"; the
// quotes are not in every build.
func complaint(line string) (name, reason string, ok bool) {
	rest, ok := strings.CutPrefix(line, "find: ")
	if !ok {
		return "", "", false
	}
	cut := strings.LastIndex(rest, ": ")
	if cut < 0 {
		return "", "", false
	}
	name, reason = rest[:cut], rest[cut+2:]
	if len(name) > 2 && (name[0] == '\'' && name[len(name)-1] == '\'' || name[0] == '"' && name[len(name)-1] == '"') {
		name = name[1 : len(name)-1]
	}
	return name, reason, strings.HasPrefix(name, "/")
}
