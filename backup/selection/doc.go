// Package selection is the choice of a part of a backup: kinds of data, and patterns of
// paths on the handset.
//
// A pattern that begins with "/" is a path from the top of the handset; /sdcard means the
// owner's shared storage. Any other pattern matches at any depth. Within a name, *, ? and
// [a-z] are those of [path.Match]; ** stands for any number of folders. A pattern of a
// folder takes everything in it. Case does not matter, as on the shared storage itself.
//
// It asks no handset and reads no disk.
package selection
