package listing

import (
	"fmt"
	"strings"

	"preship/backup/manifest"
	"preship/backup/plan"
)

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
