// Package plan is the list of everything that a handset has, and what became of each
// entry. It is the only owner of states: what makes a file proved is decided here.
//
// An entry goes from [StateListed] to a final state by facts that callers enter: lstat
// ([Plan.Describe]), a line of the journal ([Plan.Recall]), the SHA-256 of the copy
// ([Plan.CopySum]) and of the handset ([Plan.HandsetSum]), a failed read
// ([Plan.Failed]). Two equal sums report that a copy may be committed; only
// [Plan.Committed], after the journal is on the disk, makes it [StateProved]. A copy of
// which anything is unknown never becomes proved.
//
// A newer version of a proved file stays apart ([Plan.Put], [Plan.CopyPath]) until it is
// proved too ([Plan.Promoted]). The older version is kept until then, and listed as kept.
//
// A plan holds millions of entries in little memory. Adding is for one goroutine; the
// methods that change an outcome lock. It reads no disk and asks no handset.
package plan
