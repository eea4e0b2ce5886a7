package shell

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"
	"sync"
	"time"

	"preship/adb/adbtest/toybox"

	"mvdan.cc/sh/v3/interp"
)

// signals are those that can be trapped here, with their numbers.
var signals = map[string]int{"HUP": 1, "INT": 2, "QUIT": 3, "KILL": 9, "USR1": 10, "USR2": 12, "PIPE": 13, "ALRM": 14, "TERM": 15}

// signalName returns the name without SIG of a signal given by name or number, ""
// if there is no such signal.
func signalName(text string) string {
	name := strings.TrimPrefix(strings.ToUpper(text), "SIG")
	for known, n := range signals {
		if name == known || name == fmt.Sprint(n) {
			return known
		}
	}
	return ""
}

// traps is what a shell does when a signal comes.
type traps struct {
	mu      sync.Mutex
	actions map[string]string
}

// takes reports whether these arguments of trap are for runTrap: the interpreter
// knows only EXIT and ERR.
func (t *traps) takes(args []string) bool {
	if len(args) == 0 {
		t.mu.Lock()
		defer t.mu.Unlock()
		return len(t.actions) > 0
	}
	return !slices.ContainsFunc(args[min(1, len(args)-1):], func(s string) bool { return s == "EXIT" || s == "ERR" })
}

// runTrap sets, drops or shows traps of signals.
func runTrap(_ context.Context, sh *shell, p *toybox.Process) int {
	args := p.Args[1:]
	t := &sh.traps
	t.mu.Lock()
	defer t.mu.Unlock()
	if len(args) == 0 {
		for _, name := range slices.Sorted(maps.Keys(t.actions)) {
			p.Printf("trap -- %s %s\n", quote(t.actions[name]), name)
		}
		return 0
	}
	action, names := args[0], args[1:]
	if len(names) == 0 {
		action, names = "-", args
	}
	code := 0
	for _, text := range names {
		name := signalName(text)
		switch {
		case name == "":
			fmt.Fprintf(p.Stderr, "%s: trap: bad signal: %s\n", toybox.Shell, text)
			code = 1
		case action == "-":
			delete(t.actions, name)
		default:
			t.actions[name] = action
		}
	}
	return code
}

// trapTime bounds what a trap may do once its shell is to end.
const trapTime = time.Second

// onSignal runs the trap of the signal that ended ctx, if there is one, and says
// what status it came to. A stream that closes is a hang-up.
func (sh *shell) onSignal(ctx context.Context, runner *interp.Runner) (exit int, ok bool) {
	name := "HUP"
	switch context.Cause(ctx) {
	case nil:
		return 0, false
	case errInterrupted:
		name = "INT"
	}
	sh.traps.mu.Lock()
	action, ok := sh.traps.actions[name]
	delete(sh.traps.actions, name)
	sh.traps.mu.Unlock()
	if !ok {
		return 0, false
	}
	file, err := ownScript(action)
	if err != nil {
		return exitSyntax, true
	}
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), trapTime)
	defer cancel()
	return exitCode(runner.Run(ctx, file)), true
}
