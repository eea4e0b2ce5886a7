// Package report keeps what a job found out about one handset, and seals it.
//
// A [Case] is the folder of one job: it survives a crash at any moment, holds
// every raw answer as evidence, and knows which steps are done. [Build] turns
// the steps into a [Report] with a [Verdict], [Seal] signs the folder as one
// package, and [Verify] says whether a package is still what was sealed.
//
// The package refuses four things: to call something pass that was not seen
// (unknown is never pass), to seal without naming the steps that did not run,
// to put customer data or account names into the report, and to call a package
// good of which any byte is missing, extra or changed.
//
// It talks to no handset, no network and no terminal, and imports no other
// package of this module.
package report
