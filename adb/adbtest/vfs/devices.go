package vfs

import (
	"fmt"
	"io"
	"math/rand/v2"
	"time"
)

// devices are the files in /dev and /proc.
var devices = []struct {
	path string
	mode uint32
	body Content
}{
	{"/dev/null", ModeChar | 0o666, nil},
	{"/dev/zero", ModeChar | 0o666, endless(func(p []byte) { clear(p) })},
	{"/dev/random", ModeChar | 0o666, endless(noise)},
	{"/dev/urandom", ModeChar | 0o666, endless(noise)},
	{"/proc/uptime", ModeFile | 0o444, computed(uptime)},
}

// endless fills the whole buffer of every read.
type endless func(p []byte)

func (endless) Size() int64 { return 0 }

func (e endless) ReadAt(p []byte, _ int64) (int, error) {
	e(p)
	return len(p), nil
}

func noise(p []byte) {
	for i := range p {
		p[i] = byte(rand.Uint32())
	}
}

// computed is text that every read computes again. Its size is 0, as in procfs.
type computed func() string

func (computed) Size() int64 { return 0 }

func (c computed) ReadAt(p []byte, off int64) (int, error) {
	text := c()
	if off < 0 || off >= int64(len(text)) {
		return 0, io.EOF
	}
	return copy(p, text[off:]), nil
}

// started is when the handset was switched on.
var started = time.Now().Add(-51 * time.Hour)

func uptime() string {
	up := time.Since(started).Seconds()
	return fmt.Sprintf("%.2f %.2f\n", up, up*6.5)
}
