package link

import (
	"context"
	"fmt"
	"slices"
	"sync"
	"time"

	"preship/adb"
)

// settleTime is how long a state that may be a stage on the way to another must last
// to count as the answer.
const settleTime = 2 * time.Second

// rebootMark remembers which connection of the handset was asked to reboot.
type rebootMark struct {
	mu sync.Mutex
	id int64
}

func (m *rebootMark) set(id int64) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.id = id
}

// take returns the connection that was marked, once; 0 if there is no mark.
func (m *rebootMark) take() int64 {
	m.mu.Lock()
	defer m.mu.Unlock()
	id := m.id
	m.id = 0
	return id
}

// Serial returns the handset's serial as the server lists it.
func (l *Link) Serial() string { return l.dev.Serial() }

// State asks the server for the handset's state; StateAbsent if it is not listed.
func (l *Link) State(ctx context.Context) (adb.State, error) { return l.dev.State(ctx) }

// Service sends one service and returns its answer, see [adb.Device.Service].
func (l *Link) Service(ctx context.Context, service string, limit int64) ([]byte, error) {
	return l.dev.Service(ctx, service, limit)
}

// Reboot asks the handset to restart, see [adb.Device.Reboot]. A Return through the
// same link recognises a handset that was back before it looked.
func (l *Link) Reboot(ctx context.Context, target string) error {
	if info, err := l.dev.Info(ctx); err == nil {
		l.mark.set(info.TransportID)
	}
	return l.dev.Reboot(ctx, target)
}

// WaitFor waits until the handset is in one of the states, or without any, until
// it is listed and its connection is up. A HOST:PORT serial is reconnected
// meanwhile. With an error it returns the last state seen.
func (l *Link) WaitFor(ctx context.Context, states ...adb.State) (adb.DeviceInfo, error) {
	return l.follow(ctx, func(s sighting) verdict {
		if len(states) == 0 && !s.info.State.Away() || slices.Contains(states, s.info.State) {
			return accept
		}
		return wait
	})
}

// Return waits until the handset leaves the bus and is back in whatever state:
// after a reset "unauthorized", "recovery" or "sideload" are returns as good as
// "device". Call it before, or right after, whatever makes the handset leave; a
// reboot asked for through this link is not missed even when it is over by then. The
// handset may come back under another transport id; a HOST:PORT serial is
// reconnected. seen, if not nil, is called with the state it starts from and with
// every later one. With an error Return returns the last state seen.
func (l *Link) Return(ctx context.Context, seen func(adb.DeviceInfo)) (adb.DeviceInfo, error) {
	left, from := false, l.mark.take()
	defer l.mark.take() // a reboot asked for meanwhile was this one
	return l.follow(ctx, func(s sighting) verdict {
		if seen != nil {
			seen(s.info)
		}
		switch s.info.State {
		case adb.StateAbsent, adb.StateOffline, adb.StateDetached:
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
		case !left || s.info.State.Away():
			return wait
		case s.info.State.Settled():
			return accept
		}
		return settle
	})
}

// sighting is the handset as the server listed it at one moment.
type sighting struct {
	info      adb.DeviceInfo
	newServer bool // first sighting after the server was lost
}

type verdict int

const (
	wait   verdict = iota
	settle         // accept unless something changes within settleTime
	accept
)

// follow shows every change of the handset to judge until that accepts one.
func (l *Link) follow(ctx context.Context, judge func(sighting) verdict) (adb.DeviceInfo, error) {
	outer := ctx
	ctx, cancel := context.WithCancel(ctx)
	var helpers sync.WaitGroup
	defer helpers.Wait()
	defer cancel()

	sightings := make(chan sighting)
	lost := make(chan error, 1)
	helpers.Go(func() { lost <- l.watch(ctx, sightings) })
	reconnector := newReconnector(l.dev)
	helpers.Go(func() { reconnector.run(ctx) })

	last := adb.DeviceInfo{Serial: l.Serial()}
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
			return last, fmt.Errorf("%s: waiting, last seen %q: %w", l.Serial(), last.State, err)
		}
	}
}

// watch sends a sighting for every change of the server's list.
func (l *Link) watch(ctx context.Context, out chan<- sighting) error {
	newServer := false
	return Track(ctx, l.dev.Client(), Tracking{
		Tries: waitTries,
		Lost:  func(error) error { newServer = true; return nil },
	}, func(list []adb.DeviceInfo) error {
		s := sighting{info: adb.Find(list, l.Serial()), newServer: newServer}
		newServer = false
		select {
		case out <- s:
			return nil
		case <-ctx.Done():
			return context.Cause(ctx)
		}
	})
}
