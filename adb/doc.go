// Package adb is a client of an adb server: it lists devices and their states,
// runs shell commands, opens raw services, copies files over the sync service
// and waits for a device that reboots.
//
// Begin with [New], see to a server by [Client.Ensure], and choose a device by
// [Client.Pick]; [Device.Shell], [Device.Open], [Device.Pull] and [Device.Install]
// do the rest. A device on the network is found by [Client.Announced], made to trust
// the server by [Client.Pair], and listed once [Client.Connect] has been asked for it.
//
// It speaks the server's own protocol, so it needs no adb binary once a server
// runs. It asks a device for its features and never infers them from a version,
// and each of shell_v2, stat_v2, ls_v2 and sendrecv_v2 has its fallback.
//
// It refuses to guess: a stream that ends before its answer is complete is an
// error, an empty listing proves nothing, and an exit status that a device
// cannot tell is -1. It never stops a server, never installs keys and knows no
// vendor.
//
// Everything a device sends is untrusted: sizes are bounded, names are bytes.
package adb
