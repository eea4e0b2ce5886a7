package seal

import (
	"archive/zip"
	"compress/flate"
	"encoding/binary"
	"io"
)

// notWorthIt is the size up to which a file is stored. Most files of a case are answers of a
// few bytes, and a compressor clears half a megabyte before each.
const notWorthIt = 512

// deflater writes deflated data, one file after the other. A file of up to notWorthIt bytes
// becomes one stored block.
type deflater struct {
	out  io.Writer
	held []byte        // the beginning of a file, until it is too large to be stored
	to   *flate.Writer // nil until the first file that is compressed
	on   bool          // this file is compressed
}

// newDeflated returns a writer of a ZIP file whose files are deflated by one deflater.
func newDeflated(w io.Writer) *zip.Writer {
	out, d := zip.NewWriter(w), &deflater{held: make([]byte, 0, notWorthIt)}
	out.RegisterCompressor(zip.Deflate, func(w io.Writer) (io.WriteCloser, error) {
		d.out, d.held, d.on = w, d.held[:0], false
		return d, nil
	})
	return out
}

func (d *deflater) Write(b []byte) (int, error) {
	if !d.on && len(d.held)+len(b) <= notWorthIt {
		d.held = append(d.held, b...)
		return len(b), nil
	}
	if !d.on {
		if err := d.compress(); err != nil {
			return 0, err
		}
	}
	return d.to.Write(b)
}

// compress starts the compressor with the held bytes.
func (d *deflater) compress() error {
	if d.to == nil {
		to, err := flate.NewWriter(d.out, flate.DefaultCompression)
		if err != nil {
			return err
		}
		d.to = to
	} else {
		d.to.Reset(d.out)
	}
	d.on = true
	_, err := d.to.Write(d.held)
	return err
}

func (d *deflater) Close() error {
	if d.on {
		return d.to.Close()
	}
	size := uint16(len(d.held))
	block := binary.LittleEndian.AppendUint16([]byte{1}, size) // the last block, stored
	block = append(binary.LittleEndian.AppendUint16(block, ^size), d.held...)
	_, err := d.out.Write(block)
	return err
}
