package adbtest

import (
	"bytes"
	"context"
	"fmt"
	"hash/fnv"
	"image"
	"image/color"
	"image/png"
	"strings"
)

// runScreencap is a picture of the screen: one colour, which changes with the
// page. It is a tenth of the screen's size, so that it costs nothing.
func runScreencap(_ context.Context, p *process) int {
	opts, args, ok := p.options("hpd:")
	if !ok {
		return 1
	}
	if opts.has('h') {
		fmt.Fprintln(p.stderr, "usage: screencap [-hp] [-d display-id] [FILENAME]")
		return 0
	}
	h := fnv.New32a()
	_, _ = h.Write([]byte(p.h.page()))
	n := h.Sum32()
	shade := color.NRGBA{byte(n), byte(n >> 8), byte(n >> 16), 0xff}
	img := image.NewPaletted(image.Rect(0, 0, 108, 240), color.Palette{shade})
	var out bytes.Buffer
	if err := png.Encode(&out, img); err != nil {
		return p.fail("%v", err)
	}
	if len(args) == 0 {
		p.printf("%s", out.Bytes())
		return 0
	}
	if !opts.has('p') && !strings.HasSuffix(args[0], ".png") {
		fmt.Fprintln(p.stderr, "Warning: only PNG is written here")
	}
	if err := p.writeFile(args[0], out.String()); err != nil {
		fmt.Fprintf(p.stderr, "Error opening file: %s (%s)\n", args[0], errnoOf(err))
		return 1
	}
	return 0
}
