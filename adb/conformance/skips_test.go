package conformance

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"strings"
	"testing"
	"time"
)

// mute is a peer that can do nothing.
type mute struct{}

var errMute = fmt.Errorf("mute: %w", errors.ErrUnsupported)

func (mute) Shell(context.Context, string, []byte) (ShellAnswer, error) {
	return ShellAnswer{}, errMute
}

func (mute) Push(context.Context, string, []byte, fs.FileMode, time.Time) error { return errMute }
func (mute) Pull(context.Context, string) ([]byte, error)                       { return nil, errMute }

func (mute) List(context.Context, string) ([]string, error) { return nil, errMute }

func (mute) Stat(context.Context, string) (FileAnswer, error) { return FileAnswer{}, errMute }

func (mute) State(context.Context) (string, error) { return "", errMute }

func (mute) Service(context.Context, string) ([]byte, error) { return nil, errMute }

// muteOpener opens no stream either, and says that it could.
type muteOpener struct{ mute }

func (muteOpener) Open(context.Context, string) (io.ReadWriteCloser, error) { return nil, errMute }

// TestSkips: an unsupported row that is not in the table of skips fails, by each daemon and client.
func TestSkips(t *testing.T) {
	for _, tt := range []struct {
		peer Peer
		by   Daemon
		may  []string // beginnings of rows
	}{
		{muteOpener{}, Android, nil},
		{muteOpener{}, Linux, []string{"shell: a line in the log", "services: the screen", "services: no port to listen on"}},
		{muteOpener{}, Android7, []string{"shell: a hash", "files: the handset's hash agrees"}},
		{mute{}, Android, []string{"sync: ", "services: shell ", "services: one that is not there", "services: the screen", "services: no port ", "services: a port "}},
	} {
		err := Run(t.Context(), tt.peer, Options{Daemon: tt.by, Each: func(name string, err error) {
			may := false
			for _, begin := range tt.may {
				may = may || strings.HasPrefix(name, begin)
			}
			if err == nil || errors.Is(err, ErrSkipped) != may {
				t.Errorf("%s, %T: %s: %v, may be skipped: %t", tt.by, tt.peer, name, err, may)
			}
		}})
		if err == nil {
			t.Errorf("%s, %T: no error", tt.by, tt.peer)
		}
	}
	for _, s := range skips {
		used := false
		for _, row := range all {
			begin, any := strings.CutSuffix(s.row, "*")
			used = used || row.name == s.row || any && strings.HasPrefix(row.name, begin)
		}
		if !used || s.why == "" {
			t.Errorf("%q is not a row, or has no reason", s.row)
		}
	}
}
