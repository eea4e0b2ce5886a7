package bugreport

import (
	"archive/zip"
	"bytes"
	"errors"
	"fmt"
	"strings"
	"testing"

	"preship/adb"
	"preship/adb/adbtest"
	"preship/adb/handset"
	"preship/report/safefile"
)

const file = "/data/user_de/0/com.android.shell/files/bugreports/bugreport-mojito-TKQ1-2026-11-22-14-03-05.zip"

func TestFollow(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name, in, path string
		steps          string
		err            error
	}{
		{"whole", "BEGIN:" + file + "\nPROGRESS:10/100\nPROGRESS:60/100\nOK:" + file + "\n", file, "10/100 60/100 ", nil},
		{"without the last line break", "OK:" + file, file, "", nil},
		{"carriage returns", "OK:" + file + "\r\n", file, "", nil},
		{"the older folder", "OK:/bugreports/bugreport-2026.zip\n", "/bugreports/bugreport-2026.zip", "", nil},
		{"progress that is none", "PROGRESS:x/100\nPROGRESS:-1/5\nPROGRESS:7/5\nPROGRESS:1/0\nPROGRESS:99999999999999999999/5\nOK:" + file, file, "", nil},
		{"failed", "BEGIN:" + file + "\nFAIL:could not \x1b[2Jlink\n", file, "", ErrFailed},
		{"ended early", "BEGIN:" + file + "\nPROGRESS:10/100\n", file, "10/100 ", ErrForeign},
		{"empty", "", "", "", ErrForeign},
		{"another file", "OK:/sdcard/DCIM/bugreport-1.zip\n", "", "", ErrForeign},
		{"a way out", "OK:/bugreports/../sdcard/bugreport-1.zip\n", "", "", ErrForeign},
		{"a way out in the name", "OK:/bugreports/bugreport-/../../x.zip\n", "", "", ErrForeign},
		{"a command", "OK:/bugreports/bugreport-$(reboot).zip\n", "", "", ErrForeign},
		{"another command's answer", "usage: bugreportz [-h | -v]\n", "", "", ErrForeign},
		{"a line without an end", strings.Repeat("x", 5000), "", "", ErrForeign},
		{"lines without an end", strings.Repeat("PROGRESS:1/2\n", maxLines+1), "", strings.Repeat("1/2 ", maxLines), ErrForeign},
	} {
		var steps strings.Builder
		path, err := follow(strings.NewReader(tt.in), func(p Progress) { fmt.Fprintf(&steps, "%d/%d ", p.Done, p.Total) })
		if path != tt.path || steps.String() != tt.steps || !errors.Is(err, tt.err) {
			t.Errorf("%s: %q, %.40q, %v", tt.name, path, steps.String(), err)
		}
		if err != nil && strings.ContainsAny(err.Error(), "\x1b") {
			t.Errorf("%s: the error repeats what it was given: %q", tt.name, err)
		}
	}
}

func FuzzFollow(f *testing.F) {
	f.Add("BEGIN:" + file + "\nPROGRESS:10/100\nOK:" + file + "\n")
	f.Add("FAIL:x")
	f.Fuzz(func(t *testing.T, in string) {
		path, err := follow(strings.NewReader(in), func(p Progress) {
			if p.Done < 0 || p.Done > p.Total {
				t.Errorf("progress %+v", p)
			}
		})
		if path != "" && !handset.BugreportPath().MatchString(path) || path == "" && err == nil {
			t.Errorf("%q, %v", path, err)
		}
	})
}

func TestZipWriter(t *testing.T) {
	t.Parallel()
	for _, parts := range [][]string{{"GIF89a"}, {"P", "X"}, {"PK\x03\x05"}} {
		z, err := &zipWriter{to: new(bytes.Buffer)}, error(nil)
		for _, p := range parts {
			_, err = z.Write([]byte(p))
		}
		if !errors.Is(err, ErrForeign) {
			t.Errorf("%q: %v", parts, err)
		}
	}
	z := &zipWriter{to: new(bytes.Buffer), start: []byte(zipStart), size: MaxSize}
	if _, err := z.Write([]byte("x")); !errors.Is(err, safefile.ErrTooLarge) {
		t.Errorf("past the limit: %v", err)
	}
}

// An emulated handset writes a ZIP file that others read, and the file is gone after it is
// removed. One without bugreportz says so.
func TestEmulated(t *testing.T) {
	t.Parallel()
	dev := device(t, "redmi-note-10")
	var steps []Progress
	path, answer, err := Write(t.Context(), dev, func(p Progress) { steps = append(steps, p) })
	if err != nil || !bytes.HasPrefix(answer, []byte("BEGIN:")) || len(steps) < 2 || steps[len(steps)-1].Done != steps[0].Total {
		t.Fatalf("%q, %v, %v", answer, steps, err)
	}
	var got bytes.Buffer
	size, err := Fetch(t.Context(), dev, path, &got)
	if err != nil || size != int64(got.Len()) {
		t.Fatalf("%d of %d bytes, %v", size, got.Len(), err)
	}
	z, err := zip.NewReader(bytes.NewReader(got.Bytes()), size)
	if err != nil || len(z.File) < 3 {
		t.Fatalf("%v, %v", z, err)
	}
	if _, err := dev.Shell(t.Context(), handset.RemoveBugreport.Must(path).String(), nil); err != nil {
		t.Fatal(err)
	}
	if size, err := Fetch(t.Context(), dev, path, &got); err == nil || size > 0 {
		t.Errorf("it is still there: %d bytes, %v", size, err)
	}
	old := device(t, "nubia-z17-mini-miui")
	if _, _, err := Write(t.Context(), old, func(Progress) {}); !errors.Is(err, ErrFailed) || !strings.Contains(err.Error(), "not found") {
		t.Errorf("without bugreportz: %v", err)
	}
}

func device(t *testing.T, profile string) *adb.Device {
	t.Helper()
	p, err := adbtest.Load(profile)
	if err != nil {
		t.Fatal(err)
	}
	h := adbtest.New(p)
	s, err := adbtest.NewServer("127.0.0.1:0", h)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() })
	c, err := adb.New(adb.Options{Addr: s.Addr()})
	if err != nil {
		t.Fatal(err)
	}
	return c.Device(h.Serial())
}
