package adbtest

import (
	"fmt"
	"io"
	"math/rand/v2"
	"time"
)

// devices are the files in /dev and /proc that are not bytes on a disk.
var devices = []struct {
	path string
	mode uint32
	body content
}{
	{"/dev/null", modeChar | 0o666, nil},
	{"/dev/zero", modeChar | 0o666, endless(func(p []byte) { clear(p) })},
	{"/dev/random", modeChar | 0o666, endless(noise)},
	{"/dev/urandom", modeChar | 0o666, endless(noise)},
	{"/proc/uptime", modeFile | 0o444, computed(uptime)},
}

// endless fills whatever is read.
type endless func(p []byte)

func (endless) size() int64 { return 0 }

func (e endless) ReadAt(p []byte, _ int64) (int, error) {
	e(p)
	return len(p), nil
}

func noise(p []byte) {
	for i := range p {
		p[i] = byte(rand.Uint32())
	}
}

// computed is text that is made anew for each read from its beginning; its size
// is 0, as procfs has it.
type computed func() string

func (computed) size() int64 { return 0 }

func (c computed) ReadAt(p []byte, off int64) (int, error) {
	text := c()
	if off < 0 || off >= int64(len(text)) {
		return 0, io.EOF
	}
	return copy(p, text[off:]), nil
}

// started is as good a time as any for a handset to have been switched on.
var started = time.Now().Add(-51 * time.Hour)

func uptime() string {
	up := time.Since(started).Seconds()
	return fmt.Sprintf("%.2f %.2f\n", up, up*6.5)
}
