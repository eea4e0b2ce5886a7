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
)

var hashes = map[string]func() hash.Hash{
	"md5sum": md5.New, "sha1sum": sha1.New, "sha256sum": sha256.New, "sha512sum": sha512.New,
}

// runHash is md5sum and its sisters. As in toybox, a read error counts as the
// end of the file: what cannot be read, such as a folder, has the hash of
// nothing and exit status 0.
func runHash(ctx context.Context, p *process) int {
	opts, files, ok := p.options("bc")
	if !ok {
		return 1
	}
	if len(files) == 0 {
		files = []string{"-"}
	}
	code := 0
	for _, name := range files {
		r, closer, err := p.input(ctx, name)
		if err != nil {
			code = p.fail("%s: %s", name, errnoOf(err))
			continue
		}
		h := hashes[p.args[0]]()
		_, _ = io.Copy(h, r)
		closer()
		if ctx.Err() != nil {
			return 1
		}
		sum := h.Sum(nil)
		if _, ok := p.h.troubles.file(TroubleWrongHash, p.canonical(name)); ok {
			sum[0] ^= 0xff
		}
		p.printf("%s", hex.EncodeToString(sum))
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
