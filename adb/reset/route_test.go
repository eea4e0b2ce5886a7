package reset

import (
	"testing"

	"preship/adb/handset"
	"preship/report/message"
)

func TestRouteOf(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		os, build string
		want      message.ID
	}{
		{"MIUI", "V9.5.1.0.NDFMIFA", "guide.route.additional"},
		{"MIUI", "V10.2.2.0.OAGCNXM", "guide.route.additional"},
		{"MIUI", "V11.0.5.0.PCACNXM", "guide.route.additional"},
		{"MIUI", "V12.5.2.0.RFACNXM", "guide.route.about"},
		{"MIUI", "V14.0.9.0.SKGMIXM", "guide.route.about"},
		{"MIUI", "9.8.29", "guide.route.additional"},
		{"MIUI", "eng.build", "guide.route.unknown"},
		{"HyperOS", "OS2.0.207.0.VMNCNXM", "guide.route.about"},
		{"Android", "15", "guide.route.android"},
		{"", "", "guide.route.unknown"},
	} {
		id := handset.Identity{}
		id.OS.Name.Value, id.OS.Version.Value = tt.os, tt.build
		if got := routeOf(id).says; got != tt.want {
			t.Errorf("%s %s: %s, want %s", tt.os, tt.build, got, tt.want)
		}
	}
}
