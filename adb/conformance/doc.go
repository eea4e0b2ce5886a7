// Package conformance is one list of expectations of a handset's adb daemon: shell
// lines, files, services and the bytes of the sync service. [Run] checks them over a
// [Peer], so that the same list runs against the emulated handset, a real adb, the
// real adbd and a real phone.
//
// Run writes only below its own folder. It imports the wire format and nothing
// of the emulated handset, which it must be able to contradict.
package conformance
