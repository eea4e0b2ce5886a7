package screen

import (
	"bytes"
	_ "embed"
	"encoding/binary"
	"errors"
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

const (
	longestRecording = 180 // seconds
	leastBitRate     = 100_000
	mostBitRate      = 200_000_000
)

// Record is the command screenrecord: it writes an MP4 file that says it lasts as long as
// was asked for. The emulated handset does not wait for that long.
func (s Screen) Record(p *toybox.Process) int {
	limit, args := longestRecording, p.Args[1:]
	refuse := func(format string, args ...any) int {
		fmt.Fprintf(p.Stderr, format+"\n", args...)
		return 2
	}
	for len(args) >= 2 && strings.HasPrefix(args[0], "--") {
		value, _ := strconv.Atoi(strings.TrimRight(args[1], "mM"))
		switch args[0] {
		case "--time-limit":
			if limit = value; limit == 0 || limit > longestRecording {
				return refuse("Time limit %ds outside acceptable range [1,%d]", limit, longestRecording)
			}
		case "--bit-rate":
			if strings.ContainsAny(args[1], "mM") {
				value *= 1_000_000
			}
			if value < leastBitRate || value > mostBitRate {
				return refuse("Bit rate %dbps outside acceptable range [%d,%d]", value, leastBitRate, mostBitRate)
			}
		default:
			return refuse("screenrecord: unrecognized option `%s'", args[0])
		}
		args = args[2:]
	}
	if len(args) != 1 {
		return refuse("Must specify output file (see --help).")
	}
	w, err := s.Tree.Create(p.Abs(args[0]), 0o600)
	if err != nil {
		fmt.Fprintf(p.Stderr, "Unable to open '%s': %s\n", args[0], vfs.ErrnoOf(err))
		return 1
	}
	if _, err := w.Write(lasting(limit)); errors.Join(err, w.Close()) != nil {
		return 1 // a full disk: the written part stays, without an end
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
