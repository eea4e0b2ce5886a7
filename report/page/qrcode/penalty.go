package qrcode

import "math/bits"

// line is a row or a column of a code, 64 modules a word.
type line [3]uint64

func (l *line) set(i int, on bool) {
	l[i/64] &^= 1 << (i % 64)
	if on {
		l[i/64] |= 1 << (i % 64)
	}
}

func (l line) xor(m line) line { return line{l[0] ^ m[0], l[1] ^ m[1], l[2] ^ m[2]} }
func (l line) and(m line) line { return line{l[0] & m[0], l[1] & m[1], l[2] & m[2]} }
func (l line) not() line       { return line{^l[0], ^l[1], ^l[2]} }

// from is the line without its first n modules, fewer than 64 of them.
func (l line) from(n int) line {
	return line{l[0]>>n | l[1]<<(64-n), l[1]>>n | l[2]<<(64-n), l[2] >> n}
}

// first is the line with its first n modules only; the rest are light.
func (l line) first(n int) line {
	for w := range l {
		if left := n - 64*w; left <= 0 {
			l[w] = 0
		} else if left < 64 {
			l[w] &= 1<<left - 1
		}
	}
	return l
}

func (l line) count() int {
	return bits.OnesCount64(l[0]) + bits.OnesCount64(l[1]) + bits.OnesCount64(l[2])
}

// penalty is the measure of ISO/IEC 18004, 7.8.3, for the rows of a code.
func penalty(rows []line) (sum int) {
	size, dark := len(rows), 0
	columns := make([]line, size)
	for y, row := range rows {
		dark += row.count()
		for x := range columns {
			columns[x][y/64] |= (row[x/64] >> (x % 64) & 1) << (y % 64)
		}
		sum += row.penalty(size)
		if y > 0 {
			sum += 3 * squares(rows[y-1], row, size)
		}
	}
	for _, column := range columns {
		sum += column.penalty(size)
	}
	off := float64(dark)*100/float64(size*size) - 50
	return sum + 10*int(max(off, -off)/5)
}

// penalty is that of runs of five and more, and of what looks like a finder.
func (l line) penalty(size int) int {
	same := l.xor(l.from(1)).not().first(size - 1) // as the next module
	pairs := same.and(same.from(1))
	fives := pairs.and(pairs.from(2)) // where a run of five begins
	begun := fives.and(line{fives[0] << 1, fives[1]<<1 | fives[0]>>63, fives[2]<<1 | fives[1]>>63}.not())
	before, after := line{}.not(), line{}.not()
	for i := range finder {
		at := l.from(i)
		if finder[i] {
			before = before.and(at)
		} else {
			before = before.and(at.not())
		}
		if finder[len(finder)-1-i] {
			after = after.and(at)
		} else {
			after = after.and(at.not())
		}
	}
	windows := size - len(finder) + 1
	return fives.count() + 2*begun.count() + 40*(before.first(windows).count()+after.first(windows).count())
}

// finder is a row through the middle of a finder, and four light modules.
var finder = [11]bool{true, false, true, true, true, false, true}

// squares counts the squares of four equal modules in two lines.
func squares(a, b line, size int) int {
	same := a.xor(b).not()
	return same.and(a.xor(a.from(1)).not()).and(same.from(1)).first(size - 1).count()
}
