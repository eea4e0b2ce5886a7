// Package casedir keeps the folder of one job on one handset: the case.
//
// A [Case] survives a crash at any moment: when a method returns, its result is on disk. It records
// every answer of the handset as evidence, in a chain that shows a later change, knows
// which steps are done, keeps the intake form and the photos, and builds the [report.Report].
// One process at a time holds the folder; [Look] reads it without holding it.
//
// The package refuses a folder that holds anything else, a handset other than the one
// the case is bound to ([ErrOtherHandset]), a record of commands that is not the one that
// was written ([ErrBrokenLog]), and to delete saved data that was not handed back. What
// would leave the computer with the report has names and addresses masked.
//
// The answer before the mask is not kept anywhere, also not on the owner's computer. A
// digest of it, even a salted one, would let nobody check anything: whoever gets the case
// never sees the answer, and the answer itself would be one more copy of the owner's
// numbers, accounts and networks beside the case. The masks keep the lines that the checks
// read, by lists of what may stay; the journal marks such an answer as redacted. Only
// the signer vouches that the handset sent the kept lines, and that the rest was personal.
//
// It does not sign: package seal does, through [Case.Seal].
package casedir
