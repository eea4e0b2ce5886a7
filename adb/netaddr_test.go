package adb

import (
	"errors"
	"net"
	"strings"
	"testing"
)

// notAddresses must never reach a server.
var notAddresses = []string{
	"", ":5555", "host:", "host:0", "host:65536", "host:-1", "host:+5", "host:x", "host:5555:6", "host 1", "host\n", "host\x00:5555",
	"-host", "[::1", "::1]", "[::1]5555", "[host:5555", "fe80::1%lo;x", "höst", "host/x", "tcp:host:5555", strings.Repeat("a", 254),
}

func TestDeviceAddr(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]string{
		"192.168.1.20":       "192.168.1.20:5555",
		"192.168.1.20:37123": "192.168.1.20:37123",
		"phone.lan":          "phone.lan:5555",
		"my_phone-1:05555":   "my_phone-1:5555",
		"::1":                "[::1]:5555",
		"[::1]":              "[::1]:5555",
		"[fe80::1%eth0]:41":  "[fe80::1%eth0]:41",
	} {
		if got, err := DeviceAddr(in); got != want || err != nil {
			t.Errorf("DeviceAddr(%q) = %q, %v, want %q", in, got, err, want)
		}
	}
	for _, in := range notAddresses {
		if got, err := DeviceAddr(in); got != "" || !errors.Is(err, ErrAddress) {
			t.Errorf("DeviceAddr(%q) = %q, %v, want ErrAddress", in, got, err)
		}
	}
}

// FuzzDeviceAddr: what comes out is one host and one port, and reads as itself.
func FuzzDeviceAddr(f *testing.F) {
	for _, s := range append([]string{"192.168.1.20", "phone.lan:1", "::1", "[fe80::1%eth0]:41"}, notAddresses...) {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		got, err := DeviceAddr(s)
		if err != nil {
			return
		}
		if _, _, err := net.SplitHostPort(got); err != nil || strings.ContainsFunc(got, func(r rune) bool { return r <= ' ' || r > '~' }) {
			t.Fatalf("DeviceAddr(%q) = %q: %v", s, got, err)
		}
		if again, err := DeviceAddr(got); again != got || err != nil {
			t.Fatalf("DeviceAddr(%q) = %q, and of that %q, %v", s, got, again, err)
		}
	})
}
