// Package report is the model of a job: handset, finding, evidence, step and verdict.
//
// [Build] turns the steps of a job into a [Report] with a [Verdict]. A report holds what
// a reader needs to decide about a handset; it never holds the customer, account names,
// the names of files or the way to this computer, see [Outside]. A handset's texts
// cannot act on a reader, see [Tidy].
//
// A report is written in sentences of package message. The English in report.json is
// signed; a sentence that does not make that English is not used.
//
// The package refuses to call something pass that was not seen (unknown is never pass),
// and to give a verdict without naming the steps that did not run.
//
// The rooms around it: casedir keeps the folder of a job and builds its report, intake is
// the form with the customer and the fault, seal signs the folder and verifies packages,
// trust keeps the signing key and the keys of other signers, imei reads numbers of handsets,
// page shows a report, policy judges it by the rules of a desk, testrun writes it for build
// servers, register remembers cases, schema publishes the formats. Only printable, check
// and message are below it. It reads no file and talks to no handset, network or terminal.
package report
