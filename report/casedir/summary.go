package casedir

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"slices"
	"time"

	"preship/report"
	"preship/report/intake"
	"preship/report/message"
	"preship/report/safefile"
)

// Summary is what can be read from a case folder without verifying it. Nothing in
// it is verified, and texts are made readable: the folder may come from anywhere.
type Summary struct {
	ID      string
	Created time.Time
	Updated time.Time       // when the last step began or ended
	Unit    report.Unit     // the zero value: not tied to a handset yet
	Handset *report.Handset // nil: never identified
	Steps   map[string]report.StepState
	Ticket  string       // the desk's number for the job, as the intake form has it; may be empty
	Sealed  *SealSummary // nil: not sealed, or opened again since

	BackupHeld  bool   // the owner's data is in the case
	BackupBytes *int64 // as the backup counted them; nil: unknown
	Retention   *Retention
	Archive     *Archive // nil: not archived
}

// SealSummary is what a sealed report says at its top.
type SealSummary struct {
	Verdict report.Verdict
	Signer  string // SHA256:…
	// Locks are the IDs of the locks that were not seen to be off; nil: not checked.
	Locks []string
}

var stepStates = []report.StepState{report.StepNotRun, report.StepRunning, report.StepDone, report.StepFailed, report.StepInterrupted, report.StepRefused}

// Look reads a case without taking it: another process may be working on it, and
// nothing is written. It returns [ErrNotCase] if the folder is not a case.
func Look(dir string) (Summary, error) {
	root, err := os.OpenRoot(dir)
	if err != nil {
		return Summary{}, err
	}
	defer root.Close()
	return look(root)
}

func look(root *os.Root) (Summary, error) {
	b, err := caseFileBytes(root)
	if err != nil {
		return Summary{}, err
	}
	f, err := parseWithoutFindings(b)
	if err != nil {
		return Summary{}, err
	}
	g := Summary{ID: f.ID, Created: f.Created, Updated: f.Created, Steps: map[string]report.StepState{}, Retention: f.Retention, Archive: f.Archive}
	if g.Retention != nil {
		g.Retention.prove(safefile.In(root), f.ID)
	}
	if f.Unit != nil {
		g.Unit = *f.Unit
	}
	for _, name := range report.Steps {
		s := report.RecordOf(f.Steps, name)
		if !slices.Contains(stepStates, s.State) {
			return Summary{}, fmt.Errorf("%s: step %s is %q", CaseFileName, name, s.State)
		}
		g.Steps[name] = s.State
		for _, at := range []time.Time{s.Started, s.Finished} {
			if at.After(g.Updated) {
				g.Updated = at
			}
		}
	}
	if err := g.results(f); err != nil {
		return Summary{}, err
	}
	if fi, err := root.Lstat(BackupDir); err == nil {
		g.BackupHeld = fi.IsDir()
	}
	if err := g.lookSealed(root); err != nil {
		return Summary{}, err
	}
	g.lookIntake(root, f)
	report.Tidy(&g.Handset)
	report.Tidy(&g.Unit)
	report.Tidy(&g.Sealed)
	report.Tidy(&g.Ticket)
	return g, nil
}

// parseWithoutFindings reads a case file as [parseCaseFile] does, except for the findings,
// which are most of it.
func parseWithoutFindings(b []byte) (*caseFile, error) {
	type file caseFile
	read := struct {
		*file
		Steps []struct {
			report.StepRecord
			ErrorMessage passed `json:"error_message"`
			Findings     passed `json:"findings"`
		} `json:"steps"`
		Seals passed `json:"seals"`
	}{file: new(file)}
	if err := json.Unmarshal(b, &read); err != nil {
		return nil, fmt.Errorf("%s: %w", CaseFileName, message.OfJSON(err))
	}
	for i := range read.Steps {
		read.file.Steps = append(read.file.Steps, read.Steps[i].StepRecord)
	}
	f := (*caseFile)(read.file)
	f.Retention.unproved()
	return f, f.check()
}

// passed is a value of JSON that is passed over.
type passed struct{}

func (*passed) UnmarshalJSON([]byte) error { return nil }

// results reads who the handset is, and how much was saved.
func (g *Summary) results(f *caseFile) error {
	if raw := report.RecordOf(f.Steps, report.StepIdentify).Data; len(raw) > 0 {
		var read *struct {
			report.Handset
			Findings passed `json:"findings"`
		}
		if err := json.Unmarshal(raw, &read); err != nil {
			return fmt.Errorf("step %s: %w", report.StepIdentify, err)
		}
		if read != nil {
			g.Handset = &read.Handset
			dropNames(g.Handset)
		}
	}
	var saved *struct {
		Bytes struct {
			Saved int64 `json:"saved"`
		} `json:"bytes"`
	}
	if raw := report.RecordOf(f.Steps, report.StepBackup).Data; len(raw) > 0 {
		if err := json.Unmarshal(raw, &saved); err != nil {
			return fmt.Errorf("step %s: %w", report.StepBackup, err)
		}
	}
	if saved != nil && saved.Bytes.Saved >= 0 {
		g.BackupBytes = &saved.Bytes.Saved
	}
	return nil
}

// dropNames takes out what names a person.
func dropNames(h *report.Handset) {
	h.Users, h.Findings = nil, nil
}

// maxLocks is more than there are kinds of locks.
const maxLocks = 30

// lookSealed reads the top of the report, if it is sealed.
func (g *Summary) lookSealed(root *os.Root) error {
	if _, err := root.Lstat(SigName); errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	b, err := safefile.Read(safefile.In(root), ReportName, MaxReportFile)
	if err != nil {
		return err
	}
	var r struct {
		Verdict report.Verdict `json:"verdict"`
		Signer  string         `json:"signer"`
		Ticket  *struct {
			ID string `json:"id"`
		} `json:"ticket"`
		Accounts *struct {
			Locks []struct {
				ID     string        `json:"id"`
				Status report.Status `json:"status"`
			} `json:"locks"`
		} `json:"accounts"`
	}
	if err := json.Unmarshal(b, &r); err != nil {
		return fmt.Errorf("%s: %w", ReportName, err)
	}
	if !slices.Contains([]report.Verdict{report.VerdictReady, report.VerdictNotReady, report.VerdictFailed, report.VerdictIncomplete}, r.Verdict) {
		return fmt.Errorf("%s: %q is no verdict", ReportName, r.Verdict)
	}
	g.Sealed = &SealSummary{Verdict: r.Verdict, Signer: r.Signer}
	if r.Accounts != nil {
		g.Sealed.Locks = []string{}
		for _, l := range r.Accounts.Locks {
			if l.Status != report.StatusPass && l.Status != report.StatusSkipped && len(g.Sealed.Locks) < maxLocks {
				g.Sealed.Locks = append(g.Sealed.Locks, l.ID)
			}
		}
	}
	if r.Ticket != nil {
		g.Ticket = r.Ticket.ID
	}
	return nil
}

// lookIntake takes the ticket of the intake form, which may be newer than the report and
// unfinished. A form that is missing or cannot be read leaves the ticket unchanged: the list
// of cases does not depend on it.
func (g *Summary) lookIntake(root *os.Root, f *caseFile) {
	var d Draft
	if raw, ok := f.Kept[draftName]; ok && json.Unmarshal(raw, &d) == nil && d.Form.Ticket.ID != "" {
		g.Ticket = d.Form.Ticket.ID
		return
	}
	b, err := safefile.Read(safefile.In(root), IntakeName, intake.MaxBytes)
	if err != nil {
		return
	}
	if in, err := intake.Parse(b); err == nil && in.Ticket.ID != "" {
		g.Ticket = in.Ticket.ID
	}
}
