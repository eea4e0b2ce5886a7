package listing

import (
	"bytes"
	"path"
	"strings"
	"testing"

	"preship/backup/manifest"
)

func TestBelow(t *testing.T) {
	t.Parallel()
	for name, want := range map[string]bool{
		"/s": true, "/s/a": true, "/s/a/..b": true, "/s/...": true, "/s/a\nb/\xff": true,
		"": false, "/": false, "/sa": false, "/t": false, "s/a": false, "/s/": false, "/s//a": false,
		"/s/../etc": false, "/s/a/..": false, "/s/./a": false, "/s/" + strings.Repeat("a", manifest.MaxPath): false,
	} {
		if got := below([]byte(name), "/s"); got != want {
			t.Errorf("below(%.20q) = %v, want %v", name, got, want)
		}
	}
}

func TestReadNames(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name, out, want string // want joined by "|"
		odd             int
		fails           bool
	}{
		{"all", "/s\x00/s/a\x00/s/new\nline\x00", "/s|/s/a|/s/new\nline", 0, false},
		{"none", "", "", 0, false},
		{"outside", "/s\x00/etc/passwd\x00/s/../x\x00\x00/s/b\x00", "/s|/s/b", 3, false},
		{"cut short", "/s\x00/s/a", "/s", 0, true},
		{"endless name", "/s\x00" + strings.Repeat("x", 3*manifest.MaxPath), "/s", 0, true},
	} {
		var got []string
		odd, err := readNames(strings.NewReader(tt.out), "/s", func(name []byte) error {
			got = append(got, string(name))
			return nil
		})
		if s := strings.Join(got, "|"); s != tt.want || odd != tt.odd || (err != nil) != tt.fails {
			t.Errorf("%s: names %q, %d odd, error %v", tt.name, s, odd, err)
		}
	}
}

func FuzzReadNames(f *testing.F) {
	f.Add([]byte("/s\x00/s/sub dir\x00/s/bad\xffutf8\x00/s/new\nline.txt\x00/s/-dash\x00"))
	f.Add([]byte("/s/../../etc\x00"))
	f.Fuzz(func(t *testing.T, out []byte) {
		_, err := readNames(bytes.NewReader(out), "/s", func(name []byte) error {
			if c := path.Clean(string(name)); c != string(name) || c != "/s" && !strings.HasPrefix(c, "/s/") {
				t.Fatalf("took %q", name)
			}
			return nil
		})
		if whole := len(out) == 0 || out[len(out)-1] == 0; whole && len(out) <= manifest.MaxPath && err != nil || !whole && err == nil {
			t.Fatalf("%q: error %v", out, err)
		}
	})
}
