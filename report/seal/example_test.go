package seal_test

import (
	"encoding/json"
	"fmt"
	"log"
	"os"
	"path/filepath"
	"time"

	"preship/report"
	"preship/report/casedir"
	"preship/report/page"
	"preship/report/seal"
	"preship/report/trust"
)

// Build a report from the steps of a case, seal it, and verify the package as
// another person does. What did not run is in the report, and keeps it from
// being READY.
func ExampleVerify() {
	dir, err := os.MkdirTemp("", "case")
	if err != nil {
		log.Fatal(err)
	}
	defer os.RemoveAll(dir)
	at := time.Date(2026, 11, 22, 9, 0, 0, 0, time.UTC)

	// The case keeps every answer as evidence, and what each step found.
	c, err := casedir.Create(filepath.Join(dir, "case"), at)
	if err != nil {
		log.Fatal(err)
	}
	defer c.Close()
	ref, err := c.Record(casedir.Entry{
		Name: "getprop", Line: "getprop", Start: at, End: at.Add(time.Second),
		Stdout: []byte("[ro.product.model]: [M2101K7AG]\n"),
	})
	if err != nil {
		log.Fatal(err)
	}
	data, err := json.Marshal(report.Handset{Serial: "c9a0a2a6", Kind: report.KindDevice})
	if err != nil {
		log.Fatal(err)
	}
	err = c.SetStep(report.StepRecord{
		Name: report.StepIdentify, State: report.StepDone, Started: at, Finished: at.Add(time.Minute), Data: data,
		Findings: report.Findings{{
			ID: "identity.bootloader", Status: report.StatusPass, Method: report.MethodObserved,
			Summary: "the bootloader is locked", Evidence: []string{ref}, At: at,
		}},
	})
	if err != nil {
		log.Fatal(err)
	}

	// The report is signed with a key of this computer.
	signer, _, err := trust.LoadOrCreateKey(filepath.Join(dir, "key"))
	if err != nil {
		log.Fatal(err)
	}
	r, err := c.Report(report.Tool{Name: "example", Version: "v1"})
	if err != nil {
		log.Fatal(err)
	}
	if err := seal.Seal(c, r, signer, seal.Pages{HTML: page.HTML, PDF: page.PDF, Label: page.Label, Fault: page.FaultPDF}); err != nil {
		log.Fatal(err)
	}

	verify := func() {
		result, err := seal.Verify(c.Dir(), seal.VerifyOptions{})
		if err != nil {
			log.Fatal(err)
		}
		fmt.Printf("verifies: %t, verdict: %q\n", result.OK, result.Verdict)
		for _, p := range result.Problems {
			fmt.Println(p.File)
		}
	}
	verify()
	// One changed byte of the evidence is enough.
	if err := os.WriteFile(filepath.Join(c.Dir(), ref), []byte("[ro.product.model]: [M2101K7AF]\n"), 0o600); err != nil {
		log.Fatal(err)
	}
	verify()
	// Output:
	// verifies: true, verdict: "INCOMPLETE"
	// verifies: false, verdict: "INCOMPLETE"
	// evidence/0001-getprop.txt
}
