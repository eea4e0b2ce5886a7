package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"time"

	"preship/adb"
	"preship/adb/link"
	"preship/cmd/preship/internal/advice"
	"preship/cmd/preship/internal/console"
)

// serverPatience is how many tries to reach a lost adb server pass before preship
// starts one.
const serverPatience = 5

// deviceEvent is one line of `preship devices --watch --json`.
type deviceEvent struct {
	At    time.Time `json:"at"`
	Event string    `json:"event"` // appeared, changed, gone, server-lost, server-back
	deviceRow
	Was string `json:"was,omitempty"` // the state before
}

// runDevicesWatch shows changes until the context ends, which is no error.
func runDevicesWatch(ctx context.Context, e *env, g *globals, client *adb.Client) error {
	w := &deviceWatch{env: e, show: e.deviceLine}
	switch {
	case g.json:
		w.show = e.deviceJSON
	case e.RedrawsOut():
		w.screen = &console.Redraw{Out: e.Out, Width: e.Width}
	}
	err := link.Track(ctx, client, link.Tracking{Patience: serverPatience, Lost: func(err error) error {
		if !errors.Is(err, adb.ErrClosed) && !errors.Is(err, adb.ErrNoServer) && !errors.Is(err, adb.ErrTimeout) {
			return err
		}
		return w.lostServer(client.Addr())
	}}, w.update)
	var unseen *unseenError
	switch {
	case ctx.Err() != nil:
		return nil
	case errors.As(err, &unseen):
		return unseen.err
	}
	return err
}

// unseenError is one of showing, so that it is not taken for the server's.
type unseenError struct{ err error }

func (e *unseenError) Error() string { return e.err.Error() }

// deviceWatch turns lists of devices into changes.
type deviceWatch struct {
	env    *env
	show   func(deviceEvent) error
	screen *console.Redraw // nil: each change is shown by itself
	list   []adb.DeviceInfo
	lost   bool // the server is away
	begun  bool
}

// update takes the list as it is now.
func (w *deviceWatch) update(list []adb.DeviceInfo) error {
	changes := deviceChanges(w.list, list)
	if w.lost {
		changes = append([]deviceEvent{{Event: "server-back"}}, changes...)
	}
	empty := !w.begun && len(list) == 0
	w.list, w.lost, w.begun = list, false, true
	if empty && w.screen == nil {
		w.env.Say("no handset yet: %s", advice.For(adb.StateAbsent).First)
	}
	return w.tell(changes)
}

func (w *deviceWatch) lostServer(addr string) error {
	if w.lost {
		return nil
	}
	w.lost = true
	if w.screen == nil {
		w.env.Say("the adb server at %s went away; waiting for it", addr)
	}
	return w.tell([]deviceEvent{{Event: "server-lost"}})
}

func (w *deviceWatch) tell(changes []deviceEvent) error {
	now := w.env.Now()
	if w.screen != nil {
		if err := w.screen.Draw(w.lines(now)); err != nil {
			return &unseenError{err}
		}
		return nil
	}
	for _, ev := range changes {
		ev.At = now.UTC().Truncate(time.Millisecond)
		if err := w.show(ev); err != nil {
			return &unseenError{err}
		}
	}
	return nil
}

// deviceChanges says what became of each handset. One that only got another
// transport left and came back between two lists.
func deviceChanges(before, after []adb.DeviceInfo) []deviceEvent {
	var events []deviceEvent
	for _, old := range before {
		if !slices.ContainsFunc(after, func(d adb.DeviceInfo) bool { return d.Serial == old.Serial }) {
			gone := rowOf(old)
			gone.State, gone.Detail, gone.Next, gone.Then = "", "", "", nil
			events = append(events, deviceEvent{Event: "gone", deviceRow: gone, Was: string(old.State)})
		}
	}
	for _, d := range after {
		at := slices.IndexFunc(before, func(old adb.DeviceInfo) bool { return d.Serial == old.Serial })
		switch {
		case at < 0:
			events = append(events, deviceEvent{Event: "appeared", deviceRow: rowOf(d)})
		case before[at] != d:
			events = append(events, deviceEvent{Event: "changed", deviceRow: rowOf(d), Was: string(before[at].State)})
		}
	}
	return events
}

func (e *env) deviceJSON(ev deviceEvent) error {
	b, err := json.Marshal(ev)
	if err != nil {
		return err
	}
	return console.WriteJSON(e.Out, b)
}

func (e *env) deviceLine(ev deviceEvent) error {
	if ev.Serial == "" {
		return nil // of the server: said on standard error
	}
	text := ev.State
	switch {
	case ev.Event == "gone":
		text = "gone"
	case ev.Next != "":
		text += ": " + ev.Next
	}
	_, err := fmt.Fprintln(e.Out, console.Sprintf("%s  %s  %s", ev.At.Local().Format(time.TimeOnly), ev.Serial, text))
	return err
}
