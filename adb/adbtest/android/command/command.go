package command

import (
	"context"
	"maps"
	"slices"
	"strings"

	"preship/adb/adbtest/android"
	"preship/adb/adbtest/android/provider"
	"preship/adb/adbtest/android/screen"
	"preship/adb/adbtest/toybox"
)

// Set is the commands of one handset.
type Set struct {
	state    *android.State
	installs installer
	log      logBuffer
}

// New returns the commands of a handset.
func New(state *android.State) *Set { return &Set{state: state} }

// process is a running command.
type process struct {
	*toybox.Process
	*android.State
	installs *installer
	log      *logBuffer
}

// rows are Android's own commands. A name that is neither here nor in toybox answers
// "inaccessible or not found".
var rows = map[string]func(ctx context.Context, p *process) int{
	"am":           runAm,
	"bugreportz":   func(_ context.Context, p *process) int { return runBugreportz(p) },
	"cmd":          runCmd,
	"content":      func(ctx context.Context, p *process) int { return provider.Content(ctx, p.State, p.Process) },
	"dpm":          runDpm,
	"dumpsys":      runDumpsys,
	"getprop":      runGetprop,
	"input":        func(ctx context.Context, p *process) int { return screen.Screen{State: p.State}.Input(ctx, p.Process) },
	"locksettings": runLocksettings,
	"log":          runLog,
	"logcat":       runLogcat,
	"pm":           runPm,
	"reboot": func(_ context.Context, p *process) int {
		p.Reboot(strings.Join(p.Args[1:], ""))
		return 0
	},
	"screencap":    func(_ context.Context, p *process) int { return screen.Screen{State: p.State}.Capture(p.Process) },
	"screenrecord": func(_ context.Context, p *process) int { return screen.Screen{State: p.State}.Record(p.Process) },
	"service":      runService,
	"setprop":      runSetprop,
	"settings":     runSettings,
	"sm":           runSm,
	"uiautomator": func(ctx context.Context, p *process) int {
		return screen.Screen{State: p.State}.UIAutomator(ctx, p.Process)
	},
}

// Names returns the names of the commands, sorted.
func Names() []string { return slices.Sorted(maps.Keys(rows)) }

// Lookup returns the program of a command.
func (s *Set) Lookup(name string) (toybox.Program, bool) {
	run, ok := rows[name]
	if name == "bugreportz" && s.state.SDK() < 24 {
		return nil, false
	}
	return func(ctx context.Context, p *toybox.Process) int {
		return run(ctx, &process{p, s.state, &s.installs, &s.log})
	}, ok
}
