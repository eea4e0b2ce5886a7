package recording

import (
	"encoding/binary"
	"fmt"
	"slices"
	"sort"
	"time"
)

// children are the boxes that stay, by the box that they are in; "" is the file. Every
// other box is blanked. A box without its own entry is not looked into.
var children = map[string][]string{
	"":     {"ftyp", "moov", "mdat", "wide"},
	"moov": {"mvhd", "trak"},
	"trak": {"tkhd", "mdia", "edts"},
	"edts": {"elst"},
	"mdia": {"mdhd", "hdlr", "minf"},
	"minf": {"vmhd", "dinf", "stbl"},
	"dinf": {"dref"},
	"stbl": {"stsd", "stts", "ctts", "stss", "stsz", "stsc", "stco", "co64", "sdtp", "sgpd", "sbgp"},
}

const (
	longest = time.Hour
	// maxSamples is more than a recording of [MaxSize] bytes has pictures.
	maxSamples = 1 << 20
)

// box is one box of an MP4 file: a kind, and the bytes in it.
type box struct {
	kind string
	head []byte // length and kind
	body []byte
}

// fields returns the version of a box that has one, and what follows version and flags.
func (b box) fields() (version byte, rest []byte) {
	if len(b.body) < 4 {
		return 0, nil
	}
	return b.body[0], b.body[4:]
}

// boxes returns the boxes that b consists of.
func boxes(b []byte) (list []box, err error) {
	for len(b) > 0 {
		if len(b) < 8 {
			return nil, fmt.Errorf("%w: %d bytes too many", ErrForeign, len(b))
		}
		size, head := uint64(binary.BigEndian.Uint32(b)), 8
		switch {
		case size == 0: // to the end
			size = uint64(len(b))
		case size == 1 && len(b) >= 16:
			size, head = binary.BigEndian.Uint64(b[8:]), 16
		}
		if size < uint64(head) || size > uint64(len(b)) {
			return nil, fmt.Errorf("%w: a box of %d bytes in %d", ErrForeign, size, len(b))
		}
		list = append(list, box{kind: string(b[4:8]), head: b[:head], body: b[head:size]})
		b = b[size:]
	}
	return list, nil
}

// clean takes everything but the picture out of a recording, in place, and returns its
// length. The removed parts become zeros, so that everything else stays where it is.
// After an error the bytes are half cleaned, and of no use. The error is [ErrForeign].
func clean(b []byte) (time.Duration, error) {
	c := cleaner{}
	if err := c.clean("", b); err != nil {
		return 0, err
	}
	switch {
	case !c.marked || !c.timed || len(c.pictures) == 0:
		return 0, fmt.Errorf("%w: it has no picture", ErrForeign)
	case c.length > longest:
		return 0, fmt.Errorf("%w: it lasts %v", ErrForeign, c.length)
	}
	return c.length, c.blankRest(b)
}

// cleaner has the boxes seen so far.
type cleaner struct {
	marked   bool          // it begins as an MP4 file
	timed    bool          // its length is known
	length   time.Duration // of the whole file
	data     [][2]int      // from where to where there is data, as offsets in the file
	pictures [][2]int      // the data of the pictures
	at       int           // offset of the box of the file that is looked at
}

func (c *cleaner) clean(parent string, b []byte) error {
	list, err := boxes(b)
	if err != nil {
		return err
	}
	for i, one := range list {
		if parent == "" {
			c.marked = c.marked || i == 0 && one.kind == "ftyp"
			if one.kind == "mdat" {
				c.data = append(c.data, [2]int{c.at + len(one.head), c.at + len(one.head) + len(one.body)})
			}
			c.at += len(one.head) + len(one.body)
		}
		stays := slices.Contains(children[parent], one.kind)
		if one.kind == "trak" && stays {
			if stays, err = c.track(one); err != nil {
				return err
			}
		}
		if !stays {
			blank(one)
			continue
		}
		if err := c.timeless(one); err != nil {
			return err
		}
		if _, inside := children[one.kind]; inside {
			if err := c.clean(one.kind, one.body); err != nil {
				return err
			}
		}
	}
	return nil
}

// blank makes a box one that players pass over, with zeros in it.
func blank(b box) {
	copy(b.head[4:8], "free")
	clear(b.body)
}

// timeless takes the times out of a box that has some, and the name out of a handler.
func (c *cleaner) timeless(b box) error {
	switch b.kind {
	case "mvhd", "tkhd", "mdhd":
		version, rest := b.fields()
		wide := 4 // of a time
		if version == 1 {
			wide = 8
		}
		if len(rest) < 2*wide+12 {
			return fmt.Errorf("%w: %s has %d bytes", ErrForeign, b.kind, len(rest))
		}
		clear(rest[:2*wide])
		if b.kind == "mvhd" {
			scale, units := binary.BigEndian.Uint32(rest[2*wide:]), uint64(binary.BigEndian.Uint32(rest[2*wide+4:]))
			if wide == 8 {
				units = binary.BigEndian.Uint64(rest[2*wide+4:])
			}
			if scale == 0 || units/uint64(scale) > uint64(longest/time.Second) {
				return fmt.Errorf("%w: it lasts %d/%d s", ErrForeign, units, scale)
			}
			c.timed, c.length = true, time.Duration(units*1000/uint64(scale))*time.Millisecond
		}
	case "hdlr":
		if _, rest := b.fields(); len(rest) > 20 {
			clear(rest[20:])
		}
	}
	return nil
}

// blankRest blanks the data that is not a picture. A picture that does not lie in one piece
// of data is [ErrForeign].
func (c *cleaner) blankRest(b []byte) error {
	sort.Slice(c.pictures, func(i, j int) bool { return c.pictures[i][0] < c.pictures[j][0] })
	rest := c.pictures
	for _, d := range c.data { // in order, side by side
		at := d[0]
		for len(rest) > 0 && rest[0][0] < d[1] {
			from, to := rest[0][0], rest[0][1]
			if from < d[0] || to > d[1] {
				return fmt.Errorf("%w: a picture lies outside the data", ErrForeign)
			}
			clear(b[at:max(at, from)])
			at, rest = max(at, to), rest[1:]
		}
		clear(b[at:d[1]])
	}
	if len(rest) > 0 {
		return fmt.Errorf("%w: a picture lies outside the data", ErrForeign)
	}
	return nil
}
