package adbtest

import (
	"context"
	"crypto/md5"
	"crypto/sha1"
	"crypto/sha256"
	"crypto/sha512"
	"encoding/hex"
	"hash"
	"io"
	"strings"
)

var hashes = map[string]func() hash.Hash{
	"md5sum": md5.New, "sha1sum": sha1.New, "sha256sum": sha256.New, "sha512sum": sha512.New,
}

// runHash is md5sum and its sisters. As in toybox, a read error counts as the
// end of the file: what cannot be read, such as a folder, has the hash of
// nothing and exit status 0.
func runHash(ctx context.Context, p *process) int {
	opts, files, ok := p.options("bcs")
	if !ok {
		return 1
	}
	if len(files) == 0 {
		files = []string{"-"}
	}
	code := 0
	for _, name := range files {
		if opts.has('c') {
			code = max(code, p.checkHashes(ctx, name, opts))
			continue
		}
		sum, err := p.hash(ctx, name)
		if err != nil {
			code = p.fail("%s: %s", name, errnoOf(err))
			continue
		}
		if ctx.Err() != nil {
			return 1
		}
		p.printf("%s", sum)
		if !opts.has('b') {
			p.printf("  %s", name)
		}
		p.printf("\n")
		if !p.stdout.flush() { // a line at a time, as toybox writes
			return 1
		}
	}
	return code
}

func (p *process) hash(ctx context.Context, name string) (string, error) {
	r, closer, err := p.input(ctx, name)
	if err != nil {
		return "", err
	}
	defer closer()
	h := hashes[p.args[0]]()
	_, _ = io.Copy(h, r)
	sum := h.Sum(nil)
	if _, ok := p.h.troubles.file(TroubleWrongHash, p.canonical(name)); ok {
		sum[0] ^= 0xff
	}
	return hex.EncodeToString(sum), nil
}

// checkHashes compares files with a list of hashes.
func (p *process) checkHashes(ctx context.Context, list string, opts options) int {
	checked, failed := 0, false
	code := p.eachInput(ctx, []string{list}, func(_ string, r io.Reader) error {
		lines := newLines(r, '\n')
		for lines.Scan() {
			want, name, ok := strings.Cut(lines.Text(), "  ")
			if !ok {
				p.complain("bad line %s", lines.Text())
				continue
			}
			checked++
			got, err := p.hash(ctx, name)
			if err != nil {
				p.complain("%s: %s", name, errnoOf(err))
			}
			verdict := "OK"
			if got != want {
				verdict = "FAILED"
				failed = true
			}
			if !opts.has('s') {
				p.printf("%s: %s\n", name, verdict)
			}
		}
		return lines.Err()
	})
	switch {
	case code == 0 && checked == 0:
		return p.fail("%s: no lines", list)
	case failed:
		return 1
	}
	return code
}
