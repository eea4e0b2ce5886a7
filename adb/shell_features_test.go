package adb_test

import (
	"context"
	"net"
	"slices"
	"sync/atomic"
	"testing"

	"preship/adb"
	"preship/adb/adbtest"
)

// TestShellAsksForFeaturesOnce counts connections: a command needs one, and the first one
// a question for the features. A device that comes back without shell_v2 is asked again.
func TestShellAsksForFeaturesOnce(t *testing.T) {
	t.Parallel()
	today, err := adbtest.Load("redmi-k60")
	if err != nil {
		t.Fatal(err)
	}
	older := *today
	older.Features = slices.DeleteFunc(slices.Clone(today.Features), func(f string) bool { return f == adb.FeatureShellV2 })
	var servers []string
	for _, p := range []*adbtest.Profile{today, &older} {
		_, _, addr := servedAt(t, p, adbtest.WithOwner(adbtest.OwnerHelpful()))
		servers = append(servers, addr)
	}
	var at, dials atomic.Int32
	client, err := adb.New(adb.Options{Dial: func(ctx context.Context) (net.Conn, error) {
		dials.Add(1)
		return new(net.Dialer).DialContext(ctx, "tcp", servers[at.Load()])
	}})
	if err != nil {
		t.Fatal(err)
	}
	dev := client.Device(today.Serial)
	for i, tt := range []struct {
		server, dials int32
		exit          int
	}{{0, 2, 3}, {0, 1, 3}, {0, 1, 3}, {1, 4, -1}, {1, 2, -1}, {0, 2, 3}, {0, 1, 3}} {
		at.Store(tt.server)
		ready(t, dev)
		dials.Store(0)
		res, err := dev.Shell(t.Context(), "echo here; exit 3", nil)
		if err != nil || string(res.Stdout) != "here\n" || res.Exit != tt.exit {
			t.Errorf("command %d: %q, exit %d, %v; want exit %d", i, res.Stdout, res.Exit, err, tt.exit)
		}
		if n := dials.Load(); n != tt.dials {
			t.Errorf("command %d took %d connections, want %d", i, n, tt.dials)
		}
	}
}
