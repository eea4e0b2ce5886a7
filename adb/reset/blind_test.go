package reset

import (
	"strings"
	"testing"
	"testing/synctest"

	"preship/adb/handset"
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
