// Package adb is a client of an adb server: it lists devices and their states,
// runs shell commands, opens raw services and copies files over the sync service.
//
// Begin with [New], start a server by [Client.Ensure] if it does not answer, and choose a
// device by [Client.Pick]; [Device.Shell], [Device.Open], [Device.Pull] and
// [Device.Install] do the rest. [Client.Announced] finds a device on the network,
// [Client.Pair] makes it trust the server, and [Client.Connect] lists it. Package
// adb/link waits for a device that left, and repeats what a broken connection
// interrupted.
//
// It speaks the server's own protocol, so it needs no adb binary once a server
// runs. It asks a device for its features and never infers them from a version,
// and each of shell_v2, stat_v2, ls_v2 and sendrecv_v2 has its fallback.
//
// It refuses to guess: a stream that ends before its answer is complete is an
// error, an empty listing proves nothing, and an exit status that a device
// cannot report is -1. It never stops a server, never installs keys and knows no
// vendor.
//
// Everything a device sends is untrusted: sizes are bounded, names are bytes.
//
// # gadb
//
// github.com/electricbubble/gadb v0.1.0 carries the questions about the server that
// it answers correctly, if the server is on TCP and no Dial is set. Streams of this
// package carry the rest:
//
//	Client.Version              gadb    ServerVersion
//	Client.Connect, Disconnect  gadb    Connect, Disconnect
//	Client.Devices              stream  DeviceList keeps no state and drops lines of fewer than four columns
//	Client.Track                stream  not in gadb
//	Client.Forwards             stream  ForwardList splits a serial at its spaces and panics on a short line
//	Client.Pair, Announced      stream  not in gadb
//	Client.Ensure               gadb    ServerVersion, then the adb program: gadb starts no server
//	Device.Info, State          stream  State has no word for recovery, sideload or rescue
//	Device.Features             stream  not in gadb
//	Device.Open, Service, Exec  stream  not in gadb
//	Device.Shell, StartShell    stream  RunShellCommand has no exit status, no stderr and no standard input
//	Device.Sync, Pull, Push     stream  List and Pull know sync version 1 only, with sizes of 32 bits
//	Device.Install              stream  not in gadb
//	Device.Reboot               stream  not in gadb
//
// gadb knows no context and panics on some malformed lengths: each of its calls runs
// in its own goroutine, which recovers. The call returns when its context ends, and the goroutine by gadb's own
// deadline of 60 s.
package adb
