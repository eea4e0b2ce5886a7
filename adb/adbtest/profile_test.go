package adbtest

import (
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"preship/adb/adbtest/profile"
)

func TestShippedProfiles(t *testing.T) {
	t.Parallel()
	names := Profiles()
	for _, want := range []string{"redmi-note-10", "redmi-8a", "redmi-k60", "android-emulator"} {
		if !slices.Contains(names, want) {
			t.Errorf("there is no profile %s", want)
		}
	}
	for _, name := range names {
		h := shipped(t, name)
		if h.Serial() == "" || h.state.Profile.Title == "" || len(h.state.Profile.Features) == 0 {
			t.Errorf("%s: serial %q, title %q, %d features", name, h.Serial(), h.state.Profile.Title, len(h.state.Profile.Features))
		}
		if got := h.state.Prop("ro.preship.emulated"); got != "1" {
			t.Errorf("%s: ro.preship.emulated is %q", name, got)
		}
		if got := h.state.Prop("ro.build.fingerprint"); got == "" {
			t.Errorf("%s: no fingerprint", name)
		}
		if got := sh(t, h, "find /sdcard/ -type f | wc -l"); len(got.stdout) < 3 {
			t.Errorf("%s: %v files on shared storage", name, got)
		}
	}
}

// Everything on the storage of the profile that the demo uses can be read.
func TestDemoProfileIsReadable(t *testing.T) {
	t.Parallel()
	h := shipped(t, "redmi-note-10")
	if got := sh(t, h, "find /sdcard/ -print0 >/dev/null; find /sdcard/ -type f -print0 | xargs -0 cat >/dev/null"); got != (answer{}) {
		t.Errorf("got %v, want silence", got)
	}
	if got := sh(t, h, "du -s /sdcard/"); len(got.stdout) > len("8192\t/sdcard/\n") {
		t.Errorf("more than 8 MiB: %s", got.stdout)
	}
}

// Each profile says where its facts come from.
func TestProfilesNameTheirSources(t *testing.T) {
	t.Parallel()
	files, err := filepath.Glob("../../testdata/handsets/*.txtar")
	if err != nil || len(files) != len(Profiles()) {
		t.Fatalf("%d files, %v", len(files), err)
	}
	for _, name := range files {
		b, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		if !strings.HasPrefix(string(b), "-- handset.txt --\n# Source") {
			t.Errorf("%s does not begin with its source", name)
		}
	}
}

func FuzzParseProfile(f *testing.F) {
	files, err := filepath.Glob("../../testdata/handsets/*.txtar")
	if err != nil || len(files) == 0 {
		f.Fatalf("%d profiles, %v", len(files), err)
	}
	for _, name := range files {
		b, err := os.ReadFile(name)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(b)
	}
	f.Fuzz(func(t *testing.T, b []byte) {
		p, err := Parse("fuzz", b)
		if err != nil {
			if p != nil || !errors.Is(err, profile.ErrInvalid) {
				t.Errorf("%v, %v", p, err)
			}
			return
		}
		h := New(p)
		defer h.Close()
		if got := h.state.Prop("ro.preship.emulated"); got != "1" {
			t.Errorf("ro.preship.emulated is %q", got)
		}
		h.state.FactoryReset(false)
	})
}
