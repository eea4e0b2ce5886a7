package adbtest

import (
	"context"
	"io"
	"strconv"
	"strings"
)

// runCut is toybox cut: fields, bytes or characters of each line.
func runCut(ctx context.Context, p *process) int {
	opts, files, ok := p.options("b:c:f:d:snDO:")
	if !ok {
		return 1
	}
	if !opts.any("bcf") {
		return p.fail("Needs -CFfcb (see \"cut --help\")")
	}
	spans, ok := parseSpans(opts['b'] + opts['c'] + opts['f'])
	if !ok {
		return p.fail("bad list '%s'", opts['b']+opts['c']+opts['f'])
	}
	sep := "\t"
	if opts.has('d') {
		sep = opts['d']
	}
	return p.eachInput(ctx, files, func(_ string, r io.Reader) error {
		lines := newLines(r, '\n')
		for lines.Scan() {
			line := lines.Text()
			switch {
			case !opts.has('f'):
				p.printf("%s\n", cutPieces(line, spans, opts.has('c')))
			case strings.Contains(line, sep) || line == "":
				p.printf("%s\n", strings.Join(pick(strings.Split(line, sep), spans), sep))
			case !opts.has('s'):
				p.printf("%s\n", line)
			}
		}
		return lines.Err()
	})
}

func cutPieces(line string, spans []span, runes bool) string {
	if runes {
		return strings.Join(pick(strings.Split(line, ""), spans), "")
	}
	bytes := make([]string, len(line))
	for i := range bytes {
		bytes[i] = line[i : i+1]
	}
	return strings.Join(pick(bytes, spans), "")
}

// span is a range counted from 1; to 0 is without end.
type span struct{ from, to int }

// parseSpans reads "1,3-5,7-".
func parseSpans(list string) ([]span, bool) {
	var spans []span
	for part := range strings.SplitSeq(list, ",") {
		first, last, ranged := strings.Cut(part, "-")
		s := span{from: 1}
		for _, end := range []struct {
			text string
			dst  *int
		}{{first, &s.from}, {last, &s.to}} {
			if end.text == "" {
				continue
			}
			n, err := strconv.Atoi(end.text)
			if err != nil || n < 1 {
				return nil, false
			}
			*end.dst = n
		}
		if !ranged {
			s.to = s.from
		}
		if first == "" && last == "" {
			return nil, false
		}
		spans = append(spans, s)
	}
	return spans, true
}

// pick keeps the pieces within any span, in their own order.
func pick(pieces []string, spans []span) []string {
	var out []string
	for i, piece := range pieces {
		for _, s := range spans {
			if i+1 >= s.from && (s.to == 0 || i+1 <= s.to) {
				out = append(out, piece)
				break
			}
		}
	}
	return out
}
