package adbtest

import (
	"io"

	"preship/adb/adbtest/adbd"
	"preship/adb/adbtest/profile"
	"preship/adb/adbtest/server"
	"preship/adb/adbtest/trouble"
)

// Daemon is adbd in front of a handset: what adb connect talks to.
type Daemon = adbd.Front

// Sent is one service that a handset was asked to open.
type Sent = adbd.Sent

// NewDaemon serves the handset to adb servers at addr, host:port; "" is a free
// port of the loopback interface. The caller closes it.
func NewDaemon(h *Handset, addr string) (*Daemon, error) { return adbd.NewDaemon(h.adbd, addr) }

// Wireless describes how a handset with wireless debugging is reached.
type Wireless = server.Wireless

// Server is an adb server with emulated handsets on it, for clients of adb's own
// kind: it needs no adb. It takes no other handsets.
type Server = server.Server

// LocalAddr returns a free address for [NewServer] that takes the least work. An adb
// client takes it as it is; on Linux it is a socket and no port.
func LocalAddr() string { return adbd.LocalAddr() }

// NewServer serves the handsets at addr, host:port or on Linux localabstract:NAME; "" is
// a free port of the loopback interface. The caller closes it.
func NewServer(addr string, hs ...*Handset) (*Server, error) {
	return server.New(addr, hs...)
}

// Profile describes a model of handset. It is read-only: any number of handsets
// may be built from one.
type Profile = profile.Profile

// Profiles lists the names of the profiles that come with preship.
func Profiles() []string { return profile.Names() }

// Load reads a profile that comes with preship.
func Load(name string) (*Profile, error) { return profile.Load(name, programs) }

// Parse reads a profile from a txtar archive; see [profile.Parse] for its files.
func Parse(name string, archive []byte) (*Profile, error) {
	return profile.Parse(name, archive, programs)
}

// Trouble is one fault of a handset, for [WithTrouble].
type Trouble = trouble.Trouble

// The kinds of trouble that callers name in Go; package trouble has and describes them
// all.
const (
	TroubleUnauthorized = trouble.Unauthorized
	TroubleCut          = trouble.Cut
	TroubleStall        = trouble.Stall
	TroubleDeny         = trouble.Deny
	TroubleGrow         = trouble.Grow
	TroubleShrink       = trouble.Shrink
	TroubleVanish       = trouble.Vanish
	TroubleWrongSize    = trouble.WrongSize
	TroubleWrongHash    = trouble.WrongHash
	TroubleLowBattery   = trouble.LowBattery
	TroubleFormat       = trouble.Format
	TroubleNoNetwork    = trouble.NoNetwork
)

// TroubleTextError is the error of [ParseTrouble] for a line that is not a trouble.
type TroubleTextError = trouble.TextError

// ParseTrouble reads troubles from text; see [trouble.Parse] for its form.
func ParseTrouble(r io.Reader) ([]Trouble, error) { return trouble.Parse(r) }
