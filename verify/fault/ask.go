package fault

import (
	"bytes"
	"context"
	"errors"
	"strconv"

	"preship/adb/handset"
	"preship/adb/handset/dump"
	"preship/report/message"
)

// answer is what a handset answered to one question. Why is empty where it is known, and
// else the reason, in words.
type answer[T any] struct {
	Items []T
	Ref   string
	Why   message.Sentence
}

// Known reports whether the handset answered.
func (a answer[T]) Known() bool { return a.Why.Empty() }

// ask asks for a list. One that the handset refused, or that parse refuses, is not known.
func ask[T any](ctx context.Context, c *collection, line handset.Line, parse func([]byte) ([]T, error)) answer[T] {
	row := line.Command()
	if sdk := c.sdk(); row.Since > 0 && sdk > 0 && sdk < row.Since {
		return answer[T]{Why: message.Say("fault.why.version")}
	}
	a, err := handset.Ask(ctx, c.r, line)
	if err != nil {
		return answer[T]{Why: unanswered(err)}
	}
	items, err := parse(a.Stdout)
	if err != nil || a.Exit > 0 {
		return answer[T]{Ref: a.Ref, Why: unusable(a, err)}
	}
	return answer[T]{Items: items, Ref: a.Ref}
}

// one asks for something there is one of.
func one[T any](ctx context.Context, c *collection, line handset.Line, parse func([]byte) (T, error)) answer[T] {
	return ask(ctx, c, line, func(b []byte) ([]T, error) {
		v, err := parse(b)
		return []T{v}, err
	})
}

// unanswered is why a handset gave no answer.
func unanswered(err error) message.Sentence {
	var late *handset.LateError
	if errors.As(err, &late) {
		return message.Say("fault.why.late", "seconds", strconv.Itoa(int(late.Limit.Seconds())))
	}
	return message.Say("fault.why.unanswered")
}

// complaints are the words by which Android's shell refuses. It prints them in English in
// every language.
var complaints = []struct {
	words string
	why   message.ID
}{
	{"Permission denied", "fault.why.denied"},
	{"Permission Denial", "fault.why.denied"},
	{"Can't find service", "fault.why.no-service"},
	{"No such file or directory", "fault.why.no-file"},
	{"not found", "fault.why.version"},
	{"Unknown command", "fault.why.version"},
}

// unusable is why an answer says nothing. err is of its parser, nil if that took it.
func unusable(a handset.Answer, err error) message.Sentence {
	for _, said := range [][]byte{a.Stderr, a.Stdout[:min(len(a.Stdout), 200)]} {
		for _, c := range complaints {
			if bytes.Contains(said, []byte(c.words)) {
				return message.Say(c.why)
			}
		}
	}
	switch {
	case a.Exit > 0:
		return message.Say("fault.why.failed", "status", strconv.Itoa(a.Exit))
	case len(bytes.TrimSpace(a.Stdout)) == 0:
		return message.Say("fault.why.empty")
	case errors.Is(err, dump.ErrTruncated):
		return message.Say("fault.why.truncated")
	case errors.Is(err, dump.ErrTooLarge):
		return message.Say("fault.why.large")
	}
	return message.Say("fault.why.unusable")
}
