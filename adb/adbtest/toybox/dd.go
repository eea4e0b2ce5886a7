package toybox

import (
	"context"
	"fmt"
	"io"
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
	limit := int64(1) << 62
	if d.count >= 0 {
		limit = d.count * d.block
	}
	full, part, total, err := copyBlocks(ctx, w, r, d.block, limit)
	code := 0
	if err != nil {
		code = p.Fail("%s: %s", d.in, vfs.ErrnoOf(err))
	}
	p.stdout.flush()
	p.ddReport(full, part, total, time.Since(start))
	return code
}

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

// copyBlocks copies up to limit bytes in blocks, counting whole and partial ones.
func copyBlocks(ctx context.Context, w io.Writer, r io.Reader, block, limit int64) (full, part, total int64, err error) {
	buf := make([]byte, min(block, limit))
	for limit > 0 && ctx.Err() == nil {
		n, err := io.ReadFull(r, buf[:min(block, limit)])
		if n > 0 {
			if int64(n) == block {
				full++
			} else {
				part++
			}
			if _, werr := w.Write(buf[:n]); werr != nil {
				return full, part, total, werr
			}
			total += int64(n)
			limit -= int64(n)
		}
		if err == io.EOF || err == io.ErrUnexpectedEOF {
			return full, part, total, nil
		}
		if err != nil {
			return full, part, total, err
		}
	}
	return full, part, total, nil
}

func (p *Process) ddReport(full, part, total int64, took time.Duration) {
	fmt.Fprintf(p.Stderr, "%d+%d records in\n%d+%d records out\n", full, part, full, part)
	rate := int64(float64(total) / max(took.Seconds(), 1e-6))
	fmt.Fprintf(p.Stderr, "%d bytes (%s) copied, %.3f s, %s/s\n", total, humanSpaced(total), took.Seconds(), humanSpaced(rate))
}

// humanSpaced returns humanSize with a space before the unit, as dd prints it.
func humanSpaced(n int64) string {
	s := humanSize(n)
	if n < 1000 {
		return s
	}
	return s[:len(s)-1] + " " + s[len(s)-1:]
}

// humanSize returns toybox's short form of a size: at most three digits, of which one
// may be behind the point. It is rounded at every division.
func humanSize(n int64) string {
	whole, before, unit := n, n, 0
	for ; whole > 999 && unit < 6; unit++ {
		before, whole = whole, (whole+512)/1024
	}
	switch {
	case unit == 0:
		return strconv.FormatInt(n, 10)
	case whole < 10:
		return fmt.Sprintf("%d.%d%c", before/1024, (before%1024*100+50)/1024/10, "BKMGTPE"[unit])
	}
	return fmt.Sprintf("%d%c", whole, "BKMGTPE"[unit])
}
