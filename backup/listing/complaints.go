package listing

import (
	"strconv"
	"strings"

	"preship/backup/manifest"
	"preship/backup/plan"
	"preship/report/message"
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
			l.note(message.AsIs("find: " + line))
		}
	}
	explained := len(about) > 0
	for i := start; i < l.plan.Len() && len(about) > 0; i++ {
		if reason, ok := about[string(l.plan.Path(i))]; ok {
			l.plan.Settle(i, plan.StateUnreadable, message.AsIs("find: "+manifest.Display(reason)))
			delete(about, string(l.plan.Path(i)))
		}
	}
	for name, reason := range about {
		l.note(message.AsIs("find: " + name + ": " + reason))
	}
	if !end.whole {
		l.note(message.Say("backup.doubt.many-errors"))
	}
	if end.odd > 0 {
		l.note(message.Say("backup.doubt.odd-names", "count", end.odd))
	}
	switch {
	case end.exit < 0:
		l.note(message.Say("backup.doubt.no-exit"))
	case end.exit > 0 && !explained && len(end.stderr) == 0:
		l.note(message.Say("backup.doubt.exit", "status", strconv.Itoa(end.exit)))
	}
}

func (l *Lister) note(s message.Sentence) { l.notes = append(l.notes, s.Map(manifest.Display)) }

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
