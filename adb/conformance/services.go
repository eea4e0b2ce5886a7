package conformance

import (
	"context"
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
