package after

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"time"
	"unicode"

	"preship/cmd/preship/internal/amount"
	"preship/cmd/preship/internal/job"
	"preship/report"
	"preship/report/casedir"
	"preship/report/message"
	"preship/report/printable"
	"preship/report/safefile"
)

// limit is how long the program may run.
const limit = time.Minute

// ErrProgram: there is no such program.
var ErrProgram = message.Error(message.Say("job.after.program"), nil)

// Command is a program that runs after a case.
type Command struct {
	path  string
	limit time.Duration
}

// Find finds a program by its path, or by its name where programs are. The error is
// [ErrProgram].
func Find(program string) (*Command, error) {
	path, err := exec.LookPath(program)
	if err == nil || errors.Is(err, exec.ErrDot) {
		path, err = filepath.Abs(path)
	}
	if err != nil {
		return nil, ErrProgram
	}
	return &Command{path, limit}, nil
}

// keptName is what the case remembers: the last end that the program was run for.
const keptName = "after"

// Run runs the program for the end of a case that nobody holds. It does nothing if it ran
// for this end before, and did not fail then.
func (c *Command) Run(ctx context.Context, end job.Ending) error {
	sealed, ran, err := look(end)
	if err != nil || ran {
		return err
	}
	if err := c.run(ctx, environment(os.Environ(), end, sealed)); err != nil || sealed == "" {
		return err
	}
	return note(end.Dir, func(k *casedir.Case) error { return k.Keep(keptName, sealed) })
}

// look returns the SHA-256 of the sealed report, empty if there is none, and whether the
// program ran for it.
func look(end job.Ending) (sealed string, ran bool, err error) {
	if !end.Sealed {
		return "", false, nil
	}
	err = note(end.Dir, func(k *casedir.Case) (err error) {
		if sealed, err = casedir.DigestFile(safefile.In(k.Root()), casedir.ReportName); err != nil {
			return err
		}
		var last string
		_, err = k.Kept(keptName, &last)
		ran = last == sealed
		return err
	})
	return sealed, ran, err
}

// note opens a case for a moment.
func note(dir string, fn func(*casedir.Case) error) error {
	k, err := casedir.Open(dir)
	if err != nil {
		return err
	}
	return errors.Join(fn(k), k.Close())
}

// maxOutput is how much of the output is kept to find its last line.
const maxOutput = 4 << 10

func (c *Command) run(ctx context.Context, env []string) error {
	ctx, cancel := context.WithTimeout(ctx, c.limit)
	defer cancel()
	cmd := exec.CommandContext(ctx, c.path)
	var said tail
	cmd.Env, cmd.Stdout, cmd.Stderr = env, &said, &said
	cmd.WaitDelay = time.Second // its children may hold its output open
	alone(cmd)
	err := cmd.Run()
	var exit *exec.ExitError
	switch {
	case err == nil, errors.Is(err, exec.ErrWaitDelay): // it ended well and left something running
		return nil
	case ctx.Err() != nil:
		return message.Error(message.Say("job.after.too-long", "limit", amount.Span(c.limit)), nil)
	case errors.As(err, &exit):
		return message.Error(message.Say("job.after.exit", "code", fmt.Sprint(exit.ExitCode()), "line", said.last()), nil)
	}
	return err
}

// tail keeps the end of the output.
type tail struct{ b []byte }

func (t *tail) Write(b []byte) (int, error) {
	t.b = append(t.b, b...)
	t.b = t.b[max(0, len(t.b)-maxOutput):]
	return len(b), nil
}

// last returns the last line that is not empty, made safe to show.
func (t *tail) last() string {
	lines := bytes.Split(bytes.TrimSpace(t.b), []byte("\n"))
	const most = 200
	line := []rune(printable.Text(strings.ToValidUTF8(strings.TrimSpace(string(lines[len(lines)-1])), "\uFFFD")))
	return string(line[:min(len(line), most)])
}

// secret are variables of preship that the program does not get.
const secret = "PASSPHRASE"

// environment returns the variables of the program: those of preship without secrets, and
// the end, as far as known.
func environment(before []string, end job.Ending, sealed string) (env []string) {
	for _, v := range before {
		if name, _, _ := strings.Cut(v, "="); !strings.HasPrefix(name, "PRESHIP_") || !strings.Contains(name, secret) {
			env = append(env, v)
		}
	}
	file := func(name string) string {
		path := filepath.Join(end.Dir, name)
		if _, err := os.Lstat(path); !end.Sealed || errors.Is(err, fs.ErrNotExist) {
			return ""
		}
		return path
	}
	ticket := ""
	if t := end.Report.Ticket; t != nil {
		ticket = t.ID
	}
	verdict := end.Report.Verdict
	if verdict == "" {
		verdict = report.VerdictFailed // the job ended before there was a report
	}
	for _, v := range [][2]string{
		{"PRESHIP_VERDICT", string(verdict)},
		{"PRESHIP_CASE", end.ID},
		{"PRESHIP_CASE_DIR", end.Dir},
		{"PRESHIP_TICKET", ticket},
		{"PRESHIP_REPORT_JSON", file(casedir.ReportName)},
		{"PRESHIP_REPORT_PDF", file("report.pdf")},
		{"PRESHIP_PARCEL", file(casedir.ParcelName(end.ID))},
		{"PRESHIP_REPORT_SHA256", sealed},
	} {
		env = append(env, v[0]+"="+clean(v[1]))
	}
	return env
}

// maxValue bounds a value: a path may be that long.
const maxValue = 4096

// clean returns a value without control characters and other characters that are not seen.
func clean(s string) string {
	s = strings.Map(func(r rune) rune {
		if unicode.IsControl(r) || unicode.In(r, unicode.Cf, unicode.Zl, unicode.Zp) {
			return -1
		}
		return r
	}, strings.ToValidUTF8(s, "\uFFFD"))
	if len(s) > maxValue {
		s = strings.ToValidUTF8(s[:maxValue], "")
	}
	return s
}
