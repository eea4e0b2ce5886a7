package main

import (
	"errors"
	"os"
	"path/filepath"
	"syscall"

	"preship/cmd/preship/internal/job"
	"preship/report"
	"preship/report/safefile"
)

// outputSize is more than one of these files has.
const outputSize = 128 << 10

// Try checks that the files named by --junit and --ctrf can be written. It
// leaves no new file and does not change an existing one.
func (o *outputs) Try() error {
	if o.junit != "" && o.ctrf != "" && oneFile(o.junit, o.ctrf) {
		return usagef("--junit and --ctrf name one file, %s; give each its own", o.junit)
	}
	for _, out := range []struct{ flag, path string }{{"--junit", o.junit}, {"--ctrf", o.ctrf}} {
		if out.path == "" {
			continue
		}
		if err := tryOutput(out.path); err != nil {
			return usagef("%s: %v", out.flag, err)
		}
	}
	return nil
}

// oneFile reports whether two names are of one file, by whatever links.
func oneFile(a, b string) bool {
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

// tryOutput checks that a file can be written.
func tryOutput(path string) error {
	for _, name := range []string{path, linkless(path)} {
		if dir := caseAround(name); dir != "" {
			return usagef("%s would lie in the case %s, and a file that is written there breaks the seal of its report; choose another folder", path, dir)
		}
	}
	dir := filepath.Dir(path)
	switch info, err := os.Stat(path); {
	case err == nil && !info.Mode().IsRegular():
		return canWriteTo(path, info)
	case err == nil:
		return tryExisting(path)
	case !errors.Is(err, os.ErrNotExist):
		return usagef("%v; choose another file", err)
	}
	if _, err := os.Lstat(path); err == nil {
		return usagef("%s is a link to a file that is not there; choose another file", path)
	}
	if _, err := os.Stat(dir); err != nil {
		return usagef("%s: there is no such folder; make it, or choose another file", dir)
	}
	if err := job.TryWrite(dir, outputSize); err != nil {
		return usagef("%s: nothing can be written there (%v); mend that, or choose another file", dir, err)
	}
	return nil
}

// tryExisting checks that an existing file can be written and that its disk has
// room. It may lie in a folder that takes no other file.
func tryExisting(path string) error {
	f, err := os.OpenFile(path, os.O_WRONLY, 0)
	if err == nil {
		err = f.Close()
	}
	if err != nil {
		return usagef("%v; mend that, or choose another file", err)
	}
	dir := filepath.Dir(linkless(path))
	if err := job.TryWrite(dir, outputSize); errors.Is(err, syscall.ENOSPC) || errors.Is(err, syscall.EDQUOT) {
		return usagef("%s: its disk is full (%v); free some space, or choose another file", path, err)
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
	return usagef("%s %v; choose another file", path, safefile.NotFileError(info.Mode()))
}

// caseAround returns the case or sealed package that a path would be in, "" if it is
// in neither.
func caseAround(path string) string {
	path, err := filepath.Abs(path)
	if err != nil {
		return ""
	}
	for dir := filepath.Dir(path); ; dir = filepath.Dir(dir) {
		_, noCase := report.Look(dir)
		_, notSealed := os.Lstat(filepath.Join(dir, "attestation.sigstore.json"))
		if noCase == nil || notSealed == nil {
			return dir
		}
		if dir == filepath.Dir(dir) {
			return ""
		}
	}
}
