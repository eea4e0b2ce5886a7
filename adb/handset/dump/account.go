package dump

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"preship/report/pattern"
)

// Account is one account a user is signed in to.
type Account struct {
	Name string // as the handset gives it: mask it before it leaves the computer
	Type string // "com.google"
}

// UserAccounts are the accounts of one user.
type UserAccounts struct {
	User     User
	Accounts []Account
}

// Types returns how many accounts there are of each type.
func (u UserAccounts) Types() map[string]int {
	types := map[string]int{}
	for _, a := range u.Accounts {
		types[a.Type]++
	}
	return types
}

// maxAccounts bounds the accounts of one user.
const maxAccounts = 1000

var (
	accountCount = pattern.New(`^Accounts: (\d{1,6})$`)
	// The name is greedy: it may hold ", type=" itself, a type never does.
	// Types are usually package names, but an app may choose any word.
	accountRow = pattern.New(`^Account \{name=(.*), type=([\p{L}\p{N} ._:/@+-]{1,128})\}$`)
)

// ParseAccounts parses "dumpsys account". For every user there must be a
// heading "User UserInfo{…}:", directly after it "Accounts: N", and directly
// after that exactly N lines "Account {name=…, type=…}". What else the service
// prints is passed over, unless it looks like one of these three: a count that
// does not hold, a name with a newline in it, or two dumps run together would
// make accounts unseen, and an account that was not seen is not an account that
// is gone. The lists of installed authenticators, which hold the same types,
// are not.
// The error is ErrNoHeading, ErrMalformed, ErrTruncated or ErrTooLarge.
func ParseAccounts(b []byte) ([]UserAccounts, error) {
	if len(b) > maxAnswer {
		return nil, fmt.Errorf("accounts: %w: %d bytes", ErrTooLarge, len(b))
	}
	lines := strings.Split(strings.ReplaceAll(string(b), "\r\n", "\n"), "\n")
	var users []UserAccounts
	for i := 0; i < len(lines); i++ {
		line := strings.TrimSpace(lines[i])
		switch {
		case strings.HasPrefix(line, "User UserInfo{"):
			u, n, err := parseUserAccounts(line, lines[i+1:])
			if err != nil {
				return nil, err
			}
			if slices.ContainsFunc(users, func(o UserAccounts) bool { return o.User.ID == u.User.ID }) {
				return nil, fmt.Errorf("accounts: %w: user %d twice", ErrMalformed, u.User.ID)
			}
			users = append(users, u)
			i += n
		case strings.HasPrefix(line, "Account {name="), accountCount().MatchString(line):
			return nil, fmt.Errorf("accounts: %w: %q stands outside a user's list", ErrMalformed, shape(line))
		}
		if len(users) > maxUsers {
			return nil, fmt.Errorf("accounts: %w: more than %d users", ErrTooLarge, maxUsers)
		}
	}
	if !slices.ContainsFunc(users, func(u UserAccounts) bool { return u.User.ID == 0 }) {
		return nil, fmt.Errorf("accounts: %w: no list of user 0", ErrNoHeading)
	}
	return users, nil
}

// parseUserAccounts reads one user's list. n is how many of lines it took.
func parseUserAccounts(heading string, lines []string) (u UserAccounts, n int, err error) {
	user, rest, ok := parseUserInfo(strings.TrimPrefix(heading, "User "))
	if !ok || rest != ":" {
		return u, 0, fmt.Errorf("accounts: %w: heading %q", ErrMalformed, shape(heading))
	}
	u.User = user
	if len(lines) == 0 {
		return u, 0, fmt.Errorf("accounts: %w after the heading of user %d", ErrTruncated, user.ID)
	}
	m := accountCount().FindStringSubmatch(strings.TrimSpace(lines[0]))
	if m == nil {
		return u, 0, fmt.Errorf("accounts: %w: user %d has no \"Accounts: N\" but %q", ErrNoHeading, user.ID, shape(lines[0]))
	}
	count, err := strconv.Atoi(m[1])
	if err != nil || count > maxAccounts {
		return u, 0, fmt.Errorf("accounts: %w: user %d says %s accounts", ErrTooLarge, user.ID, m[1])
	}
	if len(lines)-1 < count {
		return u, 0, fmt.Errorf("accounts: %w: user %d has fewer than %d lines", ErrTruncated, user.ID, count)
	}
	for i, line := range lines[1 : 1+count] {
		row := accountRow().FindStringSubmatch(strings.TrimSpace(line))
		if row == nil {
			return u, 0, fmt.Errorf("accounts: %w: account %d of %d of user %d: %q", ErrMalformed, i+1, count, user.ID, shape(line))
		}
		u.Accounts = append(u.Accounts, Account{Name: row[1], Type: row[2]})
	}
	return u, count + 1, nil
}

// shape shows the beginning of a line that could not be read, not the name or the
// value in it: an error text leaves the computer too.
func shape(line string) string {
	for _, before := range []string{"{name=", "UserInfo{", "="} {
		if head, _, found := strings.Cut(line, before); found {
			line = head + before + "…"
		}
	}
	return Printable([]byte(line), 40)
}
