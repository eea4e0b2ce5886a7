package adbtest

import (
	"preship/adb/adbtest/adbd"
	"preship/adb/adbtest/server"
)

// Wireless describes how a handset with wireless debugging is reached.
type Wireless = server.Wireless

// Server is an adb server with emulated handsets on it, for clients of adb's own
// kind: it needs no adb. It takes no other handsets.
type Server struct{ s *server.Server }

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

// Addr returns the address on which it listens, as ADB_SERVER_SOCKET takes it after
// "tcp:".
func (s *Server) Addr() string { return s.s.Addr() }

// AddWireless puts a handset on the server's network. The server lists it after a
// client asked to connect to it, and announces it before.
func (s *Server) AddWireless(h *Handset, w Wireless) { s.s.AddWireless(h.adbd, w) }

// Forget makes it a server of an older version: it knows no host request that
// begins with one of the prefixes.
func (s *Server) Forget(prefixes ...string) { s.s.Forget(prefixes...) }

// Close ends all connections and waits for everything that they began.
func (s *Server) Close() error { return s.s.Close() }
