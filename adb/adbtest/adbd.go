package adbtest

import "preship/adb/adbtest/adbd"

// Daemon is adbd in front of a handset: what adb connect talks to.
type Daemon = adbd.Daemon

// Sent is one service that a handset was asked to open.
type Sent = adbd.Sent

// ErrScannedPort is the error of a listener on one of the ports that every adb
// server scans for emulators.
var ErrScannedPort = adbd.ErrScannedPort

// NewDaemon serves the handset to adb servers at addr, host:port; "" is a free
// port of the loopback interface. The caller closes it.
func NewDaemon(h *Handset, addr string) (*Daemon, error) { return adbd.NewDaemon(h.adbd, addr) }
