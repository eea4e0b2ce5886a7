package disk

import (
	"encoding/hex"
	"fmt"
	"path"
	"strings"
	"testing"
	"unicode/utf8"

	"golang.org/x/text/cases"
	"golang.org/x/text/unicode/norm"
)

func TestComponent(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct{ name, want string }{
		{"plain.txt", "plain.txt"},
		{"a:b", "a%3Ab"},
		{`<>"|?*\`, "%3C%3E%22%7C%3F%2A%5C"},
		{"100%", "100%25"},
		{"tab\t", "tab%09"},
		{"dot.", "dot%2E"},
		{"space ", "space%20"},
		{"...", "..%2E"},
		{"CON", "%43ON"},
		{"con.tar.gz", "%63on.tar.gz"},
		{"nul ", "%6Eul%20"},
		{"COM1.txt", "%43OM1.txt"},
		{"com¹", "%63om¹"},
		{"COM10", "COM10"},
		{"CONSOLE", "CONSOLE"},
		{"bad\xff", "bad%FF"},
		{"日本語", "日本語"},
	} {
		if got := Strict().component(tt.name); got != tt.want {
			t.Errorf("component(%q) = %q, want %q", tt.name, got, tt.want)
		}
		if got := newNaming(Rules{}).component(tt.name); got != tt.name {
			t.Errorf("on Linux component(%q) = %q, want it unchanged", tt.name, got)
		}
	}
}

func TestComponentTooLong(t *testing.T) {
	t.Parallel()
	seen := map[string]bool{}
	for _, name := range []string{
		strings.Repeat("a", 256), strings.Repeat("a", 257), strings.Repeat("日", 200), strings.Repeat("日", 201),
		strings.Repeat(":", 255), strings.Repeat("?", 255),
	} {
		got := Strict().component(name)
		if len(got) > maxComponent || !utf8.ValidString(got) || seen[got] {
			t.Errorf("component of %d bytes %q… = %q (%d bytes)", len(name), name[:6], got, len(got))
		}
		seen[got] = true
	}
}

func TestAssignKeepsNamesApart(t *testing.T) {
	t.Parallel()
	n := Strict()
	names := []string{"Photo.jpg", "photo.jpg", "PHOTO.JPG", "pHOTO.jpg", "é", "e\u0301", "É", "%70hoto.jpg", "straße", "STRASSE"}
	keys := map[string]string{}
	for _, name := range names {
		host := n.Assign("d", name, "/x/"+name, true)
		if other, clash := keys[n.Folded(host)]; clash {
			t.Errorf("%q and %q lie at one place %q", name, other, host)
		}
		keys[n.Folded(host)] = name
		if back, ok := unescape(path.Base(host)); !ok || back != name {
			t.Errorf("%q is stored at %q, which reads back as %q", name, host, back)
		}
	}
}

// TestHoldSurvivesAnotherOrder: what an earlier run put somewhere stays there.
func TestHoldSurvivesAnotherOrder(t *testing.T) {
	t.Parallel()
	first := Strict()
	a, b := first.Assign("d", "Photo", "/Photo", true), first.Assign("d", "photo", "/photo", true)
	second := Strict()
	second.Hold("/Photo", a)
	second.Hold("/photo", b)
	second.Hold("/gone", "d/new")
	if got := second.Assign("d", "photo", "/photo", true); got != b {
		t.Errorf("photo moved from %q to %q", b, got)
	}
	if got := second.Assign("d", "Photo", "/Photo", true); got != a {
		t.Errorf("Photo moved from %q to %q", a, got)
	}
	if got := second.Assign("d", "New", "/New", true); second.Folded(got) == second.Folded("d/new") {
		t.Errorf("New took the place of a file of an earlier run: %q", got)
	}
}

func TestAssignEndsOnManyAlike(t *testing.T) {
	t.Parallel()
	n := Strict()
	seen := map[string]bool{}
	for i := range 1 << 10 {
		name := []byte("abcdefghijklmnopqrst")
		for bit := range 10 {
			if i>>bit&1 == 1 {
				name[10+bit] -= 'a' - 'A'
			}
		}
		host := n.Folded(n.Assign("d", string(name), "/"+string(name), true))
		if seen[host] {
			t.Fatalf("%q is stored where another is: %q", name, host)
		}
		seen[host] = true
	}
}

func FuzzComponent(f *testing.F) {
	for _, s := range []string{"a:b", "CON.txt", "x. ", "bad\xff%41", "é", strings.Repeat(":", 200), "%"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, name string) {
		if name == "" || name == "." || name == ".." || strings.ContainsAny(name, "/\x00") {
			t.Skip()
		}
		got := Strict().component(name)
		if len(got) > maxComponent || !utf8.ValidString(got) || strings.ContainsAny(got, `<>:"|?*\`) || isDeviceName(got) {
			t.Fatalf("component(%q) = %q", name, got)
		}
		if last := got[len(got)-1]; last == '.' || last == ' ' {
			t.Fatalf("component(%q) = %q ends badly", name, got)
		}
		if back, ok := unescape(got); ok && back != name {
			t.Fatalf("component(%q) = %q reads back as %q", name, got, back)
		}
		if key := cases.Fold().String(norm.NFC.String(got)); key == "" {
			t.Fatalf("component(%q) has no key", name)
		}
	})
}

// unescape undoes component: it is how a person, or another program, finds the
// handset's name without the manifest. ok is false for a shortened name.
func unescape(s string) (name string, ok bool) {
	var b strings.Builder
	for i := 0; i < len(s); i++ {
		if s[i] != '%' {
			b.WriteByte(s[i])
			continue
		}
		if i+2 >= len(s) {
			return "", false
		}
		c, err := hex.DecodeString(s[i+1 : i+3])
		if err != nil {
			return "", false
		}
		b.Write(c)
		i += 2
	}
	return b.String(), true
}

func TestProbeOfThisDisk(t *testing.T) {
	t.Parallel()
	r := testRoot(t)
	s, err := OpenStore(r, nil)
	if err != nil {
		t.Fatal(err)
	}
	n, err := s.Naming(false)
	if err != nil {
		t.Fatal(err)
	}
	// What TryNames found holds for the disk: names that it calls different are different.
	for i, name := range []string{"Case", "case", "caf\u00e9", "cafe\u0301", "a:b", "c?", "dot.", "bad\xff"} {
		host := n.Assign("backup", name, "/"+name, true)
		f, err := CreatePart(r, host)
		if err != nil {
			t.Errorf("%d: %q as %q: %v", i, name, host, err)
			continue
		}
		if err := f.Close(); err != nil {
			t.Error(err)
		}
	}
	if err := s.Close(); err != nil {
		t.Error(err)
	}
	fmt.Fprintf(t.Output(), "%+v\n", n.rules)
}
