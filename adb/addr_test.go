package adb

import (
	"strings"
	"testing"
)

func TestParseEndpoint(t *testing.T) {
	t.Parallel()
	tests := []struct {
		spec, network, address string
		local                  bool
		listen                 string
	}{
		{"localhost:5037", "tcp", "localhost:5037", true, "tcp:5037"},
		{"tcp:5038", "tcp", "localhost:5038", true, "tcp:5038"},
		{"tcp::5038", "tcp", "localhost:5038", true, "tcp:5038"},
		{"tcp:10.0.0.9:5037", "tcp", "10.0.0.9:5037", false, "tcp:5037"},
		{"tcp:build-host", "tcp", "build-host:5037", false, "tcp:5037"},
		{"127.0.0.1:6000", "tcp", "127.0.0.1:6000", true, "tcp:6000"},
		{"tcp:[::1]:6000", "tcp", "[::1]:6000", true, "tcp:6000"},
		{"localfilesystem:/run/adb.sock", "unix", "/run/adb.sock", true, "localfilesystem:/run/adb.sock"},
		{"local:/run/adb.sock", "unix", "/run/adb.sock", true, "local:/run/adb.sock"},
		{"localabstract:adb", "unix", "@adb", true, "localabstract:adb"},
	}
	for _, tt := range tests {
		e, err := parseEndpoint(tt.spec)
		if err != nil {
			t.Errorf("parseEndpoint(%q): %v", tt.spec, err)
			continue
		}
		if e.network != tt.network || e.address != tt.address || e.local() != tt.local || e.listenSpec() != tt.listen {
			t.Errorf("parseEndpoint(%q) = %s %s local=%v listen=%s, want %s %s local=%v listen=%s", tt.spec,
				e.network, e.address, e.local(), e.listenSpec(), tt.network, tt.address, tt.local, tt.listen)
		}
	}
}

func TestParseEndpointRefuses(t *testing.T) {
	t.Parallel()
	for _, spec := range []string{
		"5037", "adb", "tcp:0", "tcp:65536", "tcp:host:", "tcp:host:x", "tcp:a:b:c", "tcp:", "localfilesystem:", "local:",
		"localreserved:adb", "vsock:2:5037", "host:-1", "host:+80",
	} {
		if e, err := parseEndpoint(spec); err == nil {
			t.Errorf("parseEndpoint(%q) = %+v, want an error", spec, e)
		}
	}
}

func TestNewReadsEnvironment(t *testing.T) {
	tests := []struct {
		name                  string
		socket, address, port string
		option                string
		want                  string // address, or with "!" the variable an error names
	}{
		{name: "nothing", want: "localhost:5037"},
		{name: "port", port: "5099", want: "localhost:5099"},
		{name: "address and port", address: "10.1.1.1", port: "5099", want: "10.1.1.1:5099"},
		{name: "socket beats port", socket: "tcp:5555", port: "5099", want: "localhost:5555"},
		{name: "unix socket", socket: "localfilesystem:/a/b", want: "localfilesystem:/a/b"},
		{name: "option beats all", socket: "tcp:5555", port: "x", option: "host:1", want: "host:1"},
		{name: "bad port", port: "70000", want: "!ANDROID_ADB_SERVER_PORT"},
		{name: "bad socket", socket: "what", want: "!ADB_SERVER_SOCKET"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Setenv("ADB_SERVER_SOCKET", tt.socket)
			t.Setenv("ANDROID_ADB_SERVER_ADDRESS", tt.address)
			t.Setenv("ANDROID_ADB_SERVER_PORT", tt.port)
			c, err := New(Options{Addr: tt.option})
			if name, bad := strings.CutPrefix(tt.want, "!"); bad {
				if err == nil || !strings.Contains(err.Error(), name) {
					t.Fatalf("New: %v, want an error that names %s", err, name)
				}
				return
			}
			if err != nil {
				t.Fatal(err)
			}
			if c.Addr() != tt.want {
				t.Errorf("Addr() = %q, want %q", c.Addr(), tt.want)
			}
		})
	}
}
