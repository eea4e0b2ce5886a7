package casedir

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"regexp"
	"slices"
	"strconv"
	"time"

	"preship/report"
	"preship/report/message"
	"preship/report/safefile"
)

const (
	CaseFileName   = "case.json"
	caseFileSchema = "urn:preship:case:v1"

	// A case holds six steps of small objects and findings; anything larger was
	// not written by preship.
	maxCaseFile = 32 << 20
)

// caseFile is case.json: where the job stands. It is no part of the sealed
// package, so nothing in it needs to be believed by a reader of the report.
type caseFile struct {
	Schema  string              `json:"schema"`
	ID      string              `json:"id"`
	Created time.Time           `json:"created"`
	Unit    *report.Unit        `json:"unit"` // nil: not tied to a handset yet
	Steps   []report.StepRecord `json:"steps"`
	caseRest
}

// caseRest is what follows the steps in case.json.
type caseRest struct {
	Seals []sealRecord `json:"seals,omitempty"`
	// Kept is what steps remember for later steps and no report shows.
	Kept map[string]json.RawMessage `json:"kept,omitempty"`
	// Retention is nil until the saved data is handed back.
	Retention *Retention `json:"retention,omitempty"`
	// Archive is nil until the case is archived.
	Archive *Archive `json:"archive,omitempty"`
}

// sealRecord remembers one sealing, so that the next report of the same job
// names the one it supersedes.
type sealRecord struct {
	Content string `json:"content"` // SHA-256 of report.json without supersedes
	Report  string `json:"report"`  // SHA-256 of report.json
}

// caseID is PS-YYYYMMDD-XXXXXX over an alphabet without 0/O, 1/I/L and U, which
// are misheard or misread when an ID is read out over the phone.
const caseAlphabet = "23456789ABCDEFGHJKMNPQRSTVWXYZ"

var caseID = regexp.MustCompile(`^PS-[0-9]{8}-[` + caseAlphabet + `]{6}$`)

// badCase returns an error about the contents of the case file.
func badCase(what message.Sentence) error {
	return message.Error(message.Join(message.Colon, message.AsIs(CaseFileName), what), nil)
}

func parseCaseFile(b []byte) (*caseFile, error) {
	f := new(caseFile)
	if err := json.Unmarshal(b, f); err != nil {
		return nil, fmt.Errorf("%s: %w", CaseFileName, message.OfJSON(err))
	}
	f.Retention.unproved()
	return f, f.check()
}

// check returns an error if no case has this ID, time or steps.
func (f *caseFile) check() error {
	switch {
	case f.Schema != caseFileSchema:
		return badCase(message.Say("file.case.schema", "value", strconv.Quote(f.Schema), "want", strconv.Quote(caseFileSchema)))
	case !caseID.MatchString(f.ID):
		return badCase(message.Say("file.case.id", "value", strconv.Quote(f.ID)))
	case f.Created.IsZero():
		return badCase(message.Say("file.case.created"))
	}
	var seen []string
	for _, s := range f.Steps {
		if s.Name == "" || slices.Contains(seen, s.Name) {
			return badCase(message.Say("file.case.step", "value", strconv.Quote(s.Name)))
		}
		seen = append(seen, s.Name)
	}
	return nil
}

// marshal returns the file. written holds the steps as they are in it, by name, and
// gets those that it lacks: a job writes the file at each change, and most of it is steps.
func (f *caseFile) marshal(written map[string][]byte) ([]byte, error) {
	head := *f
	head.Steps, head.caseRest = f.Steps[:0], caseRest{}
	b, err := json.MarshalIndent(head, "", "  ")
	if err != nil {
		return nil, err
	}
	if len(f.Steps) > 0 {
		b = bytes.TrimSuffix(b, []byte("]\n}"))
		for i := range f.Steps {
			step, ok := written[f.Steps[i].Name]
			if !ok {
				if step, err = json.MarshalIndent(&f.Steps[i], "    ", "  "); err != nil {
					return nil, err
				}
				written[f.Steps[i].Name] = step
			}
			b = append(append(b, "\n    "...), step...)
			b = append(b, ',')
		}
		b = append(bytes.TrimSuffix(b, []byte(",")), "\n  ]\n}"...)
	}
	rest, err := json.MarshalIndent(f.caseRest, "", "  ")
	if err != nil {
		return nil, err
	}
	if string(rest) != "{}" {
		b = append(append(bytes.TrimSuffix(b, []byte("\n}")), ','), bytes.TrimPrefix(rest, []byte("{"))...)
	}
	if len(b) > maxCaseFile {
		return nil, fmt.Errorf("%s: %d bytes: %w", CaseFileName, len(b), safefile.ErrTooLarge)
	}
	return append(b, '\n'), nil
}

// readCaseFile returns [ErrNotCase] if there is no case file.
func readCaseFile(root *os.Root) (*caseFile, error) {
	b, err := caseFileBytes(root)
	if err != nil {
		return nil, err
	}
	return parseCaseFile(b)
}

func caseFileBytes(root *os.Root) ([]byte, error) {
	b, err := safefile.Read(safefile.In(root), CaseFileName, maxCaseFile)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, ErrNotCase
	}
	return b, err
}
