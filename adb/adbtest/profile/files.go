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

// fileKinds reads the rest of a tree.txt line, by its first word.
var fileKinds = map[string]func(s *vfs.Spec, args []string) error{
	"dir":  func(_ *vfs.Spec, args []string) error { return wantArgs(args, 0) },
	"fifo": func(_ *vfs.Spec, args []string) error { return wantArgs(args, 0) },
	"link": func(s *vfs.Spec, args []string) error {
		if err := wantArgs(args, 1); err != nil {
			return err
		}
		s.Target = args[0]
		return nil
	},
	"text": func(s *vfs.Spec, args []string) error {
		if err := wantArgs(args, 1); err != nil {
			return err
		}
		s.Body = vfs.Lazily(func() []byte { return []byte(args[0]) })
		return nil
	},
	"data": parseData,
	"jpeg": parseJPEG,
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
	read := fileKinds[s.Kind]
	if read == nil {
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
	if err := read(&s, f[5:]); err != nil {
		return fmt.Errorf("%s: %w", s.Kind, err)
	}
	p.Files = append(p.Files, s)
	return nil
}

func wantArgs(args []string, n int) error {
	if len(args) != n {
		return fmt.Errorf("%d words of content, want %d", len(args), n)
	}
	return nil
}

func parseData(s *vfs.Spec, args []string) error {
	n, err := parseNumbers(args, 2)
	if err == nil {
		s.Body = vfs.Generate(n[0], uint64(n[1]))
	}
	return err
}

func parseJPEG(s *vfs.Spec, args []string) error {
	n, err := parseNumbers(args, 3)
	if err != nil {
		return err
	}
	if n[1] < 1 || n[1] > 2048 || n[2] < 1 || n[2] > 2048 {
		return errors.New("a picture is 1 to 2048 pixels wide and high")
	}
	s.Body = shared(picture{uint64(n[0]), int(n[1]), int(n[2])})
	return nil
}

// picture is what a JPEG of a profile is made from.
type picture struct {
	seed          uint64
	width, height int
}

// pictures holds each picture once for all handsets: to draw and compress it takes far
// longer than to read it, and nothing changes its bytes.
var pictures sync.Map // picture → vfs.Content

func shared(p picture) vfs.Content {
	body, _ := pictures.LoadOrStore(p, vfs.Lazily(func() []byte { return vfs.Photo(p.seed, p.width, p.height) }))
	return body.(vfs.Content)
}

func parseNumbers(args []string, want int) ([]int64, error) {
	if err := wantArgs(args, want); err != nil {
		return nil, err
	}
	out := make([]int64, want)
	for i, arg := range args {
		n, err := strconv.ParseInt(arg, 10, 64)
		if err != nil || n < 0 {
			return nil, fmt.Errorf("%q is not a number", arg)
		}
		out[i] = n
	}
	return out, nil
}
