package job

import (
	"testing"

	"preship/adb/handset"
	"preship/report"
)

// Nothing is sent without the flag, nor for an emulated handset,
// and never without a number.
func TestAskOnlineOnlyWhenWished(t *testing.T) {
	t.Parallel()
	imei := []report.IMEI{{Value: "868732053538038"}}
	maker := "Xiaomi"
	for _, tt := range []struct {
		name   string
		online Online
		h      report.Handset
		want   report.Status // "": no finding
	}{
		{"not wished", Online{}, report.Handset{IMEI: imei}, ""},
		{"no number", Online{Ask: true}, report.Handset{Manufacturer: &maker}, report.StatusSkipped},
		{"emulated", Online{Ask: true}, report.Handset{IMEI: imei, Kind: report.KindEmulator, Manufacturer: &maker}, report.StatusSkipped},
		{"another maker", Online{Ask: true}, report.Handset{IMEI: imei, Kind: report.KindDevice}, report.StatusSkipped},
		{"another address that is none", Online{Ask: true, URL: "http://example.invalid/"}, report.Handset{IMEI: imei}, report.StatusUnknown},
	} {
		j := New(aHost(""), deaf{}, Options{Online: tt.online})
		found := j.askOnline(t.Context(), tt.h)
		var got report.Status
		if len(found) == 1 {
			got = found[0].Status
		}
		if got != tt.want || len(found) > 1 {
			t.Errorf("%s: %+v, want status %q", tt.name, found, tt.want)
		}
	}
	if row := makerOf(handset.Identity{}, report.Handset{Manufacturer: &maker}); row.ActivationStatus == "" {
		t.Errorf("the maker a case remembers is %s", row.Name)
	}
}
