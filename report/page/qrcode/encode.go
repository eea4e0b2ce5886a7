package qrcode

import "errors"

// ErrTooLong is the error of a text that no version holds.
var ErrTooLong = errors.New("text of more than 2,331 bytes")

// Blocks of level M, by version: how many there are, and how many bytes of each correct errors.
var (
	blockCount = [41]int{
		0, 1, 1, 1, 2, 2, 4, 4, 4, 5, 5, 5, 8, 9, 9, 10, 10, 11, 13, 14, 16,
		17, 17, 18, 20, 21, 23, 25, 26, 28, 29, 31, 33, 35, 37, 38, 40, 43, 45, 47, 49,
	}
	blockCheck = [41]int{
		0, 10, 16, 26, 18, 24, 16, 18, 22, 22, 26, 30, 22, 22, 24, 24, 28, 28, 26, 26, 26,
		26, 28, 28, 28, 28, 28, 28, 28, 28, 28, 28, 28, 28, 28, 28, 28, 28, 28, 28, 28,
	}
)

// Encode returns the rows of a code, without its border; true is a dark module.
func Encode(text string) ([][]bool, error) {
	for version := 1; version <= 40; version++ {
		if room := dataBytes(version); 4+countBits(version)+8*len(text) <= 8*room {
			g := newGrid(version)
			g.place(interleave(version, pad(text, version, room)))
			return g.masked(), nil
		}
	}
	return nil, ErrTooLong
}

// countBits is the width of the length in the header.
func countBits(version int) int {
	if version < 10 {
		return 8
	}
	return 16
}

// rawBytes is all that a version holds.
func rawBytes(version int) int {
	modules := (16*version+128)*version + 64
	if version >= 2 {
		n := version/7 + 2
		modules -= (25*n-10)*n - 55
	}
	if version >= 7 {
		modules -= 36
	}
	return modules / 8
}

func dataBytes(version int) int { return rawBytes(version) - blockCount[version]*blockCheck[version] }

// pad returns the text as data: the mode for bytes, the length, the text, a terminator
// and two filling bytes in turn.
func pad(text string, version, room int) []byte {
	var out []byte
	var bits, held uint
	put := func(v, n uint) {
		held, bits = held<<n|v, bits+n
		for bits >= 8 {
			bits -= 8
			out = append(out, byte(held>>bits))
		}
		held &= 1<<bits - 1
	}
	put(0b0100, 4)
	put(uint(len(text)), uint(countBits(version)))
	for i := range len(text) {
		put(uint(text[i]), 8)
	}
	put(0, min(4, uint(8*room-8*len(out))-bits))
	if bits > 0 {
		put(0, 8-bits)
	}
	for fill := byte(0xEC); len(out) < room; fill ^= 0xEC ^ 0x11 {
		out = append(out, fill)
	}
	return out
}

// interleave adds the bytes that correct errors, and deals the blocks out byte by byte.
func interleave(version int, data []byte) []byte {
	n, check := blockCount[version], blockCheck[version]
	raw := rawBytes(version)
	short := n - raw%n // these have one byte less of data
	generator := divisor(check)
	blocks, checks := make([][]byte, n), make([][]byte, n)
	for i := range n {
		size := raw/n - check
		if i >= short {
			size++
		}
		blocks[i], data = data[:size], data[size:]
		checks[i] = remainder(blocks[i], generator)
	}
	out := make([]byte, 0, raw)
	for i := range raw/n - check + 1 {
		for _, b := range blocks {
			if i < len(b) {
				out = append(out, b[i])
			}
		}
	}
	for i := range check {
		for _, c := range checks {
			out = append(out, c[i])
		}
	}
	return out
}

// exp and log are powers of 2 in the field of 256 elements over 0x11D.
var exp, log = func() (exp [510]byte, log [256]int) {
	x := 1
	for i := range 255 {
		exp[i], exp[i+255], log[x] = byte(x), byte(x), i
		if x *= 2; x > 255 {
			x ^= 0x11D
		}
	}
	return exp, log
}()

func multiply(a, b byte) byte {
	if a == 0 || b == 0 {
		return 0
	}
	return exp[log[a]+log[b]]
}

// divisor is the generator polynomial of a degree, without its leading 1.
func divisor(degree int) []byte {
	p := make([]byte, degree)
	p[degree-1] = 1
	for root := range degree {
		for i := range p {
			p[i] = multiply(p[i], exp[root])
			if i+1 < degree {
				p[i] ^= p[i+1]
			}
		}
	}
	return p
}

// remainder is what data leaves after the division.
func remainder(data, divisor []byte) []byte {
	r := make([]byte, len(divisor))
	for _, b := range data {
		factor := b ^ r[0]
		copy(r, r[1:])
		r[len(r)-1] = 0
		if factor == 0 {
			continue
		}
		power := log[factor]
		for i, d := range divisor {
			if d != 0 {
				r[i] ^= exp[power+log[d]]
			}
		}
	}
	return r
}
