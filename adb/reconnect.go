package adb

import (
	"context"
	"sync/atomic"
	"time"
)

const (
	// reconnectPause lies between two attempts to connect.
	reconnectPause = time.Second
	// reconnectTimeout is longer than the 10 s a server itself tries.
	reconnectTimeout = 15 * time.Second
	// offlineAttempts is how many attempts see a device offline before the
	// server is told to drop it: until then it answers "already connected".
	offlineAttempts = 3
)

// reconnector asks the server to connect to a device on the network again while
// it is away: unlike USB, nobody else does.
type reconnector struct {
	device *Device
	state  atomic.Value // State
}

func newReconnector(d *Device) *reconnector {
	r := &reconnector{device: d}
	r.see(StateDevice) // until the first list says otherwise
	return r
}

func (r *reconnector) see(s State) { r.state.Store(s) }

// run ends with ctx, at once for a device that is not on the network.
func (r *reconnector) run(ctx context.Context) {
	if addr, err := DeviceAddr(r.device.serial); err != nil || addr != r.device.serial {
		return
	}
	offline := 0
	for sleep(ctx, reconnectPause) == nil {
		switch r.state.Load() {
		case StateAbsent:
			offline = 0
			r.attempt(ctx, r.device.client.Connect)
		case StateOffline:
			if offline++; offline >= offlineAttempts {
				offline = 0
				r.attempt(ctx, r.device.client.Disconnect)
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
	do(ctx, r.device.serial) //nolint:errcheck // see above
}
