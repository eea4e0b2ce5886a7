package wire

import (
	"bytes"
	"errors"
	"io"
	"strings"
	"testing"
	"testing/iotest"
)

// Answers recorded on 2026-11-22 from AOSP's adbd 34.0.5, to questions about
// /sdcard/rec, which holds the directory "sub" and the six bytes "hello\n" in
// "a.txt", and about /nope, which is not there.
var (
	recordedStat        = "STAT\xa0\x81\x00\x00\x06\x00\x00\x00\x01\xf1Se"
	recordedStatMissing = "STAT" + zeros(12)
	recordedLstat2      = "LST2\x00\x00\x00\x00\x00\xfe\x00\x00\x00\x00\x00\x00\xec\x7f\x9a\x00\x00\x00\x00\x00\xa0\x81\x00\x00\x01\x00\x00\x00" +
		"\xd0\x07\x00\x00\xd0\x07\x00\x00\x06\x00\x00\x00\x00\x00\x00\x00\x00\xf1Se\x00\x00\x00\x00\x01\xf1Se\x00\x00\x00\x00)\xfa\x02k\x00\x00\x00\x00"
	recordedStat2Missing = "STA2\x02" + zeros(67)
	recordedList         = "DENT\xedA\x00\x00\x00\x10\x00\x00)\xfa\x02k\x01\x00\x00\x00." +
		"DENT\xedA\x00\x00\x00\x10\x00\x00)\xfa\x02k\x03\x00\x00\x00sub" +
		"DENT\xffA\x00\x00\x00\x10\x00\x00)\xfa\x02k\x02\x00\x00\x00.." +
		"DENT\xa0\x81\x00\x00\x06\x00\x00\x00\x01\xf1Se\x05\x00\x00\x00a.txt" +
		"DONE" + zeros(16)
	recordedList2 = "DNT2\x00\x00\x00\x00\x00\xfe\x00\x00\x00\x00\x00\x00\xed\x7f\x9a\x00\x00\x00\x00\x00\xedA\x00\x00\x02\x00\x00\x00" + zeros(8) +
		"\x00\x10\x00\x00\x00\x00\x00\x00)\xfa\x02k\x00\x00\x00\x00)\xfa\x02k\x00\x00\x00\x00)\xfa\x02k\x00\x00\x00\x00\x03\x00\x00\x00sub" +
		"DNT2" + recordedLstat2[4:] + "\x05\x00\x00\x00a.txt" +
		"DONE" + zeros(72)
	recordedListMissing  = "DONE" + zeros(16)
	recordedList2Missing = "DONE" + zeros(72)
	recordedRecv         = "DATA\x06\x00\x00\x00hello\nDONE\x00\x00\x00\x00"
	recordedRecvMissing  = "FAIL&\x00\x00\x00open failed: No such file or directory"
	recordedRecvDir      = "FAIL\x1b\x00\x00\x00read failed: Is a directory"
)

func zeros(n int) string { return strings.Repeat("\x00", n) }

// aTxt is a.txt as version 2 describes it.
var aTxt = Stat{
	Dev: 65024, Ino: 10125292, Mode: 0o100640, NLink: 1, UID: 2000, GID: 2000, Size: 6,
	ATime: 1700000000, MTime: 1700000001, CTime: 1795357225,
}

// overSlowLine reads s one byte at a time, as a slow line may deliver it.
func overSlowLine(s string) io.Reader { return iotest.OneByteReader(strings.NewReader(s)) }

func TestStatV1(t *testing.T) {
	t.Parallel()
	for recorded, want := range map[string]Stat{
		recordedStat:        {Mode: 0o100640, Size: 6, MTime: 1700000001},
		recordedStatMissing: {},
	} {
		r := overSlowLine(recorded)
		if id, err := ReadID(r); id != IDLstatV1 || err != nil {
			t.Fatalf("ReadID = %q, %v", id, err)
		}
		if got, err := ReadStatV1(r); got != want || err != nil {
			t.Errorf("ReadStatV1 = %+v, %v, want %+v", got, err, want)
		}
		if got := string(AppendStatV1(nil, want)); got != recorded {
			t.Errorf("AppendStatV1 = %q, want %q", got, recorded)
		}
	}
}

func TestStatV2(t *testing.T) {
	t.Parallel()
	for recorded, want := range map[string]Stat{recordedLstat2: aTxt, recordedStat2Missing: {Errno: ErrnoENOENT}} {
		r := overSlowLine(recorded)
		id, err := ReadID(r)
		if err != nil {
			t.Fatal(err)
		}
		if got, err := ReadStatV2(r); got != want || err != nil {
			t.Errorf("ReadStatV2 = %+v, %v, want %+v", got, err, want)
		}
		if got := string(AppendStatV2(nil, id, want)); got != recorded {
			t.Errorf("AppendStatV2 = %q, want %q", got, recorded)
		}
	}
}

func TestListing(t *testing.T) {
	t.Parallel()
	v1 := func(name string, mode uint32, size uint64, mtime int64) Dent {
		return Dent{Name: name, Stat: Stat{Mode: mode, Size: size, MTime: mtime}}
	}
	sub := Stat{Dev: 65024, Ino: 10125293, Mode: 0o40755, NLink: 2, Size: 4096, ATime: 1795357225, MTime: 1795357225, CTime: 1795357225}
	tests := []struct {
		name, recorded string
		v2             bool
		want           []Dent
	}{
		{"version 1", recordedList, false, []Dent{
			v1(".", 0o40755, 4096, 1795357225), v1("sub", 0o40755, 4096, 1795357225),
			v1("..", 0o40777, 4096, 1795357225), v1("a.txt", 0o100640, 6, 1700000001),
		}},
		{"version 2", recordedList2, true, []Dent{{Stat: sub, Name: "sub"}, {Stat: aTxt, Name: "a.txt"}}},
		{"version 1 of nothing", recordedListMissing, false, nil},
		{"version 2 of nothing", recordedList2Missing, true, nil},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			r := overSlowLine(tt.recorded)
			var again []byte
			for i := 0; ; i++ {
				d, done, err := ReadDent(r, tt.v2)
				if err != nil {
					t.Fatal(err)
				}
				if done {
					if i != len(tt.want) {
						t.Errorf("%d entries, want %d", i, len(tt.want))
					}
					break
				}
				if i >= len(tt.want) || d != tt.want[i] {
					t.Fatalf("entry %d = %+v, want %+v", i, d, tt.want)
				}
				if tt.v2 {
					again = AppendDentV2(again, d)
				} else {
					again = AppendDentV1(again, d)
				}
			}
			if again = AppendListDone(again, tt.v2); string(again) != tt.recorded {
				t.Errorf("appended\n%q, want\n%q", again, tt.recorded)
			}
			if rest, _ := io.ReadAll(r); len(rest) != 0 {
				t.Errorf("%d bytes left behind the end", len(rest))
			}
		})
	}
}

func TestListingBreaks(t *testing.T) {
	t.Parallel()
	var fail *FailError
	if _, _, err := ReadDent(strings.NewReader(recordedRecvMissing), true); !errors.As(err, &fail) || fail.Message != "open failed: No such file or directory" {
		t.Errorf("FAIL in a listing: %v", err)
	}
	tests := []struct {
		name, bytes string
		v2          bool
		is          error
	}{
		{"nothing", "", false, io.EOF},
		{"half the letters", "DE", false, io.ErrUnexpectedEOF},
		{"half an entry", recordedList[:12], false, io.ErrUnexpectedEOF},
		{"half a name", recordedList[:len("DENT")+16+1+len("DENT")+16+1], false, io.ErrUnexpectedEOF},
		{"half the end", recordedListMissing[:19], false, io.ErrUnexpectedEOF},
		{"the end of the other version", recordedListMissing, true, io.ErrUnexpectedEOF},
		{"an entry of the other version", recordedList, true, ErrMalformed},
		{"empty name", "DENT" + zeros(16), false, ErrMalformed},
		{"endless name", "DENT" + zeros(12) + "\xff\xff\xff\xff", false, ErrMalformed},
		{"endless FAIL", "FAIL\xff\xff\xff\xff", false, ErrMalformed},
		{"FAIL without its text", recordedRecvDir[:20], false, io.ErrUnexpectedEOF},
		{"FAIL without its length", "FAIL", false, io.ErrUnexpectedEOF},
	}
	for _, tt := range tests {
		err := error(nil)
		for r := strings.NewReader(tt.bytes); err == nil; {
			_, _, err = ReadDent(r, tt.v2)
		}
		if !errors.Is(err, tt.is) {
			t.Errorf("%s: %v, want %v", tt.name, err, tt.is)
		}
	}
}

func TestSyncRequests(t *testing.T) {
	t.Parallel()
	path := strings.Repeat("p", MaxSyncPath)
	b, err := AppendSyncRequest([]byte("before"), IDRecvV1, path)
	if want := "beforeRECV\x00\x04\x00\x00" + path; string(b) != want || err != nil {
		t.Errorf("request of the longest path = %.20q…, %v", b, err)
	}
	b, err = AppendSyncRequest([]byte("before"), IDRecvV1, path+"p")
	if string(b) != "before" || !errors.Is(err, ErrMalformed) {
		t.Errorf("request of a path too long = %.20q…, %v, want the input and ErrMalformed", b, err)
	}
	if got, want := string(AppendSendV2(nil, 0o100640, SyncFlagZstd)), "SND2\xa0\x81\x00\x00\x04\x00\x00\x00"; got != want {
		t.Errorf("AppendSendV2 = %q, want %q", got, want)
	}
}

func TestSyncHeader(t *testing.T) {
	t.Parallel()
	r := overSlowLine(recordedRecv)
	id, n, err := ReadSyncHeader(r)
	if id != IDData || n != 6 || err != nil {
		t.Fatalf("header %q %d, %v", id, n, err)
	}
	io.CopyN(io.Discard, r, int64(n))
	if id, n, err = ReadSyncHeader(r); id != IDDone || n != 0 || err != nil {
		t.Errorf("header %q %d, %v, want DONE 0", id, n, err)
	}
	if _, _, err = ReadSyncHeader(r); err != io.EOF {
		t.Errorf("header at the end: %v, want io.EOF", err)
	}
	if _, _, err = ReadSyncHeader(strings.NewReader("DATA\x00")); err != io.ErrUnexpectedEOF {
		t.Errorf("half a header: %v, want io.ErrUnexpectedEOF", err)
	}
	if id, n := DecodeSyncHeader([]byte(recordedRecvDir)); id != IDFail || n != 27 {
		t.Errorf("DecodeSyncHeader = %q %d, want FAIL 27", id, n)
	}
}

func FuzzReadDent(f *testing.F) {
	f.Add([]byte(recordedList), false)
	f.Add([]byte(recordedList2), true)
	f.Add([]byte(recordedRecvMissing), true)
	f.Fuzz(func(t *testing.T, b []byte, v2 bool) {
		d, done, err := ReadDent(bytes.NewReader(b), v2)
		if err != nil || done {
			return
		}
		again := AppendDentV1(nil, d)
		if v2 {
			again = AppendDentV2(nil, d)
		}
		if !bytes.HasPrefix(b, again) {
			t.Errorf("%q was read as %+v, which is %q", b, d, again)
		}
	})
}

func FuzzReadStat(f *testing.F) {
	f.Add([]byte(recordedStat)[4:])
	f.Add([]byte(recordedLstat2)[4:])
	f.Fuzz(func(t *testing.T, b []byte) {
		if s, err := ReadStatV1(bytes.NewReader(b)); err == nil && !bytes.HasPrefix(b, AppendStatV1(nil, s)[4:]) {
			t.Errorf("version 1: %q was read as %+v", b, s)
		}
		if s, err := ReadStatV2(bytes.NewReader(b)); err == nil && !bytes.HasPrefix(b, AppendStatV2(nil, IDStatV2, s)[4:]) {
			t.Errorf("version 2: %q was read as %+v", b, s)
		}
	})
}

func FuzzReadSync(f *testing.F) {
	f.Add([]byte(recordedRecv))
	f.Add([]byte(recordedRecvDir))
	f.Fuzz(func(t *testing.T, b []byte) {
		r := bytes.NewReader(b)
		id, n, err := ReadSyncHeader(r)
		if err != nil {
			return
		}
		if again := AppendSyncHeader(nil, id, n); !bytes.HasPrefix(b, again) {
			t.Errorf("%q was read as %q", b, again)
		}
		text, err := ReadSyncFail(r, n)
		if err == nil && (len(text) != int(n) || len(text) > maxSyncText) {
			t.Errorf("text of %d bytes, announced %d", len(text), n)
		}
	})
}
