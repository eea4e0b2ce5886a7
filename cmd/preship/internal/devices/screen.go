package devices

import (
	"time"

	"preship/adb"
	"preship/cmd/preship/internal/advice"
	"preship/cmd/preship/internal/console"
	"preship/report/message"
)

// crowd is how many handsets there may be until only the first advice for each
// is shown: the screen is for looking at, not for reading.
const crowd = 4

// lines returns the list as the screen shows it.
func (w *watch) lines(now time.Time) []string {
	words := w.console.Words
	lines := []string{words(message.Say("devices.at", "time", now.Local().Format(time.TimeOnly))), ""}
	if w.lost {
		return append(lines, "  "+words(message.Say("devices.server-lost")))
	}
	if len(w.list) == 0 {
		none := advice.For(adb.StateAbsent)
		lines = append(lines, "  "+words(message.Say("devices.empty", "advice", none.First)))
		return w.appendAdvice(lines, none.Then)
	}
	for _, d := range w.list {
		lines = append(lines, w.line(d))
		if next := advice.For(d.State); !next.First.Empty() {
			lines = append(lines, "    "+words(next.First))
			if len(w.list) <= crowd {
				lines = w.appendAdvice(lines, next.Then)
			}
		}
	}
	return lines
}

func (w *watch) appendAdvice(lines []string, more []message.Sentence) []string {
	for _, a := range more {
		lines = append(lines, "    "+w.console.Words(a))
	}
	return lines
}

func (w *watch) line(d adb.DeviceInfo) string {
	state, colour := w.console.Words(d.State.Word()), "33"
	if advice.For(d.State).First.Empty() {
		state, colour = w.console.Words(message.Say("devices.ready")), "32"
	}
	return "  " + w.console.Paint(colour, state) + console.Sprintf("  %s  %s", d.Serial, d.Model)
}
