package message

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"io/fs"
	"strconv"
	"strings"
	"syscall"
)

// sentenceError is an error that has words in every language.
type sentenceError struct {
	sentence Sentence
	err      error // nil: nothing behind it
	alone    bool  // err is wrapped and its text is left out
}

// Error makes an error of a sentence. Its text is the English of the sentence, and
// that of err behind a colon. It wraps err, which may be nil.
// Like others that are called at hundreds of places, it is not inlined: that would make the
// program larger.
//
//go:noinline
func Error(s Sentence, err error) error { return &sentenceError{sentence: s, err: err} }

// Kind makes an error that says a sentence alone, and is of for errors.Is. Unlike one of
// fmt.Errorf it has no text before somebody asks for it.
//
//go:noinline
func Kind(s Sentence, of error) error { return &sentenceError{s, of, true} }

// Detail makes an error that says what of says, and s behind a colon, and is of for
// errors.Is.
//
//go:noinline
func Detail(of error, s Sentence) error { return Kind(Join(Colon, Of(of), s), of) }

func (e *sentenceError) Error() string {
	if e.err == nil || e.alone {
		return e.sentence.String()
	}
	return e.sentence.String() + ": " + e.err.Error()
}

func (e *sentenceError) Unwrap() error { return e.err }

// system are errors of the operating system that have words.
var system = []struct {
	err error
	id  ID
}{
	{syscall.ENOSPC, "error.disk-full"},
	{syscall.ENOENT, "error.system.missing"},
	{syscall.EACCES, "error.system.permission"},
	{syscall.EPERM, "error.system.not-permitted"},
	{syscall.EISDIR, "error.system.folder"},
	{syscall.ENOTDIR, "error.system.no-folder"},
	{syscall.EEXIST, "error.system.exists"},
	{syscall.EROFS, "error.system.read-only"},
	{syscall.EFBIG, "error.system.too-large"},
	{syscall.EINVAL, "error.system.invalid"},
	{syscall.ENAMETOOLONG, "error.system.long-name"},
	{syscall.ENOTEMPTY, "error.system.not-empty"},
	{syscall.EDQUOT, "error.system.quota"},
	{syscall.EIO, "error.system.input-output"},
	{syscall.ECONNREFUSED, "error.system.refused"},
	{syscall.ECONNRESET, "error.system.reset"},
	{syscall.EBUSY, "error.system.busy"},
	{syscall.EMFILE, "error.system.many-files"},
	{syscall.ENXIO, "error.system.no-address"},
	{syscall.ENODEV, "error.system.no-device"},
	{syscall.EPIPE, "error.system.pipe"},
	{syscall.ELOOP, "error.system.loop"},
	{syscall.ETXTBSY, "error.system.text-busy"},
	{syscall.EADDRINUSE, "error.system.address-in-use"},
	{syscall.ENETUNREACH, "error.system.no-network"},
	{syscall.EHOSTUNREACH, "error.system.no-route"},
	{syscall.ETIMEDOUT, "error.system.timed-out"},
	{fs.ErrNotExist, "error.system.not-there"},
	{fs.ErrExist, "error.system.already"},
	{io.EOF, "error.system.end"},
	{io.ErrUnexpectedEOF, "error.system.cut"},
	{context.DeadlineExceeded, "error.system.deadline"},
}

// operations are what a [fs.PathError] says was tried.
var operations = map[string]ID{
	"open":       "error.path.open",
	"openat":     "error.path.openat",
	"stat":       "error.path.stat",
	"statat":     "error.path.statat",
	"lstat":      "error.path.lstat",
	"read":       "error.path.read",
	"write":      "error.path.write",
	"mkdir":      "error.path.mkdir",
	"mkdirat":    "error.path.mkdirat",
	"sync":       "error.path.sync",
	"remove":     "error.path.remove",
	"unlinkat":   "error.path.unlinkat",
	"truncate":   "error.path.truncate",
	"readdirent": "error.path.readdirent",
	"chmod":      "error.path.chmod",
	"close":      "error.path.close",
	"chtimes":    "error.path.chtimes",
}

// speaker is its own error type that has words in every language. The
// English of its sentence is its text.
type speaker interface {
	error
	Sentence() Sentence
}

// Of returns what an error says, with the sentences of the errors it wraps. What has
// no sentence is shown unchanged. The English of the result is the text of the error;
// a nil error gives the empty sentence.
func Of(err error) Sentence {
	if err == nil {
		return Sentence{}
	}
	if s := sentenceOf(err); s.String() == err.Error() {
		return s
	}
	return AsIs(err.Error())
}

// sentenceOf follows the errors that err wraps, as far as each is at the beginning or
// the end of the text of the one around it.
func sentenceOf(err error) Sentence {
	if e, ok := err.(*sentenceError); ok && e.alone {
		return e.sentence
	} else if ok {
		return Join(Colon, e.sentence, Of(e.err))
	}
	if e, ok := err.(speaker); ok {
		return e.Sentence()
	}
	for _, row := range system {
		if err == row.err {
			return Say(row.id)
		}
	}
	if e, ok := err.(*fs.PathError); ok && operations[e.Op] != "" {
		return Say(operations[e.Op], "path", e.Path, "error", Of(e.Err))
	}
	return parts(err.Error(), wrapped(err))
}

// parts takes the texts of errors out of the text of the one that wraps them.
func parts(text string, errs []error) Sentence {
	for _, inner := range errs {
		if !says(inner) {
			continue
		}
		before, after, found := strings.Cut(text, inner.Error())
		switch {
		case !found:
		case before == "" && after == "":
			return sentenceOf(inner)
		case before == "" && strings.HasPrefix(after, ": "):
			return Join(Colon, sentenceOf(inner), parts(after[2:], errs))
		case strings.HasSuffix(before, ": ") && strings.HasPrefix(after, ": "):
			return Join(Colon, parts(before[:len(before)-2], errs), sentenceOf(inner), parts(after[2:], errs))
		case after == "" && strings.HasSuffix(before, ": "):
			return Join(Colon, parts(before[:len(before)-2], errs), sentenceOf(inner))
		}
	}
	return AsIs(text)
}

// says reports whether err, or an error that it wraps, has a sentence.
func says(err error) bool {
	for _, row := range system {
		if errors.Is(err, row.err) {
			return true
		}
	}
	return errors.As(err, new(*sentenceError)) || errors.As(err, new(speaker)) || errors.As(err, new(*fs.PathError))
}

func wrapped(err error) []error {
	switch e := err.(type) {
	case interface{ Unwrap() error }:
		if inner := e.Unwrap(); inner != nil {
			return []error{inner}
		}
	case interface{ Unwrap() []error }:
		return e.Unwrap()
	}
	return nil
}

// OfJSON returns an error of reading JSON that a person wrote, with the sentence for it.
// An error of another kind, and nil, stay as they are.
func OfJSON(err error) error {
	var syntax *json.SyntaxError
	var kind *json.UnmarshalTypeError
	switch {
	case errors.As(err, &syntax):
		return Error(Say("error.json.syntax", "offset", strconv.FormatInt(syntax.Offset, 10)), nil)
	case errors.As(err, &kind):
		field := kind.Field
		if field == "" {
			field = "{}"
		}
		return Error(Say("error.json.type", "field", field, "value", kind.Value), nil)
	}
	return err
}
