package link

import (
	"context"
	"sync/atomic"
	"time"

	"preship/adb"
)

const (
	// reconnectPause is the pause between two attempts to connect.
	reconnectPause = time.Second
	// reconnectTimeout is longer than the 10 s a server itself tries.
	reconnectTimeout = 15 * time.Second
	// offlineAttempts is how many attempts see a device offline before the
	// server is asked to drop it: until then it answers "already connected".
	offlineAttempts = 3
)

// reconnector asks the server to connect to a device on the network again while
// it is away: a server does so only on USB.
type reconnector struct {
	device *adb.Device
	state  atomic.Value // adb.State
}

func newReconnector(d *adb.Device) *reconnector {
	r := &reconnector{device: d}
	r.see(adb.StateDevice) // until the first list says otherwise
	return r
}

func (r *reconnector) see(s adb.State) { r.state.Store(s) }

// run ends with ctx, at once for a device that is not on the network.
func (r *reconnector) run(ctx context.Context) {
	if addr, err := adb.DeviceAddr(r.device.Serial()); err != nil || addr != r.device.Serial() {
		return
	}
	offline := 0
	for pause(ctx, reconnectPause) == nil {
		switch r.state.Load() {
		case adb.StateAbsent:
			offline = 0
			r.attempt(ctx, r.device.Client().Connect)
		case adb.StateOffline:
			if offline++; offline >= offlineAttempts {
				offline = 0
				r.attempt(ctx, r.device.Client().Disconnect)
			}
		default:
			offline = 0
		}
	}
}

// attempt ignores the error: what counts is what the server lists next.
func (r *reconnector) attempt(ctx context.Context, do func(context.Context, string) error) {
	ctx, cancel := context.WithTimeout(ctx, reconnectTimeout)
	defer cancel()
	do(ctx, r.device.Serial()) //nolint:errcheck // see above
}
