package console

import (
	"fmt"
	"time"

	"github.com/schollz/progressbar/v3"
)

// barEvery is how often a bar is drawn: a terminal takes up to 5 ms a line.
const barEvery = 120 * time.Millisecond

// Bar is a progress bar on standard error. Off a terminal it shows nothing. Any
// other message ends its line.
type Bar struct {
	c   *Console
	bar *progressbar.ProgressBar
}

// NewBar returns a bar that is not drawn yet.
func (c *Console) NewBar() *Bar { return &Bar{c: c} }

// Show draws the bar with text before it, at done of total bytes.
func (b *Bar) Show(text string, done, total int64) {
	if !b.c.ErrTTY {
		return
	}
	if b.bar == nil {
		b.bar = progressbar.NewOptions64(total,
			progressbar.OptionSetWriter(b.c.Err),
			progressbar.OptionShowBytes(true),
			progressbar.OptionThrottle(barEvery),
			progressbar.OptionSetPredictTime(true),
			progressbar.OptionFullWidth(),
			progressbar.OptionUseANSICodes(b.c.Colour),
		)
	}
	b.c.bar = true
	b.bar.ChangeMax64(max(total, 1))
	b.bar.Describe(text)
	_ = b.bar.Set64(min(done, total)) // a bar that cannot be drawn is no reason to stop
}

// Clear takes the bar away.
func (b *Bar) Clear() {
	if b.bar != nil {
		_ = b.bar.Clear() // as above
		b.c.bar = false
		b.bar = nil
	}
}

func (c *Console) endBar() {
	if c.bar {
		fmt.Fprintln(c.Err)
		c.bar = false
	}
}
