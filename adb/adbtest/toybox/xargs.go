package toybox

import (
	"bufio"
	"context"
	"io"
	"slices"
	"strings"
)

// xargsBytes is about what one command line may hold; toybox leaves room below
// the kernel's 128 KiB for one argument list.
const xargsBytes = 96 << 10

// runXargs is toybox xargs: it reads names from standard input and runs the
// command on batches of them as they come.
func runXargs(ctx context.Context, p *Process) int {
	opts, line, ok := p.Options("+0")
	if !ok {
		return 1
	}
	if len(line) == 0 {
		line = []string{"echo"}
	}
	words := wordReader(p.Stdin, opts.has('0'))
	code, ran := 0, false
	for more := true; more && ctx.Err() == nil && p.stdout.err == nil; {
		var batch []string
		batch, more = takeBatch(words)
		// With no input at all the command still runs once.
		if len(batch) == 0 && ran {
			break
		}
		ran = true
		switch status := p.Sub(ctx, slices.Concat(line, batch), strings.NewReader("")); {
		case status == ExitNotFound || status == 126:
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
func takeBatch(words func() (string, bool)) (batch []string, more bool) {
	for size := 0; size < xargsBytes; {
		word, ok := words()
		if !ok {
			return batch, false
		}
		batch = append(batch, word)
		size += len(word) + 1
	}
	return batch, true
}

// wordReader returns the words of r one by one: ended by NUL, by a newline, or by
// any white space with quotes undone.
func wordReader(r io.Reader, nul bool) func() (string, bool) {
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
			case nul:
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
