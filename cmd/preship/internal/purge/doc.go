// Package purge deletes the saved data of one case, wherever it is, and signs a statement
// that it was deleted.
//
// [Run] destroys the keys of encrypted data first, then deletes the data, looks again, and
// signs only if nothing is left. It may be killed at any moment: the counts from before are
// on the disk, and the next run ends the deletion and signs.
//
// It refuses a case whose data was not handed back, whose job is not finished, or whose
// report does not verify, and data that a retention lock protects. It refuses to sign while
// anything is still there ([ErrLeft]). Deleting is not erasing: every statement says so.
package purge
