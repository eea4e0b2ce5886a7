package devices

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
	"preship/report/message"
)

// serverPatience is how many tries to reach a lost adb server pass before preship
// starts one.
const serverPatience = 5

// event is one line of `preship devices --watch --json`.
type event struct {
	At    time.Time `json:"at"`
	Event string    `json:"event"` // appeared, changed, gone, server-lost, server-back
	Row
	Was string `json:"was,omitempty"` // the state before
}

// Watch shows the handsets and every change until ctx ends, which is no error: one JSON
// object a line with asJSON, in place on a terminal, else a line for each change. It waits
// for an adb server that ends.
func Watch(ctx context.Context, c *console.Console, client *adb.Client, asJSON bool) error {
	w := &watch{console: c}
	w.show = w.printLine
	switch {
	case asJSON:
		w.show = w.printJSON
	case c.RedrawsOut():
		w.screen = &console.Redraw{Out: c.Out, Width: c.Width}
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

// unseenError is an error of printing, apart from those of the server.
type unseenError struct{ err error }

func (e *unseenError) Error() string { return e.err.Error() }

// watch turns lists of devices into changes.
type watch struct {
	console *console.Console
	show    func(event) error
	screen  *console.Redraw // nil: each change is shown by itself
	list    []adb.DeviceInfo
	lost    bool // the server is away
	begun   bool
}

// update shows the changes to a new list.
func (w *watch) update(list []adb.DeviceInfo) error {
	changes := changesBetween(w.list, list)
	if w.lost {
		changes = append([]event{{Event: "server-back"}}, changes...)
	}
	empty := !w.begun && len(list) == 0
	w.list, w.lost, w.begun = list, false, true
	if empty && w.screen == nil {
		w.console.Say(message.Say("devices.empty", "advice", advice.For(adb.StateAbsent).First))
	}
	return w.tell(changes)
}

func (w *watch) lostServer(addr string) error {
	if w.lost {
		return nil
	}
	w.lost = true
	if w.screen == nil {
		w.console.Say(message.Say("devices.server-lost.at", "address", addr))
	}
	return w.tell([]event{{Event: "server-lost"}})
}

func (w *watch) tell(changes []event) error {
	now := w.console.Now()
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

// changesBetween returns the change of each handset. A handset whose transport alone
// changed left and came back between the two lists.
func changesBetween(before, after []adb.DeviceInfo) []event {
	var events []event
	for _, old := range before {
		if !slices.ContainsFunc(after, func(d adb.DeviceInfo) bool { return d.Serial == old.Serial }) {
			gone := RowOf(old)
			gone.State, gone.Detail, gone.Next, gone.Then = "", "", "", nil
			events = append(events, event{Event: "gone", Row: gone, Was: string(old.State)})
		}
	}
	for _, d := range after {
		at := slices.IndexFunc(before, func(old adb.DeviceInfo) bool { return d.Serial == old.Serial })
		switch {
		case at < 0:
			events = append(events, event{Event: "appeared", Row: RowOf(d)})
		case before[at] != d:
			events = append(events, event{Event: "changed", Row: RowOf(d), Was: string(before[at].State)})
		}
	}
	return events
}

func (w *watch) printJSON(ev event) error {
	b, err := json.Marshal(ev)
	if err != nil {
		return err
	}
	return console.WriteJSON(w.console.Out, b)
}

func (w *watch) printLine(ev event) error {
	if ev.Serial == "" {
		return nil // of the server: said on standard error
	}
	text := ev.State
	switch {
	case ev.Event == "gone":
		text = "gone"
	case ev.Next != "":
		text += ": " + w.console.Words(advice.For(adb.State(ev.State)).First)
	}
	_, err := fmt.Fprintln(w.console.Out, console.Sprintf("%s  %s  %s", ev.At.Local().Format(time.TimeOnly), ev.Serial, text))
	return err
}
