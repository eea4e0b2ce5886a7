package console

import (
	"context"
	"errors"
	"io"
	"strings"
	"testing"
	"time"

	"preship/report/message"
)

// A sentence is written in the language of the console, wherever it stands.
func TestSay(t *testing.T) {
	t.Parallel()
	s := message.Say("text.files", "count", 2)
	for _, tt := range []struct{ language, want string }{
		{"", "2 files\n"},
		{"es", "2 archivos\n"},
		{"zh", "2 个文件\n"},
	} {
		var out, err strings.Builder
		c := &Console{Out: &out, Err: &err, Language: tt.language}
		c.Say(s)
		c.Sayf("%s", s)
		c.Warn(s)
		c.Print(s)
		if want := tt.want + tt.want + "preship: " + tt.want; err.String() != want || out.String() != tt.want {
			t.Errorf("%q: %q and %q, want %q and %q", tt.language, err.String(), out.String(), want, tt.want)
		}
	}
	var err strings.Builder
	(&Console{Err: &err}).Say(message.AsIs("a\x1bb"))
	if want := "a\\u001bb\n"; err.String() != want {
		t.Errorf("control character: %q, want %q", err.String(), want)
	}
}

// Who types the input of "-" reads the name of the awaited input, and Ctrl-C ends the wait.
func TestReadInput(t *testing.T) {
	t.Parallel()
	var screen strings.Builder
	never, typing := io.Pipe()
	defer typing.Close()
	c := &Console{In: never, Err: &screen, InTTY: true}
	ctx, stop := context.WithCancel(t.Context())
	stop()
	err := c.ReadInput(ctx, message.AsIs("the codes"), func(in io.Reader) error {
		_, err := io.ReadAll(in)
		return err
	})
	if !errors.Is(err, context.Canceled) || !strings.Contains(screen.String(), "the codes") {
		t.Errorf("%v; the person reads %q", err, screen.String())
	}
	screen.Reset()
	if _, err := c.Ask(ctx, "sure", "Sure?"); !errors.Is(err, context.Canceled) || screen.String() != "Sure? \n" {
		t.Errorf("%v; a question that is interrupted leaves %q", err, screen.String())
	}
	screen.Reset()
	c = &Console{In: strings.NewReader("a"), Err: &screen}
	if err := c.ReadInput(t.Context(), message.AsIs("the codes"), func(in io.Reader) error { return nil }); err != nil || screen.Len() > 0 {
		t.Errorf("from a pipe: %v and %q", err, screen.String())
	}
}

// The bar keeps the rate and the time to go on a narrow terminal, in each language.
func TestBarKeepsRateAndTime(t *testing.T) {
	t.Parallel()
	for _, language := range message.Languages() {
		for _, width := range []int{60, 80} {
			c := &Console{Language: language, Columns: func() int { return width }}
			b := c.NewBar()
			start := time.Unix(0, 0)
			b.seen = []sample{{start, 0}, {start.Add(10 * time.Second), 400 << 20}}
			text := c.Words(message.Say("progress.files", "phase", message.AsIs("copying"), "done", "12,345", "total", "67,890", "proved", "12,001"))
			got := b.text(Measure{Text: text, Done: 400 << 20, Total: 4000 << 20, Bytes: true}, width-1)
			if Columns(got) >= width || !strings.Contains(got, "10 %") || !strings.Contains(got, "MB/s") || !strings.Contains(got, "1:30") {
				t.Errorf("%s at %d: %q", language, width, got)
			}
		}
	}
}
