package adbtest

import (
	"archive/tar"
	"errors"
	"io"
	"path"
	"strings"
)

// extract puts one member of an archive into the tree. It is false when the
// rest cannot be extracted either.
func (t *tape) extract(h *tar.Header, r io.Reader) bool {
	p := t.p
	name := t.stripped(h.Name)
	switch {
	case name == "" || strings.HasPrefix(name, "/") || climbs(name):
		return true
	case t.opts.has('O'):
		_, err := io.Copy(p.stdout, r)
		return err == nil
	}
	if t.opts.has('v') {
		p.printf("%s\n", h.Name)
	}
	full := p.abs(strings.TrimSuffix(name, "/"))
	if err := t.place(h, full, r); err != nil {
		t.complain(name, err)
		return errnoOf(err) != eNOSPC
	}
	if !t.opts.has('m') && h.Typeflag != tar.TypeSymlink {
		_ = p.h.tree.chtimes(full, h.ModTime, h.ModTime) // what cannot be kept is not
	}
	return true
}

// stripped is the name without its first components, "" when nothing is left.
func (t *tape) stripped(name string) string {
	n, ok := count(t.opts['\x01'])
	if !ok || n < 1 {
		return name
	}
	parts := strings.SplitN(name, "/", int(min(n, 1000))+1)
	if int64(len(parts)) <= n {
		return ""
	}
	return parts[n]
}

// climbs says whether a name leads out of where the archive is extracted.
func climbs(name string) bool {
	for part := range strings.SplitSeq(name, "/") {
		if part == ".." {
			return true
		}
	}
	return false
}

func (t *tape) place(h *tar.Header, full string, r io.Reader) error {
	tree, umask := t.p.h.tree, t.p.sh.umask.Load()
	if err := tree.mkdirAll(path.Dir(full), 0o777&^umask); err != nil {
		return err
	}
	there, err := tree.lstat(full)
	exists := err == nil
	mode := uint32(h.Mode) & modePerms &^ umask
	switch {
	case h.Typeflag == tar.TypeDir && exists && there.isDir():
		return nil
	case h.Typeflag == tar.TypeDir:
		return tree.mkdir(full, mode)
	case exists && t.opts.has('k'):
		return pathError("create", full, eEXIST)
	case exists:
		if err := tree.remove(full); err != nil {
			return err
		}
	}
	switch h.Typeflag {
	case tar.TypeSymlink:
		return tree.symlink(h.Linkname, full)
	case tar.TypeFifo:
		return tree.mkfifo(full, mode)
	}
	w, err := tree.create(full, mode)
	if err != nil {
		return err
	}
	_, err = io.Copy(w, r)
	return errors.Join(err, w.Close())
}
