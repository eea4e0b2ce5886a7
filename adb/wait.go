package adb

import (
	"context"
	"fmt"
	"slices"
	"sync"
	"time"
)

const (
	// settleTime is how long a state that may be a stage on the way to another
	// must last to be taken for the answer.
	settleTime = 2 * time.Second
	// trackRetry is the pause before a lost server is asked again, and
	// maxTrackFailures how often that may go wrong in a row.
	trackRetry       = time.Second
	maxTrackFailures = 10
)

// rebootMark remembers which connection of the device was asked to reboot.
type rebootMark struct {
	mu sync.Mutex
	id int64
}

// note records the connection that is about to be asked to reboot, so that
// Return recognises a device that was back before it looked.
func (d *Device) note(ctx context.Context) {
	info, err := d.client.info(ctx, d.serial)
	if err != nil {
		return
	}
	d.mark.mu.Lock()
	defer d.mark.mu.Unlock()
	d.mark.id = info.TransportID
}

// takeMark gives the noted connection, once; 0 when there is none.
func (d *Device) takeMark() int64 {
	d.mark.mu.Lock()
	defer d.mark.mu.Unlock()
	id := d.mark.id
	d.mark.id = 0
	return id
}

// WaitFor waits until the device is in one of the states, or without any, until
// it is listed and its connection is up. A HOST:PORT serial is reconnected
// meanwhile. With an error it returns what was seen last.
func (d *Device) WaitFor(ctx context.Context, states ...State) (DeviceInfo, error) {
	return d.follow(ctx, func(s sighting) verdict {
		if len(states) == 0 && !s.info.State.away() || slices.Contains(states, s.info.State) {
			return accept
		}
		return wait
	})
}

// Return waits until the device leaves the bus and is back in whatever state:
// after a reset "unauthorized", "recovery" or "sideload" are returns as good as
// "device". Call it before, or right after, whatever makes it leave; a reboot
// asked for through this Device is not missed even when it is over by then. The
// device may come back under another transport id; a HOST:PORT serial is
// reconnected. seen, which may be nil, is told of every change on the way. With
// an error Return gives what was seen last.
func (d *Device) Return(ctx context.Context, seen func(DeviceInfo)) (DeviceInfo, error) {
	left, from := false, d.takeMark()
	defer d.takeMark() // a reboot asked for meanwhile was this one
	return d.follow(ctx, func(s sighting) verdict {
		if seen != nil {
			seen(s.info)
		}
		switch s.info.State {
		case StateAbsent, StateOffline, StateDetached:
			left = true
			return wait
		}
		// A server that was restarted counts its transports anew.
		if from == 0 || s.newServer {
			from = s.info.TransportID
		}
		if s.info.TransportID != from {
			left = true
		}
		switch {
		case !left || s.info.State.away():
			return wait
		case s.info.State.settled():
			return accept
		}
		return settle
	})
}

// sighting is the device as the server listed it at one moment.
type sighting struct {
	info      DeviceInfo
	newServer bool // first sighting after the server was lost
}

type verdict int

const (
	wait   verdict = iota
	settle         // accept unless something changes within settleTime
	accept
)

// follow shows every change of the device to judge until it accepts one.
func (d *Device) follow(ctx context.Context, judge func(sighting) verdict) (DeviceInfo, error) {
	outer := ctx
	ctx, cancel := context.WithCancel(ctx)
	var helpers sync.WaitGroup
	defer helpers.Wait()
	defer cancel()

	sightings := make(chan sighting)
	lost := make(chan error, 1)
	helpers.Go(func() { lost <- d.watch(ctx, sightings) })
	reconnector := newReconnector(d)
	helpers.Go(func() { reconnector.run(ctx) })

	last := DeviceInfo{Serial: d.serial}
	settled := time.NewTimer(settleTime)
	settled.Stop()
	defer settled.Stop()
	for first := true; ; first = false {
		select {
		case s := <-sightings:
			if !first && s.info == last && !s.newServer {
				continue // another device changed
			}
			last = s.info
			reconnector.see(last.State)
			settled.Stop()
			switch judge(s) {
			case accept:
				return last, nil
			case settle:
				settled.Reset(settleTime)
			}
		case <-settled.C:
			return last, nil
		case err := <-lost:
			if outer.Err() != nil {
				err = context.Cause(outer)
			}
			return last, fmt.Errorf("%s: waiting, last seen %q: %w", d.serial, last.State, err)
		}
	}
}

// watch sends a sighting for every change of the server's list. It outlasts a
// server that is restarted, and ends with ctx or when there is no server for
// maxTrackFailures attempts.
func (d *Device) watch(ctx context.Context, out chan<- sighting) error {
	failures := 0
	for {
		first := true
		err := d.client.Track(ctx, func(list []DeviceInfo) error {
			s := sighting{info: find(list, d.serial), newServer: first && failures > 0}
			first, failures = false, 0
			select {
			case out <- s:
				return nil
			case <-ctx.Done():
				return context.Cause(ctx)
			}
		})
		if ctx.Err() != nil {
			return context.Cause(ctx)
		}
		if failures++; failures > maxTrackFailures {
			return err
		}
		if err := sleep(ctx, trackRetry); err != nil {
			return err
		}
		if d.client.options.Start {
			d.client.Ensure(ctx) //nolint:errcheck // Track says what is wrong
		}
	}
}

func sleep(ctx context.Context, d time.Duration) error {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-t.C:
		return nil
	case <-ctx.Done():
		return context.Cause(ctx)
	}
}
