// Package trouble makes things go wrong with an emulated handset, so that tests can
// see what a client does about it: files that grow, cannot be read or vanish,
// streams that stall or break, a full disk, a recovery that refuses to wipe.
//
// A [List] answers whether a trouble happens now, and counts. [List.InTree] puts the
// troubles of files in a file tree, and [List.Opened] those of streams around a
// service. [Parse] reads the text form, and refuses one that it does not know. The
// package decides only whether something happens; the handset does it.
//
// It imports the rooms stream and vfs of adbtest.
package trouble
