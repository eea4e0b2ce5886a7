package toybox

import (
	"context"
	"maps"
	"slices"

	"preship/adb/adbtest/vfs"
)

// applet is one program of toybox.
type applet struct {
	run     Program
	options string // as [Process.Options] reads them, or ownOptions
	least   int    // arguments besides the options
	misuse  int    // exit status of a misuse, if it is not 1
	since   int    // first API level
}

// Exit statuses of a misuse: of grep and sort, where 1 has a meaning, and of timeout.
const (
	exitTrouble = 2
	exitTimeout = 125
)

// ownOptions are those of a program that reads its arguments itself.
const ownOptions = "*"

// applets is every program of toybox that is here.
var applets = map[string]applet{
	"cat":       {run: runCat, options: "u"},
	"chmod":     {run: runChmod, options: ownOptions},
	"dd":        {run: runDD, options: ownOptions},
	"df":        {run: runDF, options: "k"},
	"echo":      {run: runEcho, options: ownOptions},
	"false":     {run: runFalse, options: ownOptions},
	"find":      {run: runFind, options: ownOptions},
	"grep":      {run: runGrep, options: "EFcinqv", misuse: exitTrouble},
	"head":      {run: runHead, options: ownOptions},
	"id":        {run: runID, options: "nu"},
	"ln":        {run: runLn, options: "sf", least: 1},
	"ls":        {run: runLs},
	"md5sum":    {run: runHash},
	"mkdir":     {run: runMkdir, options: "p", least: 1},
	"mktemp":    {run: runMktemp, options: "dp:"},
	"mv":        {run: runMv, options: "f", least: 1},
	"nc":        {run: runNC, options: "lp:q:w:W:"},
	"ps":        {run: runPs},
	"readlink":  {run: runReadlink, options: "f", least: 1},
	"rm":        {run: runRm, options: "frR"},
	"rmdir":     {run: runRmdir, least: 1},
	"sha256sum": {run: runHash, since: 26},
	"sleep":     {run: runSleep, least: 1},
	"sort":      {run: runSort, misuse: exitTrouble},
	"tar":       {run: runTar, options: "cC:"},
	"timeout":   {run: runTimeout, options: "+", least: 2, misuse: exitTimeout},
	"touch":     {run: runTouch, least: 1},
	"true":      {run: runTrue, options: ownOptions},
	"uname":     {run: runUname},
	"uptime":    {run: runUptime, options: ownOptions},
	"wc":        {run: runWc, options: "lwc"},
	"which":     {run: runWhich, least: 1},
	"xargs":     {run: runXargs, options: "+0"},
	"yes":       {run: runYes, options: ownOptions},
}

// Names returns the names of the programs that are there at an API level, sorted.
func Names(sdk int) []string {
	return slices.DeleteFunc(slices.Sorted(maps.Keys(applets)), func(name string) bool { return applets[name].since > sdk })
}

// Lookup returns a program that is there at an API level.
func Lookup(name string, sdk int) (Program, bool) {
	row, ok := applets[name]
	return row.start, ok && row.since <= sdk
}

// start runs the program with its arguments parsed, or complains of them.
func (a applet) start(ctx context.Context, p *Process) int {
	p.opts, p.names = nil, nil // a program that runs another has its own
	if a.options != ownOptions {
		var ok bool
		if p.opts, p.names, ok = p.Options(a.options); !ok || !p.needs(a.least) {
			return max(1, a.misuse)
		}
	}
	return a.run(ctx, p)
}

// each calls fn with every argument and prints its errors in this form: a name and why.
func (p *Process) each(form string, fn func(name string) error) (code int) {
	for _, name := range p.names {
		if err := fn(name); err != nil {
			code = p.Fail(form, name, vfs.ErrnoOf(err))
		}
	}
	return code
}
