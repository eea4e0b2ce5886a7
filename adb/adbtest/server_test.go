package adbtest

import (
	"context"
	"encoding/binary"
	"io"
	"net"
	"strings"
	"testing"
	"time"

	"preship/adb/adbtest/bus"
	"preship/adb/adbtest/trouble"
	"preship/adb/internal/wire"
)

func TestServerAnswers(t *testing.T) {
	t.Parallel()
	h := newHandset(t)
	s := newServer(t, h)
	serial := h.Serial()
	for _, tt := range []struct{ ask, want, fail string }{
		{ask: "host:version", want: "0029"},
		{ask: "host:devices", want: serial + "\tdevice\n"},
		{ask: "host:get-state", want: "device"},
		{ask: "host:get-serialno", want: serial},
		{ask: "host:get-devpath", want: "usb:1-1"},
		{ask: "host-serial:product:" + h.state.Prop("ro.product.name") + ":get-serialno", want: serial},
		{ask: "host-serial:" + serial + ":features", want: strings.Join(h.state.Profile.Features, ",")},
		{ask: "host-transport-id:1:get-serialno", want: serial},
		{ask: "host:list-forward", want: ""},
		{ask: "host:host-features", want: "shell_v2,cmd,stat_v2,ls_v2,fixed_push_mkdir,apex,abb,fixed_push_symlink_timestamp,abb_exec,remount_shell," +
			"sendrecv_v2,sendrecv_v2_brotli,sendrecv_v2_lz4,sendrecv_v2_zstd,sendrecv_v2_dry_run_send"},
		{ask: "host:disconnect:", want: "disconnected everything"},
		{ask: "host:connect:192.0.2.1", want: "failed to connect to '192.0.2.1:5555': Connection refused"},
		{ask: "host:kill", fail: "kill-server rejected by remote server"},
		{ask: "host:disconnect:192.0.2.1:99", fail: "no such device '192.0.2.1:99'"},
		{ask: "host:preship", fail: "unknown host service 'preship'"},
		{ask: "host-serial:nobody:get-state", fail: "device 'nobody' not found"},
		{ask: "host-transport-id:99:get-state", fail: "no device with transport id '99'"},
		{ask: "host:transport-id:x", fail: "invalid transport id"},
		{ask: "host:wait-for-any-drinks", want: "", fail: ""},
		{ask: "shell:echo", fail: "device offline (no transport)"},
	} {
		if strings.Contains(tt.ask, "drinks") {
			continue // OKAY and then FAIL: TestWaitFor
		}
		got, err := askServer(t, s, tt.ask)
		if got != tt.want || tt.fail != "" && failText(err) != tt.fail || tt.fail == "" && err != nil {
			t.Errorf("%s: %q, %v; want %q, FAIL %q", tt.ask, got, err, tt.want, tt.fail)
		}
	}
}

func TestServerListsLong(t *testing.T) {
	t.Parallel()
	h := newHandset(t)
	s := newServer(t, h)
	got, err := askServer(t, s, "host:devices-l")
	want := h.Serial() + strings.Repeat(" ", max(0, 22-len(h.Serial()))) + " device usb:1-1 product:" + h.state.Prop("ro.product.name") +
		" model:" + h.state.Prop("ro.product.model") + " device:" + h.state.Prop("ro.product.device") + " transport_id:1\n"
	if err != nil || got != want {
		t.Errorf("devices-l: %q, %v; want %q", got, err, want)
	}
}

func TestServerWithSeveral(t *testing.T) {
	t.Parallel()
	a, b := newHandset(t), newHandset(t)
	s := newServer(t, a, b)
	for ask, want := range map[string]string{
		"host:get-state": "more than one device/emulator",
		"host-serial:" + a.Serial() + ":get-state": "more than one device with serial " + a.Serial(),
	} {
		if _, err := askServer(t, s, ask); failText(err) != want {
			t.Errorf("%s: %v, want FAIL %q", ask, err, want)
		}
	}
	none := newServer(t)
	if _, err := askServer(t, none, "host:transport-any"); failText(err) != "no devices/emulators found" {
		t.Errorf("no handset: %v", err)
	}
}

func TestServerShowsTroubledStates(t *testing.T) {
	t.Parallel()
	for kind, want := range map[trouble.Kind]struct{ state, fail string }{
		trouble.Unauthorized: {bus.Unauthorized, "device unauthorized."},
		trouble.Offline:      {bus.Offline, "device offline"},
	} {
		h := newHandset(t, WithTrouble(trouble.Trouble{Kind: kind}))
		s := newServer(t, h)
		if got, err := askServer(t, s, "host:devices"); err != nil || got != h.Serial()+"\t"+want.state+"\n" {
			t.Errorf("%s: listed %q, %v", kind, got, err)
		}
		if _, err := askServer(t, s, "host:transport-any"); firstLine(failText(err)) != want.fail {
			t.Errorf("%s: transport: %v, want FAIL %q", kind, err, want.fail)
		}
	}
}

func TestTportReturnsTheTransportID(t *testing.T) {
	t.Parallel()
	h := newHandset(t)
	s := newServer(t, h)
	conn, err := net.Dial("tcp", s.Addr())
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	if err := request1(conn, "host:tport:serial:"+h.Serial()); err != nil {
		t.Fatal(err)
	}
	var id [8]byte
	if _, err := io.ReadFull(conn, id[:]); err != nil {
		t.Fatal(err)
	}
	if got := binary.LittleEndian.Uint64(id[:]); got != 1 {
		t.Errorf("transport id %d, want 1", got)
	}
	if err := request1(conn, "host:features"); err != nil {
		t.Errorf("host request on a chosen transport: %v", err)
	}
}

// TestTrackDevices follows a handset that restarts: gone, and back under
// another transport id.
func TestTrackDevices(t *testing.T) {
	t.Parallel()
	h := newHandset(t)
	s := newServer(t, h)
	conn, err := net.Dial("tcp", s.Addr())
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	_ = conn.SetDeadline(time.Now().Add(20 * time.Second))
	if err := request1(conn, "host:track-devices-l"); err != nil {
		t.Fatal(err)
	}
	expect := func(want string) {
		t.Helper()
		b, err := wire.ReadBlock(conn)
		if err != nil || !strings.Contains(string(b), want) || want == "" && len(b) > 0 {
			t.Fatalf("tracked %q, %v; want %q in it", b, err, want)
		}
	}
	expect("transport_id:1\n")
	h.state.Reboot("")
	expect("")
	expect("transport_id:2\n")
}

func TestWaitFor(t *testing.T) {
	t.Parallel()
	h := newHandset(t)
	s := newServer(t, h)
	wait := func(spec string) error {
		conn, err := net.Dial("tcp", s.Addr())
		if err != nil {
			t.Fatal(err)
		}
		defer conn.Close()
		_ = conn.SetDeadline(time.Now().Add(20 * time.Second))
		if err := request1(conn, "host:wait-for-"+spec); err != nil {
			return err
		}
		return wire.ReadStatus(conn)
	}
	if err := wait("any-device"); err != nil {
		t.Errorf("already there: %v", err)
	}
	done := make(chan error, 2)
	go func() { done <- wait("any-sideload-recovery") }()
	go func() { done <- wait("any-disconnect") }()
	h.state.Reboot("recovery")
	for range 2 {
		if err := <-done; err != nil {
			t.Errorf("waiting: %v", err)
		}
	}
	for _, spec := range []string{"any-drinks", "moon-device", "any"} {
		if err := wait(spec); err == nil || !strings.Contains(failText(err), "bad wait-for-") {
			t.Errorf("wait-for-%s: %v", spec, err)
		}
	}
}

// TestServiceEndsWithTheStay: a command that runs when the handset restarts is
// cut off.
func TestServiceEndsWithTheStay(t *testing.T) {
	t.Parallel()
	h := newHandset(t)
	p := peerOf(newServer(t, h), h)
	ctx, cancel := context.WithTimeout(context.Background(), 20*time.Second)
	defer cancel()
	conn, err := p.open(ctx, "shell,v2,raw:echo on; cat")
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	if id, data, err := wire.ReadShell(conn, nil); err != nil || id != wire.ShellStdout || string(data) != "on\n" {
		t.Fatalf("first packet %d %q, %v", id, data, err)
	}
	h.state.Reboot("")
	if rest, err := readShell(conn); err == nil {
		t.Errorf("the command ended by itself: %+v", rest)
	}
	if _, err := p.Service(ctx, "shell:echo"); err == nil {
		t.Error("a service of a handset that left the bus was opened")
	}
}

func FuzzServerFront(f *testing.F) {
	block := func(names ...string) (all []byte) {
		for _, name := range names {
			all, _ = wire.AppendBlock(all, []byte(name))
		}
		return all
	}
	f.Add(block("host:devices-l"))
	f.Add(block("host:transport-any", "shell,v2,raw:cat") /* and a broken packet */)
	f.Add(append(block("host:tport:any", "sync:"), "RECV\x00\x00\x00\x01/"...))
	f.Add(append(block("host:transport-any", "sync:"), "SND2\x01\x00\x00\x00/SND2\xff\x81\x00\x00\x04\x00\x00\x00DATA\xff\xff\x00\x00"...))
	f.Add([]byte("ffffx"))
	h := newHandset(f)
	s := newServer(f, h)
	f.Fuzz(func(t *testing.T, sent []byte) {
		if strings.Contains(string(sent), "reboot") || strings.Contains(string(sent), "reconnect") {
			t.Skip("takes the handset off the bus, for the other runs too")
		}
		conn, err := net.Dial("tcp", s.Addr())
		if err != nil {
			t.Fatal(err)
		}
		_ = conn.SetDeadline(time.Now().Add(10 * time.Second))
		_, _ = conn.Write(sent)
		_ = conn.(*net.TCPConn).CloseWrite()
		_, _ = io.CopyN(io.Discard, conn, 1<<20)
		_ = conn.Close()
		if got, err := askServer(t, s, "host:get-state"); got != bus.Device || err != nil {
			t.Fatalf("afterwards the server says %q, %v", got, err)
		}
	})
}
