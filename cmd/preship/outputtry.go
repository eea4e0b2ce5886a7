package main

import (
	"errors"
	"os"
	"path/filepath"

	"preship/report"
)

// tryOutputs sees that the files named by --junit and --ctrf can be written. It
// leaves no new file, and one that is there as it is.
func (o *outputs) tryOutputs() error {
	if o.junit != "" && o.ctrf != "" && filepath.Clean(o.junit) == filepath.Clean(o.ctrf) {
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

// tryOutput sees that a file can be written.
func tryOutput(path string) error {
	if dir := caseAround(path); dir != "" {
		return usagef("%s would lie in the case %s, and a file that is added there breaks the seal of its report; choose another folder", path, dir)
	}
	dir := filepath.Dir(path)
	switch info, err := os.Stat(path); {
	case err == nil && !info.Mode().IsRegular():
		return canWriteTo(path, info)
	case err == nil:
		f, err := os.OpenFile(path, os.O_WRONLY, 0)
		if err != nil {
			return usagef("%v; mend that, or choose another file", err)
		}
		return f.Close()
	case !errors.Is(err, os.ErrNotExist):
		return usagef("%v; choose another file", err)
	}
	if _, err := os.Lstat(path); err == nil {
		return usagef("%s is a link to a file that is not there; choose another file", path)
	}
	if _, err := os.Stat(dir); err != nil {
		return usagef("%s: there is no such folder; make it, or choose another file", dir)
	}
	if err := tryWrite(dir, 1); err != nil {
		return usagef("%s: nothing can be written there (%v); mend that, or choose another file", dir, err)
	}
	return nil
}

// canWriteTo says why something that is there and no regular file cannot be
// written to. A pipe or a terminal that this process was started with can be; a
// pipe of another name would be waited for.
func canWriteTo(path string, info os.FileInfo) error {
	if inherited(path) && !info.IsDir() || path == os.DevNull {
		return nil
	}
	return usagef("%s %v; choose another file", path, report.NotFileError(info.Mode()))
}

// caseAround is the case, or the sealed package, that a path would lie in; "" is
// none.
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
