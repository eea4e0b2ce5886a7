package recording

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"time"

	"preship/adb/handset"
	"preship/adb/handset/dump"
	"preship/report/message"
	"preship/report/safefile"
)

const (
	// Length is how long the screen is recorded.
	Length = handset.RecordingLength
	// MaxSize is the most bytes of a recording. Ten seconds take about 5 MB.
	MaxSize = 32 << 20
	// removal is how long removing the file may take.
	removal = 10 * time.Second
)

var (
	// ErrFailed: the handset recorded nothing.
	ErrFailed = message.Error(message.Say("recording.failed"), nil)
	// ErrForeign: the bytes are no MP4 file of a screen.
	ErrForeign = message.Error(message.Say("recording.foreign"), nil)
)

// Puller copies a file of a handset. An [adb.Device] is one.
type Puller interface {
	PullFile(ctx context.Context, path string, w io.Writer) (int64, error)
}

// Movie is a recording with nothing but the picture in it.
type Movie struct {
	Bytes  []byte
	Length time.Duration
}

// Take lets the handset record its screen and returns the cleaned recording. left reports
// that the file could not be removed from the handset, which can be with or without an
// error. The error is [ErrFailed], [ErrForeign], [safefile.ErrTooLarge], or of the
// connection.
func Take(ctx context.Context, r handset.Reader, from Puller) (m Movie, left bool, err error) {
	m, err = take(ctx, r, from)
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), removal) // also after Ctrl-C
	defer cancel()
	a, removeErr := handset.Ask(ctx, r, handset.RemoveRecording.Must())
	// Removing an existing file prints nothing. A shell before Android 7 has no exit status.
	return m, removeErr != nil || a.Exit > 0 || len(a.Stdout)+len(a.Stderr) > 0, err
}

func take(ctx context.Context, r handset.Reader, from Puller) (Movie, error) {
	a, err := handset.Ask(ctx, r, handset.RecordScreen.Must())
	if err != nil {
		return Movie{}, err
	}
	if a.Exit > 0 {
		return Movie{}, fmt.Errorf("%w: %s", ErrFailed, dump.Printable(bytes.TrimSpace(a.Stderr), 160))
	}
	var b bounded
	if _, err := from.PullFile(ctx, handset.RecordingPath, &b); err != nil {
		return Movie{}, err
	}
	length, err := clean(b.Bytes())
	return Movie{Bytes: b.Bytes(), Length: length}, err
}

// bounded holds up to MaxSize bytes.
type bounded struct{ bytes.Buffer }

func (b *bounded) Write(p []byte) (int, error) {
	if b.Len()+len(p) > MaxSize {
		return 0, fmt.Errorf("recording: %w", safefile.ErrTooLarge)
	}
	return b.Buffer.Write(p)
}
