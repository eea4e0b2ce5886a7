package report

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"slices"
	"time"

	"preship/report/safefile"
)

// Glance is what the folder of a case tells somebody who only looks. Nothing in
// it is verified, and texts are made readable: the folder may come from anywhere.
type Glance struct {
	ID      string
	Created time.Time
	Updated time.Time // when the last step began or ended
	Unit    Unit      // the zero value: not tied to a handset yet
	Handset *Handset  // nil: never identified
	Steps   map[string]StepState
	Sealed  *SealGlance // nil: not sealed, or opened again since

	BackupHeld  bool   // the owner's data lies in the case
	BackupBytes *int64 // as the backup counted them; nil: unknown
	Retention   *Retention
}

// SealGlance is what a sealed report says at its top.
type SealGlance struct {
	Verdict Verdict
	Signer  string // SHA256:…
	Ticket  string // the desk's number for the job; "" when there is none
}

var stepStates = []StepState{StepNotRun, StepRunning, StepDone, StepFailed, StepInterrupted, StepRefused}

// Look reads a case without taking it: another process may be working on it, and
// nothing is written. It gives [ErrNotCase] where there is none.
func Look(dir string) (Glance, error) {
	root, err := os.OpenRoot(dir)
	if err != nil {
		return Glance{}, err
	}
	defer root.Close()
	return look(root)
}

func look(root *os.Root) (Glance, error) {
	f, err := readCaseFile(root)
	if err != nil {
		return Glance{}, err
	}
	g := Glance{ID: f.ID, Created: f.Created, Updated: f.Created, Steps: map[string]StepState{}, Retention: f.Retention}
	if f.Unit != nil {
		g.Unit = *f.Unit
	}
	for _, name := range Steps {
		s := f.step(name)
		if !slices.Contains(stepStates, s.State) {
			return Glance{}, fmt.Errorf("%s: step %s is %q", CaseFileName, name, s.State)
		}
		g.Steps[name] = s.State
		for _, at := range []time.Time{s.Started, s.Finished} {
			if at.After(g.Updated) {
				g.Updated = at
			}
		}
	}
	if err := g.results(f); err != nil {
		return Glance{}, err
	}
	if fi, err := root.Lstat(BackupDir); err == nil {
		g.BackupHeld = fi.IsDir()
	}
	if g.Sealed, err = lookSealed(root); err != nil {
		return Glance{}, err
	}
	Tidy(&g.Handset)
	Tidy(&g.Unit)
	Tidy(&g.Sealed)
	return g, nil
}

// results reads who the handset is, and how much was saved.
func (g *Glance) results(f *caseFile) error {
	if raw := f.step(StepIdentify).Data; len(raw) > 0 {
		if err := json.Unmarshal(raw, &g.Handset); err != nil {
			return fmt.Errorf("step %s: %w", StepIdentify, err)
		}
		if g.Handset != nil {
			dropNames(g.Handset)
		}
	}
	var saved *Backup
	if raw := f.step(StepBackup).Data; len(raw) > 0 {
		if err := json.Unmarshal(raw, &saved); err != nil {
			return fmt.Errorf("step %s: %w", StepBackup, err)
		}
	}
	if saved != nil && saved.Bytes.Saved >= 0 {
		g.BackupBytes = &saved.Bytes.Saved
	}
	return nil
}

// dropNames takes out what names a person.
func dropNames(h *Handset) {
	h.Users, h.Findings = nil, nil
}

// lookSealed reads the top of the report; nil when it is not sealed.
func lookSealed(root *os.Root) (*SealGlance, error) {
	if _, err := root.Lstat(SigName); errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	b, err := safefile.Read(safefile.In(root), ReportName, MaxReportFile)
	if err != nil {
		return nil, err
	}
	var r struct {
		Verdict Verdict `json:"verdict"`
		Signer  string  `json:"signer"`
		Ticket  *struct {
			ID string `json:"id"`
		} `json:"ticket"`
	}
	if err := json.Unmarshal(b, &r); err != nil {
		return nil, fmt.Errorf("%s: %w", ReportName, err)
	}
	if !slices.Contains([]Verdict{VerdictReady, VerdictNotReady, VerdictFailed, VerdictIncomplete}, r.Verdict) {
		return nil, fmt.Errorf("%s: %q is no verdict", ReportName, r.Verdict)
	}
	s := &SealGlance{Verdict: r.Verdict, Signer: r.Signer}
	if r.Ticket != nil {
		s.Ticket = r.Ticket.ID
	}
	return s, nil
}
