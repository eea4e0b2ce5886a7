package page

import (
	"strings"
	"testing"

	"preship/report"
	"preship/report/casetest"
)

func TestCodeIsSmallEnoughForACamera(t *testing.T) {
	t.Parallel()
	// Version 19 has 93 modules: 0.4 mm each make less than four centimetres.
	for name, change := range map[string]func(map[string]*report.StepRecord, *report.Handset, *report.Accounts, *report.Reset, *report.Clean){
		"two IMEIs": nil,
		"a handset that talks": func(_ map[string]*report.StepRecord, h *report.Handset, _ *report.Accounts, _ *report.Reset, _ *report.Clean) {
			for range 90 {
				h.IMEI = append(h.IMEI, report.IMEI{Value: strings.Repeat("9", 4000)})
			}
		},
	} {
		r := casetest.Report(t, change)
		code, err := newSquare(token(t, &r))
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		if len(code) > 101 {
			t.Errorf("%s: %d modules", name, len(code))
		}
	}
}
