package casedir

import (
	"errors"
	"io/fs"
	"os"
	"slices"

	"preship/report"
	"preship/report/intake"
	"preship/report/message"
	"preship/report/safefile"
)

// Sealing is a case while its report is sealed. Nothing else changes the case until
// the call of [Case.Seal] that gave it returns.
type Sealing struct{ c *Case }

// Seal calls write and keeps every other change of the case waiting until it returns.
// write must not call methods of the case itself.
func (c *Case) Seal(write func(Sealing) error) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	return write(Sealing{c})
}

// Root is the case folder.
func (s Sealing) Root() *os.Root { return s.c.root }

// Unseal removes the signature of the package, so that a crash from now on leaves a
// package that reads as not sealed, and the files that an earlier crash left half-written.
func (s Sealing) Unseal() error {
	if err := s.c.unseal(); err != nil {
		return err
	}
	for _, dir := range []string{".", EvidenceDir} {
		if err := safefile.RemoveTemps(s.c.root, dir); err != nil {
			return err
		}
	}
	return nil
}

// Superseded returns the SHA-256 of the report.json that a report with this content
// replaces, nil for the first one. Content is the SHA-256 of report.json without
// supersedes: sealing the same report again replaces nothing new.
func (s Sealing) Superseded(content string) *string {
	if before := s.before(content); len(before) > 0 {
		return &before[len(before)-1].Report
	}
	return nil
}

// Remember writes down a report before it is written itself, so that no attempt
// vanishes by a crash. Content is as in [Sealing.Superseded], report the SHA-256 of report.json.
func (s Sealing) Remember(content, report string) error {
	before := s.before(content)
	return s.c.update(func(f *caseFile) { f.Seals = append(slices.Clone(before), sealRecord{content, report}) })
}

func (s Sealing) before(content string) []sealRecord {
	seals := s.c.file.Seals
	if n := len(seals); n > 0 && seals[n-1].Content == content {
		return seals[:n-1]
	}
	return seals
}

// Claim returns the text of claim.txt. It is nil without a form, for a report that was
// built without it, and where the form is about another handset, also if it came into the
// case after the report was built.
func (s Sealing) Claim(r *report.Report) ([]byte, error) {
	in, err := s.Form(r)
	if err != nil || in == nil {
		return nil, err
	}
	return intake.Claim(*in, r)
}

// Form returns the form of the case for the papers of a report. It is nil where
// [Sealing.Claim] is.
func (s Sealing) Form(r *report.Report) (*intake.Form, error) {
	in, ok, err := s.c.intake()
	if err != nil || !ok || r.Ticket == nil || in.Contradicts(r) {
		return nil, err
	}
	return &in, nil
}

// CheckEvidence compares the record of commands with the digests of the case's files,
// by name. Evidence that is not what [Case.Record] wrote is [ErrBrokenLog].
func (s Sealing) CheckEvidence(digests map[string]string) error {
	return CheckEvidence(safefile.In(s.c.root), s.c.id, digests)
}

// CheckLogEnd compares the length of the record of commands with what this process
// wrote. The chain on the disk can be whole and still end too early.
func (s Sealing) CheckLogEnd() error {
	if s.c.log.seq == 0 {
		return nil
	}
	info, err := s.c.root.Lstat(LogName)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return message.Detail(ErrBrokenLog, message.Say("error.detail.missing", "file", LogName))
	case err != nil:
		return err
	case info.Size() != s.c.log.size:
		return message.Detail(ErrBrokenLog, message.Say("error.detail.shorter", "file", LogName))
	}
	return nil
}
