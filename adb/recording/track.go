package recording

import (
	"encoding/binary"
	"fmt"
)

// track reports whether a track is one of pictures, and notes where its pictures are. Of
// those beside it, one that Android adds has the time of day.
func (c *cleaner) track(trak box) (pictures bool, err error) {
	hdlr, err := within(trak, "mdia", "hdlr")
	if err != nil {
		return false, err
	}
	if _, rest := hdlr.fields(); len(rest) < 8 || string(rest[4:8]) != "vide" {
		return false, nil
	}
	stbl, err := within(trak, "mdia", "minf", "stbl")
	if err != nil {
		return false, err
	}
	return true, c.locate(stbl)
}

// within returns the first box along a path of kinds, and a box of no kind if there is none.
func within(b box, path ...string) (box, error) {
	for _, kind := range path {
		list, err := boxes(b.body)
		if err != nil {
			return box{}, err
		}
		b = box{}
		for _, one := range list {
			if one.kind == kind {
				b = one
				break
			}
		}
	}
	return b, nil
}

// table returns the rows of a table of a sample table, each of width bytes.
func table(stbl box, kind string, skip, width int) ([]byte, error) {
	b, err := within(stbl, kind)
	if err != nil {
		return nil, err
	}
	_, rest := b.fields()
	if len(rest) < skip+4 {
		return nil, fmt.Errorf("%w: no %s", ErrForeign, kind)
	}
	n := int64(binary.BigEndian.Uint32(rest[skip:]))
	rows := rest[skip+4:]
	if n*int64(width) > int64(len(rows)) || n > maxSamples {
		return nil, fmt.Errorf("%w: %s has %d rows in %d bytes", ErrForeign, kind, n, len(rows))
	}
	return rows[:n*int64(width)], nil
}

// chunkOffsets returns where the chunks of a track begin.
func chunkOffsets(stbl box) ([]uint64, error) {
	long, err := within(stbl, "co64")
	if err != nil {
		return nil, err
	}
	kind, width := "stco", 4
	if long.kind != "" {
		kind, width = "co64", 8
	}
	rows, err := table(stbl, kind, 0, width)
	if err != nil {
		return nil, err
	}
	var list []uint64
	for ; len(rows) > 0; rows = rows[width:] {
		if width == 8 {
			list = append(list, binary.BigEndian.Uint64(rows))
		} else {
			list = append(list, uint64(binary.BigEndian.Uint32(rows)))
		}
	}
	return list, nil
}

// sizes returns the sizes of the samples of a track. Android writes a row for each, also
// where all are equal; a size for all without rows counts as no table.
func sizes(stbl box) ([]byte, error) {
	b, err := within(stbl, "stsz")
	if err != nil {
		return nil, err
	}
	if _, rest := b.fields(); len(rest) >= 4 && binary.BigEndian.Uint32(rest) != 0 {
		return nil, fmt.Errorf("%w: pictures of one size", ErrForeign)
	}
	return table(stbl, "stsz", 4, 4)
}

// locate notes where each picture is, by the four tables of a track.
func (c *cleaner) locate(stbl box) error {
	sizes, err := sizes(stbl)
	if err != nil {
		return err
	}
	offsets, err := chunkOffsets(stbl)
	if err != nil {
		return err
	}
	runs, err := table(stbl, "stsc", 0, 12) // first chunk, samples a chunk, description
	if err != nil {
		return err
	}
	for chunk, start := range offsets {
		for len(runs) >= 24 && uint64(binary.BigEndian.Uint32(runs[12:])) <= uint64(chunk)+1 {
			runs = runs[12:]
		}
		if len(runs) < 12 || start > MaxSize {
			return fmt.Errorf("%w: chunk %d at %d", ErrForeign, chunk, start)
		}
		at := int(start)
		for range min(int64(binary.BigEndian.Uint32(runs[4:])), int64(len(sizes)/4)) {
			size := binary.BigEndian.Uint32(sizes)
			if size > MaxSize {
				return fmt.Errorf("%w: a picture of %d bytes", ErrForeign, size)
			}
			c.add(at, at+int(size))
			at += int(size)
			sizes = sizes[4:]
		}
	}
	if len(sizes) > 0 {
		return fmt.Errorf("%w: %d pictures are in no chunk", ErrForeign, len(sizes)/4)
	}
	return nil
}

// add notes the bytes of a picture. Pictures side by side become one entry.
func (c *cleaner) add(from, to int) {
	if from == to {
		return
	}
	if n := len(c.pictures); n > 0 && c.pictures[n-1][1] == from {
		c.pictures[n-1][1] = to
		return
	}
	c.pictures = append(c.pictures, [2]int{from, to})
}
