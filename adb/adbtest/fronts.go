package adbtest

import (
	"preship/adb/adbtest/adbd"
	"preship/adb/adbtest/server"
)

// Daemon is adbd in front of a handset: what adb connect talks to.
type Daemon = adbd.Front

// Sent is one service that a handset was asked to open.
type Sent = adbd.Sent

// ErrScannedPort is the error of a listener on one of the ports that every adb
// server scans for emulators.
var ErrScannedPort = adbd.ErrScannedPort

// NewDaemon serves the handset to adb servers at addr, host:port; "" is a free
// port of the loopback interface. The caller closes it.
func NewDaemon(h *Handset, addr string) (*Daemon, error) { return adbd.NewDaemon(h.adbd, addr) }

// Wireless describes how a handset with wireless debugging is reached.
type Wireless = server.Wireless

// Server is an adb server with emulated handsets on it, for clients of adb's own
// kind: it needs no adb. It takes no other handsets.
type Server struct{ *server.Server }

// NewServer serves the handsets at addr, host:port; "" is a free port of the
// loopback interface. The caller closes it.
func NewServer(addr string, hs ...*Handset) (*Server, error) {
	var daemons []*adbd.Services
	for _, h := range hs {
		daemons = append(daemons, h.adbd)
	}
	s, err := server.New(addr, daemons...)
	if err != nil {
		return nil, err
	}
	return &Server{s}, nil
}

// AddWireless puts a handset on the server's network. The server lists it after a
// client asked to connect to it, and announces it before.
func (s *Server) AddWireless(h *Handset, w Wireless) { s.Server.AddWireless(h.adbd, w) }
