package adbd

import (
	"cmp"
	"encoding/binary"
	"errors"
	"io"
	"math"
	"path"
	"strconv"
	"strings"
	"time"

	"preship/adb/adbtest/vfs"
	"preship/adb/internal/wire"
)

// sending is one SEND or SND2 request.
type sending struct {
	name        string
	mode        uint32 // raw st_mode
	compression uint32
	dryRun      bool
}

// sendV1 takes "PATH,MODE": the mode is what follows the last comma, in C's
// notation for numbers.
func (y *syncSession) sendV1(spec string) error {
	comma := strings.LastIndexByte(spec, ',')
	if comma < 0 {
		return y.fail("missing , in ID_SEND_V1")
	}
	mode, err := strconv.ParseUint(spec[comma+1:], 0, 32)
	if errors.Is(err, strconv.ErrRange) {
		return y.fail("bad mode")
	}
	return y.send(sending{name: spec[:comma], mode: uint32(mode)})
}

func (y *syncSession) sendV2(name string) error {
	var setup [12]byte
	if _, err := io.ReadFull(y.r, setup[:]); err != nil {
		return err
	}
	mode, flags := binary.LittleEndian.Uint32(setup[4:]), binary.LittleEndian.Uint32(setup[8:])
	if text := y.flagFault(flags, true); text != "" {
		return y.fail(text)
	}
	return y.send(sending{
		name: name, mode: mode, compression: flags & syncCompression, dryRun: flags&wire.SyncFlagDryRun != 0,
	})
}

// send stores a file or a symbolic link, its mode and its time. The old file is
// removed first, so that the new one is never half of each.
func (y *syncSession) send(req sending) error {
	link := req.mode&vfs.ModeType == vfs.ModeLink
	replaces := false
	if !req.dryRun {
		old, err := y.d.Tree.Lstat(req.name)
		replaces = err != nil || old.IsRegular() || old.IsLink() && !link
	}
	if replaces {
		_ = y.d.Tree.Remove(req.name)
	}
	mtime, err := y.sendBody(req, link)
	if err != nil {
		if replaces && !link {
			_ = y.d.Tree.Remove(req.name) // adbd leaves no half of a file
		}
		return err
	}
	if !req.dryRun {
		at := time.Unix(int64(mtime), 0)
		_ = y.d.Tree.Chtimes(req.name, at, at, false)
	}
	return nil
}

func (y *syncSession) sendBody(req sending, link bool) (mtime uint32, err error) {
	if link {
		return y.sendLink(req)
	}
	// The owner's permissions become everybody's.
	perms := req.mode & 0o700
	perms |= perms>>3 | perms>>6
	var out io.WriteCloser = nopCloser{io.Discard}
	if !req.dryRun {
		what, err := y.inFolder(req.name, "couldn't create file", func() (err error) {
			out, err = y.d.Tree.Create(req.name, vfs.ModeFile|perms)
			return err
		})
		if err != nil {
			return 0, y.sendFailed(cmp.Or(what, "secure_mkdirs() failed"), err)
		}
	}
	in := &dataReader{r: y.r, max: y.d.largestData()}
	if err := y.copySent(out, in, req); err != nil {
		return 0, err
	}
	if err := out.Close(); err != nil {
		return 0, y.sendFailed("write failed", err)
	}
	return in.mtime, y.put(wire.AppendSyncHeader(y.rec[:0], wire.IDOkay, 0))
}

// inFolder calls make, and where the folder is missing makes that first, as
// secure_mkdirs does. The argument what names the step that failed, in adbd's words.
func (y *syncSession) inFolder(name, step string, make func() error) (what string, err error) {
	err = make()
	if err == nil || vfs.ErrnoOf(err) != vfs.ENOENT || !strings.HasPrefix(name, "/") {
		return step, err
	}
	if err := y.d.Tree.MkdirAll(path.Dir(name), vfs.ModeDir|0o775); err != nil {
		return "", err
	}
	return step, make()
}

// copySent writes what comes; in has seen DONE when it returns nil.
func (y *syncSession) copySent(out io.Writer, in *dataReader, req sending) error {
	src, err := newDecoder(in, req.compression)
	if err != nil {
		return err
	}
	defer src.Close()
	sink := &keepError{w: out}
	if _, err = io.CopyBuffer(sink, src, y.buf); err == nil {
		// A compressed stream may end before the computer says DONE.
		_, err = io.Copy(io.Discard, in)
	}
	switch {
	case err == nil:
		return nil
	case sink.err != nil:
		return y.sendFailed("write failed", sink.err)
	case in.err == errNotData, in.err == errTooLarge:
		return y.sendFailedText(in.err.Error())
	case in.err == io.ErrUnexpectedEOF:
		return in.err // the computer went away
	}
	return y.sendFailedText("decompress failed")
}

func (y *syncSession) sendLink(req sending) (uint32, error) {
	in := &dataReader{r: y.r, max: wire.MaxSyncData}
	target, err := io.ReadAll(io.LimitReader(in, wire.MaxSyncData+1))
	if err != nil || len(target) > wire.MaxSyncData {
		return 0, y.fail("invalid data message: expected ID_DATA")
	}
	if !req.dryRun {
		text, _, _ := strings.Cut(string(target), "\x00")
		_ = y.d.Tree.Remove(req.name)
		what, err := y.inFolder(req.name, "symlink failed", func() error { return y.d.Tree.Symlink(text, req.name) })
		if err != nil {
			return 0, y.failFor(cmp.Or(what, "secure_mkdirs failed"), err)
		}
	}
	return in.mtime, y.put(wire.AppendSyncHeader(y.rec[:0], wire.IDOkay, 0))
}

// sendFailed answers FAIL and then takes in what the computer still sends of
// this file: an old adb writes on without looking.
func (y *syncSession) sendFailed(what string, err error) error {
	return y.sendFailedText(what + ": " + vfs.ErrnoOf(err).Error())
}

func (y *syncSession) sendFailedText(text string) error {
	failed := y.fail(text)
	if err := y.w.Flush(); err != nil {
		return err
	}
	_, _ = io.Copy(io.Discard, &dataReader{r: y.r, max: wire.MaxSyncData})
	return failed
}

// keepError remembers that it was the writing that failed.
type keepError struct {
	w   io.Writer
	err error
}

func (k *keepError) Write(p []byte) (int, error) {
	n, err := k.w.Write(p)
	k.err = err
	return n, err
}

type nopCloser struct{ io.Writer }

func (nopCloser) Close() error { return nil }

// What adbd says of a record inside a file that is neither DATA nor DONE, and of
// DATA that is larger than its buffer.
var (
	errNotData  = errors.New("invalid data message")
	errTooLarge = errors.New("oversize data message")
)

// largestData returns the size limit of a DATA record: since Android 11 as large as
// its header can say, and before as adbd's buffer.
func (d *Services) largestData() uint32 {
	if d.SDK() >= 30 {
		return math.MaxUint32
	}
	return wire.MaxSyncData
}

// dataReader reads the DATA records of one file; DONE is its io.EOF.
type dataReader struct {
	r     io.Reader
	max   uint32
	left  uint32
	mtime uint32
	err   error // of all that follows; io.EOF after DONE
}

func (d *dataReader) Read(p []byte) (n int, err error) {
	for d.left == 0 && d.err == nil {
		id, n, err := wire.ReadSyncHeader(d.r)
		switch {
		case err != nil:
			d.err = io.ErrUnexpectedEOF
		case id == wire.IDDone:
			d.mtime, d.err = n, io.EOF
		case id != wire.IDData:
			d.err = errNotData
		case n > d.max:
			d.err = errTooLarge
		default:
			d.left = n
		}
	}
	if d.err != nil {
		return 0, d.err
	}
	if n, err = d.r.Read(p[:min(len(p), int(d.left))]); err != nil {
		d.err = io.ErrUnexpectedEOF
	}
	d.left -= uint32(n)
	return n, d.err
}
