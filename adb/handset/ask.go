package handset

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"

	"preship/adb/handset/dump"
	"preship/report/message"
	"preship/report/pattern"
)

// Reader sends lines of the command table to a handset. Callers use [Ask], which
// adds the time limit of the row.
type Reader interface {
	// Ask sends line and returns the whole answer. It returns when ctx ends and
	// sets no limit of its own. An error means that the handset could not be
	// asked; a command that ran and refused is an Answer.
	Ask(ctx context.Context, line Line) (Answer, error)
}

// Answer is the answer of a handset to one line.
type Answer struct {
	Stdout, Stderr []byte
	Exit           int    // exit status, -1 where the handset does not report it
	Ref            string // where the raw answer is kept as evidence, "" is nowhere
}

// ErrRefused: the handset ran the command and refused, or it failed there.
var ErrRefused = message.Error(message.Say("error.refused"), nil)

// ask is [Ask] with the row's name in the error.
func ask(ctx context.Context, r Reader, line Line) (Answer, error) {
	a, err := Ask(ctx, r, line)
	if err != nil {
		return Answer{}, fmt.Errorf("%s: %w", line.Command().Name, err)
	}
	return a, nil
}

// Reason returns why an answer could not be used, as the reason of an unknown value:
// the line, the error, the exit status, and the complaints on standard error.
func Reason(line Line, a Answer, err error) message.Sentence {
	why := Because(err)
	if a.Exit > 0 {
		why = message.Say("identity.why.exit", "error", why, "status", strconv.Itoa(a.Exit))
	}
	var complaint message.Sentence
	if len(a.Stderr) > 0 {
		complaint = message.AsIs(dump.Printable(bytes.TrimSpace(dump.Complaints(a.Stderr)), 160))
	}
	return message.Join(message.Colon, message.AsIs(strconv.Quote(line.String())), why, complaint)
}

// Because returns an error as a reason. Its words of the handset are clipped and
// printable.
func Because(err error) message.Sentence {
	return message.Of(err).Map(func(s string) string { return dump.Printable([]byte(s), 200) })
}

// defaultTimeout is the limit of a row without a Timeout.
const defaultTimeout = 30 * time.Second

// LateError says that the handset did not answer within the limit of the row.
type LateError struct{ Limit time.Duration }

func (e *LateError) Error() string { return fmt.Sprintf("no answer within %v", e.Limit) }

// Is reports context.DeadlineExceeded.
func (e *LateError) Is(target error) bool { return target == context.DeadlineExceeded }

// Patient is a reader that waits for a handset that left and asks again, through
// package link. Each time it asks, it asks by [Ask] and a reader that is not patient.
type Patient interface {
	AskPatiently(ctx context.Context, line Line) (Answer, error)
}

// Ask sends line by r and returns the whole answer. It gives the handset the limit
// of the row, and returns a [LateError] when that is over. Any other error is r's.
// No other function bounds a question. A [Patient] reader is given its own way.
func Ask(ctx context.Context, r Reader, line Line) (Answer, error) {
	if p, ok := r.(Patient); ok {
		return p.AskPatiently(ctx, line)
	}
	bound, cancel := Bound(ctx, line.work, line.row)
	defer cancel()
	a, err := r.Ask(bound, line)
	if late := Late(ctx, bound); err != nil && late != nil && !errors.As(err, new(*LateError)) {
		err = fmt.Errorf("%w: %w", late, err)
	}
	return a, err
}

// Bound gives ctx the limit of rows that are sent one after the other to work
// through so many bytes. It is for what [Ask] cannot send: services of adb, and
// installations.
func Bound(ctx context.Context, bytes int64, rows ...*Command) (context.Context, context.CancelFunc) {
	limit := time.Duration(0)
	for _, c := range rows {
		limit += c.limit(bytes)
	}
	return context.WithTimeoutCause(ctx, limit, &LateError{limit})
}

// Late returns the error if the limit of bound is over, nil if bound has not
// ended or ended with ctx, its parent.
func Late(ctx, bound context.Context) *LateError {
	var late *LateError
	if ctx.Err() == nil {
		errors.As(context.Cause(bound), &late)
	}
	return late
}

// Over returns the line with the limit it needs to work through so many bytes, such
// as those of the files it hashes.
func (l Line) Over(bytes int64) Line {
	l.work += bytes
	return l
}

// Limit returns how long a row that Streams may be silent. For any other row it is
// how long the whole answer may take, which [Ask] sees to.
func (l Line) Limit() time.Duration {
	if l.within > 0 {
		return l.within
	}
	return l.row.limit(l.work)
}

// Within returns the line with a limit in place of that of its row; 0 leaves that of the row.
func (l Line) Within(limit time.Duration) Line {
	l.within = limit
	return l
}

func (c *Command) limit(bytes int64) time.Duration {
	limit := c.Timeout
	if limit == 0 {
		limit = defaultTimeout
	}
	if c.Rate > 0 {
		limit += time.Duration(bytes/c.Rate) * time.Second
	}
	return limit
}

// askText asks for one word and reads it with read, which returns the value or
// the reason why there is no value.
func askText(ctx context.Context, r Reader, line Line, read func(string) (value string, why message.Sentence)) Fact {
	a, err := ask(ctx, r, line)
	if err != nil {
		return Fact{Unknown: Because(err)}
	}
	f := Fact{Ref: a.Ref}
	text := strings.TrimSpace(string(a.Stdout[:min(len(a.Stdout), 4096)]))
	switch {
	case a.Exit > 0 || len(a.Stderr) > 0 && text == "":
		f.Unknown = Reason(line, a, ErrRefused)
	case text == "":
		f.Unknown = message.Say("identity.why.nothing", "command", strconv.Quote(line.String()))
	default:
		if f.Value, f.Unknown = read(text); f.Value != "" {
			f.Source, f.Unknown = line.String(), message.Sentence{}
		}
	}
	return f
}

// AskList asks for a list and parses it. A list that the handset refused, or that
// parse refuses, is unknown.
func AskList[T any](ctx context.Context, r Reader, line Line, parse func([]byte) ([]T, error)) List[T] {
	a, err := ask(ctx, r, line)
	if err != nil {
		return List[T]{Unknown: Because(err)}
	}
	items, err := parse(a.Stdout)
	if err == nil && a.Exit > 0 {
		err = ErrRefused
	}
	if err != nil {
		return List[T]{Ref: a.Ref, Unknown: Reason(line, a, err)}
	}
	return List[T]{Items: items, Source: line.String(), Ref: a.Ref}
}

// askOne asks for something there is exactly one of.
func askOne[T any](ctx context.Context, r Reader, line Line, parse func([]byte) (T, error)) List[T] {
	return AskList(ctx, r, line, func(b []byte) ([]T, error) {
		item, err := parse(b)
		return []T{item}, err
	})
}

var hexNumber = pattern.New(`^(0x)?[0-9a-fA-F]{4,64}$`)

// cpuID reads /proc/serial_num.
func cpuID(text string) (value string, why message.Sentence) {
	if hexNumber().MatchString(text) {
		return text, message.Sentence{}
	}
	return "", message.Say("identity.why.no-number", "value", strconv.Quote(dump.Printable([]byte(text), 80)))
}

// esimWords say the states of the eSIM.
var esimWords = map[string]message.Sentence{"used": message.Say("identity.saw.esim-used"), "never used": message.Say("identity.saw.esim-unused")}

// esimState reads settings global euicc_provisioned. "null" is what the
// settings command prints for a setting that was never written; the system reads
// that as 0.
func esimState(text string) (value string, why message.Sentence) {
	switch text {
	case "1":
		return "used", message.Sentence{}
	case "0", "null":
		return "never used", message.Sentence{}
	}
	return "", message.Say("identity.why.says", "name", "euicc_provisioned", "value", strconv.Quote(dump.Printable([]byte(text), 80)))
}

// AskUsers asks for the users, with the kind that each has on a handset of vendor v.
func AskUsers(ctx context.Context, r Reader, v *VendorRow) List[dump.User] {
	users := AskList(ctx, r, ListUsers.Must(), dump.ParseUsers)
	for i, u := range users.Items {
		users.Items[i].Kind = kindOf(u, v)
	}
	return users
}
