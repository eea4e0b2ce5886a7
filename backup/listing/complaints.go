package listing

import (
	"fmt"
	"strings"

	"preship/backup/manifest"
	"preship/backup/plan"
)

// complaints reads the errors that find printed. An error about an entry sets its state,
// any other becomes a note.
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
		l.notes = append(l.notes, "find printed more errors than are kept")
	}
	if end.odd > 0 {
		l.notes = append(l.notes, fmt.Sprintf("%d names were refused, because they are not in the listed folder", end.odd))
	}
	switch {
	case end.exit < 0:
		l.notes = append(l.notes, "the handset gave no exit status of find, so the list may not be complete")
	case end.exit > 0 && !explained && len(end.stderr) == 0:
		l.notes = append(l.notes, fmt.Sprintf("find ended with exit status %d and no error", end.exit))
	}
}

// complaint splits a line such as "find: '/a/b': Permission denied". Some builds print no
// quotes.
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
