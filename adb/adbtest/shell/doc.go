// Package shell is /system/bin/sh of an emulated handset: mksh's language, read
// and run by mvdan.cc/sh, with every file, program and process of the handset in
// place of the computer's.
//
// [RunScript] runs a [Script] line by line, [Run] a single line, and [RunTerminal]
// runs either on a [Terminal] with its prompt, its line editing
// and Ctrl-C. [Jobs] are the processes that the shells of one handset run.
//
// It refuses what would reach for the computer: process substitution, jobs of
// the computer, and the interpreter's own builtins that mksh lacks.
//
// It imports toybox, whose Process every command is, and vfs.
package shell
