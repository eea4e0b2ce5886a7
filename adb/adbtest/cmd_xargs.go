package adbtest

import (
	"bufio"
	"context"
	"io"
	"strconv"
	"strings"
)

// xargsBytes is about what one command line may hold; toybox leaves room below
// the kernel's 128 KiB for one argument list.
const xargsBytes = 96 << 10

// runXargs is toybox xargs: it reads names from standard input and runs the
// command on batches of them as they come.
func runXargs(ctx context.Context, p *process) int {
	opts, line, ok := p.options("+0n:s:I:pqrtE:P:")
	if !ok {
		return 1
	}
	if len(line) == 0 {
		line = []string{"echo"}
	}
	most, room := 1<<30, xargsBytes
	for letter, n := range map[byte]*int{'n': &most, 's': &room} {
		if opts.has(letter) {
			if v, err := strconv.Atoi(opts[letter]); err == nil && v > 0 {
				*n = v
			}
		}
	}
	if opts.has('I') {
		most = 1
	}
	words := wordReader(p.stdin, opts.has('0'), opts.has('I'))
	code, ran := 0, false
	for more := true; more && ctx.Err() == nil && p.stdout.err == nil; {
		var batch []string
		batch, more = takeBatch(words, most, room)
		// With no input at all the command still runs once, unless told otherwise.
		if len(batch) == 0 && (ran || opts.has('r') || opts.has('I')) {
			break
		}
		ran = true
		switch status := p.sub(ctx, fill(line, batch, opts), strings.NewReader("")); {
		case status == exitNotFound || status == 126:
			return status
		case status == 255:
			p.complain("%s: exited with status 255; aborting", line[0])
			return 124
		case status != 0:
			code = 123
		}
	}
	return code
}

// takeBatch collects words for one command line. more is false at the end of
// the input.
func takeBatch(words func() (string, bool), most, room int) (batch []string, more bool) {
	for size := 0; len(batch) < most && size < room; {
		word, ok := words()
		if !ok {
			return batch, false
		}
		batch = append(batch, word)
		size += len(word) + 1
	}
	return batch, true
}

func fill(line, batch []string, opts options) []string {
	if !opts.has('I') {
		return append(append([]string(nil), line...), batch...)
	}
	out := make([]string, len(line))
	for i, word := range line {
		out[i] = strings.ReplaceAll(word, opts['I'], strings.Join(batch, " "))
	}
	return out
}

// wordReader gives the words of r one by one: ended by NUL, by a newline, or by
// any white space with quotes undone.
func wordReader(r io.Reader, nul, lines bool) func() (string, bool) {
	b := bufio.NewReader(r)
	end := byte('\n')
	if nul {
		end = 0
	}
	var rest []string
	return func() (string, bool) {
		for len(rest) == 0 {
			word, err := b.ReadString(end)
			word = strings.TrimSuffix(word, string(rune(end)))
			switch {
			case err != nil && word == "":
				return "", false
			case nul || lines:
				rest = []string{word}
			default:
				rest = strings.Fields(word)
			}
		}
		word := rest[0]
		rest = rest[1:]
		return word, true
	}
}
