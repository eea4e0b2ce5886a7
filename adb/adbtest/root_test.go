package adbtest

import (
	"context"
	"testing"
	"time"

	"preship/adb/adbtest/bus"
)

// TestRoot: a userdebug build's adbd becomes root and the shell again, a user
// build's does not.
func TestRoot(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct{ profile, service, answer, uid string }{
		{"redmi-note-10", "root:", "adbd cannot run as root in production builds\n", "2000\n"},
		{"redmi-note-10", "unroot:", "adbd not running as root\n", "2000\n"},
		{"android-emulator", "root:", "restarting adbd as root\n", "0\n"},
		{"android-emulator", "unroot:", "adbd not running as root\n", "2000\n"},
	} {
		h := shipped(t, tt.profile)
		p := peerOf(newServer(t, h), h)
		_, stay := h.bus.Presence()
		if got, err := p.Service(t.Context(), tt.service); err != nil || string(got) != tt.answer {
			t.Errorf("%s %s: %q, %v; want %q", tt.profile, tt.service, got, err, tt.answer)
		}
		if tt.uid == "0\n" {
			awaitStayAfter(t, h, stay)
		}
		if got := sh(t, h, "id -u"); got.stdout != tt.uid {
			t.Errorf("%s %s: then uid %+v", tt.profile, tt.service, got)
		}
	}
}

func TestRootAgainAndNoMore(t *testing.T) {
	t.Parallel()
	h := shipped(t, "android-emulator")
	h.adbd.BecomeRoot(true)
	if got := sh(t, h, "id; getprop service.adb.root; ls /data >/dev/null; echo $?"); got.stdout != "uid=0(root) gid=0(root) groups=0(root) context=u:r:su:s0\n1\n0\n" {
		t.Errorf("root is %+v", got)
	}
	p := peerOf(newServer(t, h), h)
	if got, err := p.Service(t.Context(), "root:"); err != nil || string(got) != "adbd is already running as root\n" {
		t.Errorf("root: again: %q, %v", got, err)
	}
	_, stay := h.bus.Presence()
	h.state.Reboot("")
	awaitStayAfter(t, h, stay)
	if got := sh(t, h, "id -u").stdout; got != "2000\n" {
		t.Errorf("after a restart uid %q", got)
	}
}

// awaitStayAfter waits until a handset has left a stay on the bus.
func awaitStayAfter(t *testing.T, h *Handset, before int64) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 10*time.Second)
	defer cancel()
	for {
		_, stay, changed := h.bus.Watch()
		if stay != before {
			return
		}
		select {
		case <-changed:
		case <-ctx.Done():
			t.Fatal("it did not restart")
		}
	}
}

// TestSideloadOfPlainAndroid: there is no vendor's assistant to wipe with.
func TestSideloadOfPlainAndroid(t *testing.T) {
	t.Parallel()
	h := shipped(t, "android-emulator")
	h.bus.Set(bus.Sideload)
	for _, service := range []string{"format-data:", "getsn:", "shell:id", "sync:"} {
		if _, ok := h.adbd.Open(service); ok {
			t.Errorf("%s was not refused", service)
		}
	}
	if _, ok := h.adbd.Open("reboot:"); !ok {
		t.Errorf("reboot: was refused")
	}
}

// TestDeviceFiles: what Android's own tests read of them.
func TestDeviceFiles(t *testing.T) {
	t.Parallel()
	h := newHandset(t)
	for line, want := range map[string]string{
		"dd if=/dev/zero bs=9 count=2 2>/dev/null | wc -c":                                             "18\n",
		"dd if=/dev/urandom of=/data/local/tmp/r bs=300 count=1 2>/dev/null; wc -c </data/local/tmp/r": "300\n",
		"cat /proc/uptime | wc -w": "2\n",
		"touch '/data/local/tmp/x 1' /data/local/tmp/x /data/local/tmp/y; ls /data/local/tmp/x*; echo /data/*; echo /data/local/t*p/y": "/data/local/tmp/x\n/data/local/tmp/x 1\n/data/*\n/data/local/t*p/y\n",
		"getprop init.svc.adbd": "running\n",
	} {
		if got := sh(t, h, line); got.stdout != want {
			t.Errorf("%s: %+v, want %q", line, got, want)
		}
	}
	if i, err := h.state.Tree.Stat("/dev/zero"); err != nil || i.Size != 0 {
		t.Errorf("/dev/zero: %+v, %v", i, err)
	}
}
