package adb_test

import (
	"context"
	"os/exec"
	"slices"
	"strings"
	"testing"
	"time"

	"preship/adb"
	"preship/adb/adbtest"
	"preship/adb/link"
	"preship/testdata/program"
)

// TestRealServerToDaemon has the real adb server between our client and an
// emulated handset on the network.
func TestRealServerToDaemon(t *testing.T) {
	port := freePort(t)
	c := startServer(t, "127.0.0.1:"+port, "tcp:"+port)
	p, err := adbtest.Load("redmi-note-10")
	if err != nil {
		t.Fatal(err)
	}
	h := adbtest.New(p, adbtest.WithOwner(adbtest.OwnerHelpful()))
	defer h.Close()
	daemon, err := adbtest.NewDaemon(h, "")
	if err != nil {
		t.Fatal(err)
	}
	defer daemon.Close()
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	dev := c.Device(daemon.Addr())
	l := link.New(dev, link.Options{})
	// Without Connect: WaitFor reconnects a handset on the network.
	if info, err := l.WaitFor(ctx, adb.StateDevice); err != nil {
		t.Fatalf("handset is %+v: %v", info, err)
	}
	t.Run("handset", func(t *testing.T) { checkHandset(t, dev) })
	t.Run("forwards", func(t *testing.T) { checkForwards(t, c, "tcp:"+port, daemon.Addr()) })
	if err := l.Reboot(ctx, ""); err != nil {
		t.Fatal(err)
	}
	var states []adb.State
	info, err := l.Return(ctx, func(d adb.DeviceInfo) { states = append(states, d.State) })
	if err != nil || info.State != adb.StateDevice {
		t.Errorf("after its reboot it is %+v, %v; it was %q", info, err, states)
	}
	if err := c.Disconnect(ctx, daemon.Addr()); err != nil {
		t.Error(err)
	}
	if state, err := dev.State(ctx); state != adb.StateAbsent || err != nil {
		t.Errorf("disconnected it is %q, %v", state, err)
	}
}

// checkForwards has the real adb open a way into the handset, for us to see.
func checkForwards(t *testing.T, c *adb.Client, spec, serial string) {
	if list, err := c.Forwards(t.Context()); len(list) != 0 || err != nil {
		t.Errorf("Forwards = %v, %v, want none yet", list, err)
	}
	out, err := exec.CommandContext(t.Context(), program.Path(t, "adb"), "-L", spec, "-s", serial, "forward", "tcp:0", "localabstract:scrcpy").Output()
	if err != nil {
		t.Fatal(err)
	}
	want := []adb.Forward{{Serial: serial, Local: "tcp:" + strings.TrimSpace(string(out)), Remote: "localabstract:scrcpy"}}
	if list, err := c.Forwards(t.Context()); !slices.Equal(list, want) || err != nil {
		t.Errorf("Forwards = %v, %v, want %v", list, err, want)
	}
}
