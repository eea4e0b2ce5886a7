package dump

import (
	"bytes"
	"fmt"
	"math"
	"strconv"
	"strings"

	"preship/report/pattern"
)

// Disk is the space of a file system, in bytes.
type Disk struct {
	Total, Used, Free int64
	Mount             string
}

// dfRow is a row of toybox df: the device and the mount point may hold spaces.
var dfRow = pattern.New(`^(\S.*?)\s+(\d{1,15})\s+(\d{1,15})\s+(\d{1,15})\s+(\d{1,3})%\s+(/.*)$`)

// ParseDF parses "df -k PATH": a heading with 1K-blocks and one row.
// The error is ErrNoHeading or ErrMalformed.
func ParseDF(b []byte) (Disk, error) {
	lines := nonEmptyLines(b)
	if len(lines) == 0 || !strings.Contains(lines[0], "1K-blocks") {
		return Disk{}, fmt.Errorf("df: %w", ErrNoHeading)
	}
	if len(lines) != 2 {
		return Disk{}, fmt.Errorf("df: %w: %d rows", ErrMalformed, len(lines)-1)
	}
	row := dfRow().FindStringSubmatch(lines[1])
	if row == nil {
		return Disk{}, fmt.Errorf("df: %w: %q", ErrMalformed, Printable([]byte(lines[1]), 120))
	}
	var kib [3]int64
	for i := range kib {
		n, err := strconv.ParseInt(row[2+i], 10, 64)
		if err != nil || n > math.MaxInt64/1024 {
			return Disk{}, fmt.Errorf("df: %w: size %q", ErrMalformed, row[2+i])
		}
		kib[i] = n
	}
	if kib[1] > kib[0] || kib[2] > kib[0] {
		return Disk{}, fmt.Errorf("df: %w: uses or has free more than it holds", ErrMalformed)
	}
	return Disk{Total: kib[0] * 1024, Used: kib[1] * 1024, Free: kib[2] * 1024, Mount: Printable([]byte(row[6]), 200)}, nil
}

// Volume is a storage volume.
type Volume struct {
	ID        string // "public:179,65"
	State     string // "mounted", "unmounted", …
	UUID      string // names the folder under /storage, "" if unknown
	Removable bool   // SD card or USB storage, also when formatted as internal
	Inside    bool   // the medium is there, mounted or not
}

// Path returns where a removable volume is mounted, "" when it is not.
func (v Volume) Path() string {
	if !strings.HasPrefix(v.State, "mounted") || v.UUID == "" || !strings.HasPrefix(v.ID, "public:") {
		return ""
	}
	return "/storage/" + v.UUID
}

var (
	volumeRow  = pattern.New(`^((?:private|public|emulated|obb|asec|stub|disk)[0-9A-Za-z:;,._-]*) ([a-z_]+) ?(\S*)$`)
	volumeUUID = pattern.New(`^[0-9A-Za-z-]+$`)
)

// ParseVolumes parses "sm list-volumes all". The data partition and the internal
// storage on it are always among the volumes, so a list without both is refused,
// and so is one whose last line has no end. It has neither count nor heading: a
// list that was cut off after both looks like a shorter one.
// The error is ErrNoHeading, ErrMalformed, ErrTruncated or ErrTooLarge.
func ParseVolumes(b []byte) ([]Volume, error) {
	var volumes []Volume
	private, emulated := false, false
	lines := nonEmptyLines(b)
	if len(lines) > 64 {
		return nil, fmt.Errorf("volumes: %w: %d lines", ErrTooLarge, len(lines))
	}
	for _, line := range lines {
		row := volumeRow().FindStringSubmatch(strings.TrimSpace(line))
		if row == nil {
			return nil, fmt.Errorf("volumes: %w: %q", ErrMalformed, Printable([]byte(line), 120))
		}
		v := Volume{ID: row[1], State: row[2]}
		if row[3] != "null" && volumeUUID().MatchString(row[3]) {
			v.UUID = row[3]
		}
		// "private" alone is the data partition; "private:179,66" is an SD card
		// that was made part of it.
		v.Removable = strings.HasPrefix(v.ID, "public:") || strings.HasPrefix(v.ID, "private:") || strings.HasPrefix(v.ID, "disk:")
		v.Inside = v.State != "removed" && v.State != "bad_removal"
		private = private || v.ID == "private"
		emulated = emulated || strings.HasPrefix(v.ID, "emulated")
		volumes = append(volumes, v)
	}
	if len(lines) > 0 && !bytes.HasSuffix(b, []byte("\n")) {
		return nil, fmt.Errorf("volumes: %w in the last line", ErrTruncated)
	}
	if !private || !emulated {
		return nil, fmt.Errorf("volumes: %w: no internal storage among %d volumes", ErrNoHeading, len(volumes))
	}
	return volumes, nil
}

// nonEmptyLines splits an answer, without CR and empty lines, bounded.
func nonEmptyLines(b []byte) []string {
	var lines []string
	for line := range bytes.Lines(b[:min(len(b), maxAnswer)]) {
		if line := strings.TrimRight(string(line), "\r\n"); strings.TrimSpace(line) != "" {
			lines = append(lines, line)
		}
	}
	return lines
}
