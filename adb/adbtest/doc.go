// Package adbtest emulates an Android handset well enough that adb itself is
// satisfied with it. A [Handset] is built from a [Profile] (a txtar file: the
// properties, accounts, users and files of one model) and has state: accounts
// can be removed, files written, pages opened; a factory reset wipes it and a
// reboot takes it off the bus.
//
// Shell lines are interpreted, not matched against a list: pipes, quoting,
// redirections and exit statuses are real, the commands are written against the
// handset's state and file tree, and the known faults of the originals (toybox's
// find, tar and sha256sum, the content command's ambiguous rows) are kept,
// because a client must survive them. A command that no client here, no bench and
// no test of AOSP asks for answers "inaccessible or not found".
//
// Its rooms: profile reads the file of a model; android keeps the state, and has
// Android's own commands; shell, toybox and vfs are the shell, its other commands and
// the files; adbd and server are the two fronts, on the bus of package bus; trouble
// describes what goes wrong. adb/conformance lists what any handset must answer.
//
// It refuses to be mistaken for a handset: every one of them carries the
// property ro.preship.emulated=1. It never runs a program of the computer it
// runs on, never opens one of its files, and shares no code with the client it
// is there to test.
package adbtest
