package adbtest

import "slices"

// installed is every command of an emulated handset. A name that is not here
// answers "inaccessible or not found".
var installed = map[string]command{
	// Android's own
	"am":           {run: runAm},
	"cmd":          {run: runCmd},
	"content":      {run: runContent},
	"dpm":          {run: runDpm},
	"dumpsys":      {run: runDumpsys},
	"getprop":      {run: runGetprop},
	"input":        {run: runInput},
	"locksettings": {run: runLocksettings},
	"pm":           {run: runPm},
	"reboot":       {run: runReboot},
	"service":      {run: runService},
	"setprop":      {run: runSetprop},
	"settings":     {run: runSettings},
	"sh":           {run: runSh},
	"sm":           {run: runSm},
	"uiautomator":  {run: runUIAutomator},

	// the shell's own
	"cd":      {run: runCD, builtin: true},
	"command": {run: runCommandBuiltin, builtin: true},
	"echo":    {run: runEcho, builtin: true},
	"trap":    {run: runTrap, builtin: true},

	// of toybox
	"cat":       {run: runCat},
	"chmod":     {run: runChmod},
	"date":      {run: runDate},
	"dd":        {run: runDD},
	"df":        {run: runDF},
	"false":     {run: runFalse},
	"find":      {run: runFind},
	"grep":      {run: runGrep},
	"head":      {run: runHead},
	"id":        {run: runID},
	"ln":        {run: runLn},
	"ls":        {run: runLs},
	"md5sum":    {run: runHash},
	"mkdir":     {run: runMkdir},
	"mv":        {run: runMv},
	"ps":        {run: runPs},
	"readlink":  {run: runReadlink},
	"rm":        {run: runRm},
	"sha1sum":   {run: runHash},
	"sha256sum": {run: runHash, since: 26},
	"sleep":     {run: runSleep},
	"sort":      {run: runSort},
	"stat":      {run: runStat},
	"sync":      {run: runTrue},
	"tar":       {run: runTar},
	"touch":     {run: runTouch},
	"true":      {run: runTrue},
	"uname":     {run: runUname},
	"wc":        {run: runWc},
	"which":     {run: runWhich},
	"xargs":     {run: runXargs},
	"yes":       {run: runYes},
}

// programs returns the names in /system/bin at an API level.
func programs(sdk int) []string {
	var names []string
	for name, c := range installed {
		if c.since <= sdk && !c.builtin {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	return names
}
