package page

import (
	"strings"
	"testing"

	"preship/report"
	"preship/report/check"
	"preship/report/message"
)

// The page has a section on the fault where something is known about it: signs of a fault
// first, what the handset does not show in one line, and pictures of the case alone.
func TestFaultSection(t *testing.T) {
	t.Parallel()
	finding := func(id string, status report.Status, said message.ID, seen message.Sentence) report.Finding {
		f := report.Finding{ID: id, Status: status, Method: report.MethodObserved}
		f.Tell(message.Say(said))
		f.See(seen)
		return f
	}
	r := report.Report{Verdict: report.VerdictReady, Language: "en", Fault: &report.Fault{
		Kind:    "screen",
		Answers: []report.FaultAnswer{{Question: "since", Text: `<b>May</b>`}},
		Findings: report.Findings{
			finding(check.FaultBluetooth, report.StatusPass, "fault.bluetooth.on", message.Sentence{}),
			finding(check.FaultTouch, report.StatusWarn, "fault.touch.absent", message.Sentence{}),
			{ID: check.FaultThermal, Status: report.StatusUnknown, Observed: "no such service"},
		},
		Pictures: []report.FaultPicture{{Photo: report.Photo{File: "evidence/condition-01.png"}}, {Photo: report.Photo{File: "https://example.com/x.png"}}},
	}}
	b, err := HTML(&r, "")
	if err != nil {
		t.Fatal(err)
	}
	html := string(b)
	section := html[strings.Index(html, `id="fault"`):]
	section = section[:strings.Index(section, "</section>")]
	touch, bluetooth := strings.Index(section, "lists no touch screen"), strings.Index(section, "Bluetooth switches on")
	if touch < 0 || bluetooth < touch {
		t.Errorf("the sign of a fault is at %d, what is well at %d", touch, bluetooth)
	}
	for _, want := range []string{"The picture on the screen", "<strong>Touch screen</strong>", "&lt;b&gt;May&lt;/b&gt;", "The handset does not show: Heat.", `src="evidence/condition-01.png"`} {
		if !strings.Contains(section, want) {
			t.Errorf("no %q in %s", want, section)
		}
	}
	for _, not := range []string{"example.com", "no such service", "<b>May"} {
		if strings.Contains(html, not) {
			t.Errorf("%q is in the page", not)
		}
	}
	if !strings.Contains(html, "img-src 'self' file:;") {
		t.Error("the page does not let a browser show its own pictures")
	}
	r.Fault = nil
	if b, err = HTML(&r, ""); err != nil || strings.Contains(string(b), `id="fault"`) {
		t.Errorf("a section on a fault that is not known (%v)", err)
	}
}
