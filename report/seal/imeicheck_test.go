package seal

import (
	"testing"

	"preship/report"
	"preship/report/casedir"
	"preship/report/schema/schematest"
)

func TestVerifyIMEI(t *testing.T) {
	t.Parallel()
	known := sealed(t, nil)
	unknown := sealed(t, func(_ map[string]*report.StepRecord, h *report.Handset, _ *report.Accounts, _ *report.Reset, _ *report.Clean) {
		h.IMEI = nil
	})
	changed := sealed(t, nil)
	flip(t, changed.Dir()+"/"+casedir.ReportName, 10)
	for _, tt := range []struct {
		name, dir, imei string
		want            IMEIResult
		ok, other       bool
	}{
		{"the handset's", known.Dir(), "356938035643809", IMEIMatch, true, false},
		{"another's", known.Dir(), "868732053538038", IMEIDiffers, false, true},
		{"no IMEI in the report", unknown.Dir(), "356938035643809", IMEIUnknown, false, true},
		{"a report that was changed", changed.Dir(), "356938035643809", IMEIUnknown, false, false},
	} {
		res := mustVerify(t, tt.dir, VerifyOptions{IMEI: tt.imei})
		if res.OK != tt.ok || res.OtherHandset() != tt.other || res.IMEICheck == nil || *res.IMEICheck != (IMEICheck{tt.imei, tt.want}) {
			t.Errorf("%s: ok %t, other %t, %+v, problems %v", tt.name, res.OK, res.OtherHandset(), res.IMEICheck, res.Problems)
		}
		if res.Verdict == "" {
			continue // a report that cannot be read
		}
		if err := schematest.Conforms(t, "verified", mustMarshal(t, res)); err != nil {
			t.Errorf("%s: %v", tt.name, err)
		}
	}
	if res := mustVerify(t, known.Dir(), VerifyOptions{}); !res.OK || res.IMEICheck != nil {
		t.Errorf("nothing was given: %+v", res)
	}
}
