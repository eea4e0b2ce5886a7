// Package disk is the computer's side of a backup: the files it writes in a case
// folder, their names, and the journal that makes them count.
//
// A file is received as a [PartFile], hashed while it is written, and moved to its
// place at once. It counts as proved only after [Sync] put it on the disk and a
// synced line of the [Journal] says so; until then a crash loses it, and the next run
// reads it again. A line that is cut short is ignored. Nothing that a journal line
// names is believed before it was read back with [Hash].
//
// A [Naming] turns names of the handset, which are any bytes, into names that the
// disk holds. It tries out what the file system accepts, keeps apart names that the
// file system takes for equal, and its escapes lead back to the handset's name.
//
// All paths go through an os.Root: nothing is written outside the case folder, and
// nothing is deleted but the parts of a run that ended.
package disk
