// Package job runs the six steps on one handset, in order: identify, backup,
// accounts, reset, verify, report. It keeps a promise: the handset is not erased
// before its owner's data is saved and the copy is proved, or the owner has accepted
// each loss by name.
//
// Before the wipe is sent, all of this must hold, and is checked in this room:
//
//   - The report can be sealed: key, folder, disk and outputs ([Job.CanFinish]).
//   - Everything that [Options] accepts is something that may be accepted.
//   - The owner accepted what cannot be saved (losses.go), and each other loss.
//   - The preconditions hold: same unit, copy proved, nothing new, no lock
//     (ready.go). They are checked again after the person's answer (confirm.go), and
//     handset and copy a last time right before the command that wipes (recheck.go).
//
// A [Job] is made of parts over the fields that they share, each in files of its own:
// voice (what the person has read), connection, claims, statements (attest.go), settlement
// (losses.go, settle.go), paperwork (contact.go), diagnosis (fault.go, extras.go), lookout
// (outlook.go), erasure (reset.go and the guards) and sealing (preflight.go, report.go).
//
// A job speaks with a [Person] and knows no terminal, no flag and no exit code. [Host]
// is its view of the computer. Errors that a person settles on the command
// line are a [UsageError]. A job is used by one goroutine.
//
// It imports backup, verify, adb/reset and report, and no package that prints.
package job
