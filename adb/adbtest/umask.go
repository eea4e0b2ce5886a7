package adbtest

import (
	"context"
	"fmt"
	"strconv"
	"strings"
	"sync/atomic"
)

// umask is the permissions that new files do not get. adbd sets none, so a file
// made by a shell line is everybody's to write.
type umask struct{ atomic.Uint32 }

// file and folder are what a new file and folder get.
func (u *umask) file() uint32   { return 0o666 &^ u.Load() }
func (u *umask) folder() uint32 { return 0o777 &^ u.Load() }

// runUmask is the shell's builtin.
func runUmask(_ context.Context, p *process) int {
	if len(p.args) < 2 {
		p.printf("%03o\n", p.sh.umask.Load())
		return 0
	}
	if p.args[1] == "-S" {
		m := 0o777 &^ p.sh.umask.Load()
		word := func(n uint32) string {
			return strings.Repeat("r", int(n>>2&1)) + strings.Repeat("w", int(n>>1&1)) + strings.Repeat("x", int(n&1))
		}
		p.printf("u=%s,g=%s,o=%s\n", word(m>>6), word(m>>3), word(m))
		return 0
	}
	mode, ok := changeMode(p.args[1], 0o777&^p.sh.umask.Load(), false, 0)
	switch n, err := strconv.ParseUint(p.args[1], 8, 16); {
	case err == nil && n <= 0o777:
		p.sh.umask.Store(uint32(n))
	case ok:
		p.sh.umask.Store(0o777 &^ mode)
	default:
		fmt.Fprintf(p.stderr, "%s: umask: bad number\n", shellName)
		return 1
	}
	return 0
}
