package adbtest

import (
	"archive/tar"
	"bufio"
	"compress/gzip"
	"context"
	"errors"
	"io"
	"strings"
)

// errShortRead is what ends toybox tar when a file shrinks while it is read:
// every later file is missing from the archive.
var errShortRead = errors.New("short read")

const tarSpec = "cC:f:hkmOopsT:txvz\x01:\x02*\x03:\x04:\x05:\x06:\x07"

var tarLong = []string{
	"create=c", "directory=C", "file=f", "dereference=h", "keep-old=k", "touch=m", "to-stdout=O", "files-from=T", "list=t", "extract=x",
	"verbose=v", "gzip=z", "strip-components=\x01", "strip=\x01", "exclude=\x02", "owner=\x03", "group=\x04", "mtime=\x05", "mode=\x06",
	"null=\x07", "no-recursion=\x07",
}

// tape is one run of tar.
type tape struct {
	p        *process
	opts     options
	excludes []string
	verbose  io.Writer // nil: quiet
	failed   bool
}

// runTar is toybox tar: -c, -t and -x, with -z.
func runTar(ctx context.Context, p *process) int {
	if len(p.args) > 1 && !strings.HasPrefix(p.args[1], "-") {
		p.args[1] = "-" + p.args[1]
	}
	opts, names, ok := p.options(tarSpec, tarLong...)
	if !ok {
		return 1
	}
	t := &tape{p: p, opts: opts}
	if opts.has('\x02') {
		t.excludes = strings.Split(opts['\x02'], "\n")
	}
	if opts.has('T') {
		listed, code := p.namesFrom(ctx, opts['T'])
		if code != 0 {
			return code
		}
		names = append(names, listed...)
	}
	switch {
	case opts.any("tx"):
		return t.read(ctx, names)
	case !opts.has('c'):
		return p.fail("Needs -txc (see \"tar --help\")")
	case len(names) == 0:
		return p.fail("empty archive")
	}
	return t.create(ctx, names)
}

// namesFrom reads a list of names, one a line.
func (p *process) namesFrom(ctx context.Context, name string) (list []string, code int) {
	code = p.eachInput(ctx, []string{name}, func(_ string, r io.Reader) error {
		b, err := readText(r)
		if text := strings.TrimSuffix(string(b), "\n"); text != "" {
			list = strings.Split(text, "\n")
		}
		return err
	})
	return list, code
}

func (t *tape) file() string {
	if name := t.opts['f']; name != "" {
		return name
	}
	return "-"
}

// enter is -C, which holds for what comes after the archive was opened.
func (t *tape) enter() bool {
	if !t.opts.has('C') {
		return true
	}
	full := t.p.abs(t.opts['C'])
	if err := t.p.sh.enter(full); err != nil {
		t.p.complain("chdir '%s': %s", t.opts['C'], errnoOf(err))
		return false
	}
	t.p.dir = full
	return true
}

func (t *tape) end() int {
	if t.failed {
		return t.p.fail("had errors")
	}
	return 0
}

func (t *tape) complain(name string, err error) {
	t.failed = true
	t.p.complain("%s: %s", name, errnoOf(err))
}

func (t *tape) create(ctx context.Context, names []string) int {
	p, out := t.p, io.Writer(t.p.stdout)
	if t.opts.has('v') {
		t.verbose = p.stderr
	}
	if name := t.file(); name != "-" {
		f, err := p.h.tree.create(p.abs(name), p.sh.umask.file())
		if err != nil {
			return p.fail("%s: %s", name, errnoOf(err))
		}
		defer f.Close()
		out = f
		if t.verbose != nil {
			t.verbose = p.stdout
		}
	}
	if !t.enter() {
		return 1
	}
	zip := gzip.NewWriter(out)
	if t.opts.has('z') {
		out = zip
	}
	a := &archiver{tape: t, w: tar.NewWriter(out)}
	for _, name := range names {
		switch err := a.named(ctx, name); {
		case errors.Is(err, errShortRead):
			return p.fail("%s", err)
		case err != nil:
			return 1
		}
	}
	if err := a.w.Close(); err != nil {
		return 1
	}
	if t.opts.has('z') && zip.Close() != nil {
		return 1
	}
	return t.end()
}

// read lists or extracts.
func (t *tape) read(ctx context.Context, names []string) int {
	p := t.p
	r, closer, err := p.input(ctx, t.file())
	if err != nil {
		return p.fail("%s: %s", t.file(), errnoOf(err))
	}
	defer closer()
	if !t.enter() {
		return 1
	}
	b := bufio.NewReader(r)
	in := io.Reader(b)
	if head, _ := b.Peek(2); string(head) == "\x1f\x8b" {
		if in, err = gzip.NewReader(b); err != nil {
			return p.fail("Not tar")
		}
	}
	archive := tar.NewReader(in)
	for n := 0; ctx.Err() == nil; n++ {
		h, err := archive.Next()
		switch {
		case err == io.EOF && n > 0:
			return t.end()
		case err != nil && n == 0:
			return p.fail("Not tar")
		case err != nil:
			return p.fail("bad header")
		}
		if !wantedMember(h.Name, names) {
			continue
		}
		if t.opts.has('t') {
			t.show(h)
		} else if !t.extract(h, archive) {
			return t.end()
		}
		if p.stdout.err != nil {
			return 1
		}
	}
	return 1
}

// wantedMember says whether a member, or a folder it is in, was named.
func wantedMember(member string, names []string) bool {
	for _, name := range names {
		name = strings.TrimSuffix(name, "/")
		if member == name || strings.HasPrefix(member, name+"/") {
			return true
		}
	}
	return len(names) == 0
}

func (t *tape) show(h *tar.Header) {
	if !t.opts.has('v') {
		t.name(h)
		return
	}
	kind := map[byte]uint32{tar.TypeDir: modeDir, tar.TypeSymlink: modeLink, tar.TypeFifo: modeFIFO}[h.Typeflag]
	if kind == 0 {
		kind = modeFile
	}
	t.p.printf("%s %s/%s %9d  %s ", info{mode: kind | uint32(h.Mode)&modePerms}.modeString(), h.Uname, h.Gname, h.Size, t.p.local(h.ModTime).Format("2006-01-02 15:04"))
	t.name(h)
}

// name prints a member, with where a symbolic link points.
func (t *tape) name(h *tar.Header) {
	t.p.printf("%s", h.Name)
	if h.Typeflag == tar.TypeSymlink {
		t.p.printf(" -> %s", h.Linkname)
	}
	t.p.printf("\n")
}
