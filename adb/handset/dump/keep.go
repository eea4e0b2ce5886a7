package dump

import (
	"bytes"
	"fmt"
	"regexp"
	"strings"

	"preship/report/pattern"
)

// Masked replaces a value that must not leave the computer.
const Masked = "***"

// KeepLines masks an answer line by line. keep returns the part of a line that may
// stay, and false for a line that it does not know. Such a line is left out and
// counted, unless it is a complaint of the shell or a service: a handset that does
// not keep the two streams apart mixes it into the answer.
func KeepLines(b []byte, keep func(line string) (string, bool)) []byte {
	var out bytes.Buffer
	dropped := 0
	for raw := range bytes.Lines(b) {
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
	NotKept(&out, dropped)
	return out.Bytes()
}

// maxKeptLine is longer than any line that a row below knows.
const maxKeptLine = 4096

// NotKept writes how many lines are left out, and nothing for 0.
func NotKept(out *bytes.Buffer, lines int) {
	if lines > 0 {
		fmt.Fprintf(out, "(%d more lines are not kept: they can hold what is personal)\n", lines)
	}
}

var (
	thrown     = pattern.New(`^((?:Caused by: )?(?:[a-z][\w$]*\.)+[A-Z][\w$]*(?:Exception|Error))(:.*)?$`)
	permission = pattern.New(`^: Permission Denial: [\w .$/{}=,-]{1,200}$`)
	complaints = []func() *regexp.Regexp{
		pattern.New(`^Error while accessing provider:[a-z][\w.]{0,100}$`),
		pattern.New(`^\s+at [\w.$<>]{1,200}\([\w. -]{1,80}(?::\d{1,6})?\)$`),
		pattern.New(`^[\w./-]{1,80}: (?:[\w.-]{1,80}: )?(?:inaccessible or )?not found$`),
		pattern.New(`^[\w.-]{1,80}: (?:Permission denied|No such file or directory)$`),
		pattern.New(`^(?:cmd: )?Can't find service: [\w.]{1,80}$`),
		pattern.New(`^Could not find provider: [\w.]{1,120}$`),
	}
	toolAboutPath = pattern.New(`^([a-z0-9_]{1,20}): .*/.*: (Permission denied|No such file or directory|Input/output error|Not a directory|Operation not permitted)$`)
)

// complaint returns the part of a line that says why there is no answer: the kind of
// an exception but not its text, a tool's reason but not the path. It returns false
// for any other line.
func complaint(line string) (string, bool) {
	if m := thrown().FindStringSubmatch(line); m != nil {
		if m[2] == "" || permission().MatchString(m[2]) {
			return line, true
		}
		return m[1] + ": " + Masked, true
	}
	for _, known := range complaints {
		if known().MatchString(line) {
			return line, true
		}
	}
	if m := toolAboutPath().FindStringSubmatch(line); m != nil {
		return m[1] + ": " + Masked + ": " + m[2], true
	}
	return "", false
}

// Complaints returns the lines of b in which the shell, a tool of it or a service
// says why it refused, without paths and texts of exceptions.
func Complaints(b []byte) []byte {
	return KeepLines(b, func(string) (string, bool) { return "", false })
}
