package disk

import (
	"strings"
	"testing"

	"preship/backup/manifest"
)

func TestSealedName(t *testing.T) {
	t.Parallel()
	y := strings.Repeat("y", 300)
	for _, tt := range []struct{ name, file, folder string }{
		{"a", "a.age", "a"},
		{"a.age", "a.age.age", "a.age.dir"},
		{"a.AGE", "a.AGE.age", "a.AGE.dir"},
		{"a.age.dir", "a.age.dir.age", "a.age.dir.dir"},
		{"a.dir", "a.dir.age", "a.dir"},
		{"a.agent", "a.agent.age", "a.agent"},
		{y[:251], y[:251] + ".age", y[:251]},
	} {
		for file, want := range map[bool]string{true: tt.file, false: tt.folder} {
			if got := encryptedName(tt.name, tt.name, file); got != want {
				t.Errorf("%.20q, file %v: %q, want %q", tt.name, file, got, want)
			}
		}
	}
	// Too long, or as if it had been.
	cut := encryptedName(y[:252], y[:252], true)
	if len(cut) != 255 || !strings.HasPrefix(cut, y[:217]+"%~") || !strings.HasSuffix(cut, ".age") {
		t.Errorf("252 bytes become %q", cut)
	}
	if like := strings.TrimSuffix(cut, ".age"); encryptedName(like, like, true) == cut {
		t.Errorf("a file called %q is stored where another is", like)
	}
}

// plainName returns the name that encryptedName made s of, if s alone shows it.
func plainName(s string, file bool) string {
	if file {
		return strings.TrimSuffix(s, manifest.EncryptedExt)
	}
	if strings.HasSuffix(s, ".dir") && encryptedFolder.MatchString(s) {
		return strings.TrimSuffix(s, ".dir")
	}
	return s
}

// FuzzEncryptedName: no two names of a folder become equal, no name is too long, and each
// can be converted back.
func FuzzEncryptedName(f *testing.F) {
	f.Add("a", "a.age", true, false)
	f.Add("a.age", "a.age.dir", false, false)
	f.Add(strings.Repeat("x", 255), strings.Repeat("x", 254), true, true)
	f.Add("x%~0123456789abcdef0123456789abcdef", strings.Repeat("x", 255), true, true)
	f.Fuzz(func(t *testing.T, a, b string, fileA, fileB bool) {
		for _, name := range []string{a, b} {
			if name == "" || len(name) > maxComponent || strings.ContainsAny(name, "/\x00") {
				t.Skip()
			}
		}
		x, y := encryptedName(a, a, fileA), encryptedName(b, b, fileB)
		if a != b && x == y || a == b && fileA != fileB && strings.EqualFold(x, y) {
			t.Errorf("%q and %q are both %q", a, b, x)
		}
		if len(x) > maxComponent {
			t.Errorf("%q has %d bytes", x, len(x))
		}
		if back := plainName(x, fileA); back != a && !cutEnd.MatchString(back) {
			t.Errorf("%q comes back as %q", a, back)
		}
	})
}
