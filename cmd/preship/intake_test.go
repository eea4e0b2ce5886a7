package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"image"
	"image/jpeg"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"preship/report"
	"preship/report/casedir"
	"preship/report/intake"
)

// A person at a terminal answers the form line by line; a required field is asked
// again, and a refused answer keeps the others.
func TestIntakeOnATerminal(t *testing.T) {
	t.Parallel()
	dir := filepath.Join(t.TempDir(), "case")
	c, err := casedir.Create(dir, time.Date(2026, 11, 22, 9, 0, 0, 0, time.UTC))
	if err != nil {
		t.Fatal(err)
	}
	if err := c.Close(); err != nil {
		t.Fatal(err)
	}
	answers := []string{
		"", "T-1", "R-1", "", "Jordan Example", "Calle Mayor 1", "", "jordan@example.net", "es", "Redmi Note 10", "",
		"Mi Store", "maybe", "yes", "2026-03-01", "es", "", "the screen flickers green after an update", "", "", "",
		"y", "n", "sí", "made", "yes", "Jordan Example", "desk1",
	}
	e, out, errOut := testEnv()
	e.In, e.InTTY = strings.NewReader(strings.Join(answers, "\n")+"\n"), true
	photo := filepath.Join(t.TempDir(), "front.jpg")
	var picture bytes.Buffer
	if err := errors.Join(jpeg.Encode(&picture, image.NewGray(image.Rect(0, 0, 9, 9)), nil), os.WriteFile(photo, picture.Bytes(), 0o600)); err != nil {
		t.Fatal(err)
	}
	if err := runIntake(t.Context(), e, &globals{}, intakeOptions{dir: dir, photos: []string{photo, photo}}); err != nil {
		t.Fatalf("%v\n%s", err, errOut)
	}
	if !strings.Contains(out.String(), "ticket T-1, to be posted before 2026-12-22") {
		t.Errorf("output %q", out)
	}
	for _, want := range []string{"This answer is needed", "yes or no"} {
		if !strings.Contains(errOut.String(), want) {
			t.Errorf("the output lacks %q:\n%s", want, errOut)
		}
	}
	if strings.Contains(strings.ToLower(errOut.String()), "passcode") {
		t.Errorf("a passcode is asked for:\n%s", errOut)
	}
	b, err := os.ReadFile(filepath.Join(dir, "intake.json"))
	if err != nil {
		t.Fatal(err)
	}
	in, err := intake.Parse(b)
	if err != nil || !in.Purchase.FromMaker || in.Handed.SDRemoved || !in.Handed.CaseRemoved || in.Purchase.Country != "ES" || !in.Consent.Wipe || len(in.Condition.Photos) != 1 {
		t.Errorf("%v; the form is %+v", err, in)
	}
}

// The model and the IMEI of another handset are asked again at once, with what
// differs.
func TestIntakeAsksAgainForAnotherHandset(t *testing.T) {
	t.Parallel()
	dir := filepath.Join(t.TempDir(), "case")
	c, err := casedir.Create(dir, time.Date(2026, 11, 22, 9, 0, 0, 0, time.UTC))
	if err != nil {
		t.Fatal(err)
	}
	data, err := json.Marshal(report.Handset{
		MarketName: new("Redmi Note 10"), Model: new("M2101K7AG"),
		IMEI: []report.IMEI{{Slot: 1, Value: "868732053538038", Luhn: true}, {Slot: 2, Value: "868732053538046", Luhn: true}},
	})
	if err != nil {
		t.Fatal(err)
	}
	if err := errors.Join(c.SetStep(report.StepRecord{Name: report.StepIdentify, State: report.StepDone, Data: data}), c.Close()); err != nil {
		t.Fatal(err)
	}
	answers := []string{
		"T-1", "", "", "Jordan Example", "Calle Mayor 1", "", "jordan@example.net", "", "Redmi Note 12", "redmi note10",
		"111111111111111", "356938035643809", "868732053538046", "Mi Store", "yes", "2026-03-01", "es", "",
		"the screen flickers green after an update", "", "", "", "y", "n", "y", "made", "yes", "Jordan Example", "desk1",
	}
	e, out, errOut := testEnv()
	e.In, e.InTTY = strings.NewReader(strings.Join(answers, "\n")+"\n"), true
	if err := runIntake(t.Context(), e, &globals{}, intakeOptions{dir: dir}); err != nil {
		t.Fatalf("%v\n%s", err, errOut)
	}
	if !strings.Contains(out.String(), "ticket T-1") {
		t.Errorf("output %q", out)
	}
	for _, want := range []string{
		"The form says Redmi Note 12, and the handset is a Redmi Note 10", "111111111111111 is not an IMEI",
		"IMEI 356938035643809 is on the box, and the handset says 868732053538038",
	} {
		if !strings.Contains(errOut.String(), want) {
			t.Errorf("the output lacks %q:\n%s", want, errOut)
		}
	}
}
