package link

import (
	"context"
	"time"

	"preship/adb"
)

const (
	// trackPace is the pause before a lost server is asked again.
	trackPace = time.Second
	// waitTries is how often a wait for a handset asks a lost server, in a row.
	waitTries = 10
	// WatchTries is the same for one who watches for handsets all day.
	WatchTries = 30
)

// Tracking says what Track does when the server is lost. The zero value asks again
// every second until ctx ends.
type Tracking struct {
	// Tries is how often in a row the server is asked again; 0 is no limit.
	Tries int
	// Patience is how many tries pass before a server is started, where the client
	// may start one: whoever ended a server mostly starts the next.
	Patience int
	// Lost, if not nil, is called after each failure. An error of it ends Track.
	Lost func(error) error
}

// Track calls fn with the whole list of devices now and after each change. It
// outlasts a server that is restarted. It returns an error of fn or of Lost as it
// is, the cause of ctx, or, after the last try, why the server cannot be asked.
func Track(ctx context.Context, c *adb.Client, t Tracking, fn func([]adb.DeviceInfo) error) error {
	for failures := 0; ; {
		var refused error
		err := c.Track(ctx, func(list []adb.DeviceInfo) error {
			failures = 0
			refused = fn(list)
			return refused
		})
		switch {
		case ctx.Err() != nil:
			return context.Cause(ctx)
		case refused != nil:
			return refused
		}
		if failures++; t.Tries > 0 && failures > t.Tries {
			return err
		}
		if t.Lost != nil {
			if err := t.Lost(err); err != nil {
				return err
			}
		}
		if pause(ctx, trackPace) != nil {
			return context.Cause(ctx)
		}
		if failures > t.Patience {
			c.Ensure(ctx) //nolint:errcheck // the next Track returns the reason
		}
	}
}
