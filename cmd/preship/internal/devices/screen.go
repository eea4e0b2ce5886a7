package devices

import (
	"fmt"
	"time"

	"preship/adb"
	"preship/cmd/preship/internal/advice"
	"preship/cmd/preship/internal/console"
)

// crowd is how many handsets there may be until only the first advice for each
// is shown: the screen is for looking at, not for reading.
const crowd = 4

// lines returns the list as the screen shows it.
func (w *watch) lines(now time.Time) []string {
	lines := []string{fmt.Sprintf("handsets at %s (ctrl-c ends this)", now.Local().Format(time.TimeOnly)), ""}
	if w.lost {
		return append(lines, "  the adb server went away; waiting for it")
	}
	if len(w.list) == 0 {
		none := advice.For(adb.StateAbsent)
		lines = append(lines, "  none yet: "+none.First)
		return appendAdvice(lines, none.Then)
	}
	for _, d := range w.list {
		lines = append(lines, w.line(d))
		if next := advice.For(d.State); next.First != "" {
			lines = append(lines, "    "+next.First)
			if len(w.list) <= crowd {
				lines = appendAdvice(lines, next.Then)
			}
		}
	}
	return lines
}

func appendAdvice(lines, more []string) []string {
	for _, a := range more {
		lines = append(lines, "    "+a)
	}
	return lines
}

func (w *watch) line(d adb.DeviceInfo) string {
	state, colour := string(d.State), "33"
	if advice.For(d.State).First == "" {
		state, colour = "ready", "32"
	}
	return "  " + w.console.Paint(colour, console.Escape(state)) + console.Sprintf("  %s  %s", d.Serial, d.Model)
}
