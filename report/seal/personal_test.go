package seal

import (
	"encoding/json"
	"strings"
	"testing"

	"preship/report"
	"preship/report/casedir"
	"preship/report/message"
)

// What the owner sees of files, and how the handset was reached, is in case.json
// and not in the report; and the report's sentences still are those of the catalogue.
func TestReportHoldsNoNames(t *testing.T) {
	t.Parallel()
	change := func(steps map[string]*report.StepRecord, h *report.Handset, _ *report.Accounts, _ *report.Reset, _ *report.Clean) {
		h.Serial = "reals-phone.lan:5555"
		f := found1("backup.unreadable", report.StatusFail, "")
		f.Tell(message.Say("backup.unreadable.files", "count", 2, "files", "/storage/emulated/0/DCIM/Zzyzx/a.jpg (open failed: Permission denied), /storage/emulated/0/DCIM/Zzyzx/b.jpg"))
		f.Observed = "/sdcard/Zzyzx"
		steps[report.StepBackup].Findings = append(steps[report.StepBackup].Findings, f)
		steps[report.StepVerify].Error = "reals-phone.lan:5555: shell: closed"
	}
	c := sampleCase(t)
	if err := c.Bind(report.Unit{Serial: "reals-phone.lan:5555"}); err != nil {
		t.Fatal(err)
	}
	sampleSteps(t, c, change)
	ref, err := c.Record(casedir.Entry{Name: "x", Line: "x", Start: testTime, End: testTime, Error: "reals-phone.lan:5555: closed; /sdcard/Zzyzx"})
	if err != nil {
		t.Fatal(err)
	}
	r := seal(t, c)
	for _, name := range []string{casedir.ReportName, htmlName, attestationName, casedir.LogName, ref} {
		for _, private := range []string{"Zzyzx", "reals-phone"} {
			if strings.Contains(readFile(t, c, name), private) {
				t.Errorf("%s holds %q", name, private)
			}
		}
	}
	if got := strings.Count(readFile(t, c, casedir.CaseFileName), "Zzyzx"); got != 5 { // the text, its sentence, and the observation
		t.Errorf("case.json holds the names %d times", got)
	}
	for _, f := range r.Step(report.StepBackup).Findings {
		if f.ID != "backup.unreadable" {
			continue
		}
		want := "2 files or folders could not be read and are not saved: /storage/emulated/0/DCIM/***.jpg."
		if f.Summary != want || f.Message.String() != want {
			b, _ := json.Marshal(f)
			t.Errorf("got %s, want %q", b, want)
		}
	}
}
