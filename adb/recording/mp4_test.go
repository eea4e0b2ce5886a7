package recording

import (
	"bytes"
	"encoding/binary"
	"errors"
	"os"
	"strings"
	"testing"
	"time"
)

// sample is a recording as a handset writes it.
func sample(t testing.TB) []byte {
	t.Helper()
	b, err := os.ReadFile("../adbtest/android/screen/recording.mp4")
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// boxOf returns a box with a body.
func boxOf(kind string, parts ...[]byte) []byte {
	body := bytes.Join(parts, nil)
	return append(append(binary.BigEndian.AppendUint32(nil, uint32(8+len(body))), kind...), body...)
}

// inside returns b with more boxes at the end of the box moov, which is the last one.
func inside(b []byte, more ...[]byte) []byte {
	b = bytes.Join(append([][]byte{b}, more...), nil)
	at := bytes.Index(b, []byte("moov")) - 4
	binary.BigEndian.PutUint32(b[at:], uint32(len(b)-at))
	return b
}

// set returns b with a number at an offset behind the kind of a box.
func set(b []byte, kind string, at int, n uint32) []byte {
	b = bytes.Clone(b)
	binary.BigEndian.PutUint32(b[bytes.Index(b, []byte(kind))+4+at:], n)
	return b
}

func TestClean(t *testing.T) {
	t.Parallel()
	whole := sample(t)
	times := []byte{0xe4, 0x8e, 0xdc, 0xd2} // the time of the recording, in three boxes
	if bytes.Count(whole, times) != 6 || !bytes.Contains(whole, []byte("com.android.version")) {
		t.Fatal("the sample has nothing to take out")
	}
	data := bytes.Index(whole, []byte("mdat")) + 4
	place := boxOf("udta", boxOf("\xa9xyz", []byte("\x00\x12\x15\xc7+12.3456-012.3456/")))
	clock := boxOf("trak", boxOf("mdia", boxOf("hdlr", make([]byte, 8), []byte("meta"), []byte("clock of the handset"))))
	padded := boxOf("mdat", []byte("#VV1NSC0PET1ME2#"), whole[data:data+159]) // bytes before the pictures
	for _, tt := range []struct {
		name, secret string
		in           []byte
	}{
		{"as the handset writes it", "com.android.version", whole},
		{"a place", "+12.3456", inside(whole, place)},
		{"a track with the clock", "clock of the handset", inside(whole, clock)},
		{"a box that nobody knows", "secret", inside(whole, boxOf("zzzz", []byte("secret")))},
		{"a box behind the end", "secret", append(bytes.Clone(whole), boxOf("uuid", []byte("secret"))...)},
		{"data that is no picture", "#VV1NSC0PET1ME2#", set(bytes.Join([][]byte{whole[:data-8], padded, whole[data+159:]}, nil), "stco", 8, uint32(data+16))},
		{"room left free", "secret", append(bytes.Clone(whole), boxOf("free", []byte("secret"))...)},
		{"a handler with a name", "VideoHandle", whole},
	} {
		b := bytes.Clone(tt.in)
		length, err := clean(b)
		if err != nil || length != 10*time.Second || len(b) != len(tt.in) {
			t.Errorf("%s: %v, %v, %d of %d bytes", tt.name, length, err, len(b), len(tt.in))
		}
		if bytes.Contains(b, []byte(tt.secret)) || bytes.Contains(b, times) {
			t.Errorf("%s: %q or the time is still there", tt.name, tt.secret)
		}
		if !bytes.Contains(b, whole[data:data+159]) {
			t.Errorf("%s: the pictures are damaged", tt.name)
		}
		again := bytes.Clone(b)
		if _, err := clean(again); err != nil || !bytes.Equal(again, b) {
			t.Errorf("%s: cleaned again it changes, %v", tt.name, err)
		}
	}
}

func TestCleanRefuses(t *testing.T) {
	t.Parallel()
	whole := sample(t)
	moov := bytes.Index(whole, []byte("moov")) - 4
	for name, b := range map[string][]byte{
		"empty":                          {},
		"a few bytes":                    whole[:7],
		"cut off":                        whole[:len(whole)-9],
		"a full disk":                    whole[:moov],
		"another kind of file":           []byte("PK\x03\x04 and so on, for some bytes"),
		"a picture":                      []byte("\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR"),
		"Matroska":                       []byte("\x1aE\xdf\xa3 webm and so on"),
		"no first box":                   whole[bytes.Index(whole, []byte("mdat"))-4:],
		"no data":                        append(bytes.Clone(whole[:24]), whole[moov:]...),
		"a box longer than the file":     set(whole, "moov", -8, 1<<30),
		"a box shorter than its head":    set(whole, "moov", -8, 7),
		"a box of 64 bits too long":      append(bytes.Clone(whole), "\x00\x00\x00\x01free\xff\xff\xff\xff\xff\xff\xff\xff"...),
		"no unit of time":                set(whole, "mvhd", 12, 0),
		"a week":                         set(whole, "mvhd", 16, 7*86400*1000),
		"a picture outside the data":     set(whole, "stco", 8, 1<<20),
		"more pictures than sizes":       set(whole, "stsz", 8, 1<<30),
		"a picture larger than the file": set(whole, "stsz", 12, 1<<31),
		"pictures of one size":           set(whole, "stsz", 4, 10),
		"chunks without an offset":       set(whole, "stco", 4, 0),
		"no chunks":                      bytes.Replace(whole, []byte("stsc"), []byte("xxxx"), 1),
		"sound alone":                    bytes.Replace(whole, []byte("vide"), []byte("soun"), 1),
		"fragments":                      bytes.Replace(whole, []byte("trak"), []byte("mvex"), 1),
	} {
		if _, err := clean(bytes.Clone(b)); !errors.Is(err, ErrForeign) {
			t.Errorf("%s: %v", name, err)
		} else if strings.ContainsAny(err.Error(), "\x00\x1b\n") {
			t.Errorf("%s: the error is not printable: %q", name, err)
		}
	}
}

// A file of many boxes and many pictures is read once, not once for each pair of them.
func TestManyBoxes(t *testing.T) {
	t.Parallel()
	whole := sample(t)
	moov := bytes.Index(whole, []byte("moov")) - 4
	many := bytes.Repeat(boxOf("mdat"), 1<<20)
	b := bytes.Join([][]byte{whole[:moov], many, whole[moov:]}, nil)
	if length, err := clean(b); err != nil || length != 10*time.Second {
		t.Errorf("%v, %v", length, err)
	}
}

func FuzzClean(f *testing.F) {
	f.Add(sample(f))
	f.Add(inside(sample(f), boxOf("udta", []byte("x"))))
	f.Fuzz(func(t *testing.T, in []byte) {
		b := bytes.Clone(in)
		length, err := clean(b)
		if err != nil {
			return
		}
		if length < 0 || length > longest || len(b) != len(in) {
			t.Errorf("it lasts %v, and has %d of %d bytes", length, len(b), len(in))
		}
		again := bytes.Clone(b)
		if l, err := clean(again); err != nil || l != length || !bytes.Equal(again, b) {
			t.Errorf("cleaned again: %v instead of %v, %v", l, length, err)
		}
	})
}
