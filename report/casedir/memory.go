package casedir

import (
	"encoding/json"
	"fmt"
	"maps"

	"preship/report"
)

// Keep remembers v in the case under a name, on disk before it returns. It is
// for what a later step compares with and no report shows; an earlier value of
// the name is replaced.
func (c *Case) Keep(name string, v any) error {
	raw, err := json.Marshal(v)
	if err != nil {
		return fmt.Errorf("keep %s: %w", name, err)
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.update(func(f *caseFile) {
		kept := maps.Clone(f.Kept)
		if kept == nil {
			kept = map[string]json.RawMessage{}
		}
		kept[name] = raw
		f.Kept = kept
	})
}

// Kept reads into v what [Case.Keep] remembered; ok is false when it never did.
func (c *Case) Kept(name string, v any) (ok bool, err error) {
	c.mu.Lock()
	raw, ok := c.file.Kept[name]
	c.mu.Unlock()
	if !ok {
		return false, nil
	}
	if err := json.Unmarshal(raw, v); err != nil {
		return false, fmt.Errorf("kept %s: %w", name, err)
	}
	return true, nil
}

// forget removes what [Case.Keep] remembered under a name.
func (c *Case) forget(name string) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	if _, ok := c.file.Kept[name]; !ok {
		return nil
	}
	return c.update(func(f *caseFile) {
		f.Kept = maps.Clone(f.Kept)
		delete(f.Kept, name)
	})
}

// faultKept is the name under which the case keeps the fault.
const faultKept = "fault"

// KeepFault keeps the description of the fault; an earlier one is replaced. The next
// report has it: a package that is sealed already is not sealed any more.
func (c *Case) KeepFault(f report.Fault) error {
	c.mu.Lock()
	err := c.unseal()
	c.mu.Unlock()
	if err != nil {
		return err
	}
	return c.Keep(faultKept, f)
}

// Fault returns what [Case.KeepFault] kept; ok is false if it never did.
func (c *Case) Fault() (f report.Fault, ok bool, err error) {
	ok, err = c.Kept(faultKept, &f)
	return f, ok, err
}
