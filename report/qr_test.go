package report

import (
	"strings"
	"testing"
)

func TestCodeIsSmallEnoughForACamera(t *testing.T) {
	t.Parallel()
	// Version 19 has 93 modules: 0.4 mm each make less than four centimetres.
	for name, change := range map[string]func(map[string]*StepRecord, *Handset, *Accounts, *Reset, *Clean){
		"two IMEIs": nil,
		"a handset that talks": func(_ map[string]*StepRecord, h *Handset, _ *Accounts, _ *Reset, _ *Clean) {
			for range 90 {
				h.IMEI = append(h.IMEI, IMEI{Value: strings.Repeat("9", 4000)})
			}
		},
	} {
		_ = sampleReport(t, change)
		code, err := newSquare(testToken)
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		if len(code) > 101 {
			t.Errorf("%s: %d modules", name, len(code))
		}
	}
}
