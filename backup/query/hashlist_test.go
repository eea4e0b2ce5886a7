package query

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"strings"
	"testing"
)

// The lines of toybox 0.8.9 for a tree of odd names; it escapes nothing.
const toyboxHashes = "8254c329a92850f6d539dd376f4816ee2764517da5e0235514af433164480d7a  d/bad\xffutf8\n" +
	"594e519ae499312b29433b7dd8a97ff068defcba9755b6d5d00e84c524d67b06  d/émoji😀.jpg\n" +
	"50e721e49c013f00c62cf59f2163542a9d8df02464efeb615d31051b0fddc326  d/-dash\n" +
	"a1fce4363854ff888cff4b8e7875d600c2682390412a8cf79b37d0b11148b0fa  d/quote's \"dq\".txt\n" +
	"ca978112ca1bbdcafac231b39a23dc4da786eff8147c4e72b9807785afee48bb  d/tab\there\n" +
	"4c94485e0c21ae6c41ce1dfe7b6bfaceea5ab68e40a2476f50208e526f506080  d/back\\slash\n"

func TestParseHashList(t *testing.T) {
	t.Parallel()
	const h1, h2 = "8254c329a92850f6d539dd376f4816ee2764517da5e0235514af433164480d7a", "594e519ae499312b29433b7dd8a97ff068defcba9755b6d5d00e84c524d67b06"
	for _, tt := range []struct {
		name  string
		out   string
		names []string
		want  []string // "" means that no name has a hash
		fails bool
	}{
		{"odd names", toyboxHashes, []string{"d/bad\xffutf8", "d/émoji😀.jpg", "d/-dash", "d/quote's \"dq\".txt", "d/tab\there", "d/back\\slash"}, []string{h1, h2, "50e7", "a1fc", "ca97", "4c94"}, false},
		{"one that failed", h1 + "  a\n" + h2 + "  c\n", []string{"a", "b", "c"}, []string{h1, "", h2}, false},
		{"all failed", "", []string{"a", "b"}, []string{"", ""}, false},
		{"binary mode", h1 + " *a\n", []string{"a"}, []string{h1}, false},
		{"newline, alone", h1 + "  new\nline\n", []string{"new\nline"}, []string{h1}, false},
		{"prefix of another name", h1 + "  ab\n", []string{"a", "ab"}, []string{"", h1}, false},
		{"name not asked for", h1 + "  b\n", []string{"a"}, []string{""}, true},
		{"in another order", h1 + "  b\n" + h2 + "  a\n", []string{"a", "b"}, []string{"", ""}, true},
		{"twice", h1 + "  a\n" + h1 + "  a\n", []string{"a"}, []string{""}, true},
		{"cut short", h1 + "  a", []string{"a"}, []string{""}, true},
		{"no hash", strings.Repeat("g", 64) + "  a\n", []string{"a"}, []string{""}, true},
		{"not found", "/system/bin/sh: xargs: not found\n", []string{"a"}, []string{""}, true},
		{"a line hidden in a name", h1 + "  a\n" + h2 + "  b\n", []string{"a\n" + h2 + "  b"}, []string{h1}, false},
	} {
		got := make([]string, len(tt.names))
		names := make([][]byte, len(tt.names))
		for i, n := range tt.names {
			names[i] = []byte(n)
		}
		err := ParseHashList([]byte(tt.out), names, func(i int, sum [sha256.Size]byte) { got[i] = hex.EncodeToString(sum[:]) })
		if (err != nil) != tt.fails || err != nil && !errors.Is(err, ErrHashList) {
			t.Errorf("%s: got error %v", tt.name, err)
		}
		for i := range got {
			if !strings.HasPrefix(got[i], tt.want[i]) || (got[i] == "") != (tt.want[i] == "") {
				t.Errorf("%s: %q has %q, want %q", tt.name, tt.names[i], got[i], tt.want[i])
			}
		}
	}
}

// FuzzParseHashList: for every answer, a sum counts only for a name that has a line, and
// no sum counts if a part of the answer cannot be parsed.
func FuzzParseHashList(f *testing.F) {
	f.Add([]byte(toyboxHashes), []byte("d/bad\xffutf8\x00d/émoji😀.jpg\x00d/-dash\x00d/quote's \"dq\".txt\x00d/tab\there\x00d/back\\slash"))
	f.Add([]byte(toyboxHashes), []byte("d/-dash\x00d/back\\slash"))
	f.Add([]byte(""), []byte("a\x00b"))
	f.Fuzz(func(t *testing.T, out, list []byte) {
		names := bytes.Split(list, []byte{0})
		var rebuilt []byte
		last := -1
		err := ParseHashList(out, names, func(i int, sum [sha256.Size]byte) {
			if i <= last {
				t.Fatalf("name %d after %d", i, last)
			}
			last = i
			rebuilt = append(rebuilt, hex.EncodeToString(sum[:])+"  "+string(names[i])+"\n"...)
		})
		if err != nil && last >= 0 {
			t.Fatal("believed part of an answer that it refused")
		}
		if err == nil && !bytes.EqualFold(bytes.ReplaceAll(rebuilt, []byte(" *"), []byte("  ")), bytes.ReplaceAll(out, []byte(" *"), []byte("  "))) {
			t.Fatalf("took %q for %q", out, rebuilt)
		}
	})
}
