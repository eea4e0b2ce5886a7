package backup_test

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"net"
	"testing"
	"time"

	"preship/adb"
	"preship/adb/adbtest"
	"preship/backup/agefile"
	"preship/backup/meter"
	"preship/report/check"
)

// film is a file large enough to be resumed, under a name that a shell
// would make much of.
const film = "/storage/emulated/0/Movies/it's $(a) \"film\"; \n.mp4"

const filmSize = 20 << 20

func filmTree(seed int, at string) string {
	return someFiles + fmt.Sprintf("data - - 2026-03-01T%sZ %q %d %d\n", at, film, filmSize, seed)
}

// TestRunResumesInTheMiddle cuts the cable again and again while a large file is
// read: what came is not read again, and so it comes to its end.
func TestRunResumesInTheMiddle(t *testing.T) {
	t.Parallel()
	const piece = 3 << 20
	r := newRig(t, filmTree(12, "10:00:00"),
		adbtest.Trouble{Kind: adbtest.TroubleCut, Service: "sync:", After: piece, For: 20 * time.Millisecond, Times: 3},
		adbtest.Trouble{Kind: adbtest.TroubleCut, Service: "shell,v2,raw:dd", After: piece, For: 20 * time.Millisecond, Times: 5},
	)
	r.options.Streams = 1
	read := int64(0)
	r.options.Progress = func(p meter.Progress) {
		if p.BytesDone < read {
			t.Errorf("began anew: %d bytes after %d", p.BytesDone, read)
		}
		read = p.BytesDone
	}
	if b := r.mustRun(); b.Files.Proved != 13 {
		t.Errorf("files %+v, want 13 proved: %s", b.Files, finding(t, b, check.BackupComplete).Summary)
	}
	if n := r.shells("dd"); n != 6 {
		t.Errorf("continued %d times, want 6", n)
	}
	entries, _ := r.manifest()
	r.holdsEntry(entries[film], r.original(film))
}

// TestRunResumesEncrypted: an encrypted file is resumed in the middle too.
func TestRunResumesEncrypted(t *testing.T) {
	t.Parallel()
	to, key := ageKey(t)
	r := newRig(t, filmTree(12, "10:00:00"),
		adbtest.Trouble{Kind: adbtest.TroubleCut, Service: "sync:", After: 3<<20 + 7, For: 20 * time.Millisecond, Times: 3})
	r.options.Streams, r.options.Encrypt = 1, agefile.Encryption{To: to}
	if b := r.mustRun(); b.Files.Proved != 13 {
		t.Errorf("files %+v, want 13 proved", b.Files)
	}
	if n := r.shells("dd"); n == 0 {
		t.Error("began anew")
	}
	r.mustOpen(key)
}

// TestRunRestartsAFile: what came of a file is of no use once it is another, or
// where the handset cannot send the rest.
func TestRunRestartsAFile(t *testing.T) {
	t.Parallel()
	cut := adbtest.Trouble{Kind: adbtest.TroubleCut, Service: "sync:", After: 3 << 20, For: 20 * time.Millisecond, Times: 2}
	for _, tt := range []struct {
		name, features string
		troubles       []adbtest.Trouble
	}{
		{"changed", android12, []adbtest.Trouble{cut, {Kind: adbtest.TroubleGrow, Path: film, By: 100, Times: 1}}},
		{"no status of a shell", "cmd stat_v2", []adbtest.Trouble{cut}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			r := newRigOf(t, fmt.Appendf(nil, bare, tt.features, "", filmTree(12, "10:00:00")), tt.troubles...)
			r.options.Streams = 1
			if b := r.mustRun(); b.Files.Proved != 13 {
				t.Errorf("files %+v, want 13 proved: %s", b.Files, finding(t, b, check.BackupComplete).Summary)
			}
			if n := r.shells("dd"); n != 0 {
				t.Errorf("continued %d times with another file", n)
			}
			if n := r.opened("sync:"); n < 3 {
				t.Errorf("%d streams: nothing was cut", n)
			}
			entries, _ := r.manifest()
			r.holdsEntry(entries[film], r.original(film))
		})
	}
}

// failing is a connection on which the command dd ends with status 1 after all its bytes,
// as one does whose last read failed.
type failing struct {
	net.Conn
	dd     bool
	answer *bytes.Reader
}

func (c *failing) Write(b []byte) (int, error) {
	c.dd = c.dd || bytes.Contains(b, []byte("shell,v2,raw:dd"))
	return c.Conn.Write(b)
}

func (c *failing) Read(b []byte) (int, error) {
	if !c.dd {
		return c.Conn.Read(b)
	}
	if c.answer == nil {
		all, err := io.ReadAll(c.Conn)
		if err != nil || !bytes.HasSuffix(all, []byte("\x03\x01\x00\x00\x00\x00")) {
			return 0, fmt.Errorf("dd ended with %q, %w", all[max(0, len(all)-6):], err)
		}
		all[len(all)-1] = 1
		c.answer = bytes.NewReader(all)
	}
	return c.answer.Read(b)
}

// TestRunRestartsAfterAFailedRest: a status that is not 0 says that bytes may be missing,
// also if as many came as the file has.
func TestRunRestartsAfterAFailedRest(t *testing.T) {
	t.Parallel()
	r := newRig(t, filmTree(12, "10:00:00"), adbtest.Trouble{Kind: adbtest.TroubleCut, Service: "sync:", After: 3 << 20, For: 20 * time.Millisecond, Times: 3})
	s, err := adbtest.NewServer("", r.handset)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = s.Close() })
	client, err := adb.New(adb.Options{Addr: s.Addr(), IdleTimeout: 5 * time.Second, Dial: func(ctx context.Context) (net.Conn, error) {
		c, err := new(net.Dialer).DialContext(ctx, "tcp", s.Addr())
		return &failing{Conn: c}, err
	}})
	if err != nil {
		t.Fatal(err)
	}
	r.device, r.options.Streams = client.Device(r.handset.Serial()), 1
	read, lost := int64(0), int64(0)
	r.options.Progress = func(p meter.Progress) {
		lost = max(lost, read-p.BytesDone)
		read = p.BytesDone
	}
	if b := r.mustRun(); b.Files.Proved != 13 {
		t.Errorf("files %+v, want 13 proved", b.Files)
	}
	if n := r.shells("dd"); n != 1 || lost < filmSize/2 {
		t.Errorf("continued %d times, and %d bytes were read again; want the file read again from its start", n, lost)
	}
	entries, _ := r.manifest()
	r.holdsEntry(entries[film], r.original(film))
}
