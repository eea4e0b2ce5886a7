// Package adbd is the emulated handset's adb daemon: the services that a computer
// can open, word for word as Android's, and a [Front] for adb connect.
//
// [Services] is the daemon of one handset, whose [android.State] it reads. It takes
// no key that the owner did not allow, and serves nothing that writes to more than
// user data: wipe-efs: and format-frp: do not exist here. The adb server's side of
// the protocol is in adbtest/server.
//
// It imports the rooms android, bus, stream, shell, trouble and vfs of adbtest, and
// the wire format.
package adbd
