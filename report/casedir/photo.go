package casedir

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"strconv"

	"preship/report"
	"preship/report/message"
	"preship/report/picture"
	"preship/report/safefile"
)

const maxPhotos = 40

// AddPhoto keeps a copy of a picture as evidence/condition-NN.jpg or .png, which holds the
// picture without metadata, see [picture.Clean]. The same picture is kept once.
func (c *Case) AddPhoto(b []byte) (report.Photo, error) {
	clean, ending, err := picture.Clean(b)
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
	return report.Photo{}, message.Detail(safefile.ErrTooLarge, message.Say("error.detail.photos", "limit", strconv.Itoa(maxPhotos)))
}

// WritePrivate writes a private file, [BugreportName] or [RecordingName]: all of it, or the
// one before stays. It is no part of the package.
func (c *Case) WritePrivate(name string, write func(io.Writer) error) error {
	if err := c.root.Mkdir(PrivateDir, 0o700); err != nil && !errors.Is(err, fs.ErrExist) {
		return err
	}
	return safefile.Replace(c.root, name, write)
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
