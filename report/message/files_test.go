package message

import (
	"bytes"
	"encoding/json"
	"io/fs"
	"maps"
	"os"
	"path"
	"regexp"
	"slices"
	"strings"
	"testing"

	"preship/report/packed/packedtest"

	"github.com/nicksnyder/go-i18n/v2/i18n"
)

// idForm is how an ID is written.
var idForm = regexp.MustCompile(`^[a-z][a-z0-9]*(-[a-z0-9]+)*(\.[a-z0-9]+(-[a-z0-9]+)*)+$`)

// The files are sorted, one message after the other, and each is in the file its ID
// names. PRESHIP_UPDATE_MESSAGES=1 sorts them.
func TestFilesAreSorted(t *testing.T) {
	files := os.DirFS(".")
	for _, tag := range languages {
		dir := path.Join("lang", tag)
		entries, err := fs.ReadDir(files, dir)
		if err != nil {
			t.Fatal(err)
		}
		for _, entry := range entries {
			name := path.Join(dir, entry.Name())
			got, err := fs.ReadFile(files, name)
			if err != nil {
				t.Fatal(err)
			}
			want, ids := sorted(t, name, got)
			for _, id := range ids {
				if room, _, _ := strings.Cut(id, "."); room+".json" != entry.Name() || !idForm.MatchString(id) {
					t.Errorf("%s: %q is no ID of this file", name, id)
				}
			}
			if bytes.Equal(got, want) {
				continue
			}
			if os.Getenv("PRESHIP_UPDATE_MESSAGES") != "1" {
				t.Errorf("%s is not sorted, or holds an ID twice; PRESHIP_UPDATE_MESSAGES=1 writes it anew", name)
			} else if err := os.WriteFile(name, want, 0o644); err != nil {
				t.Fatal(err)
			}
		}
	}
}

// The program has the files as a ZIP. PRESHIP_UPDATE_MESSAGES=1 rewrites it.
func TestFilesArePacked(t *testing.T) {
	if n := len(files().File); n < 3 {
		t.Fatalf("%d files", n)
	}
	packedtest.Check(t, files(), "lang/*/*.json", "lang.zip.zst", "PRESHIP_UPDATE_MESSAGES")
}

// sorted returns the file as it must be, and its IDs.
func sorted(t *testing.T, name string, b []byte) ([]byte, []string) {
	t.Helper()
	var rows map[string]any
	if err := json.Unmarshal(b, &rows); err != nil {
		t.Fatalf("%s: %v", name, err)
	}
	var out bytes.Buffer
	e := json.NewEncoder(&out)
	e.SetEscapeHTML(false)
	e.SetIndent("", "  ")
	if err := e.Encode(rows); err != nil { // maps are written in order of their keys
		t.Fatal(err)
	}
	return out.Bytes(), slices.Sorted(maps.Keys(rows))
}

// samples are counts that reach every plural form a language has.
var samples = []int64{0, 1, 2, 3, 5, 11, 21, 100, 1_000_000}

// Every message has words in every language, with the same arguments, and every
// plural form that language needs.
func TestFilesAgree(t *testing.T) {
	t.Parallel()
	english := catalogues["en"]().all()
	for _, tag := range languages {
		c := catalogues[tag]()
		all := c.all()
		for id, m := range english {
			if all[id] == nil {
				t.Errorf("%s: no words for %s", tag, id)
				continue
			}
			want := arguments(t, m)
			if got := arguments(t, all[id]); !slices.Equal(got, want) {
				t.Errorf("%s: %s has the arguments %q, in English %q", tag, id, got, want)
			}
			if plural(m) && !slices.Contains(want, countArg) {
				t.Errorf("%s has plural forms and no {%s}", id, countArg)
			}
			values := map[string]string{}
			for _, name := range want {
				values[name] = "x"
			}
			for _, n := range samples {
				if text, err := c.write(id, values, &n); err != nil || text == "" {
					t.Errorf("%s: %s of %d: %q, %v", tag, id, n, text, err)
				}
			}
		}
		for id := range all {
			if english[id] == nil {
				t.Errorf("%s: %s has no words in English", tag, id)
			}
		}
	}
}

// arguments are the names in all the forms of a message.
func arguments(t *testing.T, m *i18n.Message) []string {
	t.Helper()
	names := map[string]bool{}
	for _, form := range []string{m.Zero, m.One, m.Two, m.Few, m.Many, m.Other} {
		err := words(form).each(new(strings.Builder), func(name string) error {
			names[name] = true
			return nil
		})
		if err != nil {
			t.Errorf("%s: %v", m.ID, err)
		}
	}
	return slices.Sorted(maps.Keys(names))
}

func TestBrokenWords(t *testing.T) {
	t.Parallel()
	for _, text := range []string{"{", "a {b", "{}", "{a{b}}"} {
		if got, err := words(text).Execute(map[string]string{"b": "", "a{b": ""}); err == nil {
			t.Errorf("%q is written as %q", text, got)
		}
	}
}

// Chinese has a space beside Latin letters only. The bytes of a value stay as they are.
func TestNoSpaceBetweenChinese(t *testing.T) {
	t.Parallel()
	for value, want := range map[string]string{
		"preship prepare": "再次运行 preship prepare 即可继续",
		"同一命令":            "再次运行同一命令即可继续",
		"照片 1":            "再次运行照片 1 即可继续",
		"a 中 文 b":         "再次运行 a 中 文 b 即可继续",
		"":                "再次运行  即可继续",
	} {
		got, err := words("再次运行 {command} 即可继续").Execute(map[string]string{"command": value})
		if err != nil || got != want {
			t.Errorf("with %q: %q, %v; want %q", value, got, err, want)
		}
	}
	two, err := words("{a} {b}: {a} 和 {b}").Execute(map[string]string{"a": "甲", "b": "乙"})
	if want := "甲 乙: 甲和乙"; err != nil || two != want {
		t.Errorf("%q, %v; want %q", two, err, want)
	}
}
