package handset

import (
	"context"
	"fmt"
	"regexp"
	"strings"

	"preship/adb/handset/dump"
)

// askText asks for one word and reads it with read, which returns the value or
// the reason why there is no value.
func askText(ctx context.Context, r Reader, line Line, read func(string) (value, why string)) Fact {
	a, err := ask(ctx, r, line)
	if err != nil {
		return Fact{Unknown: dump.Printable([]byte(err.Error()), 200)}
	}
	f := Fact{Ref: a.Ref}
	text := strings.TrimSpace(string(a.Stdout[:min(len(a.Stdout), 4096)]))
	switch {
	case a.Exit > 0 || len(a.Stderr) > 0 && text == "":
		f.Unknown = Reason(line, a, ErrRefused)
	case text == "":
		f.Unknown = fmt.Sprintf("%q answered nothing", line)
	default:
		if f.Value, f.Unknown = read(text); f.Value != "" {
			f.Source, f.Unknown = line.String(), ""
		}
	}
	return f
}

// AskList asks for a list and parses it. A list that the handset refused, or that
// parse refuses, is unknown.
func AskList[T any](ctx context.Context, r Reader, line Line, parse func([]byte) ([]T, error)) List[T] {
	a, err := ask(ctx, r, line)
	if err != nil {
		return List[T]{Unknown: dump.Printable([]byte(err.Error()), 200)}
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

var hexNumber = regexp.MustCompile(`^(0x)?[0-9a-fA-F]{4,64}$`)

// cpuID reads /proc/serial_num.
func cpuID(text string) (value, why string) {
	if hexNumber.MatchString(text) {
		return text, ""
	}
	return "", fmt.Sprintf("%q is no processor number", dump.Printable([]byte(text), 80))
}

// esimState reads settings global euicc_provisioned. "null" is what the
// settings command prints for a setting that was never written; the system reads
// that as 0.
func esimState(text string) (value, why string) {
	switch text {
	case "1":
		return "used", ""
	case "0", "null":
		return "never used", ""
	}
	return "", fmt.Sprintf("euicc_provisioned says %q", dump.Printable([]byte(text), 80))
}

// AskUsers asks for the users, with the kind that each has on a handset of vendor v.
func AskUsers(ctx context.Context, r Reader, v *VendorRow) List[dump.User] {
	users := AskList(ctx, r, ListUsers.Must(), dump.ParseUsers)
	for i, u := range users.Items {
		users.Items[i].Kind = kindOf(u, v)
	}
	return users
}
