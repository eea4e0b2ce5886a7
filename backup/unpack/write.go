package unpack

import (
	"context"
	"errors"
	"fmt"
	"hash"
	"io"
	"io/fs"
	"os"
	"path"
	"slices"
	"strconv"
	"time"

	"preship/backup/agefile"
	"preship/backup/disk"
	"preship/backup/manifest"
	"preship/backup/meter"
	"preship/backup/query"
	"preship/report/message"
)

// partsDir holds the file that is being written.
const partsDir = ".preship-open"

// roughly is how far the time of a file may be from the time set: FAT counts in steps of two
// seconds.
const roughly = 2 * time.Second

type sum = hash.Hash

// folder is a folder that gets its time after everything in it is written.
type folder struct {
	host  string
	mtime int64
}

// write writes all that is missing.
func (u *opener) write(ctx context.Context) error {
	_, err := u.each(func(e *manifest.Entry, host string) error {
		if ctx.Err() != nil {
			return context.Cause(ctx)
		}
		switch e.Type {
		case notSaved:
			u.result.NotSaved++
			return nil
		case manifest.TypeDir:
			u.result.Folders++
			u.renamed(e.OnHandset(), host)
			if err := u.to.MkdirAll(host, 0o700); err != nil {
				return u.refused(e, err)
			}
			u.folders = append(u.folders, folder{host, e.MTime})
			return nil
		}
		return u.file(ctx, e, host)
	})
	for _, f := range slices.Backward(u.folders) { // its contents come first
		_ = u.to.Chtimes(f.host, time.Time{}, time.Unix(f.mtime, 0)) // the time of a folder is no data
	}
	return err
}

// file writes one file, unless it is there already.
func (u *opener) file(ctx context.Context, e *manifest.Entry, host string) error {
	u.renamed(e.OnHandset(), host)
	defer u.meter.Change(func(p *meter.Progress) { p.FilesDone++; p.BytesDone += e.Size })
	switch fi, err := u.to.Lstat(host); {
	case err == nil && fi.Mode().IsRegular() && fi.Size() == e.Size && u.same(e, host):
		u.result.Present++
		return nil
	case err == nil:
		u.problem(host, message.Say("saved.open.other-contents"))
		return nil
	case !errors.Is(err, fs.ErrNotExist):
		return u.refused(e, err)
	case !u.system.Holds(e.Size):
		u.problem(host, message.Say("backup.why.too-large", "size", strconv.FormatInt(e.Size, 10), "system", u.system.Name, "most", strconv.FormatInt(u.system.Largest, 10)))
		return nil
	}
	in, err := agefile.OpenEntry(u.root, e, u.options.Key)
	if err != nil {
		u.problem(host, message.Say("saved.open.damaged", "why", query.Reason(err)))
		return nil
	}
	defer in.Close()
	if err := u.to.MkdirAll(path.Dir(host), 0o700); err != nil {
		return u.refused(e, err)
	}
	return u.copy(ctx, e, host, in)
}

// copy writes the contents of a file under another name, compares them, and gives them their
// name.
func (u *opener) copy(ctx context.Context, e *manifest.Entry, host string, in io.Reader) error {
	const part = partsDir + "/file"
	out, err := u.to.OpenFile(part, os.O_WRONLY|os.O_CREATE|os.O_TRUNC, 0o600)
	if err != nil {
		return err
	}
	u.sum.Reset()
	r := &reader{ctx: ctx, in: in}
	n, err := io.CopyBuffer(io.MultiWriter(out, u.sum), struct{ io.Reader }{r}, u.buf)
	if err := errors.Join(err, out.Close()); err != nil && r.err == nil {
		return u.refused(e, err)
	}
	switch {
	case ctx.Err() != nil:
		return context.Cause(ctx)
	case r.err != nil:
		u.problem(host, message.Say("saved.open.damaged", "why", query.Reason(r.err)))
		return nil
	case n != e.Size || e.ContentSum() != "" && !manifest.SameSum(u.sum.Sum(nil), e.ContentSum()):
		u.problem(host, message.Say("saved.open.damaged", "why", message.Of(disk.ErrDamaged)))
		return nil
	}
	if err := u.date(e, part); err != nil {
		u.result.Undated++
	}
	if err := u.to.Rename(part, host); err != nil {
		return u.refused(e, err)
	}
	u.result.Written++
	u.result.Bytes += n
	return nil
}

// reader keeps the error of reading the backup apart from that of writing.
type reader struct {
	ctx context.Context
	in  io.Reader
	err error
}

func (r *reader) Read(b []byte) (int, error) {
	if r.ctx.Err() != nil {
		return 0, r.ctx.Err()
	}
	n, err := r.in.Read(b)
	if err != nil && !errors.Is(err, io.EOF) {
		r.err = err
	}
	return n, err
}

// date gives a file its time on the handset. Items have none.
func (u *opener) date(e *manifest.Entry, part string) error {
	if e.MTime == 0 && e.Mode == "" {
		return nil
	}
	want := time.Unix(e.MTime, 0)
	if err := u.to.Chtimes(part, want, want); err != nil {
		return err
	}
	fi, err := u.to.Lstat(part)
	if err == nil && fi.ModTime().Sub(want).Abs() >= roughly {
		err = fmt.Errorf("it became %s", fi.ModTime())
	}
	return err
}

// same reports whether a file that is there, with the right size, has the contents of the
// backup.
func (u *opener) same(e *manifest.Entry, host string) bool {
	if e.ContentSum() == "" {
		return true // an item of a run that was killed: its size is all that is known
	}
	got, _, err := disk.Hash(u.to, host, u.sum, u.buf)
	return err == nil && manifest.SameSum(got[:], e.ContentSum())
}

// refused notes a file that the disk refused. The error is that of a full disk, or of one
// that takes no file.
func (u *opener) refused(e *manifest.Entry, err error) error {
	if disk.IsFull(err) {
		return message.Kind(message.Of(disk.ErrNoSpace), disk.ErrNoSpace)
	}
	if tryErr := u.to.WriteFile(partsDir+"/try", []byte("preship"), 0o600); tryErr != nil {
		return tryErr
	}
	u.problem(e.OnHandset(), message.Join(message.Colon, message.Say("backup.why.disk-refused"), query.Reason(err)))
	return nil
}
