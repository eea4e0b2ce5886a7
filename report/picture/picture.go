package picture

import (
	"bytes"
	"errors"
	"fmt"
	"image"
	"image/color"
	"image/jpeg"
	"image/png"

	"preship/report/message"
	"preship/report/safefile"
)

// ErrFormat: the bytes are no whole JPEG or PNG picture.
var ErrFormat = message.Error(message.Say("error.not-picture"), nil)

const (
	// MaxBytes is the most bytes of a picture that is read.
	MaxBytes = 32 << 20
	// maxPixels bounds the memory that decoding takes; the error names it. Phones take 12 or 50 million by default.
	maxPixels = 64_000_000
	// maxSide is the longer side of a copy, in pixels: enough to see a hairline crack.
	maxSide = 2000
	quality = 85
)

// Clean returns a copy that holds the picture alone, and the ending of its file: ".jpg" or
// ".png", as the original. The error is [ErrFormat] or safefile.ErrTooLarge.
func Clean(b []byte) (clean []byte, ending string, err error) {
	m, format, err := decode(b)
	if err != nil {
		return nil, "", err
	}
	m = shrink(m, orientation(b), maxSide)
	var out bytes.Buffer
	if format == "png" {
		err = png.Encode(&out, m)
		return out.Bytes(), ".png", err
	}
	err = jpeg.Encode(&out, m, &jpeg.Options{Quality: quality})
	return out.Bytes(), ".jpg", err
}

// Print returns a picture as a JPEG for paper, with white where it is transparent, and its
// size in pixels: at most side the longer one.
func Print(b []byte, side int) (jpg []byte, size image.Point, err error) {
	m, _, err := decode(b)
	if err != nil {
		return nil, size, err
	}
	small := shrink(m, orientation(b), side)
	for i := 0; i < len(small.Pix); i += 4 {
		white := 255 - small.Pix[i+3]
		for c := range 3 {
			small.Pix[i+c] += white
		}
		small.Pix[i+3] = 255
	}
	var out bytes.Buffer
	err = jpeg.Encode(&out, small, &jpeg.Options{Quality: quality})
	return out.Bytes(), small.Rect.Size(), err
}

// decode reads a picture of a bounded size.
func decode(b []byte) (m image.RGBA64Image, format string, err error) {
	if len(b) > MaxBytes {
		return nil, "", fmt.Errorf("%d MB: %w", len(b)>>20, safefile.ErrTooLarge)
	}
	config, read, format := jpeg.DecodeConfig, jpeg.Decode, "jpeg"
	if bytes.HasPrefix(b, []byte("\x89PNG\r\n\x1a\n")) {
		config, read, format = png.DecodeConfig, png.Decode, "png"
	} else if !bytes.HasPrefix(b, []byte{0xff, 0xd8, 0xff}) {
		return nil, "", ErrFormat
	}
	c, err := config(bytes.NewReader(b))
	switch {
	case err != nil:
		return nil, "", fmt.Errorf("%w: %w", ErrFormat, err)
	case c.Width <= 0 || c.Height <= 0:
		return nil, "", ErrFormat
	case c.Width > maxPixels/c.Height:
		return nil, "", message.Error(message.Say("error.picture-pixels"), safefile.ErrTooLarge)
	}
	decoded, err := read(bytes.NewReader(b))
	if err != nil {
		return nil, "", fmt.Errorf("%w: %w", ErrFormat, err)
	}
	m, ok := decoded.(image.RGBA64Image)
	if !ok {
		return nil, "", fmt.Errorf("%w: %w", ErrFormat, errors.ErrUnsupported)
	}
	return m, format, nil
}

// shrink draws a picture upright, at most side pixels long. A pixel of the copy is the mean
// of those that it stands for.
func shrink(m image.RGBA64Image, o orient, side int) *image.RGBA {
	size := o.upright(m.Bounds().Size())
	w, h := size.X, size.Y
	if long := max(w, h); long > side {
		w, h = max(1, w*side/long), max(1, h*side/long)
	}
	out := image.NewRGBA(image.Rect(0, 0, w, h))
	for y := range h {
		for x := range w {
			r := image.Rect(x*size.X/w, y*size.Y/h, (x+1)*size.X/w, (y+1)*size.Y/h)
			out.SetRGBA(x, y, mean(m, o, r))
		}
	}
	return out
}

// mean returns the mean colour of a part of a picture, given in upright pixels.
func mean(m image.RGBA64Image, o orient, part image.Rectangle) color.RGBA {
	var r, g, b, a, n uint64
	bounds := m.Bounds()
	for y := part.Min.Y; y < part.Max.Y; y++ {
		for x := part.Min.X; x < part.Max.X; x++ {
			at := o.stored(image.Pt(x, y), bounds.Size()).Add(bounds.Min)
			c := m.RGBA64At(at.X, at.Y)
			r, g, b, a, n = r+uint64(c.R), g+uint64(c.G), b+uint64(c.B), a+uint64(c.A), n+1
		}
	}
	n *= 257 // 16 bits to 8
	return color.RGBA{uint8(r / n), uint8(g / n), uint8(b / n), uint8(a / n)}
}
