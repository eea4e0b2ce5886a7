// Package verify makes the checks of a job, each with a finding: who the handset is,
// which locks it has, and whether it is clean after the reset.
//
// [Identity] compares the handset with its papers, and the checks after the reset look for
// remains of the owner. A check without an answer is unknown, with the reason; it is never
// a pass. The package changes nothing on a handset, and copies no account name: it counts.
// It gives no verdict: package report does, over all steps.
//
// It imports adb/handset for the answers, report and report/check for the findings, and
// report/casedir to keep the answers as evidence. It knows no connection.
package verify
