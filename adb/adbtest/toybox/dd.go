package toybox

import (
	"context"
	"fmt"
	"io"
	"math"
	"strings"
	"time"

	"preship/adb/adbtest/vfs"
)

// ddRoom bounds a block, and with it what dd keeps in memory.
const ddRoom = 64 << 20

// runDD is toybox dd, as far as ranges of files go.
func runDD(ctx context.Context, p *Process) int {
	block, blocks, skip := int64(512), int64(-1), int64(0)
	in, out, status := "-", "", ""
	numbers := map[string]*int64{"bs": &block, "count": &blocks, "skip": &skip}
	words := map[string]*string{"if": &in, "of": &out, "status": &status}
	for _, arg := range p.Args[1:] {
		key, value, _ := strings.Cut(arg, "=")
		if n := numbers[key]; n != nil {
			var ok bool
			if *n, ok = count(value); !ok || *n < 0 {
				return p.Fail("not integer: %s", value)
			}
		} else if s := words[key]; s != nil {
			*s = value
		} else {
			return p.Fail("unknown arg '%s'", arg)
		}
	}
	if block < 1 || block > ddRoom {
		return p.Fail("bs=%d is out of range", block)
	}
	start := time.Now()
	r, closer, err := p.input(ctx, in, skip*block)
	if err != nil {
		return p.Fail("%s: %s", in, vfs.ErrnoOf(err))
	}
	defer closer()
	w := io.Writer(p.stdout)
	if out != "" {
		f, err := p.sys.Tree().OpenWrite(p.Abs(out), vfs.NewFileMode, true)
		if err != nil {
			return p.Fail("%s: %s", out, vfs.ErrnoOf(err))
		}
		defer f.Close()
		w = f
	}
	if blocks >= 0 {
		r = io.LimitReader(r, blocks*block)
	}
	w = struct{ io.Writer }{w} // which has to take the buffer
	total, err := io.CopyBuffer(w, r, make([]byte, min(block, copyBuffer)))
	p.Flush()
	code := 0
	if err != nil {
		code = p.Fail("%s: %s", in, vfs.ErrnoOf(err))
	}
	if status != "none" {
		records := fmt.Sprintf("%d+%d", total/block, min(1, total%block))
		took := time.Since(start).Seconds()
		fmt.Fprintf(p.Stderr, "%s records in\n%s records out\n%d bytes (%s) copied, %.3f s, %s/s\n",
			records, records, total, humanSize(float64(total)), took, humanSize(float64(total)/max(took, 1e-6)))
	}
	return code
}

// humanSize returns the short form of a size, as dd prints it: at most three digits, of
// which one may be behind the point.
func humanSize(n float64) string {
	unit := 0
	for ; n > 999; unit++ {
		n /= 1024
	}
	switch {
	case unit == 0:
		return fmt.Sprintf("%.0f", n)
	case n < 9.95:
		return fmt.Sprintf("%.1f %c", math.Floor(n*10+0.5)/10, "BKMGTPE"[unit])
	}
	return fmt.Sprintf("%.0f %c", n, "BKMGTPE"[unit])
}
