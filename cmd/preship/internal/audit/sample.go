package audit

import (
	"crypto/rand"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"fmt"
	"math"
	"strconv"
	"strings"

	"preship/report/message"
)

// Sample is the part of everything that is read, and the seed that draws it.
type Sample struct {
	Part float64 // from 0 to 1
	Seed uint64
}

// ErrSample: the text is not a part of everything.
var ErrSample = message.Error(message.Say("cases.check.sample"), nil)

// ErrSeed: the text is not a seed as [Sample.SeedText] writes it.
var ErrSeed = message.Error(message.Say("cases.check.seed"), nil)

// ParseSample reads a part such as 1% or 0.5%, and a seed; an empty seed draws one.
func ParseSample(part, seed string) (s Sample, err error) {
	number, ok := strings.CutSuffix(strings.TrimSpace(part), "%")
	percent, err := strconv.ParseFloat(strings.TrimSpace(number), 64)
	if !ok || err != nil || math.IsNaN(percent) || percent <= 0 || percent > 100 {
		return s, ErrSample
	}
	s.Part = percent / 100
	var b [8]byte
	if seed == "" {
		_, _ = rand.Read(b[:]) // never fails: it ends the program instead
	} else if n, err := hex.Decode(b[:], []byte(fmt.Sprintf("%.16s", seed))); err != nil || n != len(b) || len(seed) != 16 {
		return s, ErrSeed
	}
	s.Seed = binary.BigEndian.Uint64(b[:])
	return s, nil
}

// SeedText returns the seed as [ParseSample] reads it.
func (s Sample) SeedText() string { return fmt.Sprintf("%016x", s.Seed) }

// draw returns a number from 0 to below 1 for something with a name in a case.
func (s Sample) draw(kind, caseID, name string) float64 {
	h := sha256.New()
	fmt.Fprintf(h, "%016x\x00%s\x00%s\x00%s", s.Seed, kind, caseID, name)
	return float64(binary.BigEndian.Uint64(h.Sum(nil))>>11) / (1 << 53)
}
