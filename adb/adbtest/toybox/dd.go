package toybox

import (
	"context"
	"fmt"
	"io"
	"math"
	"strconv"
	"strings"
	"time"

	"preship/adb/adbtest/vfs"
)

// ddArgs are dd's operands.
type ddArgs struct {
	in, out     string
	block       int64
	count, skip int64
	quiet       bool // status=none
}

// ddRoom bounds a block, and with it what dd keeps in memory.
const ddRoom = 64 << 20

func parseDD(p *Process) (ddArgs, bool) {
	d := ddArgs{block: 512, count: -1}
	for _, arg := range p.Args[1:] {
		key, value, ok := strings.Cut(arg, "=")
		numbers := map[string]*int64{"bs": &d.block, "count": &d.count, "skip": &d.skip}
		switch n := numbers[key]; {
		case !ok:
			p.complain("unknown arg '%s'", arg)
			return d, false
		case n != nil:
			if *n, ok = count(value); !ok || *n < 0 {
				p.complain("not integer: %s", value)
				return d, false
			}
		case key == "if":
			d.in = value
		case key == "status" && value == "none":
			d.quiet = true
		case key == "of":
			d.out = value
		default:
			p.complain("unknown arg '%s'", arg)
			return d, false
		}
	}
	if d.block < 1 || d.block > ddRoom {
		p.complain("bs=%d is out of range", d.block)
		return d, false
	}
	return d, true
}

// runDD is toybox dd, as far as ranges of files go.
func runDD(ctx context.Context, p *Process) int {
	d, ok := parseDD(p)
	if !ok {
		return 1
	}
	start := time.Now()
	r, closer, err := p.ddInput(ctx, d)
	if err != nil {
		return p.Fail("%s: %s", d.in, vfs.ErrnoOf(err))
	}
	defer closer()
	w := io.Writer(p.stdout)
	if d.out != "" {
		f, err := p.sys.Tree().OpenWrite(p.Abs(d.out), 0o644, true)
		if err != nil {
			return p.Fail("%s: %s", d.out, vfs.ErrnoOf(err))
		}
		defer f.Close()
		w = f
	}
	limit := int64(math.MaxInt64)
	if d.count >= 0 {
		limit = d.count * d.block
	}
	buf := make([]byte, min(d.block, copyBuffer))
	total, err := io.CopyBuffer(plainWriter{w}, io.LimitReader(r, limit), buf)
	code := 0
	if err != nil {
		code = p.Fail("%s: %s", d.in, vfs.ErrnoOf(err))
	}
	p.stdout.flush()
	if d.quiet {
		return code
	}
	records := fmt.Sprintf("%d+%d", total/d.block, min(1, total%d.block))
	took := time.Since(start).Seconds()
	fmt.Fprintf(p.Stderr, "%s records in\n%s records out\n%d bytes (%s) copied, %.3f s, %s/s\n",
		records, records, total, humanSize(total), took, humanSize(int64(float64(total)/max(took, 1e-6))))
	return code
}

// plainWriter keeps io.Copy to the buffer that it is given.
type plainWriter struct{ io.Writer }

// ddInput opens the input behind the blocks to skip.
func (p *Process) ddInput(ctx context.Context, d ddArgs) (io.Reader, func(), error) {
	skip := d.skip * d.block
	if d.in == "" {
		_, err := io.CopyN(io.Discard, p.Stdin, skip)
		if err == io.EOF {
			err = nil
		}
		return p.Stdin, func() {}, err
	}
	f, err := p.sys.Tree().Open(p.Abs(d.in))
	if err != nil {
		return nil, nil, err
	}
	return vfs.NewReader(ctx, f, skip), func() { _ = f.Close() }, nil
}

// humanSize returns toybox's short form of a size, as dd prints it: at most three digits,
// of which one may be behind the point. It is rounded at every division.
func humanSize(n int64) string {
	whole, before, unit := n, n, 0
	for ; whole > 999 && unit < 6; unit++ {
		before, whole = whole, (whole+512)/1024
	}
	switch {
	case unit == 0:
		return strconv.FormatInt(n, 10)
	case whole < 10:
		return fmt.Sprintf("%d.%d %c", before/1024, (before%1024*100+50)/1024/10, "BKMGTPE"[unit])
	}
	return fmt.Sprintf("%d %c", whole, "BKMGTPE"[unit])
}
