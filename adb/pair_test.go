package adb

import (
	"errors"
	"io"
	"net"
	"strings"
	"testing"
)

func TestPair(t *testing.T) {
	t.Parallel()
	const code = "271828"
	ok := func(text string) string { return "OKAY" + strings.TrimPrefix(block(text), "OKAY") }
	tests := []struct {
		name, answer string
		guid         string
		want         error
	}{
		{"paired", ok("Successfully paired to 10.0.0.1:4444 [guid=adb-SERIAL-x1]"), "adb-SERIAL-x1", nil},
		{"paired, no guid", ok("Successfully paired to 10.0.0.1:4444"), "", nil},
		{"wrong code", "OKAY" + failed("Failed: Wrong password or connection was dropped."), "", ErrNotPaired},
		{"a server that repeats the code", "OKAY" + failed("Failed: 271828 is wrong"), "", ErrNotPaired},
		{"nobody there", "OKAY" + failed("Failed: Unable to start pairing client."), "", ErrNotPaired},
		{"failed in a block", ok("Failed: Unable to start pairing client."), "", ErrNotPaired},
		{"a word on success at another place", ok("not Successfully paired to x"), "", ErrNotPaired},
		{"nothing said", ok(""), "", ErrNotPaired},
		{"old server", failed("unknown host service"), "", ErrNoPairing},
		{"another refusal", failed("no"), "", ErrRefused},
		{"hangs up at once", "", "", ErrClosed},
		{"hangs up after the OKAY", "OKAY", "", ErrClosed},
		{"hangs up in the middle", "OKAY0010Succ", "", ErrClosed},
		{"no length", "OKAYzzzz", "", ErrProtocol},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			s := newScriptedServer(t)
			s.Host["host:pair:271828:10.0.0.1:4444"] = func(c net.Conn) { _, _ = io.WriteString(c, tt.answer) }
			guid, err := s.client(t).Pair(t.Context(), "10.0.0.1:4444", code)
			if guid != tt.guid || !errors.Is(err, tt.want) {
				t.Errorf("Pair = %q, %v, want %q, %v", guid, err, tt.guid, tt.want)
			}
			if err != nil && strings.Contains(err.Error(), code) {
				t.Errorf("the code stands in the error: %v", err)
			}
		})
	}
}

// TestPairRefusesCodes: a malformed code must not reach a server, and must
// not be repeated: it may be a right one with a slip.
func TestPairRefusesCodes(t *testing.T) {
	t.Parallel()
	s := newScriptedServer(t)
	for _, code := range []string{"", "12345", "1234567", "12345a", "123:56", "12 456", "１２"} {
		_, err := s.client(t).Pair(t.Context(), "10.0.0.1:4444", code)
		if !errors.Is(err, ErrNotPaired) || code != "" && strings.Contains(err.Error(), code) {
			t.Errorf("Pair with code %q: %v", code, err)
		}
	}
	if asked := s.Questions(); len(asked) != 0 {
		t.Errorf("the server was asked %q", asked)
	}
}

func TestAnnounced(t *testing.T) {
	t.Parallel()
	const listens = "mdns daemon version [Openscreen discovery 0.0.0]"
	tests := []struct {
		name, check, services string
		want                  []Announcement
		err                   error
	}{
		{"one of each", block(listens), block("adb-A-x\t_adb-tls-connect._tcp.\t10.0.0.1:37123\nadb-A-x\t_adb-tls-pairing._tcp\t10.0.0.1:4444\n"), []Announcement{
			{"adb-A-x", ServiceConnect, "10.0.0.1:37123"}, {"adb-A-x", ServicePairing, "10.0.0.1:4444"},
		}, nil},
		{"none", block(listens), block(""), nil, nil},
		{"built without", block(""), block(""), nil, ErrNoAnnouncements},
		{"daemon unavailable", block("ERROR: mdns daemon unavailable"), block(""), nil, ErrNoAnnouncements},
		{"old server", failed("unknown host service"), "", nil, ErrNoAnnouncements},
		{"two columns", block(listens), block("adb-A-x\t10.0.0.1:1\n"), nil, ErrProtocol},
		{"no address", block(listens), block("adb-A-x\t_adb._tcp\t10.0.0.1;reboot\n"), nil, ErrProtocol},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			s := newScriptedServer(t)
			s.Host["host:mdns:check"] = func(c net.Conn) { _, _ = io.WriteString(c, tt.check) }
			s.Host["host:mdns:services"] = func(c net.Conn) { _, _ = io.WriteString(c, tt.services) }
			got, err := s.client(t).Announced(t.Context())
			if !errors.Is(err, tt.err) || len(got) != len(tt.want) {
				t.Fatalf("Announced = %v, %v, want %v, %v", got, err, tt.want, tt.err)
			}
			for i := range got {
				if got[i] != tt.want[i] {
					t.Errorf("Announced[%d] = %v, want %v", i, got[i], tt.want[i])
				}
			}
		})
	}
}

func FuzzAnnouncements(f *testing.F) {
	f.Add("adb-A-x\t_adb-tls-connect._tcp.\t10.0.0.1:37123\n")
	f.Add("\t\t\n")
	f.Fuzz(func(t *testing.T, s string) {
		list, err := parseAnnouncements(s)
		if err != nil {
			return
		}
		for _, a := range list {
			if addr, err := DeviceAddr(a.Addr); addr != a.Addr || err != nil || a.Name == "" {
				t.Fatalf("%q gives %+v", s, a)
			}
		}
	})
}
