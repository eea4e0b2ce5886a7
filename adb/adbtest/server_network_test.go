package adbtest

import (
	"io"
	"net"
	"strings"
	"testing"
	"time"

	"preship/adb/adbtest/server"
	"preship/adb/adbtest/trouble"
	"preship/adb/internal/wire"
)

// TestServerReachesWireless goes the way of a person: pair, connect, look,
// disconnect, with a slip at each.
func TestServerReachesWireless(t *testing.T) {
	t.Parallel()
	cable, far := newHandset(t), newHandset(t)
	s := newServer(t, cable)
	const at, pairAt = "192.0.2.7:37123", "192.0.2.7:4444"
	s.AddWireless(far, server.Wireless{Addr: at, PairAddr: pairAt, Code: "271828"})
	wired := cable.Serial() + "\tdevice\n"
	expectAnswers(t, s, []hostAnswer{
		{ask: "host:devices", want: wired},
		{ask: "host:mdns:check", want: "mdns daemon version [Openscreen discovery 0.0.0]"},
		{ask: "host:mdns:services", want: "adb-" + far.Serial() + "\t_adb-tls-connect._tcp\t" + at + "\n" +
			"adb-" + far.Serial() + "\t_adb-tls-pairing._tcp\t" + pairAt + "\n"},
		{ask: "host:connect:" + at, want: "failed to connect to " + at},
		{ask: "host:pair:271828", fail: "unknown host service"},
		{ask: "host:connect:" + at, want: "failed to connect to " + at},
		{ask: "host:connect:192.0.2.8", want: "failed to connect to '192.0.2.8:5555': Connection refused"},
	})
	for _, tt := range []struct{ ask, want string }{
		{"host:pair:000000:" + pairAt, "OKAYFAIL0031Failed: Wrong password or connection was dropped."},
		{"host:pair:271828:" + at, "OKAYFAIL0027Failed: Unable to start pairing client."},
		{"host:pair:271828:" + pairAt, "OKAY0038Successfully paired to " + pairAt + " [guid=adb-preship]"},
	} {
		if got := rawAnswer(t, s, tt.ask); got != tt.want {
			t.Errorf("%s: %q, want %q", tt.ask, got, tt.want)
		}
	}
	expectAnswers(t, s, []hostAnswer{
		{ask: "host:connect:" + at, want: "connected to " + at},
		{ask: "host:connect:" + at, want: "already connected to " + at},
		{ask: "host:devices", want: at + "\tdevice\n" + wired},
		{ask: "host-serial:" + at + ":get-serialno", want: at},
		{ask: "host-serial:" + at + ":get-devpath", want: "unknown"},
		{ask: "host:disconnect:" + at, want: "disconnected " + at},
		{ask: "host:disconnect:" + at, fail: "no such device '" + at + "'"},
		{ask: "host:devices", want: wired},
		{ask: "host:connect:" + at, want: "connected to " + at},
		{ask: "host:disconnect:", want: "disconnected everything"},
		{ask: "host:devices", want: wired},
	})
}

func TestServerForgets(t *testing.T) {
	t.Parallel()
	s := newServer(t, newHandset(t))
	s.Forget("pair:", "mdns:")
	for _, ask := range []string{"host:pair:271828:192.0.2.7:4444", "host:mdns:check", "host:mdns:services"} {
		if got, err := askServer(t, s, ask); failText(err) != "unknown host service" {
			t.Errorf("%s: %q, %v, want it unknown", ask, got, err)
		}
	}
	if got, err := askServer(t, s, "host:version"); got != "0029" || err != nil {
		t.Errorf("version: %q, %v", got, err)
	}
}

func TestWirelessRefusesComputer(t *testing.T) {
	t.Parallel()
	h := newHandset(t, WithTrouble(trouble.Trouble{Kind: trouble.Unauthorized}))
	s := newServer(t)
	s.AddWireless(h, server.Wireless{Addr: "192.0.2.7:5555"})
	if got, err := askServer(t, s, "host:connect:192.0.2.7"); err != nil || got != "failed to authenticate to 192.0.2.7:5555" {
		t.Errorf("connect: %q, %v", got, err)
	}
	if got, err := askServer(t, s, "host:devices-l"); err != nil || !strings.HasPrefix(got, "192.0.2.7:5555         unauthorized transport_id:") {
		t.Errorf("devices-l: %q, %v", got, err)
	}
}

// rawAnswer is everything the server says until it closes.
func rawAnswer(t *testing.T, s *Server, name string) string {
	t.Helper()
	conn, err := net.Dial("tcp", s.Addr())
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	_ = conn.SetDeadline(time.Now().Add(10 * time.Second))
	b, err := wire.AppendBlock(nil, []byte(name))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := conn.Write(b); err != nil {
		t.Fatal(err)
	}
	all, err := io.ReadAll(conn)
	if err != nil {
		t.Fatal(err)
	}
	return string(all)
}

// expectAnswers asks one after the other.
func expectAnswers(t *testing.T, s *Server, list []hostAnswer) {
	t.Helper()
	for _, tt := range list {
		got, err := askServer(t, s, tt.ask)
		if got != tt.want || tt.fail == "" && err != nil || tt.fail != "" && failText(err) != tt.fail {
			t.Errorf("%s: %q, %v; want %q, FAIL %q", tt.ask, got, err, tt.want, tt.fail)
		}
	}
}

type hostAnswer struct{ ask, want, fail string }
