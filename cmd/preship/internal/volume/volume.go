// Package volume returns the free space and the kind of the file system that a folder is
// on. It has one file for each system; on a system without one it returns
// [errors.ErrUnsupported].
package volume

// Volume is a mounted file system.
type Volume struct {
	Free int64  // bytes that this user may still write
	Kind string // in Linux's words, such as "vfat"; empty when the system does not say
}
