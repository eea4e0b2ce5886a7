package toybox

import (
	"context"
	"crypto/rand"
	"io"
	"path"
	"strings"

	"preship/adb/adbtest/vfs"
)

// runTimeout is timeout SECONDS COMMAND…: 124 is the status of a command that it ended.
func runTimeout(ctx context.Context, p *Process) int {
	limit, ok := p.seconds(p.names[0])
	if !ok {
		return exitTimeout
	}
	within, cancel := ctx, context.CancelFunc(func() {})
	if limit > 0 {
		within, cancel = context.WithTimeout(ctx, limit)
	}
	defer cancel()
	code := p.Sub(within, p.names[1:], p.Stdin)
	if within.Err() != nil && ctx.Err() == nil {
		return 124
	}
	return code
}

// runMktemp makes a file, or with -d a folder, whose name nothing has, and prints it.
func runMktemp(_ context.Context, p *Process) int {
	template := append(p.names, "/data/local/tmp/tmp.XXXXXXXXXX")[0]
	if dir := p.opts['p']; dir != "" {
		template = dir + "/" + path.Base(template)
	}
	if !strings.HasSuffix(template, "XXX") {
		return p.Fail("need XXX: %s", vfs.ENOENT)
	}
	// The last six are replaced, and must be there.
	start, six := strings.CutSuffix(template, "XXXXXX")
	name, what, err := start+rand.Text()[:6], "file", error(vfs.EINVAL)
	if p.opts.has('d') {
		what = "directory"
	}
	switch {
	case six && p.opts.has('d'):
		err = p.sys.Tree().Mkdir(p.Abs(name), 0o700)
	case six:
		err = p.create(name, 0o600)
	}
	if err != nil {
		return p.Fail("Failed to create %s %s: %s", what, template, vfs.ErrnoOf(err))
	}
	p.Printf("%s\n", name)
	return 0
}

// create makes an empty file.
func (p *Process) create(name string, mode uint32) error {
	w, err := p.sys.Tree().Create(p.Abs(name), mode)
	if err != nil {
		return err
	}
	return w.Close()
}

// runUptime prints how long the handset is on, and a load that a resting handset has.
func runUptime(_ context.Context, p *Process) int {
	up := p.sys.Tree().Uptime()
	p.Printf(" %s up ", p.sys.Now().Format("15:04:05"))
	if days := int(up.Hours()) / 24; days > 0 {
		p.Printf("%d day%s, ", days, strings.Repeat("s", min(days-1, 1)))
	}
	if hours := int(up.Hours()) % 24; hours > 0 {
		p.Printf("%2d:%02d", hours, int(up.Minutes())%60)
	} else {
		p.Printf("%d min", int(up.Minutes()))
	}
	p.Printf(",  0 users,  load average: 0.00, 0.00, 0.00\n")
	return 0
}

// runNC is nc HOST PORT, and with -l nc -p PORT, for a port of the handset itself: an
// emulated handset reaches no network.
func runNC(ctx context.Context, p *Process) int {
	var conn io.ReadWriteCloser
	var ok bool
	switch {
	case p.opts.has('l'):
		if conn, ok = p.sys.Listen(ctx, p.opts['p']); !ok {
			return p.Fail("bind: Address already in use")
		}
	case !p.needs(2):
		return 1
	case p.names[0] != "localhost" && !strings.HasPrefix(p.names[0], "127."):
		return p.Fail("connect: Network is unreachable")
	default:
		if conn, ok = p.sys.Dial(ctx, p.names[1]); !ok {
			return p.Fail("connect: Connection refused")
		}
	}
	if conn == nil {
		return 1
	}
	defer conn.Close()
	defer context.AfterFunc(ctx, func() { _ = conn.Close() })()
	go func() { _, _ = io.Copy(conn, p.Stdin) }() // standard input ends with the shell
	_, _ = io.Copy(p.Direct(), conn)
	return 0
}
