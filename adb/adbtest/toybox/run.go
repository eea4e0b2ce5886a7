package toybox

import (
	"context"
	"crypto/rand"
	"io"
	"path"
	"strings"
	"time"

	"preship/adb/adbtest/vfs"
)

// seconds reads a number of seconds, which may have a fraction and a unit.
func seconds(word string) (time.Duration, bool) {
	if strings.Trim(word, "0123456789.") == "" {
		word += "s"
	}
	word = strings.Replace(word, "d", "h", 1)
	d, err := time.ParseDuration(word)
	return d, err == nil && d >= 0
}

// exitTimeout is the status of timeout itself when it cannot run a command.
const exitTimeout = 125

// runTimeout is timeout SECONDS COMMAND…: 124 is the status of a command that it ended.
func runTimeout(ctx context.Context, p *Process) int {
	_, args, ok := p.Options("+")
	if !ok || !p.needs(args, 2) {
		return exitTimeout
	}
	limit, ok := seconds(args[0])
	if !ok {
		p.Fail("Not a number '%s'", args[0])
		return exitTimeout
	}
	within, cancel := ctx, context.CancelFunc(func() {})
	if limit > 0 {
		within, cancel = context.WithTimeout(ctx, limit)
	}
	defer cancel()
	code := p.Sub(within, args[1:], p.Stdin)
	if within.Err() != nil && ctx.Err() == nil {
		return 124
	}
	return code
}

const (
	tempFolder   = "/data/local/tmp"
	tempTemplate = "tmp.XXXXXXXXXX"
)

// runMktemp makes a file, or with -d a folder, whose name nothing has, and prints it.
func runMktemp(_ context.Context, p *Process) int {
	opts, args, ok := p.Options("dqtp:")
	if !ok {
		return 1
	}
	template := tempFolder + "/" + tempTemplate
	if len(args) > 0 {
		template = args[0]
	}
	if dir := opts['p']; dir != "" {
		template = dir + "/" + path.Base(template)
	}
	if !strings.HasSuffix(template, "XXX") {
		return p.Fail("need XXX: %s", vfs.ENOENT)
	}
	// The last six are replaced, and have to be there.
	start, six := strings.CutSuffix(template, "XXXXXX")
	name := start + rand.Text()[:6]
	what, err := "file", error(nil)
	if !six {
		err = vfs.EINVAL
	} else if full := p.Abs(name); opts.has('d') {
		err = p.sys.Tree().Mkdir(full, 0o700)
	} else if f, openErr := p.sys.Tree().Create(full, 0o600); openErr == nil {
		err = f.Close()
	} else {
		err = openErr
	}
	if opts.has('d') {
		what = "directory"
	}
	switch {
	case err == nil:
		p.Printf("%s\n", name)
		return 0
	case opts.has('q'):
		return 1
	}
	return p.Fail("Failed to create %s %s: %s", what, template, vfs.ErrnoOf(err))
}

// runUptime prints how long the handset is on, and a load that a resting handset has.
func runUptime(_ context.Context, p *Process) int {
	up := p.sys.Tree().Uptime()
	p.Printf(" %s up ", p.sys.Now().Format("15:04:05"))
	if days := int(up.Hours()) / 24; days > 0 {
		p.Printf("%d day%s, ", days, map[bool]string{true: "s", false: ""}[days > 1])
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
	opts, args, ok := p.Options("lp:q:w:W:")
	if !ok {
		return 1
	}
	var conn io.ReadWriter
	switch {
	case opts.has('l'):
		if conn, ok = p.sys.Listen(ctx, opts['p']); !ok {
			return p.Fail("bind: Address already in use")
		}
	case !p.needs(args, 2):
		return 1
	case args[0] != "localhost" && !strings.HasPrefix(args[0], "127."):
		return p.Fail("connect: Network is unreachable")
	default:
		if conn, ok = p.sys.Dial(ctx, args[1]); !ok {
			return p.Fail("connect: Connection refused")
		}
	}
	if conn == nil {
		return 1
	}
	end := func() {
		if s, ok := conn.(interface{ EndStream() }); ok {
			s.EndStream()
		}
	}
	defer end()
	stop := context.AfterFunc(ctx, end)
	defer stop()
	go func() { _, _ = io.Copy(conn, p.Stdin) }() // standard input ends with the shell
	_, _ = io.Copy(p.Direct(), conn)
	return 0
}
