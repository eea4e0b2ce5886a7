package adbtest

// Daemon is adbd in front of a handset: what adb connect talks to.
type XDaemon = Daemon

// Sent is one service that a handset was asked to open.
type XSent = Sent

// ErrScannedPort is the error of a listener on one of the ports that every adb
// server scans for emulators.
var XErrScannedPort = ErrScannedPort

// NewDaemon serves the handset to adb servers at addr, host:port; "" is a free
// port of the loopback interface. The caller closes it.
func NewDaemon(h *Handset, addr string) (*Daemon, error) { return newDaemon_(h.adbd, addr) }
