// Package doctor checks whether this computer is ready to work on a handset: its adb, the
// USB bus, the disk, the clock, the signing key, and other programs that use a handset.
//
// Each check is a row of one table and ends in pass, warn, fail, unknown or skipped, with
// what to do. doctor starts no adb server and sends nothing to a handset. It deletes the
// files that it writes to try a folder.
//
// It reads the system through machine, so that tests can be any computer. The command
// prints the rows.
package doctor
