package flagfile

import (
	"bytes"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"syscall"

	"preship/cmd/preship/internal/job"
	"preship/report/casedir"
	"preship/report/message"
	"preship/report/safefile"
)

// outputSize is more than one of these files has.
const outputSize = 128 << 10

// Create makes the file, or empties an existing one. The caller closes it.
func Create(path string) (*os.File, error) {
	return os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_TRUNC, 0o644)
}

// SameFile reports whether two names are of one file, through links as well.
func SameFile(a, b string) bool {
	if linkless(a) == linkless(b) {
		return true
	}
	infoA, errA := os.Stat(a)
	infoB, errB := os.Stat(b)
	return errA == nil && errB == nil && os.SameFile(infoA, infoB)
}

// linkless is a path without links, as far as that can be known.
func linkless(path string) string {
	if abs, err := filepath.Abs(path); err == nil {
		path = abs
	}
	if real, err := filepath.EvalSymlinks(path); err == nil {
		return real
	}
	if dir, err := filepath.EvalSymlinks(filepath.Dir(path)); err == nil {
		return filepath.Join(dir, filepath.Base(path)) // a file that is not there yet
	}
	return path
}

// TryWrite checks that a file can be written. It leaves no new file and does not change
// an existing one. An existing file must be empty, or begin with one of begins, as
// one does that the same command wrote: nothing else is written over. The error says what
// to do.
func TryWrite(path string, begins ...string) error {
	for _, name := range []string{path, linkless(path)} {
		if dir := caseAround(name); dir != "" {
			return message.Error(message.Say("file.in-case", "file", path, "case", dir), nil)
		}
	}
	dir := filepath.Dir(path)
	switch info, err := os.Stat(path); {
	case err == nil && !info.Mode().IsRegular():
		return canWriteTo(path, info)
	case err == nil:
		return tryExisting(path, begins)
	case !errors.Is(err, os.ErrNotExist):
		return message.Error(message.Say("file.choose-another", "error", message.Of(err)), nil)
	}
	if _, err := os.Lstat(path); err == nil {
		return message.Error(message.Say("file.dead-link", "file", path), nil)
	}
	if _, err := os.Stat(dir); err != nil {
		return message.Error(message.Say("file.no-folder", "folder", dir), nil)
	}
	if err := job.TryWrite(dir, outputSize); err != nil {
		return message.Error(message.Say("file.unwritable", "folder", dir, "error", message.Of(err)), nil)
	}
	return nil
}

// tryExisting checks that an existing file can be written and that its disk has
// room. It may be in a folder that takes no other file.
func tryExisting(path string, begins []string) error {
	f, err := os.OpenFile(path, os.O_RDWR, 0)
	if errors.Is(err, os.ErrPermission) {
		f, err = os.OpenFile(path, os.O_WRONLY, 0) // one that nobody reads
	}
	if err == nil {
		first := make([]byte, 64)
		n, _ := f.Read(first)
		if err := f.Close(); err != nil {
			return err
		}
		text := string(bytes.TrimSpace(bytes.TrimPrefix(first[:n], []byte("\xef\xbb\xbf"))))
		if text != "" && !slices.ContainsFunc(begins, func(b string) bool { return strings.HasPrefix(text, b) }) {
			return message.Error(message.Say("file.not-output", "file", path), nil)
		}
	}
	if err != nil {
		return message.Error(message.Say("file.mend", "error", message.Of(err)), nil)
	}
	dir := filepath.Dir(linkless(path))
	if err := job.TryWrite(dir, outputSize); errors.Is(err, syscall.ENOSPC) || errors.Is(err, syscall.EDQUOT) {
		return message.Error(message.Say("file.disk-full", "file", path, "error", message.Of(err)), nil)
	}
	return nil
}

// canWriteTo checks an existing path that is no regular file. A pipe or a terminal
// that this process was started with can be written to; opening another pipe would
// wait for its reader, so that is an error.
func canWriteTo(path string, info os.FileInfo) error {
	if inherited(path) && !info.IsDir() || path == os.DevNull {
		return nil
	}
	return message.Error(message.Say("file.choose-another", "error", message.Say("file.special", "file", path, "what", safefile.NotFileError(info.Mode()).Sentence())), nil)
}

// caseAround returns the case or sealed package that a path would be in, "" if it is
// in neither.
func caseAround(path string) string {
	path, err := filepath.Abs(path)
	if err != nil {
		return ""
	}
	for dir := filepath.Dir(path); ; dir = filepath.Dir(dir) {
		_, noCase := casedir.Look(dir)
		_, notSealed := os.Lstat(filepath.Join(dir, "attestation.sigstore.json"))
		if noCase == nil || notSealed == nil {
			return dir
		}
		if dir == filepath.Dir(dir) {
			return ""
		}
	}
}
