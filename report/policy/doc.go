// Package policy judges a report by the rules of a desk or a bench, beyond its verdict.
//
// [Parse] reads a policy, and [Policy.Judge] returns its ruling on a report. A policy can
// require more than the verdict does. It never makes anything pass, and the report stays as
// it is. The package refuses rules that it does not know: a misspelt one would have no
// effect. It imports only report, report/check and report/message.
package policy
