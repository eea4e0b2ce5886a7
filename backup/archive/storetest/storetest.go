// Package storetest is the conformance list of the stores of archives: what every
// [archive.Store] must do, whatever keeps it.
package storetest

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"testing"
	"testing/iotest"
	"time"

	"preship/backup/archive"
)

// Run tests a kind of store. open returns a new and empty one, and closes it with the test.
func Run(t *testing.T, open func(testing.TB) archive.Store) {
	for name, test := range map[string]func(*testing.T, archive.Store){
		"empty": empty, "keeps": keeps, "replaces": replaces, "all or nothing": cut, "lists": lists, "ends": ends, "large": large,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			test(t, open(t))
		})
	}
}

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func put(t testing.TB, s archive.Store, name, contents string) {
	t.Helper()
	must(t, s.Put(t.Context(), name, strings.NewReader(contents), time.Time{}))
}

func get(t testing.TB, s archive.Store, name string) string {
	t.Helper()
	r, err := s.Get(t.Context(), name)
	must(t, err)
	b, err := io.ReadAll(r)
	must(t, errors.Join(err, r.Close()))
	return string(b)
}

func versions(t testing.TB, s archive.Store, under string) (all []archive.Version) {
	t.Helper()
	must(t, s.Versions(t.Context(), under, func(v archive.Version) error {
		all = append(all, v)
		return nil
	}))
	return all
}

func empty(t *testing.T, s archive.Store) {
	if _, err := s.Get(t.Context(), "PS-1/key.age"); !errors.Is(err, archive.ErrNotThere) {
		t.Errorf("%v, want %v", err, archive.ErrNotThere)
	}
	if all := versions(t, s, "PS-1/"); len(all) != 0 {
		t.Errorf("lists %v", all)
	}
	must(t, s.Delete(t.Context(), archive.Version{Name: "PS-1/key.age"}))
	if until, err := s.Until(t.Context(), archive.Version{Name: "PS-1/key.age"}); !until.IsZero() || err != nil && !errors.Is(err, archive.ErrNotThere) {
		t.Errorf("is kept until %v, error %v", until, err)
	}
}

func keeps(t *testing.T, s archive.Store) {
	for _, contents := range []string{"", "x", strings.Repeat("0123456789abcdef", 10_000)} {
		put(t, s, "PS-1/packs/00000.age", contents)
		if got := get(t, s, "PS-1/packs/00000.age"); got != contents {
			t.Errorf("%d bytes come back as %d", len(contents), len(got))
		}
	}
}

// replaces: the newest version counts, and no version is left when all listed are deleted.
func replaces(t *testing.T, s archive.Store) {
	put(t, s, "PS-1/list.json", "first")
	put(t, s, "PS-1/list.json", "the second")
	if got := get(t, s, "PS-1/list.json"); got != "the second" {
		t.Errorf("got %q", got)
	}
	all := versions(t, s, "PS-1/")
	latest := slices.IndexFunc(all, func(v archive.Version) bool { return v.Latest })
	if latest < 0 || all[latest].Size != int64(len("the second")) || all[latest].Name != "PS-1/list.json" {
		t.Errorf("lists %+v", all)
	}
	for _, v := range all {
		must(t, s.Delete(t.Context(), v))
		must(t, s.Delete(t.Context(), v)) // again: it is gone
	}
	if _, err := s.Get(t.Context(), "PS-1/list.json"); !errors.Is(err, archive.ErrNotThere) {
		t.Errorf("after deleting: %v", err)
	}
	if all := versions(t, s, "PS-1/"); len(all) != 0 {
		t.Errorf("left: %+v", all)
	}
}

// cut: what breaks off leaves the version before.
func cut(t *testing.T, s archive.Store) {
	put(t, s, "PS-1/key.age", "whole")
	broken := errors.New("broken")
	r := io.MultiReader(bytes.NewReader(make([]byte, 100_000)), iotest.ErrReader(broken))
	if err := s.Put(t.Context(), "PS-1/key.age", r, time.Time{}); !errors.Is(err, broken) {
		t.Errorf("error %v, want the reader's", err)
	}
	if got := get(t, s, "PS-1/key.age"); got != "whole" {
		t.Errorf("%d bytes of another version count", len(got))
	}
	r = io.MultiReader(bytes.NewReader(make([]byte, 100_000)), iotest.ErrReader(broken))
	if err := s.Put(t.Context(), "PS-1/new.age", r, time.Time{}); err == nil {
		t.Error("a new object that breaks off is stored")
	}
	if _, err := s.Get(t.Context(), "PS-1/new.age"); !errors.Is(err, archive.ErrNotThere) {
		t.Errorf("a part of an object is there: %v", err)
	}
}

// lists: what begins with the name, and nothing beside it.
func lists(t *testing.T, s archive.Store) {
	for _, name := range []string{"PS-1/packs/00000.age", "PS-1/packs/00001.age", "PS-1/key.age", "PS-10/key.age", "other/PS-1/key.age"} {
		put(t, s, name, name)
	}
	var got []string
	for _, v := range versions(t, s, "PS-1/") {
		if v.Kind == archive.Data && v.Latest {
			got = append(got, fmt.Sprint(v.Name, " ", v.Size))
		}
	}
	slices.Sort(got)
	if want := []string{"PS-1/key.age 12", "PS-1/packs/00000.age 20", "PS-1/packs/00001.age 20"}; !slices.Equal(got, want) {
		t.Errorf("lists %q, want %q", got, want)
	}
	stop := errors.New("stop")
	if err := s.Versions(t.Context(), "PS-1/", func(archive.Version) error { return stop }); !errors.Is(err, stop) {
		t.Errorf("error %v, want that of the caller", err)
	}
}

// ends: a call ends with its context.
func ends(t *testing.T, s archive.Store) {
	put(t, s, "PS-1/key.age", "x")
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if err := s.Put(ctx, "PS-1/key.age", strings.NewReader("y"), time.Time{}); !errors.Is(err, context.Canceled) {
		t.Errorf("put: %v", err)
	}
	if r, err := s.Get(ctx, "PS-1/key.age"); err == nil {
		_, err = io.ReadAll(r)
		must(t, r.Close())
		if !errors.Is(err, context.Canceled) {
			t.Errorf("get: %v", err)
		}
	}
	if got := get(t, s, "PS-1/key.age"); got != "x" {
		t.Errorf("got %q", got)
	}
}

// large: more than one part of an upload, of a length that is not known before.
func large(t *testing.T, s archive.Store) {
	block := bytes.Repeat([]byte("0123456789abcdef"), 1<<16) // 1 MiB
	var all []io.Reader
	for range 18 {
		all = append(all, bytes.NewReader(block))
	}
	must(t, s.Put(t.Context(), "PS-1/packs/00000.age", io.MultiReader(all...), time.Time{}))
	r, err := s.Get(t.Context(), "PS-1/packs/00000.age")
	must(t, err)
	defer r.Close()
	for n := range 18 {
		got := make([]byte, len(block))
		if _, err := io.ReadFull(r, got); err != nil || !bytes.Equal(got, block) {
			t.Fatalf("block %d is not as it was written: %v", n, err)
		}
	}
	if n, err := r.Read(make([]byte, 1)); n != 0 || !errors.Is(err, io.EOF) {
		t.Errorf("%d bytes more, error %v", n, err)
	}
}
