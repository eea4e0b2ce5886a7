package dump

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"preship/report/pattern"
)

// Kinds of user.
const (
	UserOwner       = "owner"
	UserSecondSpace = "second space"
	UserDualApps    = "dual apps"
	UserWorkProfile = "work profile"
	UserSecondary   = "secondary"
)

// User is a user of the handset.
type User struct {
	ID      int
	Name    string // as the handset gives it: may hold anything
	Flags   uint32 // UserInfo's
	Running bool
	Kind    string // set by Identify
}

// Managed reports whether the user is a profile that an app manages, such as a work
// profile (AOSP, UserInfo.FLAG_MANAGED_PROFILE).
func (u User) Managed() bool { return u.Flags&0x20 != 0 }

// State returns whether the user runs, in a word for a report.
func (u User) State() string {
	if u.Running {
		return "running"
	}
	return "not running"
}

// maxUsers bounds the users of a handset. Android allows far fewer.
const maxUsers = 64

// userInfo is what UserInfo prints of itself. The name is greedy: it may hold
// colons and braces.
var userInfo = pattern.New(`^UserInfo\{(\d{1,9}):(.*):([0-9a-f]{1,8})\}`)

// ParseUsers parses "pm list users". There is no handset without user 0, so a
// list without it is refused.
// The error is ErrNoHeading, ErrMalformed or ErrTooLarge.
func ParseUsers(b []byte) ([]User, error) {
	lines := nonEmptyLines(b)
	start := slices.IndexFunc(lines, func(s string) bool { return strings.TrimSpace(s) == "Users:" })
	if start < 0 {
		return nil, fmt.Errorf("users: %w", ErrNoHeading)
	}
	if slices.ContainsFunc(lines[:start], func(s string) bool { return strings.Contains(s, "UserInfo{") }) {
		return nil, fmt.Errorf("users: %w: a user stands before the heading", ErrMalformed)
	}
	if len(lines)-start > maxUsers {
		return nil, fmt.Errorf("users: %w: more than %d", ErrTooLarge, maxUsers)
	}
	var users []User
	for _, line := range lines[start+1:] {
		u, rest, ok := parseUserInfo(strings.TrimSpace(line))
		if !ok || rest != "" && rest != " running" {
			return nil, fmt.Errorf("users: %w: %q", ErrMalformed, shape(line))
		}
		u.Running = rest == " running"
		if slices.ContainsFunc(users, func(other User) bool { return other.ID == u.ID }) {
			return nil, fmt.Errorf("users: %w: user %d twice", ErrMalformed, u.ID)
		}
		users = append(users, u)
	}
	if !slices.ContainsFunc(users, func(u User) bool { return u.ID == 0 }) {
		return nil, fmt.Errorf("users: %w: no user 0", ErrMalformed)
	}
	return users, nil
}

// ParseCurrentUser returns whose space the handset shows by "dumpsys user", which begins
// with it on newer systems. The error is ErrNoHeading.
func ParseCurrentUser(b []byte) (int, error) {
	if m := currentUser().FindStringSubmatch(FirstLine(b)); m != nil {
		return strconv.Atoi(m[1])
	}
	return 0, fmt.Errorf("current user: %w", ErrNoHeading)
}

var currentUser = pattern.New(`^Current user: (\d{1,9})$`)

// parseUserInfo reads "UserInfo{id:name:flags}" and returns what follows it.
func parseUserInfo(s string) (u User, rest string, ok bool) {
	m := userInfo().FindStringSubmatchIndex(s)
	if m == nil {
		return User{}, "", false
	}
	id, err := strconv.Atoi(s[m[2]:m[3]])
	flags, errFlags := strconv.ParseUint(s[m[6]:m[7]], 16, 32)
	if err != nil || errFlags != nil {
		return User{}, "", false
	}
	return User{ID: id, Name: s[m[4]:m[5]], Flags: uint32(flags)}, s[m[1]:], true
}
