package shell

import (
	"strconv"
	"strings"

	"preship/adb/adbtest/vfs"

	"mvdan.cc/sh/v3/expand"
)

// ownNames are the variables that stand for those in which the interpreter would show
// itself, and processes of the computer it runs on.
var ownNames = map[string]string{"$": "_preship_pid", "PPID": "_preship_ppid", "0": "_preship_name"}

// shellEnv is what a shell of the handset finds in its environment.
type shellEnv struct {
	expand.Environ
	sh *shell
}

func (sh *shell) environ() shellEnv {
	user := vfs.IDName(sh.sys.Tree().Credential().UID)
	id := strconv.Itoa(int(sh.sys.Tree().Credential().UID))
	env := []string{
		"ANDROID_ROOT=/system", "ANDROID_DATA=/data", "ANDROID_STORAGE=/storage", "EXTERNAL_STORAGE=/sdcard",
		"HOME=/", "HOSTNAME=" + sh.sys.Hostname(), "LOGNAME=" + user, "PATH=/product/bin:/system/bin:/system/xbin:/vendor/bin",
		"SHELL=/bin/sh", "TMPDIR=/data/local/tmp", "USER=" + user, "UID=" + id, "EUID=" + id, "GID=" + id,
	}
	if sh.term != nil && sh.term.kind != "" {
		env = append(env, "TERM="+sh.term.kind)
	}
	return shellEnv{expand.ListEnviron(append(env, sh.script.Env...)...), sh}
}

// Get answers also what changes while the shell runs. It keeps ~name away from
// the computer's own list of users.
func (e shellEnv) Get(name string) expand.Variable {
	switch name {
	case ownNames["$"]:
		return decimal(e.sh.job.PID)
	case ownNames["PPID"]:
		return decimal(e.sh.job.Parent)
	case ownNames["0"]:
		return expand.Variable{Set: true, Kind: expand.String, Str: e.sh.script.Name}
	}
	if name == "TMPDIR" && !e.sh.began {
		// The interpreter opens pipes of its own in this folder of the computer: one
		// that no path names.
		return expand.Variable{Set: true, Kind: expand.String, Str: "/\x00"}
	}
	if strings.HasPrefix(name, "HOME ") {
		return e.Environ.Get("HOME")
	}
	return e.Environ.Get(name)
}

// Each names the own names too: a subshell takes over what Each names.
func (e shellEnv) Each(fn func(name string, v expand.Variable) bool) {
	for _, name := range ownNames {
		if !fn(name, e.Get(name)) {
			return
		}
	}
	e.Environ.Each(fn)
}

// decimal returns a number as a variable.
func decimal(n int) expand.Variable {
	return expand.Variable{Set: true, Kind: expand.String, Str: strconv.Itoa(n)}
}
