// Package report keeps what a job found out about one handset, and seals it.
//
// A [Case] is the folder of one job: it survives a crash at any moment, holds
// every answer as evidence, and knows which steps are done. [Build] turns
// the steps into a [Report] with a [Verdict], [Seal] signs the folder as one
// package, and [Verify] says whether a package is still what was sealed.
//
// A package holds the same facts for a program (report.json, with a JSON Schema),
// on a screen (report.html) and on paper (report.pdf, label.pdf, and the signed
// code on them that [VerifyToken] checks alone). Who owns the handset and what is
// wrong with it lies apart in [Intake], which may be deleted later. A desk that
// received the package signs beside the first signer with [Countersign], asks more
// of it than the verdict does by a [Policy], and sees the saved data off with
// [Case.HandBack] and [Case.DeleteBackup], which change nothing that was signed.
//
// What a report says are sentences of report/message: report.json has their English,
// their IDs and their arguments, and the pages show them in any language. The English
// is what is signed; a sentence that does not make it is not shown.
//
// The package refuses five things: to call something pass that was not seen
// (unknown is never pass), to seal without naming the steps that did not run,
// to put customer data or account names into the report, to call a package good
// of which any byte is missing, extra or changed (a deleted intake form is named,
// not passed over), and to delete data that was not handed back.
//
// It talks to no handset, no network and no terminal.
package report
