package page

import (
	"bytes"
	"errors"
	"image"
	"image/color"
	"image/png"
	"os"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"preship/report"
	"preship/report/casetest"
	"preship/report/check"
	"preship/report/intake"
	"preship/report/message"
)

// paperReport is the report of a job with a fault report and pictures.
func paperReport() *report.Report {
	h := casetest.Handset()
	at := casetest.Time
	found := func(id string, status report.Status, said, seen message.Sentence) report.Finding {
		f := report.Finding{ID: id, Status: status, Method: report.MethodObserved}
		f.Tell(said)
		f.See(seen)
		return f
	}
	return &report.Report{
		ID: casetest.ID, Tool: casetest.Tool, Verdict: report.VerdictReady, Language: "en", Handset: &h, Finished: at.Add(time.Hour),
		Ticket: &report.Ticket{ID: "T-2041", RMA: "RMA-778", ShipBy: "2026-12-22"},
		Fault: &report.Fault{
			Kind: "restarts", Collected: &at,
			Answers: []report.FaultAnswer{{Question: "restarts.what", Choice: "restarts"}, {Question: "restarts.when", Text: "while it films"}, {Question: "often", Choice: "often"}, {Question: "since", Text: "May"}},
			Tests:   []report.FaultTest{{Test: "other-cable", Result: report.TestFail}},
			Findings: report.Findings{
				found(check.FaultBattery, report.StatusPass, message.Say("fault.battery.good"), message.Say("fault.seen.battery", "percent", "81", "celsius", "27.5")),
				found(check.FaultRestarts, report.StatusWarn, message.Say("fault.restarts.unasked", "count", 2), message.AsIs("kernel_panic, kernel_panic")),
				{ID: check.FaultThermal, Status: report.StatusUnknown, Observed: "no such service"},
			},
			Pictures: []report.FaultPicture{{Photo: report.Photo{File: "evidence/condition-01.png"}, Screenshot: true}},
		},
	}
}

func testPhoto(file string) ([]byte, error) {
	if !strings.HasSuffix(file, ".png") {
		return nil, errors.New("gone")
	}
	m := image.NewRGBA(image.Rect(0, 0, 108, 200+int(file[len(file)-5]-'0')))
	for i := range 108 {
		m.Set(i, 2*i, color.RGBA{200, 30, 30, 255})
	}
	var out bytes.Buffer
	err := png.Encode(&out, m)
	return out.Bytes(), err
}

// faultPDFOf renders the paper and returns its path.
func faultPDFOf(t *testing.T, r *report.Report, in *intake.Form) string {
	t.Helper()
	return pdfOf(t, func(r *report.Report, token string) ([]byte, error) { return FaultPDF(r, in, testPhoto, token) }, r)
}

// The paper has what form and handset say, in the owner's language, and a line for the pen
// where nothing was said. It works without a form, and without a fault report.
func TestFaultPDF(t *testing.T) {
	t.Parallel()
	whole := casetest.Intake()
	whole.Condition = intake.Condition{
		PowersOn: "yes", Zones: map[string]string{"front": "a scratch"}, Tests: map[string]string{"camera": "fail"},
		Photos: []report.Photo{{File: "evidence/condition-02.png"}, {File: "evidence/condition-03.jpg"}, {File: "https://example.com/x.png"}},
	}
	spanish, chinese := whole, whole
	spanish.Customer.Language, chinese.Customer.Language = "es", "zh"
	for _, tt := range []struct {
		name        string
		in          *intake.Form
		change      func(*report.Report)
		want, never []string
		images      int
	}{
		{"whole", &whole, nil, []string{
			"Problem report", "Redmi Note 10", "356938035643809", "RMA-778", "31844/F1WN00001", "Jordan Example · +34 600 000 000 · jordan@example.net",
			"the screen stays black after a call", "October", "restarted it, twice", "It restarts, freezes or switches itself off", "while it films", "does not work",
			"warn", "restarted 2 times", "kernel_panic", "The handset does not show: Heat.", "a scratch", "condition-01.png", "condition-03.jpg cannot be shown",
			"The SIM card is taken out", "charger", "agreed on 20 November 2026", "desk1", "Date and signature", "Received by", "Number of this paper",
		}, []string{"no such service", "example.com", casetest.Intake().Salt, "Do not post"}, 2},
		{"spanish", &spanish, nil, []string{"Informe de la avería", "Qué se ha probado", "Se reinicia", "Resultado: LISTO", "Parte frontal", "20 de noviembre de 2026"}, []string{"Problem", "What was tried"}, 2},
		{"chinese", &chinese, nil, []string{"故障说明", "已尝试的办法", "自动重启"}, []string{"Problem", "What was tried"}, 2},
		{"no form", nil, func(r *report.Report) { r.Verdict = report.VerdictNotReady }, []string{"In the owner's words", "while it films", "Do not post", "not known whether the SIM"}, []string{"Number of this paper", "agreed on"}, 1},
		{"no fault report", &whole, func(r *report.Report) { r.Fault, r.Handset = nil, nil }, []string{"Nothing was read from the handset", "IMEI on the box", "the screen stays black"}, []string{"Kind of fault"}, 1},
		{"emulated", &whole, func(r *report.Report) { r.Emulated = true }, []string{"EMULATED"}, nil, 2},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			r := paperReport()
			if tt.change != nil {
				tt.change(r)
			}
			path := faultPDFOf(t, r, tt.in)
			text := textOf(t, path, "-layout")
			for _, want := range tt.want {
				if !strings.Contains(text, want) {
					t.Errorf("the paper lacks %q:\n%s", want, text)
				}
			}
			for _, never := range tt.never {
				if strings.Contains(text, never) {
					t.Errorf("the paper says %q:\n%s", never, text)
				}
			}
			b, err := os.ReadFile(path)
			if err != nil {
				t.Fatal(err)
			}
			if got := bytes.Count(b, []byte("/Subtype /Image")); got != tt.images {
				t.Errorf("%d pictures, want %d", got, tt.images)
			}
			if again, err := os.ReadFile(faultPDFOf(t, r, tt.in)); err != nil || !bytes.Equal(again, b) {
				t.Errorf("the same arguments give other bytes (%v)", err)
			}
		})
	}
}

// Nothing that a person wrote is cut, and whatever it is stays text.
func TestFaultPDFIsWhole(t *testing.T) {
	t.Parallel()
	for _, evil := range []string{
		strings.Repeat("W", 900) + "Z", strings.Repeat("很", 900) + "Z", strings.Repeat("two words ", 200) + "Z", strings.Repeat("line\n", 80) + "Z",
		`\)\n(<</JS (app.alert(1))/S/JavaScript>>Z`, "\x1b[2J\a\u202eZ", "\xff\xfe\r\n\tZ",
	} {
		in := casetest.Intake()
		in.Fault = intake.Fault{Description: evil, Since: evil, Reproducible: evil, DropOrLiquid: evil, Tried: evil}
		in.Condition.Zones = map[string]string{evil: evil}
		in.Handed.Accessories = []string{evil}
		in.Consent.Wording, in.Customer.Name = evil, evil
		r := paperReport()
		r.Fault.Answers[1].Text = evil
		path := faultPDFOf(t, r, &in)
		text := textOf(t, path)
		for what, want := range map[string]int{"Z": 11, "W": 0, "很": 0} {
			if n := strings.Count(evil, what); n > 1 {
				want = 11 * n
			} else if what != "Z" {
				continue
			}
			if got := strings.Count(text, what); got < want {
				t.Errorf("%.10q: %d of %d %q are on the paper", evil, got, want, what)
			}
		}
		b, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		if !utf8.ValidString(text) || strings.ContainsAny(text, "\x1b\a\u202e") || bytes.Contains(b, []byte("/JavaScript")) {
			t.Errorf("%.20q is not only text", evil)
		}
	}
}
