// Package toybox has the commands that an emulated handset has from toybox, and
// the [Process] that every command runs as.
//
// The commands are written against a [System]: its files, its clock, its
// processes and its mounts. They word their messages as toybox 0.8.9 does and keep
// the faults a client must survive, such as a hash of a folder. A command or an
// option that no user of the emulated handset needs is not here, and answers as
// on a handset that lacks it.
//
// It imports vfs, for the files.
package toybox
