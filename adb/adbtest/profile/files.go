package profile

import (
	"errors"
	"fmt"
	"strconv"
	"strings"
	"sync"
	"time"

	"preship/adb/adbtest/trouble"
	"preship/adb/adbtest/vfs"
)

// fileKinds reads the rest of a tree.txt line, by its first word: so many words.
var fileKinds = map[string]struct {
	words int
	read  func(s *vfs.Spec, args []string) error
}{
	"dir":  {},
	"fifo": {},
	"link": {1, func(s *vfs.Spec, args []string) error { s.Target = args[0]; return nil }},
	"text": {1, func(s *vfs.Spec, args []string) error {
		s.Body = vfs.Lazily(func() []byte { return []byte(args[0]) })
		return nil
	}},
	"data": {2, parseData},
	"jpeg": {3, parseJPEG},
}

// parseFileSpec reads one line of tree.txt:
//
//	KIND MODE OWNER MTIME PATH [CONTENT…]
//
// MODE is octal and OWNER user:group; - takes them from the folder. MTIME is
// RFC 3339, with any fraction of a second. A word with spaces, or with bytes that
// are not text, is a Go string in double quotes. CONTENT is the text for text,
// size in bytes and seed for data, seed, width and height for jpeg, and the target
// for link.
func (p *Profile) parseFileSpec(line string) error {
	f, err := trouble.Words(line)
	if err != nil {
		return err
	}
	if len(f) < 5 {
		return errors.New("want: kind mode owner mtime path [content]")
	}
	s := vfs.Spec{Kind: f[0], Mode: -1, UID: -1, GID: -1, Path: f[4]}
	kind, ok := fileKinds[s.Kind]
	if !ok {
		return fmt.Errorf("no kind of file is called %q", s.Kind)
	}
	if f[1] != "-" {
		if s.Mode, err = strconv.ParseInt(f[1], 8, 16); err != nil || s.Mode < 0 {
			return fmt.Errorf("mode %q is not octal", f[1])
		}
	}
	if f[2] != "-" {
		uid, gid, err := parseOwner(f[2])
		if err != nil {
			return err
		}
		s.UID, s.GID = int64(uid), int64(gid)
	}
	if s.MTime, err = time.Parse(time.RFC3339Nano, f[3]); err != nil {
		return err
	}
	if !strings.HasPrefix(s.Path, "/") || strings.ContainsRune(s.Path, 0) {
		return fmt.Errorf("path %q is not absolute", s.Path)
	}
	if args := f[5:]; len(args) != kind.words {
		return fmt.Errorf("%s: %d words of content, want %d", s.Kind, len(args), kind.words)
	} else if kind.read != nil {
		if err := kind.read(&s, args); err != nil {
			return fmt.Errorf("%s: %w", s.Kind, err)
		}
	}
	p.Files = append(p.Files, s)
	return nil
}

func parseData(s *vfs.Spec, args []string) error {
	var size, seed int64
	err := errors.Join(number(&size, 10)(args[0]), number(&seed, 10)(args[1]))
	s.Body = vfs.Generate(size, uint64(seed))
	return err
}

func parseJPEG(s *vfs.Spec, args []string) error {
	var p picture
	if err := errors.Join(number(&p.seed, 10)(args[0]), number(&p.width, 10)(args[1]), number(&p.height, 10)(args[2])); err != nil {
		return err
	}
	if min(p.width, p.height) < 1 || max(p.width, p.height) > 2048 {
		return errors.New("a picture is 1 to 2048 pixels wide and high")
	}
	s.Body = shared(p)
	return nil
}

// picture is what a JPEG of a profile is made from.
type picture struct {
	seed          int64
	width, height int
}

// pictures holds each picture once for all handsets: to draw and compress it takes far
// longer than to read it, and nothing changes its bytes.
var pictures sync.Map // picture → vfs.Content

func shared(p picture) vfs.Content {
	body, _ := pictures.LoadOrStore(p, vfs.Lazily(func() []byte { return vfs.Photo(uint64(p.seed), p.width, p.height) }))
	return body.(vfs.Content)
}
