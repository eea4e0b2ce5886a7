package fontpack

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"runtime"
)

// ErrFont is the error for a file that is no font, or none that this package supports.
var ErrFont = errors.New("font not supported")

// kind is what the numbers of a stream are.
type kind int

const (
	rest      kind = iota // the file without the tables below
	counts                // of contours; 0xffff for a glyph made of others
	boxes                 // less the box around the points
	ends                  // of contours, less the one before
	hints                 // instructions, with their length before them
	flags                 // of points, as in the file
	stepsX                // from point to point
	stepsY                // from point to point
	partFlags             // of a glyph made of others
	parts                 // the number of the other glyph
	places                // where the other glyph goes
	advances              // of the pen, from hmtx
	bearings              // from hmtx, less the left side of the box
	kinds
)

// noGlyph is the count of contours that stands for a glyph of no bytes.
const noGlyph = 0x7fff

// moved are the tables that are written as streams, in the order of the file.
var moved = []string{"glyf", "hmtx", "loca"}

// Split returns the streams of a font, each behind its length. [Join] undoes it.
func Split(ttf []byte) (streams []byte, err error) {
	defer boundsError(&err)
	s := &splitter{}
	from := 0
	tables := map[string][]byte{}
	for _, tag := range moved {
		at, n := place(ttf, tag)
		s.to[rest] = append(s.to[rest], ttf[from:at]...)
		tables[tag], from = ttf[at:at+n], at+n
	}
	s.to[rest] = append(s.to[rest], ttf[from:]...)
	loca := tables["loca"]
	s.hmtx = tables["hmtx"]
	for ; len(loca) >= 8; loca = loca[4:] {
		s.glyph = tables["glyf"][binary.BigEndian.Uint32(loca):binary.BigEndian.Uint32(loca[4:])]
		walk(s)
	}
	for _, b := range s.to {
		streams = append(binary.BigEndian.AppendUint32(streams, uint32(len(b))), b...)
	}
	if back, err := Join(streams); err != nil || !bytes.Equal(back, ttf) {
		return nil, fmt.Errorf("%w: its streams do not give it back", ErrFont)
	}
	return streams, nil
}

// Join returns the font whose streams [Split] returned.
func Join(streams []byte) (ttf []byte, err error) {
	defer boundsError(&err)
	j := &joiner{}
	for k := range j.from {
		n := binary.BigEndian.Uint32(streams)
		j.from[k], streams = streams[4:4+n], streams[4+n:]
	}
	loca := make([]byte, 4)
	for len(j.from[counts]) > 0 {
		j.start = len(j.glyf)
		walk(j)
		loca = binary.BigEndian.AppendUint32(loca, uint32(len(j.glyf)))
	}
	tables := map[string][]byte{"glyf": j.glyf, "hmtx": j.hmtx, "loca": loca}
	left := j.from[rest]
	for _, tag := range moved {
		at, n := place(j.from[rest], tag)
		if n != len(tables[tag]) {
			return nil, fmt.Errorf("%w: table %s has %d bytes, want %d", ErrFont, tag, len(tables[tag]), n)
		}
		more := at - len(ttf)
		ttf = append(append(ttf, left[:more]...), tables[tag]...)
		left = left[more:]
	}
	return append(ttf, left...), nil
}

// place returns where a table begins in the file of a font, and its length.
func place(ttf []byte, tag string) (at, n int) {
	for row := ttf[12:]; ; row = row[16:] {
		if string(row[:4]) == tag {
			return int(binary.BigEndian.Uint32(row[8:])), int(binary.BigEndian.Uint32(row[12:]))
		}
	}
}

// boundsError turns a read past the end, the one fault that a malformed font can
// cause, into an error.
func boundsError(err *error) {
	switch r := recover().(type) {
	case nil:
	case runtime.Error:
		*err = fmt.Errorf("%w: %w", ErrFont, r)
	default:
		panic(r)
	}
}
