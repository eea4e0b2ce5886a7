package fontpack

import "encoding/binary"

// headSize is the bytes of a glyph up to its contours: their count, and the box.
const headSize = 10

// splitter moves glyphs to streams.
type splitter struct {
	to    [kinds][]byte
	glyph []byte // the bytes that are left
	bound []byte // the box
	hmtx  []byte // the metrics that are left
}

func (s *splitter) empty() bool {
	if len(s.glyph) == 0 {
		s.to[counts] = binary.BigEndian.AppendUint16(s.to[counts], noGlyph)
		return true
	}
	// The count stays in front of the contours.
	count := s.glyph[:2]
	s.bound, s.glyph = s.glyph[2:headSize], append(count[:2:2], s.glyph[headSize:]...)
	return false
}

func (s *splitter) number(k kind, guess uint16) uint16 {
	n := binary.BigEndian.Uint16(s.glyph)
	s.glyph = s.glyph[2:]
	s.to[k] = binary.BigEndian.AppendUint16(s.to[k], n-guess)
	return n
}

func (s *splitter) raw(k kind, n int) []byte {
	b := s.glyph[:n]
	s.glyph = s.glyph[n:]
	s.to[k] = append(s.to[k], b...)
	return b
}

func (s *splitter) box(guess [4]uint16) uint16 {
	for i, g := range guess {
		s.to[boxes] = binary.BigEndian.AppendUint16(s.to[boxes], binary.BigEndian.Uint16(s.bound[2*i:])-g)
	}
	return binary.BigEndian.Uint16(s.bound)
}

func (s *splitter) finish(left uint16) {
	advance, bearing := s.hmtx[:2], binary.BigEndian.Uint16(s.hmtx[2:])
	s.to[advances] = append(s.to[advances], advance...)
	s.to[bearings] = binary.BigEndian.AppendUint16(s.to[bearings], bearing-left)
	s.hmtx = s.hmtx[4:]
}

// joiner moves streams to glyphs.
type joiner struct {
	from       [kinds][]byte
	glyf, hmtx []byte
	start      int // of the glyph, in glyf
}

func (j *joiner) empty() bool {
	if binary.BigEndian.Uint16(j.from[counts]) != noGlyph {
		return false
	}
	j.from[counts] = j.from[counts][2:]
	return true
}

func (j *joiner) number(k kind, guess uint16) uint16 {
	n := binary.BigEndian.Uint16(j.from[k]) + guess
	j.from[k] = j.from[k][2:]
	j.glyf = binary.BigEndian.AppendUint16(j.glyf, n)
	if k == counts {
		j.glyf = append(j.glyf, make([]byte, headSize-2)...) // box fills it
	}
	return n
}

func (j *joiner) raw(k kind, n int) []byte {
	b := j.from[k][:n]
	j.from[k] = j.from[k][n:]
	j.glyf = append(j.glyf, b...)
	return b
}

func (j *joiner) box(guess [4]uint16) uint16 {
	to, from := j.glyf[j.start+2:], j.from[boxes]
	for i, g := range guess {
		binary.BigEndian.PutUint16(to[2*i:], binary.BigEndian.Uint16(from[2*i:])+g)
	}
	j.from[boxes] = from[8:]
	return binary.BigEndian.Uint16(to)
}

func (j *joiner) finish(left uint16) {
	for len(j.glyf)%4 != 0 {
		j.glyf = append(j.glyf, 0)
	}
	bearing := binary.BigEndian.Uint16(j.from[bearings]) + left
	j.hmtx = append(j.hmtx, j.from[advances][:2]...)
	j.hmtx = binary.BigEndian.AppendUint16(j.hmtx, bearing)
	j.from[advances], j.from[bearings] = j.from[advances][2:], j.from[bearings][2:]
}
