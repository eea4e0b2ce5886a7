// Package saved shows a person what a saved backup holds and what a restore put back.
//
// It reads the folder of a case, or of a backup alone, and changes nothing there. Data
// that preship cases purge deleted gives [ErrDeleted], not an empty backup.
package saved
