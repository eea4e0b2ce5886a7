package server

import (
	"strings"
	"testing"
)

func TestParseHostRequest(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		in      string
		want    target
		command string
		bad     bool
	}{
		{in: "host:version", command: "version"},
		{in: "host:transport:abc", command: "transport:abc"},
		{in: "host-serial:abc:features", want: target{serial: "abc"}, command: "features"},
		{in: "host-serial:127.0.0.1:5000:get-state", want: target{serial: "127.0.0.1:5000"}, command: "get-state"},
		{in: "host-serial:[::1]:5000:get-state", want: target{serial: "[::1]:5000"}, command: "get-state"},
		{in: "host-serial:model:M_1:get-state", want: target{serial: "model:M_1"}, command: "get-state"},
		{in: "host-serial:abc:wait-for-any-device", want: target{serial: "abc"}, command: "wait-for-any-device"},
		{in: "host-serial:abc:forward:tcp:1;tcp:2", want: target{serial: "abc"}, command: "forward:tcp:1;tcp:2"},
		{in: "host-transport-id:7:get-state", want: target{id: 7}, command: "get-state"},
		{in: "shell:host:x"},
		{in: "sync:"},
		{in: "host:", bad: true},
		{in: "host-serial:", bad: true},
		{in: "host-serial:abc", bad: true},
		{in: "host-serial:abc:", bad: true},
		{in: "host-transport-id:x:get-state", bad: true},
	} {
		got, command, err := parseHostRequest(tt.in)
		if (err != nil) != tt.bad || got != tt.want || command != tt.command {
			t.Errorf("parseHostRequest(%q) = %+v, %q, %v; want %+v, %q", tt.in, got, command, err, tt.want, tt.command)
		}
	}
}

func FuzzParseHostRequest(f *testing.F) {
	for _, seed := range []string{"host:version", "host-serial:[::1]:5:x", "host-serial:tcp:[", "host-transport-id:9:x", "sync:"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, name string) {
		got, command, err := parseHostRequest(name)
		if err != nil && (command != "" || got != target{}) {
			t.Errorf("%q: %+v, %q beside error %v", name, got, command, err)
		}
		if !strings.Contains(name, got.serial) || !strings.HasSuffix(name, command) {
			t.Errorf("%q: serial %q and command %q are not of it", name, got.serial, command)
		}
	})
}
