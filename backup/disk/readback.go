package disk

import (
	"crypto/sha256"
	"errors"
	"hash"
	"io"
	"os"

	"preship/report/message"
	"preship/report/safefile"
)

// Hash reads a file back from the disk and returns its SHA-256 and size. It refuses
// anything but a regular file. h is reset; buf is the buffer to read with.
func Hash(root *os.Root, host string, h hash.Hash, buf []byte) (sum [sha256.Size]byte, n int64, err error) {
	f, err := safefile.OpenRegular(root, host)
	if err != nil {
		return sum, 0, err
	}
	defer f.Close()
	h.Reset()
	// The WriterTo of a file would use its own buffer.
	n, err = io.CopyBuffer(h, struct{ io.Reader }{f}, buf)
	h.Sum(sum[:0])
	return sum, n, err
}

// walkChunk is how many names of a folder are in memory at a time.
const walkChunk = 1024

// Walk calls fn with the path of every file below dir. Unlike fs.WalkDir it accepts
// names that are not valid UTF-8.
func Walk(root *os.Root, dir string, fn func(name string) error) error {
	d, err := root.Open(dir)
	if err != nil {
		return err
	}
	defer d.Close()
	for {
		list, err := d.ReadDir(walkChunk)
		for _, e := range list {
			name := dir + "/" + e.Name()
			if e.IsDir() {
				err := Walk(root, name, fn)
				if err != nil {
					return err
				}
			} else if err := fn(name); err != nil {
				return err
			}
		}
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return err
		}
	}
}

// ErrDamaged means that a saved file is missing or differs from the manifest.
var ErrDamaged = message.Error(message.Say("error.copy-damaged"), nil)
