package fontpack

import "encoding/binary"

// mover moves the bytes of one glyph, in the order of the file, from the glyph to the
// streams or back.
type mover interface {
	// number moves a number of two bytes and returns it. The stream has it less guess.
	number(k kind, guess uint16) uint16
	// raw moves n bytes and returns them.
	raw(k kind, n int) []byte
	// empty reports whether the glyph has no bytes.
	empty() bool
	// box moves the box of a glyph, which is before the points that it follows from:
	// its four numbers less those of guess. It returns the left side.
	box(guess [4]uint16) uint16
	// finish moves the metrics of the glyph and the bytes that pad it.
	finish(left uint16)
}

// walk moves one glyph.
func walk(m mover) {
	if m.empty() {
		m.finish(0)
		return
	}
	var around [4]uint16
	if n := m.number(counts, 0); int16(n) < 0 {
		moveParts(m)
	} else {
		around = movePoints(m, int(n))
	}
	m.finish(m.box(around))
}

// Flags of a part.
const (
	wideArguments = 1 << 0
	oneScale      = 1 << 3
	moreParts     = 1 << 5
	twoScales     = 1 << 6
	fourScales    = 1 << 7
	hasHints      = 1 << 8
)

// moveParts moves a glyph that is made of others.
func moveParts(m mover) {
	flag := uint16(moreParts)
	for flag&moreParts != 0 {
		flag = m.number(partFlags, 0)
		m.number(parts, 0)
		size := 2
		if flag&wideArguments != 0 {
			size += 2
		}
		switch {
		case flag&oneScale != 0:
			size += 2
		case flag&twoScales != 0:
			size += 4
		case flag&fourScales != 0:
			size += 8
		}
		m.raw(places, size)
	}
	if flag&hasHints != 0 {
		m.raw(hints, int(m.number(hints, 0)))
	}
}

// Flags of a point.
const (
	shortX   = 1 << 1
	shortY   = 1 << 2
	repeated = 1 << 3
	plusX    = 1 << 4 // of a short step; a long one is left out instead
	plusY    = 1 << 5
)

// movePoints moves the contours of a glyph and returns the box around their points.
func movePoints(m mover, contours int) (box [4]uint16) {
	points := 0
	for range contours {
		points = int(m.number(ends, uint16(points))) + 1
	}
	m.raw(hints, int(m.number(hints, 0)))
	all := make([]byte, 0, points)
	for len(all) < points {
		flag := m.raw(flags, 1)[0]
		all = append(all, flag)
		if flag&repeated != 0 {
			for range m.raw(flags, 1)[0] {
				all = append(all, flag)
			}
		}
	}
	box[0], box[2] = moveSteps(m, stepsX, all, shortX, plusX)
	box[1], box[3] = moveSteps(m, stepsY, all, shortY, plusY)
	return box
}

// moveSteps moves the steps along one axis and returns the least and the greatest
// coordinate.
func moveSteps(m mover, k kind, all []byte, short, plus byte) (least, most uint16) {
	var at, from, to int16
	for i, flag := range all {
		switch {
		case flag&short != 0 && flag&plus != 0:
			at += int16(m.raw(k, 1)[0])
		case flag&short != 0:
			at -= int16(m.raw(k, 1)[0])
		case flag&plus == 0:
			at += int16(binary.BigEndian.Uint16(m.raw(k, 2)))
		}
		if i == 0 {
			from, to = at, at
		}
		from, to = min(from, at), max(to, at)
	}
	return uint16(from), uint16(to)
}
