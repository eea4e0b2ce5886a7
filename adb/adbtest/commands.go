package adbtest

import (
	"context"
	"maps"
	"slices"

	"preship/adb/adbtest/toybox"
)

// process is a running command of Android's own.
type process struct {
	*toybox.Process
	h *Handset
}

// androidCommands are Android's own. A name that is neither here nor in toybox
// answers "inaccessible or not found".
var androidCommands map[string]func(ctx context.Context, p *process) int

func init() { // not in its declaration: the commands look others up
	androidCommands = map[string]func(ctx context.Context, p *process) int{
		"am":           runAm,
		"cmd":          runCmd,
		"content":      runContent,
		"dpm":          runDpm,
		"dumpsys":      runDumpsys,
		"getprop":      runGetprop,
		"input":        runInput,
		"locksettings": runLocksettings,
		"pm":           runPm,
		"reboot":       runReboot,
		"service":      runService,
		"setprop":      runSetprop,
		"settings":     runSettings,
		"sm":           runSm,
		"uiautomator":  runUIAutomator,
	}
}

// programs returns the names in /system/bin at an API level.
func programs(sdk int) []string {
	names := append(slices.Collect(maps.Keys(androidCommands)), "sh")
	for name, row := range toybox.Applets {
		if row.Since <= sdk {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	return names
}
