package bugreport

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"
	"time"

	"preship/adb"
	"preship/adb/handset"
	"preship/adb/handset/dump"
	"preship/adb/link"
	"preship/report/message"
	"preship/report/safefile"
)

const (
	// MaxSize is the most bytes of a bugreport. Those of phones have 5 to 100 MB.
	MaxSize = 1 << 30
	// longest is how long a handset may write its bugreport. Slow ones take ten minutes.
	longest  = 30 * time.Minute
	maxLine  = 1 << 10
	maxLines = 10_000
)

var (
	// ErrFailed: the handset wrote no bugreport.
	ErrFailed = message.Error(message.Say("bugreport.failed"), nil)
	// ErrForeign: the answer is not that of bugreportz.
	ErrForeign = message.Error(message.Say("bugreport.foreign"), nil)
)

// Progress is how far a bugreport is, by the handset's own count.
type Progress struct{ Done, Total int64 }

// Write lets the handset write a bugreport. It returns the path there, also with an error
// if the handset named one before, and the lines that the handset answered.
func Write(ctx context.Context, dev *adb.Device, progress func(Progress)) (path string, answer []byte, err error) {
	ctx, cancel := context.WithTimeout(ctx, longest)
	defer cancel()
	s, err := link.New(dev, link.Options{}).Start(ctx, handset.Bugreport.Must())
	if err != nil {
		return "", nil, err
	}
	defer s.Close()
	var lines bytes.Buffer
	path, err = follow(io.TeeReader(s, &lines), progress)
	if errors.Is(err, ErrForeign) && lines.Len() == 0 {
		// The command is not there, or refuses -p: it says so on standard error.
		said, _ := s.Stderr()
		err = fmt.Errorf("%w: %s", ErrFailed, dump.Printable(bytes.TrimSpace(said), 160))
	}
	return path, lines.Bytes(), err
}

// follow reads the answer of "bugreportz -p": BEGIN:path, PROGRESS:done/total, and at the
// end OK:path or FAIL:reason.
func follow(r io.Reader, progress func(Progress)) (path string, err error) {
	in := bufio.NewReaderSize(r, maxLine)
	for range maxLines {
		b, readErr := in.ReadSlice('\n')
		if errors.Is(readErr, bufio.ErrBufferFull) {
			return path, fmt.Errorf("%w: a line of more than %d bytes", ErrForeign, maxLine)
		}
		word, value, _ := strings.Cut(strings.TrimRight(string(b), "\r\n"), ":")
		switch word {
		case "BEGIN", "OK":
			if handset.BugreportPath().MatchString(value) {
				path = value
			} else {
				return path, fmt.Errorf("%w: a file at %q", ErrForeign, dump.Printable([]byte(value), 120))
			}
			if word == "OK" {
				return path, nil
			}
		case "PROGRESS":
			if p, ok := parseProgress(value); ok {
				progress(p)
			}
		case "FAIL":
			return path, fmt.Errorf("%w: %s", ErrFailed, dump.Printable([]byte(value), 160))
		default:
			if readErr == nil {
				return path, fmt.Errorf("%w: %q", ErrForeign, dump.Printable(b, 80))
			}
		}
		switch {
		case errors.Is(readErr, io.EOF):
			return path, fmt.Errorf("%w: it ends without a result", ErrForeign)
		case readErr != nil:
			return path, readErr
		}
	}
	return path, fmt.Errorf("%w: more than %d lines", ErrForeign, maxLines)
}

func parseProgress(text string) (p Progress, ok bool) {
	done, total, _ := strings.Cut(text, "/")
	var err1, err2 error
	p.Done, err1 = strconv.ParseInt(done, 10, 32)
	p.Total, err2 = strconv.ParseInt(total, 10, 32)
	return p, err1 == nil && err2 == nil && p.Done >= 0 && p.Total > 0 && p.Done <= p.Total
}

// Fetch copies a bugreport to w, and returns its size. It is refused if it is no ZIP file,
// or has more than [MaxSize] bytes.
func Fetch(ctx context.Context, dev *adb.Device, path string, w io.Writer) (int64, error) {
	to := &zipWriter{to: w}
	_, err := dev.PullFile(ctx, path, to)
	if err == nil && to.size < int64(len(zipStart)) {
		err = fmt.Errorf("%w: a file of %d bytes", ErrForeign, to.size)
	}
	return to.size, err
}

// zipStart begins a ZIP file.
const zipStart = "PK\x03\x04"

// zipWriter passes a ZIP file on, up to MaxSize.
type zipWriter struct {
	to    io.Writer
	start []byte
	size  int64
}

func (z *zipWriter) Write(p []byte) (int, error) {
	if n := len(zipStart) - len(z.start); n > 0 {
		z.start = append(z.start, p[:min(n, len(p))]...)
		if !strings.HasPrefix(zipStart, string(z.start)) {
			return 0, fmt.Errorf("%w: no ZIP file", ErrForeign)
		}
	}
	if z.size += int64(len(p)); z.size > MaxSize {
		return 0, fmt.Errorf("bugreport: %w", safefile.ErrTooLarge)
	}
	return z.to.Write(p)
}
