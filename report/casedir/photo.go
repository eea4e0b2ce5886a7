package casedir

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"io/fs"

	"preship/report"
	"preship/report/message"
	"preship/report/safefile"
)

// ErrPhoto: the file is neither a JPEG nor a PNG picture.
var ErrPhoto = message.Error(message.Say("error.not-picture"), nil)

const (
	maxPhoto  = 32 << 20
	maxPhotos = 40
)

// AddPhoto keeps a picture as evidence/condition-NN.jpg or .png, without what a
// camera writes into it besides: where and when it was taken, and by whom. The
// same picture is kept once.
func (c *Case) AddPhoto(b []byte) (report.Photo, error) {
	clean, ending, err := cleanPhoto(b)
	if err != nil {
		return report.Photo{}, err
	}
	p := report.Photo{SHA256: report.Digest(clean)}
	c.mu.Lock()
	defer c.mu.Unlock()
	for n := 1; n <= maxPhotos; n++ {
		p.File = fmt.Sprintf("%s/condition-%02d%s", EvidenceDir, n, ending)
		d, err := DigestFile(safefile.In(c.root), p.File)
		switch {
		case errors.Is(err, fs.ErrNotExist):
			if err := c.unseal(); err != nil {
				return report.Photo{}, err
			}
			if err := c.root.Mkdir(EvidenceDir, 0o700); err != nil && !errors.Is(err, fs.ErrExist) {
				return report.Photo{}, err
			}
			return p, safefile.Write(c.root, p.File, clean)
		case err != nil:
			return report.Photo{}, err
		case d == p.SHA256:
			return p, nil
		}
	}
	return report.Photo{}, fmt.Errorf("more than %d photos: %w", maxPhotos, safefile.ErrTooLarge)
}

// RemovePhoto removes a picture that its owner does not want in the report.
func (c *Case) RemovePhoto(p report.Photo) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	if !report.PictureName().MatchString(p.File) {
		return fmt.Errorf("%s: %w", p.File, fs.ErrNotExist)
	}
	if err := c.unseal(); err != nil {
		return err
	}
	return c.root.Remove(p.File)
}

// IsPhoto reports whether a file of a case is a picture of the handset's condition. It is
// personal: it may be withheld, and is deleted with the form.
func IsPhoto(name string) bool { return report.PictureName().MatchString(name) }

// cleanPhoto copies only the parts of a picture that are needed to show it.
func cleanPhoto(b []byte) (clean []byte, ending string, err error) {
	if len(b) > maxPhoto {
		return nil, "", fmt.Errorf("photo of %d bytes: %w", len(b), safefile.ErrTooLarge)
	}
	switch {
	case bytes.HasPrefix(b, []byte(pngStart)):
		clean, err = cleanPNG(b)
		return clean, ".png", err
	case bytes.HasPrefix(b, []byte{0xff, 0xd8, 0xff}):
		clean, err = cleanJPEG(b)
		return clean, ".jpg", err
	}
	return nil, "", ErrPhoto
}

const pngStart = "\x89PNG\r\n\x1a\n"

// shown are the chunks a PNG picture needs to look as it does.
var shown = map[string]bool{
	"IHDR": true, "PLTE": true, "IDAT": true, "IEND": true, "tRNS": true, "gAMA": true, "cHRM": true, "sRGB": true, "pHYs": true,
}

func cleanPNG(b []byte) ([]byte, error) {
	out := []byte(pngStart)
	for rest := b[len(pngStart):]; len(rest) >= 12; {
		n := uint64(binary.BigEndian.Uint32(rest)) + 12 // length, type and checksum
		if n > uint64(len(rest)) {
			break
		}
		kind := string(rest[4:8])
		if shown[kind] {
			out = append(out, rest[:n]...)
		}
		if kind == "IEND" {
			return out, nil // nothing after it is shown
		}
		rest = rest[n:]
	}
	return nil, fmt.Errorf("%w: %w", ErrPhoto, message.Error(message.Say("error.cut"), nil))
}

// Markers of JPEG (ITU-T T.81, table B.1).
const (
	jpegEnd     = 0xd9
	jpegScan    = 0xda
	jpegComment = 0xfe
	jpegApp1    = 0xe1 // Exif and XMP
	jpegAdobe   = 0xee // how the colours are stored
	jpegApp15   = 0xef
)

func cleanJPEG(b []byte) ([]byte, error) {
	out := bytes.Clone(b[:2])
	for rest := b[2:]; len(rest) >= 2; {
		marker := rest[1]
		if rest[0] != 0xff || marker == 0 {
			break
		}
		if marker == jpegEnd {
			return append(out, rest[:2]...), nil // nothing after it is shown
		}
		n := 2
		if marker != 0x01 && (marker < 0xd0 || marker > 0xd7) && marker != 0xff { // those stand alone
			if len(rest) < 4 {
				break
			}
			n += int(binary.BigEndian.Uint16(rest[2:]))
		} else if marker == 0xff {
			n = 1 // a filling byte
		}
		if n > len(rest) || n == 2 && marker >= 0xc0 && (marker < 0xd0 || marker > 0xd7) {
			break
		}
		if marker == jpegScan {
			n += scanLength(rest[n:])
		}
		private := marker == jpegComment || marker >= jpegApp1 && marker <= jpegApp15 && marker != jpegAdobe
		if !private {
			out = append(out, rest[:n]...)
		}
		rest = rest[n:]
	}
	return nil, fmt.Errorf("%w: %w", ErrPhoto, message.Error(message.Say("error.cut"), nil))
}

// scanLength is how far coded data goes: up to the next marker that is neither
// a restart nor a stuffed zero.
func scanLength(b []byte) int {
	for i := 0; i+1 < len(b); i++ {
		if next := b[i+1]; b[i] == 0xff && next != 0 && (next < 0xd0 || next > 0xd7) {
			return i
		}
	}
	return len(b)
}
