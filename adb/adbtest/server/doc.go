// Package server is an adb server with emulated handsets on it: the list of devices,
// transports, forwarded ports, a network with wireless debugging, and the services
// of a chosen handset. Clients of adb's own kind talk to it; it needs no adb.
//
// A [Server] takes no handset that it was not given, listens on the loopback
// interface unless given another address, and is stopped by its Close alone.
//
// It imports the rooms adbd, bus, stream and trouble of adbtest, and the wire format.
package server
