// Package copying copies files of a plan from the handset to the disk and proves the
// copies.
//
// [Copier.Copy] works in rounds. In a round several sync streams read files, the handset
// hashes the same files at the same time, and what agrees is committed: the copy is synced,
// its line of the journal is written and synced, and only then does the plan call it
// proved. A file is as large as it was listed, or it is read again. A large file whose
// stream is lost is resumed in the middle; after five lost connections without one more
// byte it is given up. A copy of an earlier run is read back from the disk before it counts.
//
// It refuses to call a copy proved that was not compared with the handset, to replace a
// proved copy by an unproved one, and to hold up all files for one that fails.
//
// Arrows: copying takes the plan, the disk's store and journal and the link from its caller.
// It uses query for the answers of sha256sum and lstat.
package copying
