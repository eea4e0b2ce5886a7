package reset

import (
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"preship/adb"
	"preship/adb/handset"
	"preship/report"
)

// A screen that cannot be read is said within seconds, once, with the whole route.
func TestUnreadableScreen(t *testing.T) {
	for name, answer := range map[string]handset.Answer{
		"no idle state": {Stdout: []byte("ERROR: could not get idle state.\n"), Exit: 0},
		"empty":         {Stdout: []byte(`<?xml version='1.0'?><hierarchy rotation="0"></hierarchy>`)},
		"cut off":       {Stdout: []byte(strings.Repeat("<node", 1<<16))},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				p := newPhone()
				p.onAsk = func(_ *phone, line string) (handset.Answer, error) {
					if strings.HasPrefix(line, "uiautomator") {
						return answer, nil
					}
					return handset.Answer{}, nil
				}
				var told []string
				j := newJob(t, p, &saves{})
				HooksOf(j).OnSay = func(s string) { told = append(told, s) }
				_, _ = wayTo(t, "settings").Run(t.Context(), j)
				all := strings.Join(told, "\n")
				if strings.Count(all, "preship cannot read the handset's screen") != 1 || strings.Count(all, "Open Settings and find Factory reset") != 1 {
					t.Errorf("the person heard: %s", all)
				}
			})
		})
	}
}

// The cable is pulled while the pages are shown, and plugged in again: the handset is not
// taken for a reset one, the pages are shown again, and the reset after that counts.
func TestCablePulledOnAPage(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p := newPhone()
		read := 0
		p.onAsk = func(_ *phone, line string) (handset.Answer, error) {
			if strings.HasPrefix(line, "uiautomator") {
				read++
			}
			return handset.Answer{Stdout: []byte("ERROR: could not get idle state.\n")}, nil
		}
		p.moves(10*time.Minute, adb.StateAbsent)
		p.moves(11*time.Minute, adb.StateDevice)
		p.moves(15*time.Minute, adb.StateAbsent)
		p.moves(18*time.Minute, adb.StateUnauthorized)
		var told []string
		j := newJob(t, p, &saves{})
		before := 0
		HooksOf(j).OnSay = func(s string) {
			if told = append(told, s); strings.Contains(s, "start the reset again") {
				before = read
			}
		}
		got, err := wayTo(t, "settings").Run(t.Context(), j)
		if err != nil || got.Rung != report.RungCameBackUnauthorized {
			t.Errorf("rung %q and error %v, want %q", got.Rung, err, report.RungCameBackUnauthorized)
		}
		if before == 0 || read <= before {
			t.Errorf("after the cable was back the screen was read %d times; the person heard: %s", read-before, strings.Join(told, "\n"))
		}
	})
}
