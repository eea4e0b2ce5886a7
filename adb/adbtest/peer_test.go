package adbtest

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net"
	"strconv"
	"strings"
	"testing"
	"time"

	"preship/adb/adbtest/adbd"
	"preship/adb/adbtest/vfs"
	"preship/adb/conformance"
	"preship/adb/internal/wire"
)

// wirePeer is a Peer made of nothing but the codecs: it asks an adb server.
type wirePeer struct{ addr, serial string }

// dial opens a connection that is closed with ctx or by the caller.
func (p wirePeer) dial(ctx context.Context) (net.Conn, error) {
	var d net.Dialer
	conn, err := d.DialContext(ctx, "tcp", p.addr)
	if err != nil {
		return nil, err
	}
	if t, ok := ctx.Deadline(); ok {
		_ = conn.SetDeadline(t)
	}
	return conn, nil
}

func request1(conn net.Conn, name string) error {
	b, err := wire.AppendBlock(nil, []byte(name))
	if err != nil {
		return err
	}
	if _, err := conn.Write(b); err != nil {
		return err
	}
	return wire.ReadStatus(conn)
}

func (p wirePeer) open(ctx context.Context, service string) (net.Conn, error) {
	conn, err := p.dial(ctx)
	if err != nil {
		return nil, err
	}
	for _, name := range []string{"host:transport:" + p.serial, service} {
		if err := request1(conn, name); err != nil {
			_ = conn.Close()
			return nil, fmt.Errorf("%s: %w", name, err)
		}
	}
	return conn, nil
}

// Open implements Opener.
func (p wirePeer) Open(ctx context.Context, service string) (io.ReadWriteCloser, error) {
	return p.open(ctx, service)
}

func (p wirePeer) Service(ctx context.Context, name string) ([]byte, error) {
	conn, err := p.open(ctx, name)
	if err != nil {
		return nil, err
	}
	defer conn.Close()
	return io.ReadAll(conn)
}

func (p wirePeer) State(ctx context.Context) (string, error) {
	conn, err := p.dial(ctx)
	if err != nil {
		return "", err
	}
	defer conn.Close()
	if err := request1(conn, "host-serial:"+p.serial+":get-state"); err != nil {
		return "", err
	}
	b, err := wire.ReadBlock(conn)
	return string(b), err
}

func (p wirePeer) Shell(ctx context.Context, line string, stdin []byte) (conformance.ShellAnswer, error) {
	conn, err := p.open(ctx, "shell,v2,raw:"+line)
	if err != nil {
		return conformance.ShellAnswer{}, err
	}
	defer conn.Close()
	sent := make(chan struct{})
	go func() {
		defer close(sent)
		for rest := stdin; len(rest) > 0; {
			n := min(len(rest), 100_000)
			_, _ = conn.Write(wire.AppendShell(nil, wire.ShellStdin, rest[:n]))
			rest = rest[n:]
		}
		_, _ = conn.Write(wire.AppendShell(nil, wire.ShellCloseStdin, nil))
	}()
	a, err := readShell(conn)
	_ = conn.Close()
	<-sent
	return a, err
}

func readShell(r io.Reader) (conformance.ShellAnswer, error) {
	a := conformance.ShellAnswer{Exit: -1}
	var buf []byte
	for {
		id, data, err := wire.ReadShell(r, buf)
		if err != nil {
			return a, fmt.Errorf("no exit status: %w", err)
		}
		buf = data
		switch id {
		case wire.ShellStdout:
			a.Stdout = append(a.Stdout, data...)
		case wire.ShellStderr:
			a.Stderr = append(a.Stderr, data...)
		case wire.ShellExit:
			a.Exit = int(data[0])
			return a, nil
		}
	}
}

// sync runs fn on a sync: stream.
func (p wirePeer) sync(ctx context.Context, fn func(conn net.Conn) error) error {
	conn, err := p.open(ctx, "sync:")
	if err != nil {
		return err
	}
	defer conn.Close()
	return fn(conn)
}

func (p wirePeer) Push(ctx context.Context, path string, data []byte, perm fs.FileMode, mtime time.Time) error {
	return p.sync(ctx, func(conn net.Conn) error {
		b, err := wire.AppendSyncRequest(nil, wire.IDSendV1, path+","+strconv.Itoa(vfs.ModeFile|int(perm)))
		if err != nil {
			return err
		}
		for len(data) > 0 {
			n := min(len(data), wire.MaxSyncData)
			b = append(wire.AppendSyncHeader(b, wire.IDData, uint32(n)), data[:n]...)
			data = data[n:]
		}
		b = wire.AppendSyncHeader(b, wire.IDDone, uint32(mtime.Unix()))
		if _, err := conn.Write(b); err != nil {
			return err
		}
		return readSyncStatus(conn)
	})
}

func readSyncStatus(r io.Reader) error {
	id, n, err := wire.ReadSyncHeader(r)
	if err != nil {
		return err
	}
	if id == wire.IDOkay {
		return nil
	}
	text, err := wire.ReadSyncFail(r, n)
	if err != nil {
		return err
	}
	return fmt.Errorf("%s %s", id, text)
}

func (p wirePeer) Pull(ctx context.Context, path string) (data []byte, err error) {
	err = p.sync(ctx, func(conn net.Conn) error {
		data, err = pullOn(conn, path)
		return err
	})
	return data, err
}

func pullOn(conn io.ReadWriter, path string) ([]byte, error) {
	b, err := wire.AppendSyncRequest(nil, wire.IDRecvV1, path)
	if err != nil {
		return nil, err
	}
	if _, err := conn.Write(b); err != nil {
		return nil, err
	}
	return readFile(conn)
}

func readFile(r io.Reader) ([]byte, error) {
	var data bytes.Buffer
	for {
		id, n, err := wire.ReadSyncHeader(r)
		switch {
		case err != nil:
			return data.Bytes(), err
		case id == wire.IDDone:
			return data.Bytes(), nil
		case id == wire.IDData:
			if _, err := io.CopyN(&data, r, int64(n)); err != nil {
				return data.Bytes(), err
			}
		default:
			text, err := wire.ReadSyncFail(r, n)
			return data.Bytes(), fmt.Errorf("%s %s %w", id, text, errOrNil(err))
		}
	}
}

var errFail = errors.New("refused")

func errOrNil(err error) error {
	if err == nil {
		return errFail
	}
	return err
}

func (p wirePeer) List(ctx context.Context, dir string) (names []string, err error) {
	err = p.sync(ctx, func(conn net.Conn) error {
		b, err := wire.AppendSyncRequest(nil, wire.IDListV1, dir)
		if err != nil {
			return err
		}
		if _, err := conn.Write(b); err != nil {
			return err
		}
		for {
			d, done, err := wire.ReadDent(conn, false)
			if err != nil || done {
				return err
			}
			if d.Name != "." && d.Name != ".." {
				names = append(names, d.Name)
			}
		}
	})
	return names, err
}

func (p wirePeer) Stat(ctx context.Context, path string) (a conformance.FileAnswer, err error) {
	err = p.sync(ctx, func(conn net.Conn) error {
		b, err := wire.AppendSyncRequest(nil, wire.IDLstatV2, path)
		if err != nil {
			return err
		}
		if _, err := conn.Write(b); err != nil {
			return err
		}
		if _, err := io.CopyN(io.Discard, conn, 4); err != nil {
			return err
		}
		st, err := wire.ReadStatV2(conn)
		if err == nil && st.Errno != 0 {
			err = vfs.Errno(st.Errno)
		}
		a = conformance.FileAnswer{Mode: st.Mode, Size: int64(st.Size), MTime: time.Unix(st.MTime, 0)}
		return err
	})
	return a, err
}

// newHandset is a handset of the profile most tests use; it is closed with the
// test.
func newHandset(t testing.TB, opts ...Option) *Handset {
	t.Helper()
	p, err := Load("redmi-note-10")
	if err != nil {
		t.Fatal(err)
	}
	h := New(p, append([]Option{WithOwner(OwnerHelpful())}, opts...)...)
	t.Cleanup(func() { _ = h.Close() })
	return h
}

func newServer(t testing.TB, hs ...*Handset) *Server {
	t.Helper()
	s, err := NewServer("", hs...)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = s.Close() })
	return s
}

func newDaemon(t testing.TB, h *Handset) *adbd.Front {
	t.Helper()
	d, err := NewDaemon(h, "")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = d.Close() })
	return d
}

func peerOf(s *Server, h *Handset) wirePeer { return wirePeer{addr: s.Addr(), serial: h.Serial()} }

// askServer sends one request of the server's own and reads an answer that is
// OKAY and one block.
func askServer(t testing.TB, s *Server, name string) (string, error) {
	t.Helper()
	conn, err := net.Dial("tcp", s.Addr())
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	_ = conn.SetDeadline(time.Now().Add(10 * time.Second))
	if err := request1(conn, name); err != nil {
		return "", err
	}
	b, err := wire.ReadBlock(conn)
	return string(b), err
}

// failText is the text of a FAIL.
func failText(err error) string {
	var fail *wire.FailError
	if errors.As(err, &fail) {
		return fail.Message
	}
	return fmt.Sprint(err)
}

func firstLine(s string) string {
	line, _, _ := strings.Cut(s, "\n")
	return line
}

// pushTime is the time of pushed files: in whole seconds, and in the past.
var pushTime = time.Date(2021, time.March, 4, 5, 6, 7, 0, time.UTC)

// syncRecord returns a record of the sync protocol: a request for a path, or text.
func syncRecord(id wire.ID, text string) []byte {
	return append(wire.AppendSyncHeader(nil, id, uint32(len(text))), text...)
}

// syncFile returns the records of a file's data and end.
func syncFile(data string) []byte {
	return wire.AppendSyncHeader(syncRecord(wire.IDData, data), wire.IDDone, uint32(pushTime.Unix()))
}

// distinctBytes returns n bytes that differ from any shift of themselves.
func distinctBytes(n int) []byte {
	b := make([]byte, n)
	x := uint32(n)*2654435761 + 1
	for i := range b {
		x = x*1664525 + 1013904223
		b[i] = byte(x >> 24)
	}
	return b
}
