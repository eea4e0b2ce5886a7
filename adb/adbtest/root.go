package adbtest

import (
	"context"
	"io"

	"preship/adb/adbtest/stream"
	"preship/adb/adbtest/vfs"
)

// debuggable says whether this is a userdebug or eng build, on which adbd may
// become root.
func (d *services) debuggable() bool { return d.Prop("ro.debuggable") == "1" }

// isRoot says whether adbd runs as root now.
func (d *services) isRoot() bool { return d.Tree().Credential().UID == 0 }

// becomeRoot makes adbd and all it starts root, or the shell again. A restart of
// the handset does the latter.
func (d *services) becomeRoot(root bool) {
	who, prop := vfs.ShellCredential(d.SDK()), ""
	if root {
		who, prop = vfs.Credential{}, "1"
	}
	d.Tree().Become(who)
	d.SetProp("service.adb.root", prop)
}

func serveRoot(_ context.Context, d *services, _ string, s stream.Stream) func() {
	switch {
	case d.isRoot():
		_, _ = io.WriteString(s, "adbd is already running as root\n")
		return nil
	case !d.debuggable():
		_, _ = io.WriteString(s, "adbd cannot run as root in production builds\n")
		return nil
	}
	_, _ = io.WriteString(s, "restarting adbd as root\n")
	return func() {
		d.becomeRoot(true)
		d.reconnect()
	}
}

func serveUnroot(_ context.Context, d *services, _ string, s stream.Stream) func() {
	if !d.isRoot() {
		_, _ = io.WriteString(s, "adbd not running as root\n")
		return nil
	}
	_, _ = io.WriteString(s, "restarting adbd as non root\n")
	return func() {
		d.becomeRoot(false)
		d.reconnect()
	}
}
