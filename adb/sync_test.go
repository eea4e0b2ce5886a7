package adb

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net"
	"strings"
	"testing"
	"time"

	"preship/adb/internal/wire"
)

const (
	featuresV1 = "cmd"
	featuresV2 = "shell_v2,cmd,stat_v2,ls_v2,sendrecv_v2"
)

// syncService answers each sync request by answer, which returns the bytes to
// send and whether the service continues.
func syncService(answer func(id wire.ID, path string) ([]byte, bool)) func(net.Conn, string) {
	return func(c net.Conn, _ string) {
		r := bufio.NewReader(c)
		for {
			id, n, err := wire.ReadSyncHeader(r)
			if err != nil || n > wire.MaxSyncPath {
				return
			}
			path := make([]byte, n)
			if _, err := io.ReadFull(r, path); err != nil {
				return
			}
			b, more := answer(id, string(path))
			if _, err := c.Write(b); err != nil || !more {
				return
			}
		}
	}
}

func syncFail(text string) []byte {
	return append(wire.AppendSyncHeader(nil, wire.IDFail, uint32(len(text))), text...)
}

// statTree answers stats of a few files, as Android's daemon does.
func statTree(id wire.ID, path string) ([]byte, bool) {
	file := wire.Stat{Dev: 65024, Ino: 77, Mode: 0o100664, NLink: 1, UID: 1000, GID: 1015, Size: 5 << 32, MTime: 1700000000}
	switch {
	case strings.HasPrefix(path, "/file"):
	case path == "/link" && id != wire.IDStatV2:
		file = wire.Stat{Mode: 0o120777, MTime: 1}
	case path == "/link":
	case path == "/denied":
		file = wire.Stat{Errno: wire.ErrnoEACCES}
	case path == "/fail":
		return syncFail("something odd"), false
	case path == "/wrong":
		return wire.AppendSyncHeader(nil, wire.IDOkay, 0), true
	default:
		file = wire.Stat{Errno: wire.ErrnoENOENT}
	}
	if id == wire.IDLstatV1 {
		if file.Errno != 0 {
			file = wire.Stat{}
		}
		return wire.AppendStatV1(nil, file), true
	}
	return wire.AppendStatV2(nil, id, file), true
}

func openSync(t testing.TB, features string, service func(net.Conn, string)) *Sync {
	t.Helper()
	s := newScriptedServer(t)
	s.Features, s.Service = features, service
	sync, err := s.device(t).Sync(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { sync.Close() })
	return sync
}

func TestLstat(t *testing.T) {
	t.Parallel()
	v2 := FileInfo{Mode: 0o100664, Size: 5 << 32, SizeExact: true, MTime: time.Unix(1700000000, 0), Dev: 65024, Ino: 77, NLink: 1, UID: 1000, GID: 1015}
	v1 := FileInfo{Mode: 0o100664, MTime: time.Unix(1700000000, 0)} // 5 << 32 modulo 2^32
	long := "/" + strings.Repeat("x", wire.MaxSyncPath)
	tests := []struct {
		features, path string
		want           FileInfo
		is             error
		ends           bool
	}{
		{features: featuresV2, path: "/file", want: v2},
		{features: featuresV2, path: "/link", want: FileInfo{Mode: 0o120777, SizeExact: true, MTime: time.Unix(1, 0)}},
		{features: featuresV2, path: "/missing", is: fs.ErrNotExist},
		{features: featuresV2, path: "/denied", is: fs.ErrPermission},
		{features: featuresV2, path: long, is: &SyncError{Op: "stat", Path: long, Errno: wire.ErrnoENAMETOOLONG}},
		{features: featuresV2, path: "/wrong", is: ErrProtocol, ends: true},
		{features: featuresV2, path: "/fail", is: &SyncError{Op: "stat", Path: "/fail", Message: "something odd"}, ends: true},
		{features: featuresV1, path: "/file", want: v1},
		{features: featuresV1, path: "/missing", is: fs.ErrNotExist},
		{features: featuresV1, path: "/denied", is: &SyncError{Op: "stat", Path: "/denied", Message: "missing, or not to be seen", Errno: wire.ErrnoENOENT, Unsure: true}},
	}
	for _, tt := range tests {
		s := openSync(t, tt.features, syncService(statTree))
		got, err := s.Lstat(tt.path)
		if got != tt.want || !sameError(err, tt.is) {
			t.Errorf("%s: Lstat(%.20q) = %+v, %v, want %+v, %v", tt.features, tt.path, got, err, tt.want, tt.is)
		}
		if _, err := s.Lstat("/file"); (err != nil) != tt.ends {
			t.Errorf("%s: after Lstat(%.20q) the stream says %v", tt.features, tt.path, err)
		}
	}
}

// sameError compares *SyncErrors by value and others by errors.Is.
func sameError(err, want error) bool {
	var got, as *SyncError
	if errors.As(want, &as) {
		return errors.As(err, &got) && *got == *as
	}
	return errors.Is(err, want)
}

func TestStat(t *testing.T) {
	t.Parallel()
	s := openSync(t, featuresV2, syncService(statTree))
	if fi, err := s.Stat("/link"); err != nil || !fi.IsRegular() {
		t.Errorf("Stat of a link = %+v, %v, want the file behind it", fi, err)
	}
	s = openSync(t, featuresV1, syncService(statTree))
	if _, err := s.Stat("/link"); !errors.Is(err, errors.ErrUnsupported) {
		t.Errorf("Stat of a link without stat_v2: %v, want ErrUnsupported", err)
	}
	if fi, err := s.Stat("/file"); err != nil || !fi.IsRegular() {
		t.Errorf("Stat of a file without stat_v2 = %+v, %v", fi, err)
	}
	if _, err := s.Stat("/missing"); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("Stat of a missing file without stat_v2: %v, want fs.ErrNotExist", err)
	}
}

func TestLstatAll(t *testing.T) {
	t.Parallel()
	long := strings.Repeat("x", wire.MaxSyncPath+1)
	var paths []string
	for i := range 3*statBatch + 7 {
		paths = append(paths, fmt.Sprintf("/file%d", i))
	}
	paths[3], paths[statBatch], paths[statBatch+1] = "/missing", long, "/denied"
	for _, features := range []string{featuresV1, featuresV2} {
		s := openSync(t, features, syncService(statTree))
		next, failed, missing := 0, map[int]bool{}, false
		err := s.LstatAll(paths, func(i int, fi FileInfo, err error) error {
			if i != next {
				t.Fatalf("answer %d came when %d was due", i, next)
			}
			next++
			failed[i] = err != nil
			missing = missing || i == 3 && errors.Is(err, fs.ErrNotExist)
			return nil
		})
		if !missing {
			t.Errorf("%s: a missing file is not fs.ErrNotExist", features)
		}
		if err != nil || next != len(paths) {
			t.Errorf("%s: %d answers of %d, %v", features, next, len(paths), err)
		}
		for i := range paths {
			if want := i == 3 || i == statBatch || i == statBatch+1; failed[i] != want {
				t.Errorf("%s: answer %d failed: %v, want %v", features, i, failed[i], want)
			}
		}
		if _, err := s.Lstat("/file"); err != nil {
			t.Errorf("%s: stream afterwards: %v", features, err)
		}
	}
}

func TestLstatAllEndsEarly(t *testing.T) {
	t.Parallel()
	paths := make([]string, 1000)
	for i := range paths {
		paths[i] = "/file"
	}
	s := openSync(t, featuresV2, syncService(statTree))
	enough := errors.New("enough")
	if err := s.LstatAll(paths, func(i int, _ FileInfo, _ error) error { return enough }); err != enough {
		t.Errorf("LstatAll: %v, want the function's error", err)
	}
	if err := s.LstatAll(paths[:1], nil); !errors.Is(err, ErrClosed) {
		t.Errorf("LstatAll on a stream left in the middle: %v, want ErrClosed", err)
	}
	paths[500] = "/fail"
	s = openSync(t, featuresV2, syncService(statTree))
	answers := 0
	err := s.LstatAll(paths, func(int, FileInfo, error) error { answers++; return nil })
	if !sameError(err, &SyncError{Op: "stat", Path: "/fail", Message: "something odd"}) || answers != 500 {
		t.Errorf("LstatAll: %v after %d answers, want the refusal after 500", err, answers)
	}
}

// listing is the answer to LIST or LIS2 of these entries.
func listing(v2 bool, dents ...wire.Dent) []byte {
	var b []byte
	for _, d := range dents {
		if v2 {
			b = wire.AppendDentV2(b, d)
		} else {
			b = wire.AppendDentV1(b, d)
		}
	}
	return wire.AppendListDone(b, v2)
}

func dent(name string, mode uint32) wire.Dent {
	return wire.Dent{Name: name, Stat: wire.Stat{Mode: mode, Size: 3, MTime: 9}}
}

func TestList(t *testing.T) {
	t.Parallel()
	for _, v2 := range []bool{false, true} {
		features, id := featuresV1, wire.IDListV1
		if v2 {
			features, id = featuresV2, wire.IDListV2
		}
		denied := wire.Dent{Name: "denied", Stat: wire.Stat{Errno: wire.ErrnoEACCES}}
		dents := []wire.Dent{dent(".", 0o40755), dent("..", 0o40755), dent("a\nb\xff", 0o100644)}
		if v2 {
			dents = append(dents, denied)
		}
		s := openSync(t, features, syncService(func(got wire.ID, path string) ([]byte, bool) {
			if got != id || path != "/sdcard/" {
				return syncFail("asked " + got.String() + path), false
			}
			return listing(v2, dents...), true
		}))
		for range 2 { // the end of a listing must leave the stream in step
			entries, err := s.List("/sdcard/")
			if err != nil || len(entries) != len(dents)-2 {
				t.Fatalf("v2 %v: List = %+v, %v", v2, entries, err)
			}
			if e := entries[0]; e.Name != "a\nb\xff" || e.Err != nil || !e.Info.IsRegular() || e.Info.Size != 3 || e.Info.SizeExact != v2 {
				t.Errorf("v2 %v: first entry %+v", v2, e)
			}
			if v2 && !sameError(entries[1].Err, &SyncError{Op: "stat", Path: "/sdcard/denied", Errno: wire.ErrnoEACCES}) {
				t.Errorf("entry without permission: %+v", entries[1])
			}
		}
	}
}

func TestListRefusesNames(t *testing.T) {
	t.Parallel()
	for _, name := range []string{"../up", "a/b", "/", "nul\x00"} {
		s := openSync(t, featuresV2, syncService(func(wire.ID, string) ([]byte, bool) {
			return listing(true, dent("good", 0o100644), dent(name, 0o100644)), true
		}))
		if entries, err := s.List("/"); !errors.Is(err, ErrProtocol) || entries != nil {
			t.Errorf("List with the name %q = %v, %v, want ErrProtocol", name, entries, err)
		}
	}
}

func TestDeviceListDoubtsSilence(t *testing.T) {
	t.Parallel()
	stats := map[string]wire.Stat{
		"/empty": {Mode: 0o40755}, "/unreadable": {Mode: 0o40700}, "/file": {Mode: 0o100644}, "/hidden": {Errno: wire.ErrnoEACCES},
	}
	s := newScriptedServer(t)
	s.Service = syncService(func(id wire.ID, path string) ([]byte, bool) {
		switch {
		case id == wire.IDListV2 && path == "/empty":
			return listing(true, dent(".", 0o40755), dent("..", 0o40755)), true
		case id == wire.IDListV2:
			return listing(true), true
		}
		st, ok := stats[path]
		if !ok {
			st.Errno = wire.ErrnoENOENT
		}
		return wire.AppendStatV2(nil, id, st), true
	})
	tests := []struct {
		dir string
		is  error
	}{
		{"/empty", nil},
		{"/unreadable", fs.ErrPermission},
		{"/hidden", fs.ErrPermission},
		{"/missing", fs.ErrNotExist},
		{"/file", &SyncError{Op: "list", Path: "/file", Errno: wire.ErrnoENOTDIR}},
	}
	for _, tt := range tests {
		entries, err := s.device(t).List(t.Context(), tt.dir)
		if len(entries) != 0 || !sameError(err, tt.is) {
			t.Errorf("List(%q) = %v, %v, want %v", tt.dir, entries, err, tt.is)
		}
	}
}
