package conformance

import (
	"bytes"
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"io/fs"
	"path"
	"slices"
	"strings"
	"time"
)

// sizes are sizes around the largest records of the protocol.
var sizes = []int{0, 1, 64<<10 - 1, 64 << 10, 64<<10 + 1, 1<<20 - 5, 1 << 20, 1<<20 + 5}

// names are names that a shell, a listing or a terminal could change.
var names = []string{
	"plain.txt", "two  spaces ", "'quotes\"", "$(id) `id` $HOME", "-rf", "new\nline", "tab\there", "back\\slash",
	"semi;colon&pipe|", "star*[a]?", "äöü 照片 😀", "bad\xffbytes", ".hidden", strings.Repeat("n", 200),
}

// pushTime is a time in whole seconds, well in the past.
var pushTime = time.Date(2021, time.March, 4, 5, 6, 7, 0, time.UTC)

var files = []expectation{
	{"files: sizes come back", filesComeBack},
	{"files: names come back", namesComeBack},
	{"files: mode and time are kept", modeAndTimeKept},
	{"files: a shorter one replaces", shorterReplaces},
	{"files: folders are made", foldersMade},
	{"files: the handset's hash agrees", hashAgrees},
	{"files: one that is not there", notThere},
	{"files: a folder is no file", folderIsNoFile},
	{"files: an empty folder is empty", emptyFolder},
	{"files: where the shell may not write", mayNotWrite},
	{"files: links are listed, not followed", linksNotFollowed},
	{"files: a script runs", scriptRuns},
	{"files: a file without permission does not run", plainDoesNotRun},
}

// pattern returns n bytes that differ from any shift of themselves.
func pattern(n int) []byte {
	b := make([]byte, n)
	x := uint32(n)*2654435761 + 1
	for i := range b {
		x = x*1664525 + 1013904223
		b[i] = byte(x >> 24)
	}
	return b
}

func filesComeBack(ctx context.Context, p Peer, place string) error {
	for _, size := range sizes {
		name, want := fmt.Sprintf("%s/size-%d", place, size), pattern(size)
		if err := roundTrip(ctx, p, name, want); err != nil {
			return fmt.Errorf("%d bytes: %w", size, err)
		}
	}
	return nil
}

func roundTrip(ctx context.Context, p Peer, name string, want []byte) error {
	if err := p.Push(ctx, name, want, 0o644, pushTime); err != nil {
		return fmt.Errorf("push: %w", err)
	}
	got, err := p.Pull(ctx, name)
	if err != nil {
		return fmt.Errorf("pull: %w", err)
	}
	if !bytes.Equal(got, want) {
		return fmt.Errorf("pulled %d bytes that are not the %d pushed", len(got), len(want))
	}
	return nil
}

func namesComeBack(ctx context.Context, p Peer, place string) error {
	dir := place + "/names"
	for _, name := range names {
		if err := roundTrip(ctx, p, dir+"/"+name, []byte(name)); err != nil {
			return fmt.Errorf("%q: %w", name, err)
		}
	}
	got, err := p.List(ctx, dir)
	if err != nil {
		return fmt.Errorf("list: %w", err)
	}
	want := slices.Sorted(slices.Values(names))
	slices.Sort(got)
	if !slices.Equal(got, want) {
		return fmt.Errorf("listed %q, want %q", got, want)
	}
	return nil
}

func modeAndTimeKept(ctx context.Context, p Peer, place string) error {
	for _, perm := range []fs.FileMode{0o644, 0o600, 0o755} {
		name := fmt.Sprintf("%s/mode-%o", place, perm)
		if err := p.Push(ctx, name, []byte("x"), perm, pushTime); err != nil {
			return err
		}
		if err := keeps(ctx, p, name, uint32(perm)); err != nil {
			return err
		}
	}
	return nil
}

// keeps checks the mode and time of a file that holds one byte. adbd sets the time after it
// said that the file is there, so that the file is looked at until it has it.
func keeps(ctx context.Context, p Peer, name string, perm uint32) error {
	for {
		got, err := p.Stat(ctx, name)
		if err != nil {
			return err
		}
		// adbd gives everybody what the owner has.
		want := perm & 0o700
		kept := got.Mode&modeType == modeFile && got.Mode&0o700 == want && got.Size == 1
		if kept && got.MTime.Unix() == pushTime.Unix() {
			return nil
		}
		select {
		case <-time.After(20 * time.Millisecond):
		case <-ctx.Done():
			kept = false
		}
		if !kept {
			return fmt.Errorf("pushed with %o: mode %o, %d bytes, %s", perm, got.Mode, got.Size, got.MTime.UTC())
		}
	}
}

func shorterReplaces(ctx context.Context, p Peer, place string) error {
	if err := roundTrip(ctx, p, place+"/replaced", pattern(5000)); err != nil {
		return err
	}
	return roundTrip(ctx, p, place+"/replaced", pattern(50))
}

func foldersMade(ctx context.Context, p Peer, place string) error {
	return roundTrip(ctx, p, place+"/made/on/the/way/file", pattern(10))
}

func hashAgrees(ctx context.Context, p Peer, place string) error {
	name, data := place+"/hashed", pattern(200_000)
	if err := p.Push(ctx, name, data, 0o644, pushTime); err != nil {
		return err
	}
	want := fmt.Sprintf("%x  %s\n", sha256.Sum256(data), name)
	return lineCheck{line: "sha256sum " + name, stdout: want, newer: true}.met(ctx, p, place)
}

func notThere(ctx context.Context, p Peer, place string) error {
	if _, err := p.Pull(ctx, place+"/not-there"); err == nil || errors.Is(err, errors.ErrUnsupported) {
		return refusedOr(err, "pull")
	}
	if _, err := p.Stat(ctx, place+"/not-there"); !errors.Is(err, fs.ErrNotExist) {
		return orUnsupported(err, "stat says %v, want that there is no such file", err)
	}
	return nil
}

func folderIsNoFile(ctx context.Context, p Peer, place string) error {
	if err := p.Push(ctx, place+"/folder/file", []byte("x"), 0o644, pushTime); err != nil {
		return err
	}
	got, err := p.Stat(ctx, place+"/folder")
	if err != nil {
		return err
	}
	if got.Mode&modeType != modeDir {
		return fmt.Errorf("stat of a folder: mode %o", got.Mode)
	}
	return nil
}

func emptyFolder(ctx context.Context, p Peer, place string) error {
	if err := (lineCheck{line: "mkdir -p " + place + "/empty"}).met(ctx, p, place); err != nil {
		return err
	}
	got, err := p.List(ctx, place+"/empty")
	if err != nil || len(got) > 0 {
		return orUnsupported(err, "listed %q, %v", got, err)
	}
	return nil
}

func mayNotWrite(ctx context.Context, p Peer, _ string) error {
	err := p.Push(ctx, "/system/preship-check", []byte("x"), 0o644, pushTime)
	return refusedOr(err, "push to /system")
}

func linksNotFollowed(ctx context.Context, p Peer, place string) error {
	dir := place + "/links"
	line := fmt.Sprintf("mkdir -p %s && ln -s nowhere %s/dangling && ln -s . %s/loop", dir, dir, dir)
	if err := (lineCheck{line: line}).met(ctx, p, place); err != nil {
		return err
	}
	for _, name := range []string{"dangling", "loop"} {
		got, err := p.Stat(ctx, path.Join(dir, name))
		if err != nil {
			return err
		}
		if got.Mode&modeType != modeLink {
			return fmt.Errorf("%s: mode %o", name, got.Mode)
		}
	}
	return nil
}

func scriptRuns(ctx context.Context, p Peer, place string) error {
	name := place + "/script"
	if err := p.Push(ctx, name, []byte("#!/system/bin/sh\necho \"<$0>\" \"$@\"\nexit 5\n"), 0o755, pushTime); err != nil {
		return err
	}
	for _, line := range []string{name + " a 'b c'", "sh " + name + " a 'b c'"} {
		if err := (lineCheck{line: line, stdout: "<" + name + "> a b c\n", exit: 5}).met(ctx, p, place); err != nil {
			return err
		}
	}
	return lineCheck{line: "cd " + place + " && (. ./script x) | wc -l; echo still", stdout: "1\nstill\n"}.met(ctx, p, place)
}

func plainDoesNotRun(ctx context.Context, p Peer, place string) error {
	if err := p.Push(ctx, place+"/plain", []byte("echo no\n"), 0o644, pushTime); err != nil {
		return err
	}
	return lineCheck{line: place + "/plain", stderr: "Permission denied", exit: 126}.met(ctx, p, place)
}

// refusedOr returns nil if err is a refusal by the handset.
func refusedOr(err error, what string) error {
	if err == nil {
		return fmt.Errorf("%s was not refused", what)
	}
	return orUnsupported(err, "")
}

// orUnsupported returns err if the peer cannot ask. Else it returns an error with
// the format's words, or nil without a format.
func orUnsupported(err error, format string, args ...any) error {
	switch {
	case errors.Is(err, errors.ErrUnsupported):
		return err
	case format == "":
		return nil
	}
	return fmt.Errorf(format, args...)
}
