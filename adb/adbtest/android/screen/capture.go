package screen

import (
	"bytes"
	"fmt"
	"image"
	"image/color"
	"image/png"
	"slices"

	"preship/adb/adbtest/toybox"
)

// Capture is the command screencap: it prints the screen as a PNG. The picture is small and
// plain, and shows no page.
func (s Screen) Capture(p *toybox.Process) int {
	if !slices.Equal(p.Args[1:], []string{"-p"}) {
		fmt.Fprintln(p.Stderr, "usage: screencap [-hp] [-d display-id] [FILENAME]")
		return 1
	}
	picture := image.NewGray(image.Rect(0, 0, 108, 240))
	for i := range picture.Pix {
		picture.SetGray(i%108, i/108, color.Gray{Y: uint8(40 + i/108)})
	}
	var out bytes.Buffer
	if err := png.Encode(&out, picture); err != nil {
		return 1
	}
	p.Printf("%s", out.Bytes())
	return 0
}
