package screen

import (
	"bytes"
	_ "embed"
	"encoding/binary"
	"fmt"
	"strconv"
	"strings"

	"preship/adb/adbtest/toybox"
	"preship/adb/adbtest/vfs"
)

// movie is an MP4 file of ten seconds with two plain pictures. Its boxes are those that
// Android's own recorder writes, with the time of the recording and Android's version.
//
//go:embed recording.mp4
var movie []byte

// recordLimits are the options of screenrecord, the range of each and how it is refused.
var recordLimits = map[string]struct {
	least, most int
	refusal     string
}{
	"--time-limit": {1, 180, "Time limit %ds outside acceptable range [%d,%d]\n"},
	"--bit-rate":   {100_000, 200_000_000, "Bit rate %dbps outside acceptable range [%d,%d]\n"},
}

// Record is the command screenrecord: it writes an MP4 file that says it lasts as long as
// was asked for. The emulated handset does not wait for that long.
func (s Screen) Record(p *toybox.Process) int {
	seconds, args := recordLimits["--time-limit"].most, p.Args[1:]
	for ; len(args) >= 2 && strings.HasPrefix(args[0], "--"); args = args[2:] {
		limit, ok := recordLimits[args[0]]
		if !ok {
			fmt.Fprintf(p.Stderr, "screenrecord: unrecognized option `%s'\n", args[0])
			return 2
		}
		value, _ := strconv.Atoi(strings.NewReplacer("m", "000000", "M", "000000").Replace(args[1]))
		if value < limit.least || value > limit.most {
			fmt.Fprintf(p.Stderr, limit.refusal, value, limit.least, limit.most)
			return 2
		}
		if args[0] == "--time-limit" {
			seconds = value
		}
	}
	if len(args) != 1 {
		fmt.Fprintln(p.Stderr, "Must specify output file (see --help).")
		return 2
	}
	if err := s.WriteFile(p.Abs(args[0]), 0o600, lasting(seconds)); err != nil {
		fmt.Fprintf(p.Stderr, "Unable to open '%s': %s\n", args[0], vfs.ErrnoOf(err))
		return 1
	}
	return 0
}

// lasting returns the movie with the length of seconds.
func lasting(seconds int) []byte {
	b := bytes.Clone(movie)
	for _, length := range []struct {
		kind      string
		at, units int // behind the kind, and how many a second has
	}{{"mvhd", 16, 1000}, {"tkhd", 20, 1000}, {"mdhd", 16, 90_000}, {"stts", 12, 45_000}} {
		at := bytes.Index(b, []byte(length.kind)) + 4
		binary.BigEndian.PutUint32(b[at+length.at:], uint32(seconds*length.units))
	}
	return b
}
