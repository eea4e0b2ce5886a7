// Package vfs is the file tree of an emulated handset, as adbd's user shell sees
// it: permissions, symbolic links, shared storage with the owner and modes that
// FUSE gives it, and a bound on what may be written.
//
// [Plant] builds a [Tree] from a [Layout]. Every error of a Tree is an
// *fs.PathError that holds an [Errno]. [Hooks] let trouble change what a tree
// answers. A Tree never opens a file of the computer.
//
// It imports no other package of preship.
package vfs
