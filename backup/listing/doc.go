// Package listing lists what a handset has, into a plan.
//
// [Find] asks the handset for its storages. No source names all of them, so it combines
// five, volumes, users, /storage, the mounts of users, and /mnt, and returns a sentence for
// each that did not answer. A [Lister] then lists each
// storage twice, by find and by lstat, because each misses something, and keeps a note
// of every difference.
//
// It refuses to take an empty answer for an empty storage: a storage without a name, a
// find without an exit status and a name outside of the listed folder all get a reason
// or a note. It reads no file, writes nothing, and decides nothing about copies.
//
// Arrows: listing uses plan for the entries, query for lstat, and adb/link to ask again
// after a broken connection.
package listing
