// Package safefile reads and replaces files in folders that other people can write to.
//
// It opens regular files only, never through a link inside the folder, and reads at
// most as many bytes as the caller allows. A file that it replaces holds the old bytes
// or the new ones at every moment, also after a crash or a power cut.
//
// [Lock] is the one lock of a file that preship has. It takes an open file, so that a
// file opened through [os.Root] can be locked, and leaves the bytes readable to others.
//
// It refuses to wait for a pipe, and to take a larger file in part. Writing goes
// through [os.Root], so that no name leads out of the folder.
package safefile
