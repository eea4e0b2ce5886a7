package shell

import (
	"bytes"
	"errors"
	"io"
	"strings"
	"testing"
)

func TestDiscipline(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct{ keys, lines, echo string }{
		"a line":           {"ls\r", "ls\n", "ls\n"},
		"corrected":        {"lx\x7fs\b\b\b\bpwd\n", "pwd\n", "lx\b \bs\b \b\b \bpwd\n"},
		"interrupted":      {"ahead\nrm\x03ls\n", "ls\n", "ahead\nrm^C\nls\n"},
		"end of input":     {"ls\n\x04more\n", "ls\n", "ls\nmore\n"},
		"end within":       {"l\x04s\n", "ls\n", "ls\n"},
		"longer than held": {strings.Repeat("x", maxTerminalLine+9) + "\n", strings.Repeat("x", maxTerminalLine) + "\n", strings.Repeat("x", maxTerminalLine) + "\n"},
	} {
		var echo bytes.Buffer
		d := NewTerminal("")
		d.out = &echo
		_, end := d.enter(t.Context())
		d.take(strings.NewReader(tt.keys))
		end()
		lines, err := io.ReadAll(d.input(t.Context()))
		if err != nil || string(lines) != tt.lines || echo.String() != tt.echo {
			t.Errorf("%s: lines %.60q, echo %.60q, %v; want %.60q, %.60q", name, lines, echo.String(), err, tt.lines, tt.echo)
		}
	}
}

func FuzzDiscipline(f *testing.F) {
	f.Add("ls\x7f\x15\x03\x04\r\n")
	f.Fuzz(func(t *testing.T, keys string) {
		d := NewTerminal("")
		d.out = io.Discard
		_, end := d.enter(t.Context())
		defer end()
		ended := make(chan struct{})
		go func() {
			defer close(ended)
			for err := error(nil); !errors.Is(err, errGone); {
				_, err = d.input(t.Context()).Read(make([]byte, 9))
			}
		}()
		d.take(strings.NewReader(keys))
		close(d.over)
		<-ended
	})
}
