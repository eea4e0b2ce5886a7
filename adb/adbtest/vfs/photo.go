package vfs

import (
	"bytes"
	"image"
	"image/color"
	"image/jpeg"
)

// Photo makes a JPEG as a camera would: a sky over a ground, with grain so that
// it does not compress to nothing. The same arguments give the same bytes.
func Photo(seed uint64, width, height int) []byte {
	img := image.NewYCbCr(image.Rect(0, 0, width, height), image.YCbCrSubsampleRatio420)
	horizon := height/3 + int(Mix(seed)%uint64(height/3+1))
	sky, ground := hue(Mix(seed+1)), hue(Mix(seed+2))
	for y := range height {
		tint := sky
		if y > horizon {
			tint = ground
		}
		for x := range width {
			grain := Mix(seed^uint64(y)<<32^uint64(x)) % 24
			img.Y[img.YOffset(x, y)] = tint.Y + uint8(grain) + uint8(40*y/height)
			c := img.COffset(x, y)
			img.Cb[c], img.Cr[c] = tint.Cb, tint.Cr
		}
	}
	var out bytes.Buffer
	if err := jpeg.Encode(&out, img, &jpeg.Options{Quality: 88}); err != nil {
		return nil // a bytes.Buffer takes everything, and the size was checked
	}
	return out.Bytes()
}

func hue(x uint64) color.YCbCr {
	return color.YCbCr{Y: 60 + uint8(x%110), Cb: 80 + uint8(x>>8%96), Cr: 80 + uint8(x>>16%96)}
}
