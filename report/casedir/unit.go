package casedir

import (
	"preship/report"
	"preship/report/message"
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
