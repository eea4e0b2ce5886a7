package conformance

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"strings"

	"preship/adb/internal/wire"
)

// syncCheck is bytes sent on a sync: stream and the expected answer, to the last
// byte. place holds a file "file" with the one byte x.
type syncCheck struct {
	name string
	sent func(place string) []byte
	want func(place string) []byte
	open bool // the stream stays open: it does not end behind the answer
}

// syncRequest returns the bytes of a request, also of one that is too long.
func syncRequest(id wire.ID, path string) []byte {
	return append(wire.AppendSyncHeader(nil, id, uint32(len(path))), path...)
}

func syncText(id wire.ID, text string) []byte { return syncRequest(id, text) }

// syncSent returns a file's data, in one record, and its end.
func syncSent(data string) []byte {
	return wire.AppendSyncHeader(syncText(wire.IDData, data), wire.IDDone, uint32(pushTime.Unix()))
}

// refusedSync expects FAIL and the end of the stream.
func refusedSync(name, text string, sent func(place string) []byte) syncCheck {
	return syncCheck{name: name, sent: sent, want: func(string) []byte { return syncText(wire.IDFail, text) }}
}

func recvFlags(flags uint32) func(string) []byte {
	return func(place string) []byte {
		return wire.AppendSyncHeader(syncRequest(wire.IDRecvV2, place+"/file"), wire.IDRecvV2, flags)
	}
}

func requestOf(id wire.ID, path string) func(string) []byte {
	return func(place string) []byte { return syncRequest(id, strings.ReplaceAll(path, "{}", place)) }
}

func sentTo(path string) func(string) []byte {
	return func(place string) []byte {
		return append(requestOf(wire.IDSendV1, path)(place), syncSent("x")...)
	}
}

// syncs are the answers of Android's daemon 34.0.5. The texts are the same in the
// sources of Android 8 to 17.
var syncs = []syncCheck{
	refusedSync("missing file", "open failed: No such file or directory", requestOf(wire.IDRecvV1, "{}/none")),
	refusedSync("below a file", "open failed: Not a directory", requestOf(wire.IDRecvV1, "{}/file/none")),
	refusedSync("folder", "read failed: Is a directory", requestOf(wire.IDRecvV1, "{}")),
	refusedSync("path too long", "path too long", func(string) []byte { return syncRequest(wire.IDRecvV1, strings.Repeat("p", 1025)) }),
	refusedSync("name too long", "open failed: File name too long", requestOf(wire.IDRecvV1, "{}/"+strings.Repeat("n", 300))),
	refusedSync("unknown command", "unknown command 45504f4e", requestOf(wire.ID{'N', 'O', 'P', 'E'}, "x")),
	refusedSync("unknown flags", "unknown flags: 8", recvFlags(8)),
	refusedSync("no dry run of reading", "unknown flags: -2147483648", recvFlags(wire.SyncFlagDryRun)),
	refusedSync("send without a mode", "missing , in ID_SEND_V1", requestOf(wire.IDSendV1, "{}/new")),
	refusedSync("send no data", "invalid data message", func(place string) []byte {
		// After its FAIL adbd still reads the data that the client sent before it saw the FAIL.
		none := append(requestOf(wire.IDSendV1, "{}/new,33188")(place), syncRequest(wire.IDQuit, "")...)
		return wire.AppendSyncHeader(none, wire.IDDone, 0)
	}),
	refusedSync("send where one may not", "couldn't create file: Permission denied", sentTo("/system/preship,33188")),
	refusedSync("send onto a folder", "couldn't create file: Is a directory", sentTo("{},33188")),
	refusedSync("send below a file", "couldn't create file: Not a directory", sentTo("{}/file/x,33188")),
	{name: "quit", sent: requestOf(wire.IDQuit, ""), want: func(string) []byte { return nil }},
	{name: "a missing folder looks empty", sent: requestOf(wire.IDListV1, "{}/none"), open: true, want: func(string) []byte {
		return wire.AppendListDone(nil, false)
	}},
	{name: "a file is no folder and looks empty", sent: requestOf(wire.IDListV2, "{}/file"), open: true, want: func(string) []byte {
		return wire.AppendListDone(nil, true)
	}},
	{name: "stat of version 1 has no errors", sent: requestOf(wire.IDLstatV1, "{}/none"), open: true, want: func(string) []byte {
		return wire.AppendStatV1(nil, wire.Stat{})
	}},
	{name: "stat of version 2 has", sent: requestOf(wire.IDStatV2, "{}/file/none"), open: true, want: func(string) []byte {
		return wire.AppendStatV2(nil, wire.IDStatV2, wire.Stat{Errno: wire.ErrnoENOTDIR})
	}},
	{name: "a path ends at NUL", sent: requestOf(wire.IDRecvV1, "{}/file\x00/none"), open: true, want: func(string) []byte {
		return wire.AppendSyncHeader(syncText(wire.IDData, "x"), wire.IDDone, 0)
	}},
	{name: "a path begins at the root", sent: requestOf(wire.IDRecvV1, "..{}/file"), open: true, want: func(string) []byte {
		return wire.AppendSyncHeader(syncText(wire.IDData, "x"), wire.IDDone, 0)
	}},
	{name: "an empty file has no data", open: true, sent: func(place string) []byte {
		empty := wire.AppendSyncHeader(requestOf(wire.IDSendV1, "{}/nothing,33188")(place), wire.IDDone, 1)
		return append(empty, requestOf(wire.IDRecvV1, "{}/nothing")(place)...)
	}, want: func(string) []byte {
		return wire.AppendSyncHeader(wire.AppendSyncHeader(nil, wire.IDOkay, 0), wire.IDDone, 0)
	}},
	{name: "a link's time is its own, not that of the file it names", open: true, sent: func(place string) []byte {
		link := append(requestOf(wire.IDSendV1, "{}/link,41471")(place), syncText(wire.IDData, "file")...)
		return append(wire.AppendSyncHeader(link, wire.IDDone, 5), requestOf(wire.IDLstatV1, "{}/file")(place)...)
	}, want: func(string) []byte {
		file := wire.Stat{Mode: modeFile | 0o666, Size: 1, MTime: pushTime.Unix()}
		return wire.AppendStatV1(wire.AppendSyncHeader(nil, wire.IDOkay, 0), file)
	}},
	{name: "requests ahead of answers, up to the one refused", sent: func(place string) []byte {
		good := requestOf(wire.IDRecvV1, "{}/file")(place)
		return append(append(bytes.Repeat(good, 50), requestOf(wire.IDRecvV1, "{}/none")(place)...), good...)
	}, want: func(string) []byte {
		one := wire.AppendSyncHeader(syncText(wire.IDData, "x"), wire.IDDone, 0)
		return append(bytes.Repeat(one, 50), syncText(wire.IDFail, "open failed: No such file or directory")...)
	}},
}

func (c syncCheck) met(ctx context.Context, p Peer, place string) error {
	o, ok := p.(Opener)
	if !ok {
		return fmt.Errorf("it opens no streams: %w", errors.ErrUnsupported)
	}
	if err := p.Push(ctx, place+"/file", []byte("x"), 0o644, pushTime); err != nil {
		return err
	}
	if err := keeps(ctx, p, place+"/file", 0o644); err != nil {
		return err
	}
	s, err := o.Open(ctx, "sync:")
	if err != nil {
		return err
	}
	defer s.Close()
	sent, want := c.sent(place), c.want(place)
	if c.open {
		// The answer to a further request shows that the stream is open.
		sent = append(sent, syncRequest(wire.IDLstatV1, "/none")...)
		want = wire.AppendStatV1(want, wire.Stat{})
	}
	if _, err := s.Write(sent); err != nil {
		return err
	}
	return c.answered(s, want)
}

func (c syncCheck) answered(s io.Reader, want []byte) error {
	got := make([]byte, len(want))
	if n, err := io.ReadFull(s, got); err != nil || !bytes.Equal(got, want) {
		return fmt.Errorf("answered %s, %w; want %s", short(got[:n]), orNil(err), short(want))
	}
	if c.open {
		return nil
	}
	if rest, err := io.ReadAll(io.LimitReader(s, 1<<10)); len(rest) > 0 {
		return fmt.Errorf("behind the end came %s, %w", short(rest), orNil(err))
	}
	return nil
}

// errAsIs stands for a nil error in a message.
var errAsIs = errors.New("no error")

func orNil(err error) error {
	if err == nil {
		return errAsIs
	}
	return err
}
