package seal

import (
	"slices"

	"preship/report/casedir"
	"preship/report/message"
)

// IMEIResult is the result of comparing a report with the IMEI of a handset.
type IMEIResult string

const (
	IMEIMatch   IMEIResult = "match"   // it is one of the handset's
	IMEIDiffers IMEIResult = "differs" // the report names others
	IMEIUnknown IMEIResult = "unknown" // the report names no IMEI, or cannot be believed
)

// IMEICheck is the comparison of a report with the IMEI of a handset. Only
// IMEIMatch says that the report is about it.
type IMEICheck struct {
	Given  string     `json:"given"`
	Result IMEIResult `json:"result"`
}

// compareIMEI compares a number with those a report names.
func compareIMEI(given string, named []string) IMEICheck {
	switch {
	case len(named) == 0:
		return IMEICheck{given, IMEIUnknown}
	case slices.Contains(named, given):
		return IMEICheck{given, IMEIMatch}
	}
	return IMEICheck{given, IMEIDiffers}
}

// problem says why the report does not count for the handset; empty where it does.
func (c IMEICheck) problem(named []string) message.Sentence {
	switch c.Result {
	case IMEIMatch:
		return message.Sentence{}
	case IMEIUnknown:
		return message.Say("seal.imei.none", "given", c.Given)
	}
	if len(named) == 1 {
		return message.Say("seal.imei.other", "named", named[0], "given", c.Given)
	}
	last := len(named) - 1
	return message.Say("seal.imei.others", "named", named[:last], "last", named[last], "given", c.Given)
}

// checkIMEI compares the report with the IMEI that was given. Only a match passes.
func (v *verifier) checkIMEI() {
	if v.options.IMEI == "" {
		return
	}
	c := compareIMEI(v.options.IMEI, v.result.IMEI)
	v.result.IMEICheck = &c
	if v.report == nil {
		return // that it cannot be read is a problem already
	}
	if what := c.problem(v.result.IMEI); !what.Empty() {
		v.result.intact = len(v.result.Problems) == 0
		v.problem(casedir.ReportName, what)
	}
}

// OtherHandset reports whether the package verifies but for the handset that it is
// about.
func (r Result) OtherHandset() bool { return r.intact && len(r.Problems) == 1 }
