package adbd

import (
	"bufio"
	"cmp"
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"path"
	"strings"
	"sync"
	"time"

	"preship/adb/adbtest/stream"
	"preship/adb/adbtest/vfs"
	"preship/adb/internal/wire"
)

// syncBuffer gathers answers to pipelined requests into few writes. adbd does
// the same by way of its socket's buffer.
const syncBuffer = 128 << 10

// syncSession is one sync: stream. Requests are answered in order until QUIT,
// the end of the stream, or a FAIL, which ends it together with whatever was
// asked behind it.
type syncSession struct {
	d    *Services
	r    *bufio.Reader
	w    *bufio.Writer
	gone <-chan struct{} // closed when the stream ends
	buf  []byte          // one DATA record's worth
	rec  []byte          // the record being built
}

// errSyncEnded ends a session after a FAIL has been sent, or after QUIT.
var errSyncEnded = errors.New("sync session ended")

func serveSync(ctx context.Context, d *Services, _ string, s stream.Stream) func() {
	y, _ := syncSessions.Get().(*syncSession)
	y.d, y.gone = d, s.HungUp()
	y.r.Reset(s)
	y.w.Reset(s)
	for y.command() == nil && ctx.Err() == nil {
	}
	_ = y.w.Flush()
	y.d, y.gone = nil, nil
	y.r.Reset(nil)
	y.w.Reset(nil)
	syncSessions.Put(y)
	return nil
}

// syncSessions keeps the buffers of sessions that ended for later sessions.
var syncSessions = sync.Pool{New: func() any {
	return &syncSession{
		r:   bufio.NewReaderSize(nil, 64<<10),
		w:   bufio.NewWriterSize(nil, syncBuffer),
		buf: make([]byte, wire.MaxSyncData),
	}
}}

// command reads and answers one request.
func (y *syncSession) command() error {
	// Whoever waits for an answer has sent nothing behind its request.
	if y.r.Buffered() == 0 {
		if err := y.w.Flush(); err != nil {
			return err
		}
	}
	id, n, err := wire.ReadSyncHeader(y.r)
	if err != nil {
		return err
	}
	if n > wire.MaxSyncPath {
		return y.fail("path too long")
	}
	name := make([]byte, n)
	if _, err := io.ReadFull(y.r, name); err != nil {
		return y.fail("filename read failure")
	}
	// adbd's file name is a C string.
	text, _, _ := strings.Cut(string(name), "\x00")
	if id != wire.IDSendV1 { // whose name has a mode behind it, and may be empty here
		text = fromRoot(text)
	}
	return y.answer(id, text)
}

// fromRoot returns a name as adbd sees it, whose folder is the root.
func fromRoot(name string) string {
	if name == "" || path.IsAbs(name) {
		return name
	}
	return "/" + name
}

// syncRequests are the requests of a sync: stream, and the feature without which adbd does
// not know one.
var syncRequests = map[wire.ID]struct {
	feature string
	answer  func(y *syncSession, name string) error
}{
	wire.IDLstatV1: {"", (*syncSession).statV1},
	wire.IDLstatV2: {"stat_v2", func(y *syncSession, name string) error { return y.statV2(wire.IDLstatV2, name, y.d.Tree.Lstat) }},
	wire.IDStatV2:  {"stat_v2", func(y *syncSession, name string) error { return y.statV2(wire.IDStatV2, name, y.d.Tree.Stat) }},
	wire.IDListV1:  {"", func(y *syncSession, name string) error { return y.list(name, false) }},
	wire.IDListV2:  {"ls_v2", func(y *syncSession, name string) error { return y.list(name, true) }},
	wire.IDRecvV1:  {"", func(y *syncSession, name string) error { return y.recv(name, wire.SyncFlagNone) }},
	wire.IDRecvV2:  {"sendrecv_v2", (*syncSession).recvV2},
	wire.IDSendV1:  {"", (*syncSession).sendV1},
	wire.IDSendV2:  {"sendrecv_v2", (*syncSession).sendV2},
	wire.IDQuit:    {"", func(*syncSession, string) error { return errSyncEnded }},
}

func (y *syncSession) answer(id wire.ID, name string) error {
	request, ok := syncRequests[id]
	if !ok || request.feature != "" && !y.d.has(request.feature) {
		return y.fail(fmt.Sprintf("unknown command %08x", binary.LittleEndian.Uint32(id[:])))
	}
	return request.answer(y, name)
}

// fail answers FAIL and ends the session.
func (y *syncSession) fail(text string) error {
	err := y.put(append(wire.AppendSyncHeader(y.rec[:0], wire.IDFail, uint32(len(text))), text...))
	return cmp.Or(err, errSyncEnded)
}

// failFor fails with the reason in strerror's words.
func (y *syncSession) failFor(what string, err error) error {
	return y.fail(what + ": " + vfs.ErrnoOf(err).Error())
}

func (y *syncSession) put(record []byte) error {
	y.rec = record
	_, err := y.w.Write(record)
	return err
}

func (y *syncSession) statV1(name string) error {
	i, err := y.d.Tree.Lstat(name)
	if err != nil {
		return y.put(wire.AppendStatV1(y.rec[:0], wire.Stat{})) // all zero, and no way to say why
	}
	return y.put(wire.AppendStatV1(y.rec[:0], wireStat(i)))
}

func (y *syncSession) statV2(id wire.ID, name string, stat func(string) (vfs.Info, error)) error {
	i, err := stat(name)
	if err != nil {
		return y.put(wire.AppendStatV2(y.rec[:0], id, wire.Stat{Errno: uint32(vfs.ErrnoOf(err))}))
	}
	return y.put(wire.AppendStatV2(y.rec[:0], id, wireStat(i)))
}

// list answers a directory. One that cannot be read looks empty, and version 1
// leaves out entries that cannot be described: adbd's own faults, which a client must know.
func (y *syncSession) list(dir string, v2 bool) error {
	if kids, err := y.d.Tree.ReadDir(dir); err == nil {
		names := []string{".", ".."}
		for _, kid := range kids {
			names = append(names, kid.Name)
		}
		for _, name := range names {
			if err := y.entry(dir+"/"+name, name, v2); err != nil {
				return err
			}
		}
	}
	return y.put(wire.AppendListDone(y.rec[:0], v2))
}

func (y *syncSession) entry(full, name string, v2 bool) error {
	d := wire.Dent{Name: name}
	i, err := y.d.Tree.Lstat(full)
	switch {
	case err == nil:
		d.Stat = wireStat(i)
	case !v2:
		return nil
	default:
		d.Errno = uint32(vfs.ErrnoOf(err))
	}
	if v2 {
		return y.put(wire.AppendDentV2(y.rec[:0], d))
	}
	return y.put(wire.AppendDentV1(y.rec[:0], d))
}

// wireStat returns i as sync sends it: whole seconds.
func wireStat(i vfs.Info) wire.Stat {
	return wire.Stat{
		Dev: i.Dev, Ino: i.Ino, Mode: i.Mode, NLink: i.NLink, UID: i.UID, GID: i.GID, Size: uint64(i.Size),
		ATime: seconds(i.ATime), MTime: seconds(i.MTime), CTime: seconds(i.CTime),
	}
}

func seconds(t time.Time) int64 {
	if t.IsZero() {
		return 0
	}
	return t.Unix()
}
