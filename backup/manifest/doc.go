// Package manifest is what a backup says of itself: backup.manifest.json, which
// names everything listed on a handset and what became of it, and the names of the
// files of a backup in its case folder.
//
// The manifest is read and written entry by entry, so its size does not matter. A
// manifest that is cut short, or whose totals differ from its entries, is refused
// with [ErrDamaged]. [Write] replaces the file at once: a reader sees the old
// manifest or the new one.
//
// Paths come from a handset and may be any bytes. [Entry.OnHandset] gives the bytes;
// [Entry.Path] is safe to print. A manifest is a file on a disk that anybody may have
// written, so callers check a path before they use it.
//
// It imports report, which replaces files and opens regular ones, and nothing else
// of ours.
package manifest
