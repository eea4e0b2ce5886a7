package handset

import (
	"bytes"
	"fmt"
	"regexp"
	"strings"
)

// masked replaces a value that must not leave the computer.
const masked = "***"

// Mask returns an answer to this line fit to leave the computer in a report:
// personal parts are masked. The table masks says of every row what may
// stay; anything else in an answer is left out and counted.
func (l Line) Mask(said []byte) []byte {
	if len(said) == 0 {
		return said
	}
	mask, ok := masks[l.row]
	if !ok {
		mask = nothingKept
	}
	return mask(l, said)
}

// MaskErrors is Mask for standard error. It is the same for all rows: it keeps the
// words of the shell, of its tools, and of a service that refuses.
func (l Line) MaskErrors(said []byte) []byte {
	return keepLines(said, func(string) (string, bool) { return "", false })
}

// Masked returns the line as it may leave the computer: without the names of the
// owner's apps.
func (l Line) Masked() string {
	if l.row != PackagePath && l.row != PackageTimes {
		return l.text
	}
	head, _, _ := strings.Cut(l.row.Line, "{")
	if _, app, ok := firstWord(l.text[len(head):]); !ok || appName(app) != app {
		return head + quote(masked)
	}
	return l.text
}

// keepLines masks an answer line by line. keep returns the part of a line that may
// stay, and false for a line that it does not know. Such a line is left out and
// counted, unless it is a complaint of the shell or a service: a handset that does
// not keep the two streams apart mixes it into the answer.
func keepLines(said []byte, keep func(line string) (string, bool)) []byte {
	var out bytes.Buffer
	dropped := 0
	for raw := range bytes.Lines(said) {
		line := strings.TrimRight(string(raw), "\r\n")
		text, ok := "", len(line) <= maxKeptLine
		if ok {
			if text, ok = keep(line); !ok {
				text, ok = complaint(line)
			}
		}
		switch {
		case ok:
			out.WriteString(text + "\n")
		case strings.TrimSpace(line) != "":
			dropped++
		}
	}
	notKept(&out, dropped)
	return out.Bytes()
}

// maxKeptLine is longer than any line that a row below knows.
const maxKeptLine = 4096

func notKept(out *bytes.Buffer, lines int) {
	if lines > 0 {
		fmt.Fprintf(out, "(%d more lines are not kept: they can hold what is personal)\n", lines)
	}
}

var (
	thrown     = regexp.MustCompile(`^((?:Caused by: )?(?:[a-z][\w$]*\.)+[A-Z][\w$]*(?:Exception|Error))(:.*)?$`)
	permission = regexp.MustCompile(`^: Permission Denial: [\w .$/{}=,-]{1,200}$`)
	complaints = []*regexp.Regexp{
		regexp.MustCompile(`^Error while accessing provider:[a-z][\w.]{0,100}$`),
		regexp.MustCompile(`^\s+at [\w.$<>]{1,200}\([\w. -]{1,80}(?::\d{1,6})?\)$`),
		regexp.MustCompile(`^[\w./-]{1,80}: (?:[\w.-]{1,80}: )?(?:inaccessible or )?not found$`),
		regexp.MustCompile(`^[\w.-]{1,80}: (?:Permission denied|No such file or directory)$`),
		regexp.MustCompile(`^(?:cmd: )?Can't find service: [\w.]{1,80}$`),
		regexp.MustCompile(`^Could not find provider: [\w.]{1,120}$`),
	}
	toolAboutPath = regexp.MustCompile(`^([a-z0-9_]{1,20}): .*/.*: (Permission denied|No such file or directory|Input/output error|Not a directory|Operation not permitted)$`)
)

// complaint is what of a line may stay that says why there is no answer: the
// kind of exception but not its text, a tool's reason but not the path.
func complaint(line string) (string, bool) {
	if m := thrown.FindStringSubmatch(line); m != nil {
		if m[2] == "" || permission.MatchString(m[2]) {
			return line, true
		}
		return m[1] + ": " + masked, true
	}
	for _, known := range complaints {
		if known.MatchString(line) {
			return line, true
		}
	}
	if m := toolAboutPath.FindStringSubmatch(line); m != nil {
		return m[1] + ": " + masked + ": " + m[2], true
	}
	return "", false
}

// keeping is a mask that keeps the lines that are wholly of one of these forms.
func keeping(forms ...string) mask {
	known := make([]*regexp.Regexp, len(forms))
	for i, form := range forms {
		known[i] = regexp.MustCompile(`^(?:` + form + `)$`)
	}
	return func(_ Line, said []byte) []byte {
		return keepLines(said, func(line string) (string, bool) {
			for _, form := range known {
				if form.MatchString(line) {
					return line, true
				}
			}
			return "", false
		})
	}
}

// nothingKept is the mask of rows whose answers are the owner's own data, and
// of a row that the table does not name.
func nothingKept(_ Line, said []byte) []byte {
	return keepLines(said, func(string) (string, bool) { return "", false })
}
