package main

import (
	"bytes"
	"context"
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

// A person at a terminal answers ten questions up to the claim, goes back, and adds what
// they choose. An answer that cannot be right is asked again.
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
		"", "not working", "the screen flickers green after an update", "Jordan", "<", "Jordan Example", "nobody@", "jordan@example.net, +34 600 000 000",
		"Calle Mayor 1", "Mi Store", "maybe", "yes", "05/06/2026", "1 mar 2026", "Atlantis", "es", "Redmi Note 10", "35 693803 564380 9",
		"4", "y", "n", "sí", "charger, cable", "7", "1", "-", "R-1", "", "", "",
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
	if !strings.Contains(out.String(), "to be posted by 2026-12-22") {
		t.Errorf("output %q", out)
	}
	for _, want := range []string{
		"1/10", "10/10", "This answer is needed", "yes or no", "Repairers send back", "2/10 Owner's full name [Jordan]", "not a mail address",
		"2026-06-05 or 2026-05-06", "two letters", "Type a number from 1 to 5", "including carriage both ways", "claim.txt",
	} {
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
	if err != nil || !in.Purchase.FromMaker || in.Handed.SDRemoved || !in.Handed.CaseRemoved || in.Purchase.Country != "ES" || in.Consent.Wipe ||
		len(in.Condition.Photos) != 1 || in.Ticket.RMA != "R-1" || in.Ticket.ID != c.ID() || in.Customer.Name != "Jordan Example" || in.Product.IMEIBox != "356938035643809" ||
		in.Customer.Email != "jordan@example.net" || in.Customer.Phone != "+34 600 000 000" || len(in.Handed.Accessories) != 2 || in.People.PerformedBy != "Jordan Example" {
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
	if err := c.SetStep(report.StepRecord{Name: report.StepIdentify, State: report.StepDone, Data: data}); err != nil {
		t.Fatal(err)
	}
	in := intake.Form{Product: intake.Product{Model: "Redmi Note 12"}}
	if err := c.KeepDraft(casedir.Draft{Form: in}); err != nil {
		t.Fatal(err)
	}
	if err := c.Close(); err != nil {
		t.Fatal(err)
	}
	answers := []string{
		"the screen flickers green after an update", "Jordan Example", "jordan@example.net", "Calle Mayor 1", "Mi Store", "yes", "2026-03-01", "es",
		"", "redmi note10", "111111111111111", "356938035643809", "868732053538046", "",
	}
	e, out, errOut := testEnv()
	e.In, e.InTTY = strings.NewReader(strings.Join(answers, "\n")+"\n"), true
	if err := runIntake(t.Context(), e, &globals{}, intakeOptions{dir: dir}); err != nil {
		t.Fatalf("%v\n%s", err, errOut)
	}
	if !strings.Contains(out.String(), "ticket "+c.ID()) {
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

// Each answer is on disk before the next question, and the interview resumes there. The
// case is begun without a handset, and the model that a handset answered is not asked.
func TestIntakeResumesAtTheNextQuestion(t *testing.T) {
	t.Parallel()
	parent := t.TempDir()
	run := func(opts intakeOptions, answers ...string) (*bytes.Buffer, error) {
		e, _, errOut := testEnv()
		e.In, e.InTTY = strings.NewReader(strings.Join(answers, "\n")+"\n"), true
		return errOut, runIntake(t.Context(), e, &globals{}, opts)
	}
	if _, err := run(intakeOptions{out: parent}, "the screen flickers green after an update", "Jordan Example"); err == nil {
		t.Fatal("the answers ended and nothing was wrong")
	}
	cases, err := filepath.Glob(filepath.Join(parent, "PS-*"))
	if err != nil || len(cases) != 1 {
		t.Fatalf("%v, %v; want one case", cases, err)
	}
	c, err := casedir.Open(cases[0])
	if err != nil {
		t.Fatal(err)
	}
	d, _, err := c.Draft()
	if err != nil || d.Form.Customer.Name != "Jordan Example" || len(d.Asked) != 2 {
		t.Errorf("%v; kept %+v", err, d)
	}
	data := `{"market_name":"Redmi Note 10","model":"M2101K7AG"}`
	if err := errors.Join(c.SetStep(report.StepRecord{Name: report.StepIdentify, State: report.StepDone, Data: []byte(data)}), c.Close()); err != nil {
		t.Fatal(err)
	}
	said, err := run(intakeOptions{dir: cases[0]}, "jordan@example.net", "Calle Mayor 1", "a shop", "", "29.11.2025", "ES", "", "")
	if err != nil {
		t.Fatalf("%v\n%s", err, said)
	}
	for _, want := range []string{"2 answers are kept", "3/9 E-mail", "The handset is a Redmi Note 10"} {
		if !strings.Contains(said.String(), want) {
			t.Errorf("lacks %q:\n%s", want, said)
		}
	}
	if strings.Contains(said.String(), "Model, as on the box") {
		t.Errorf("the model is asked although the handset answered it:\n%s", said)
	}
	text, err := os.ReadFile(filepath.Join(cases[0], "claim.txt"))
	if err != nil || !strings.Contains(string(text), "\n  Model: Redmi Note 10\n") {
		t.Errorf("%v; the claim is\n%s", err, text)
	}
	if _, err := run(intakeOptions{dir: cases[0], set: []string{"ticket.rma=R-9", "customer.phone=+34 600 000 000"}}); err != nil {
		t.Error(err)
	}
	if text, err := os.ReadFile(filepath.Join(cases[0], "claim.txt")); err != nil || !strings.Contains(string(text), "RMA R-9") {
		t.Errorf("%v; the claim is\n%s", err, text)
	}
}

// At each question all answers before it are on disk, so that a kill loses none.
func TestEachAnswerIsKeptBeforeTheNextQuestion(t *testing.T) {
	t.Parallel()
	parent := t.TempDir()
	answers := []string{"the screen flickers green", "Jordan Example", "jordan@example.net", "Calle Mayor 1", "a shop"}
	e, _, _ := testEnv()
	e.InTTY = true
	asked := 0
	e.Asker = func(context.Context, string, string) (string, error) {
		files, err := filepath.Glob(filepath.Join(parent, "PS-*", "*"))
		if err != nil {
			return "", err
		}
		var kept []byte
		for _, file := range files {
			b, _ := os.ReadFile(file) // a folder has no text
			kept = append(kept, b...)
		}
		for _, answer := range answers[:asked] {
			if !bytes.Contains(kept, []byte(answer)) {
				t.Errorf("question %d: %q is not on disk", asked+1, answer)
			}
		}
		if asked == len(answers) {
			return "", context.Canceled
		}
		asked++
		return answers[asked-1], nil
	}
	if err := runIntake(t.Context(), e, &globals{}, intakeOptions{out: parent}); !errors.Is(err, context.Canceled) || asked != len(answers) {
		t.Errorf("%d questions, %v", asked, err)
	}
}
