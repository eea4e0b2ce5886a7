package casedir

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"

	"preship/report"
	"preship/report/message"
	"preship/report/safefile"
)

// ErrOtherHandset is the error of a case that belongs to another handset.
var ErrOtherHandset = message.Error(message.Say("error.other-handset"), nil)

// Bind ties the case to a handset, or confirms that it is the one the case is
// tied to; any other gives [ErrOtherHandset].
func (c *Case) Bind(u report.Unit) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.file.Unit == nil {
		return c.update(func(f *caseFile) { f.Unit = &u })
	}
	if !c.file.Unit.Same(u) {
		return message.Kind(message.Join(message.Colon, message.AsIs(c.id), message.Of(ErrOtherHandset), message.Say("file.case.other-unit", "saved", c.file.Unit.String(), "connected", u.String())), ErrOtherHandset)
	}
	merged := c.file.Unit.Merge(u)
	return c.update(func(f *caseFile) { f.Unit = &merged })
}

// Unit returns the handset the case is tied to; ok is false before [Case.Bind].
func (c *Case) Unit() (u report.Unit, ok bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.file.Unit == nil {
		return report.Unit{}, false
	}
	return *c.file.Unit, true
}

// UnitOf returns which handset a case is about; the zero value if the case is not tied to
// one yet. It reads the top of the case file and checks nothing else, so that thousands of
// cases can be looked through. It returns [ErrNotCase] if the folder is not a case.
func UnitOf(dir string) (report.Unit, error) {
	root, err := os.OpenRoot(dir)
	if err != nil {
		return report.Unit{}, err
	}
	defer root.Close()
	f, err := safefile.OpenRegular(root, CaseFileName)
	if errors.Is(err, fs.ErrNotExist) {
		return report.Unit{}, ErrNotCase
	}
	if err != nil {
		return report.Unit{}, err
	}
	defer f.Close()
	u, err := unitIn(io.LimitReader(f, maxCaseFile))
	if err != nil {
		return report.Unit{}, fmt.Errorf("%s: %w", CaseFileName, err)
	}
	return u, nil
}

// unitIn reads as far as the unit, which preship writes before the steps.
func unitIn(r io.Reader) (u report.Unit, err error) {
	d := json.NewDecoder(r)
	if _, err := d.Token(); err != nil {
		return u, err
	}
	for d.More() {
		key, err := d.Token()
		if err != nil {
			return u, err
		}
		if key == "unit" {
			err := d.Decode(&u)
			return u, err
		}
		var skipped json.RawMessage
		if err := d.Decode(&skipped); err != nil {
			return u, err
		}
	}
	return u, nil
}
