package listing

import (
	"strings"
	"testing"

	"preship/adb/handset/dump"
	"preship/backup/manifest"
)

func TestRootsOfVolumes(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		volumes string
		roots   string
		notes   int
	}{
		{"private mounted null\nemulated;0 mounted null\n", "/storage/emulated/0", 0},
		{"private mounted null\nemulated mounted null\n", "/storage/emulated/0", 0}, // Android 10
		{"private mounted null\nemulated;0 mounted null\npublic:179,65 mounted 6132-3A29\n", "/storage/emulated/0 /storage/6132-3A29", 0},
		{"private mounted null\nemulated;0 mounted null\nemulated;999 mounted null\nemulated;10 unmounted null\n", "/storage/emulated/0 /storage/emulated/999 /storage/emulated/10", 0},
		{"private mounted null\nemulated;0 mounted null\npublic:8,1 unmountable null\n", "/storage/emulated/0", 1},
		{"private mounted null\nemulated;0 mounted null\npublic:8,1 removed null\n", "/storage/emulated/0", 0},
	} {
		volumes, err := dump.ParseVolumes([]byte(tt.volumes))
		if err != nil {
			t.Fatal(err)
		}
		f := &finder{roots: []Storage{{Root: manifest.Root{Path: manifest.OwnerRoot}}}}
		f.addVolumes(volumes)
		var paths []string
		for _, r := range f.roots {
			paths = append(paths, r.Path)
		}
		if got := strings.Join(paths, " "); got != tt.roots || len(f.doubts) != tt.notes {
			t.Errorf("%q: roots %q and notes %q", tt.volumes, got, f.doubts)
		}
	}
}

func TestEmulatedUser(t *testing.T) {
	t.Parallel()
	for id, want := range map[string]string{
		"emulated;0": "0", "emulated": "0", "emulated:179,66;10": "10", "emulated;../0": "", "emulated;": "", "public:1,2": "",
	} {
		if got, ok := emulatedUser(id); ok != (want != "") || ok && got != want {
			t.Errorf("emulatedUser(%q) = %q, %v, want %q", id, got, ok, want)
		}
	}
}
