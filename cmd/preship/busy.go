package main

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"path/filepath"
	"strings"

	"preship/adb"
	"preship/report"
)

// errBusy: the handset is being worked on already.
var errBusy = errors.New("another preship is working on this handset")

// hold is this run's claim to a handset: while it lasts, no other preship of the
// same user begins anything on it. It is a lock of the operating system on a
// small file, so it ends with the process, however that ends.
type hold struct{ f *os.File }

// maxHoldNote bounds what is read of a note, which is the path of a case.
const maxHoldNote = 8 << 10

// take claims what name stands for, in dir, which is made when it is not there.
// The error is errBusy when somebody has it, with the case they work on where
// they have said so.
func take(dir, name string) (*hold, error) {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, err
	}
	sum := sha256.Sum256([]byte(name))
	path := filepath.Join(dir, hex.EncodeToString(sum[:16])+".lock")
	for {
		f, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE, 0o600)
		if err != nil {
			return nil, err
		}
		if err := lockWhole(f); err != nil {
			return nil, errors.Join(busyWith(f, err), f.Close())
		}
		mine, err := f.Stat()
		there, statErr := os.Stat(path)
		if err == nil && statErr == nil && os.SameFile(mine, there) {
			h := &hold{f}
			return h, h.note("")
		}
		// Who had it before has taken the file away in between.
		if err := errors.Join(err, unlockWhole(f), f.Close()); err != nil {
			return nil, err
		}
	}
}

// busyWith adds the case somebody else works on to errBusy.
func busyWith(f *os.File, err error) error {
	if !errors.Is(err, errBusy) {
		return err
	}
	note, readErr := io.ReadAll(io.LimitReader(f, maxHoldNote))
	if dir := strings.TrimSpace(string(note)); readErr == nil && dir != "" {
		return fmt.Errorf("%w, case %s", err, dir)
	}
	return err
}

// note leaves the path of the case for who comes next.
func (h *hold) note(dir string) error {
	if err := h.f.Truncate(0); err != nil {
		return err
	}
	_, err := h.f.WriteAt([]byte(dir+"\n"), 0)
	return err
}

// release gives the handset back. The file goes first: while the lock is held
// nobody else can be about to use it.
func (h *hold) release() error {
	_ = os.Remove(h.f.Name()) // one that stays is used again
	return errors.Join(unlockWhole(h.f), h.f.Close())
}

// claim takes the handset as its adb server knows it, for a job that must be
// alone with it. Two servers on one computer can know two handsets by one name.
func (j *job) claim(serial string) error {
	if !j.alone || len(j.holds) > 0 {
		return nil
	}
	return j.take("server "+sameServer(j.client.Addr()), "serial "+serial)
}

// claimUnit takes the handset as what it is: one and the same can be connected
// by cable and over the network at a time. An emulated one has the numbers of
// all of its kind.
func (j *job) claimUnit(u report.Unit) error {
	if !j.alone || len(j.holds) != 1 || j.emulated() {
		return nil
	}
	return j.take("unit", u.String())
}

func (j *job) take(words ...string) error {
	dir, err := configFolder(j.env)
	if err != nil {
		return usagef("no place to note which handset is worked on: %v", err)
	}
	h, err := take(filepath.Join(dir, "busy"), strings.Join(words, "\x00"))
	if err != nil {
		return err
	}
	j.holds = append(j.holds, h)
	return j.noteCase()
}

// noteCase says in this job's claims which case it works on, once it has one.
func (j *job) noteCase() error {
	if j.kept == nil {
		return nil
	}
	var errs []error
	for _, h := range j.holds {
		errs = append(errs, h.note(j.kept.Dir()))
	}
	return errors.Join(errs...)
}

func (j *job) releaseHolds() error {
	var errs []error
	for _, h := range j.holds {
		errs = append(errs, h.release())
	}
	j.holds = nil
	return errors.Join(errs...)
}

// claimAlone claims a handset for a command that works on it without a case.
func claimAlone(e *env, client *adb.Client, serial string) (release func() error, err error) {
	j := &job{env: e, client: client, alone: true}
	return j.releaseHolds, j.claim(serial)
}

// sameServer is one name for an adb server on this computer, however it was
// written.
func sameServer(addr string) string {
	host, port, err := net.SplitHostPort(addr)
	if err != nil {
		return addr
	}
	if ip := net.ParseIP(host); host == "" || host == "localhost" || ip != nil && ip.IsLoopback() {
		host = "localhost"
	}
	return net.JoinHostPort(host, port)
}
