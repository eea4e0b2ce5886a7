package adbtest

import (
	"context"
	"io"

	"preship/adb/adbtest/stream"
	"preship/adb/adbtest/vfs"
)

// debuggable says whether this is a userdebug or eng build, on which adbd may
// become root.
func (h *Handset) debuggable() bool { return h.prop("ro.debuggable") == "1" }

// isRoot says whether adbd runs as root now.
func (h *Handset) isRoot() bool { return h.tree.Credential().UID == 0 }

// becomeRoot makes adbd and all it starts root, or the shell again. A restart of
// the handset does the latter.
func (h *Handset) becomeRoot(root bool) {
	who, prop := vfs.ShellCredential(h.sdk()), ""
	if root {
		who, prop = vfs.Credential{}, "1"
	}
	h.tree.Become(who)
	h.setProp("service.adb.root", prop)
}

func serveRoot(_ context.Context, h *Handset, _ string, s stream.Stream) func() {
	switch {
	case h.isRoot():
		_, _ = io.WriteString(s, "adbd is already running as root\n")
		return nil
	case !h.debuggable():
		_, _ = io.WriteString(s, "adbd cannot run as root in production builds\n")
		return nil
	}
	_, _ = io.WriteString(s, "restarting adbd as root\n")
	return func() {
		h.becomeRoot(true)
		h.reconnect()
	}
}

func serveUnroot(_ context.Context, h *Handset, _ string, s stream.Stream) func() {
	if !h.isRoot() {
		_, _ = io.WriteString(s, "adbd not running as root\n")
		return nil
	}
	_, _ = io.WriteString(s, "restarting adbd as non root\n")
	return func() {
		h.becomeRoot(false)
		h.reconnect()
	}
}
