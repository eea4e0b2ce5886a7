// Command preship prepares a Xiaomi handset for posting to repair: it saves the
// owner's data and proves the copy, shows what still locks the handset, triggers
// the factory reset, checks that it came back clean, and seals all of that in a
// report anybody can verify.
//
// This package is the only code that knows Cobra and exit codes. What a person
// sees on a terminal is in internal/console. What the commands do is in the
// packages adb, backup, verify and report.
package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"runtime"
	"runtime/debug"
	"syscall"
	"time"

	"github.com/spf13/cobra"

	"preship/cmd/preship/internal/console"
	"preship/cmd/preship/internal/desks"
	"preship/cmd/preship/internal/job"
	"preship/report/message"
)

func main() { os.Exit(run(context.Background(), os.Args[1:], &env{Console: console.System()})) }

// answer is standard output. It remembers that something could not be written:
// a cut answer must not end with exit code 0.
type answer struct {
	to    io.Writer
	wrote bool
	lost  error
}

func (a *answer) Write(b []byte) (int, error) {
	n, err := a.to.Write(b)
	a.wrote = true
	if err != nil && a.lost == nil {
		a.lost = fmt.Errorf("the answer could not be written whole: %w", err)
	}
	return n, err
}

// run is the whole program, apart from the process around it: tests call it with
// an env of their own.
func run(ctx context.Context, args []string, e *env) int {
	ctx, stop := signal.NotifyContext(ctx, os.Interrupt, syscall.SIGTERM)
	defer stop()
	// The first interrupt ends the work in order; the next one ends the process.
	context.AfterFunc(ctx, stop)

	answer := &answer{to: e.Out}
	e.Out = answer
	cmd := newRootCmd(e)
	cmd.SetArgs(args)
	ran, err := cmd.ExecuteContextC(ctx)
	if err == nil {
		err = answer.lost
	}
	if o := (*outcomeError)(nil); err != nil && ctx.Err() != nil && !errors.As(err, &o) {
		err = job.ErrInterrupted
	}
	e.explain(err)
	e.fail(ran, args, answer.wrote, err)
	return int(exitCodeOf(err))
}

// env is the console of a command, and how an error of it is explained.
type env struct {
	*console.Console
	again string // the command that resumes the work, where it is not the same one
	told  string // an error that the person has read already
	// answered means that the events on standard output have come to their end.
	answered bool
	// free is how many bytes may still be written to the disk of a folder; nil asks
	// the system.
	free func(dir string) (int64, error)
	// shared is the register that desks share; nil: there is none.
	shared desks.Shared
}

// ask is Console.Ask that also honours --no-input.
func (e *env) ask(ctx context.Context, g *globals, flag, question string) (string, error) {
	if g.noInput {
		return "", console.Usage(&console.UnaskedError{Flag: flag})
	}
	answer, err := e.Ask(ctx, flag, question)
	return answer, console.Usage(err)
}

// askSecret is Console.AskSecret that also honours --no-input.
func (e *env) askSecret(ctx context.Context, g *globals, flag string, question message.Sentence) (string, error) {
	if g.noInput {
		return "", console.Usage(&console.UnaskedError{Flag: flag})
	}
	answer, err := e.AskSecret(ctx, flag, e.Words(question))
	return answer, console.Usage(err)
}

// clone returns an env whose console can be changed alone.
func (e *env) clone() *env {
	c, ne := *e.Console, *e
	ne.Console = &c
	return &ne
}

// version is set by the linker for a release; otherwise the build says it.
var version string

type versionInfo struct {
	Version string    `json:"version"`
	Commit  string    `json:"commit"`
	Time    time.Time `json:"time,omitzero"` // of the commit
	Go      string    `json:"go"`
	OS      string    `json:"os"`
	Arch    string    `json:"arch"`
}

func buildVersion() versionInfo {
	v := versionInfo{Version: version, Go: runtime.Version(), OS: runtime.GOOS, Arch: runtime.GOARCH}
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return v
	}
	if v.Version == "" {
		v.Version = info.Main.Version
	}
	for _, s := range info.Settings {
		switch s.Key {
		case "vcs.revision":
			v.Commit = s.Value
		case "vcs.time":
			v.Time, _ = time.Parse(time.RFC3339, s.Value) // no time is known if it is 0
		}
	}
	return v
}

func (v versionInfo) line() string {
	return fmt.Sprintf("preship %s (%s, %s/%s)", v.Version, v.Go, v.OS, v.Arch)
}

func newVersionCmd(e *env, g *globals) *cobra.Command {
	return &cobra.Command{
		Use:   "version",
		Short: "Print the version of preship",
		RunE: func(*cobra.Command, []string) error {
			if g.json {
				return e.PrintJSON(buildVersion())
			}
			e.Printf("%s", buildVersion().line())
			return nil
		},
	}
}
