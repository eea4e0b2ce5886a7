package adbd

import (
	"context"
	"io"

	"preship/adb/adbtest/stream"
	"preship/adb/adbtest/vfs"
)

// debuggable reports whether this is a userdebug or eng build, on which adbd may
// become root.
func (d *Services) debuggable() bool { return d.Prop("ro.debuggable") == "1" }

// isRoot reports whether adbd runs as root now.
func (d *Services) isRoot() bool { return d.Tree.Credential().UID == 0 }

// BecomeRoot makes adbd and all that it starts root, or the shell again.
func (d *Services) BecomeRoot(root bool) {
	who, prop := vfs.ShellCredential(d.SDK()), ""
	if root {
		who, prop = vfs.Credential{}, "1"
	}
	d.Tree.Become(who)
	d.SetProp("service.adb.root", prop)
}

func serveRoot(_ context.Context, d *Services, _ string, s stream.Stream) func() {
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
		d.BecomeRoot(true)
		d.Reconnect()
	}
}

func serveUnroot(_ context.Context, d *Services, _ string, s stream.Stream) func() {
	if !d.isRoot() {
		_, _ = io.WriteString(s, "adbd not running as root\n")
		return nil
	}
	_, _ = io.WriteString(s, "restarting adbd as non root\n")
	return func() {
		d.BecomeRoot(false)
		d.Reconnect()
	}
}
