package adbtest

import (
	"bytes"
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	"preship/adb/adbtest/shell"
)

// build makes a handset from an inline profile: the lines of tree.txt and more
// lines of handset.txt.
func build(t testing.TB, sdk, tree, keys string) *Handset {
	t.Helper()
	p, err := Parse("test", []byte("-- handset.txt --\ntitle: test\nuser: 0 13 running Owner\n"+keys+
		"-- getprop.txt --\n[ro.build.version.sdk]: ["+sdk+"]\n[ro.serialno]: [0123abcd]\n-- tree.txt --\n"+tree))
	if err != nil {
		t.Fatal(err)
	}
	h := New(p)
	t.Cleanup(func() { _ = h.Close() })
	return h
}

// shipped makes a handset from a profile that comes with preship.
func shipped(t testing.TB, name string, opts ...Option) *Handset {
	t.Helper()
	p, err := Load(name)
	if err != nil {
		t.Fatal(err)
	}
	h := New(p, opts...)
	t.Cleanup(func() { _ = h.Close() })
	return h
}

type answer struct {
	stdout, stderr string
	exit           int
}

// sh runs one shell line, with nothing to read.
func sh(t testing.TB, h *Handset, line string) answer {
	t.Helper()
	return shWith(t, h, line, "")
}

func shWith(t testing.TB, h *Handset, line, stdin string) answer {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	var out, errs bytes.Buffer
	exit := shell.Run(ctx, system{h}, line, shell.IO{Stdin: strings.NewReader(stdin), Stdout: &out, Stderr: &errs})
	if ctx.Err() != nil {
		t.Fatalf("%q did not end", line)
	}
	return answer{out.String(), errs.String(), exit}
}

func (a answer) String() string {
	return fmt.Sprintf("%q, stderr %q, exit %d", a.stdout, a.stderr, a.exit)
}
