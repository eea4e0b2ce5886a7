package main

import (
	"strings"

	"preship/adb/handset"
	"preship/report/seal"
)

// imeiFlag is a flag that takes one whole IMEI. People and scanners put spaces,
// hyphens and slashes between its digits.
type imeiFlag string

func (i *imeiFlag) Set(s string) error {
	if *i != "" {
		return usagef("one IMEI is compared; a report that names several is about the handset with any of them")
	}
	digits := strings.NewReplacer(" ", "", "-", "", "/", "").Replace(s)
	switch {
	case len(digits) != 15 || strings.Trim(digits, "0123456789") != "":
		return usagef("an IMEI has 15 digits; dial *#06# on the handset, or read it off the box")
	case !handset.LuhnOK(digits):
		return usagef("the last digit does not fit the others: one of them is mistyped")
	}
	*i = imeiFlag(digits)
	return nil
}

func (i *imeiFlag) String() string { return string(*i) }
func (i *imeiFlag) Type() string   { return "IMEI" }

// tellIMEI says that a report is about the handset with the given IMEI.
func (e *env) tellIMEI(c *seal.IMEICheck) {
	if c != nil && c.Result == seal.IMEIMatch {
		e.Say("  it is about the handset with IMEI %s", c.Given)
	}
}
