package conformance

import (
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"strings"
)

var services = []expectation{
	{"services: state", func(ctx context.Context, p Peer, _ string) error {
		got, err := p.State(ctx)
		if err == nil && got != "device" {
			err = fmt.Errorf("state is %q", got)
		}
		return err
	}},
	{"services: exec mixes stderr in", serviceAnswers("exec:echo a; echo b >&2; exit 3", "a\nb\n")},
	{"services: exec is no terminal", serviceAnswers("exec:printf 'x\\ny\\n'", "x\ny\n")},
	{"services: shell without the protocol", serviceAnswers("shell:echo a; echo b >&2", "a\nb\n")},
	{"services: shell arguments unknown are ignored", serviceAnswers("shell,raw,preship:echo a", "a\n")},
	{"services: one that is not there", serviceRefused("preship-no-such-service:")},
	{"services: the screen", androidOnly("framebuffer:", framebuffer)},
	{"services: no port to listen on", androidOnly("tcpip:0", noPort)},
	{"services: a port that is no number", serviceRefused("tcpip:preship")},
	{"services: many at once", manyAtOnce},
}

func serviceAnswers(name, want string) func(context.Context, Peer, string) error {
	return func(ctx context.Context, p Peer, _ string) error {
		got, err := p.Service(ctx, name)
		if err == nil && string(got) != want {
			err = fmt.Errorf("answered %s, want %q", short(got), want)
		}
		return err
	}
}

func serviceRefused(name string) func(context.Context, Peer, string) error {
	return func(ctx context.Context, p Peer, _ string) error {
		_, err := p.Service(ctx, name)
		return refusedOr(err, name)
	}
}

// androidOnly checks the answer of a service that adbd has only where it is built for
// Android: elsewhere it is refused, or there is no screen to send.
func androidOnly(name string, check func([]byte) error) func(context.Context, Peer, string) error {
	return func(ctx context.Context, p Peer, _ string) error {
		got, err := p.Service(ctx, name)
		switch {
		case ctx.Err() != nil:
			return err
		case err != nil:
			return fmt.Errorf("%w: %w", errors.ErrUnsupported, err)
		case len(got) == 0:
			return fmt.Errorf("%s: no answer: %w", name, errors.ErrUnsupported)
		}
		return check(got)
	}
}

func noPort(got []byte) error {
	if string(got) != "invalid port 0\n" {
		return fmt.Errorf("answered %s", short(got))
	}
	return nil
}

// framebuffer checks that the header of the screen's picture fits what follows it.
func framebuffer(got []byte) error {
	fields := map[uint32]int{1: 13, 2: 14}[wordAt(got, 0)]
	if fields == 0 || len(got) < 4*fields {
		return fmt.Errorf("the header is %s", short(got))
	}
	at := fields - 13 // version 2 has the colour space after the bits of a pixel
	bits, size, width, height := wordAt(got, 1), wordAt(got, 2+at), wordAt(got, 3+at), wordAt(got, 4+at)
	if size != uint32(len(got)-4*fields) || uint64(size) < uint64(width)*uint64(height)*uint64(bits)/8 {
		return fmt.Errorf("%d bytes after a header that says %d, for %d × %d pixels of %d bits", len(got)-4*fields, size, width, height, bits)
	}
	return nil
}

func wordAt(b []byte, n int) uint32 {
	if len(b) < 4*n+4 {
		return 0
	}
	return binary.LittleEndian.Uint32(b[4*n:])
}

// manyAtOnce opens as many shells as a busy client does, each with an answer of
// its own that takes several messages.
func manyAtOnce(ctx context.Context, p Peer, _ string) error {
	const shells = 16
	faults := make(chan error, shells)
	for i := range shells {
		go func() {
			line := lineCheck{line: "cat", stdin: strings.Repeat(fmt.Sprintf("%02d", i), 50_000)}
			line.stdout = line.stdin
			faults <- line.met(ctx, p, "")
		}()
	}
	var all []error
	for range shells {
		all = append(all, <-faults)
	}
	return errors.Join(all...)
}
