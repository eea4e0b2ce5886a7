package flagfile

import (
	"context"
	"errors"
	"io"
	"io/fs"
	"os"
	"os/signal"
	"strings"
	"time"

	"preship/cmd/preship/internal/amount"
	"preship/report/message"
	"preship/report/safefile"
)

// pipeWait bounds the wait for a program that writes into a pipe of this process,
// such as a password manager that asks its owner first.
const pipeWait = 2 * time.Minute

// Read reads a file of at most limit bytes that a person named. It takes a regular
// file, or a pipe that this process was started with, such as the shell's <(...). For
// anything else it returns an error at once, and does not wait.
func Read(file string, limit int64) ([]byte, error) {
	b, err := openAndRead(file, limit)
	if err == nil && int64(len(b)) > limit {
		err = message.Error(message.Say("file.too-long", "file", file, "size", amount.Bytes(limit)), nil)
	}
	return b, err
}

func openAndRead(file string, limit int64) ([]byte, error) {
	read := func(f io.ReadCloser) ([]byte, error) {
		b, err := io.ReadAll(io.LimitReader(f, limit+1))
		return b, errors.Join(err, f.Close())
	}
	f, err := safefile.Open(file)
	special := safefile.NotFileError(0)
	switch {
	case err == nil:
		return read(f)
	case !errors.As(err, &special) || !inherited(file) || fs.FileMode(special).IsDir():
		return nil, err
	}
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt) // Ctrl-C ends this wait too
	defer stop()
	return AnswerWithin(ctx, pipeWait, func() ([]byte, error) {
		f, err := os.Open(file)
		if err != nil {
			return nil, err
		}
		return read(f)
	})
}

// inherited reports whether a name stands for a file descriptor that this process was
// started with.
func inherited(file string) bool {
	for _, dir := range []string{"/dev/fd/", "/proc/self/fd/"} {
		if strings.HasPrefix(file, dir) {
			return true
		}
	}
	return file == "/dev/stdin" || file == "/dev/stdout" || file == "/dev/stderr"
}

// AnswerWithin returns what fn returns, or an error if ctx ends or limit passes
// first. fn then continues in the background, so it must only read.
func AnswerWithin[T any](ctx context.Context, limit time.Duration, fn func() (T, error)) (v T, err error) {
	type answer struct {
		v   T
		err error
	}
	ch := make(chan answer, 1)
	go func() {
		v, err := fn()
		ch <- answer{v, err}
	}()
	timer := time.NewTimer(limit)
	defer timer.Stop()
	select {
	case a := <-ch:
		return a.v, a.err
	case <-ctx.Done():
		return v, ctx.Err()
	case <-timer.C:
		return v, message.Error(message.Say("file.no-answer", "span", limit.String()), nil)
	}
}
