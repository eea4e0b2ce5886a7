package adb

import (
	"errors"
	"io"
	"net"
	"slices"
	"strings"
	"testing"
)

func TestForwards(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name, answer string
		want         []Forward
		err          error
	}{
		{"none", block(""), nil, nil},
		{"two", block("a tcp:6100 tcp:7100\n10.0.0.1:5555 tcp:27183 localabstract:scrcpy\n"), []Forward{
			{"a", "tcp:6100", "tcp:7100"}, {"10.0.0.1:5555", "tcp:27183", "localabstract:scrcpy"},
		}, nil},
		{"a serial with a space", block("adb-A-x (2)._adb-tls-connect._tcp tcp:1 tcp:2\n"), []Forward{{"adb-A-x (2)._adb-tls-connect._tcp", "tcp:1", "tcp:2"}}, nil},
		{"too short, which gadb panics on", block("a tcp:6100\n"), nil, ErrProtocol},
		{"one word", block("a\n"), nil, ErrProtocol},
		{"no sockets", block("a b c\n"), nil, ErrProtocol},
		{"no serial", block(" tcp:1 tcp:2\n"), nil, ErrProtocol},
		{"spaces for a serial", block("  tcp:1 tcp:2\n"), nil, ErrProtocol},
		{"refused", failed("no"), nil, ErrRefused},
	}
	for _, tt := range tests {
		s := newScriptedServer(t)
		s.Host["host:list-forward"] = func(c net.Conn) { _, _ = io.WriteString(c, tt.answer) }
		got, err := s.client(t).Forwards(t.Context())
		if !errors.Is(err, tt.err) || !slices.Equal(got, tt.want) {
			t.Errorf("%s: %v, %v; want %v, %v", tt.name, got, err, tt.want, tt.err)
		}
	}
}

func FuzzForwards(f *testing.F) {
	f.Add("a tcp:6100 tcp:7100\n")
	f.Add("a tcp:6100\n")
	f.Add("  \r\n a  b:c  d:e ")
	f.Add("  d:a b:c")
	f.Fuzz(func(t *testing.T, s string) {
		list, err := parseForwards(s)
		if err != nil && list != nil {
			t.Fatalf("%q: a list beside an error", s)
		}
		for _, one := range list {
			if one.Serial == "" || !isSpec(one.Local) || !isSpec(one.Remote) || strings.ContainsAny(one.Local+one.Remote, " \n") {
				t.Fatalf("%q gives %+v", s, one)
			}
		}
	})
}
