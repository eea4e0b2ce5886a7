package dump

import (
	"fmt"
	"slices"
	"strings"
)

// Restrictions are what users of a handset are forbidden to do.
type Restrictions struct {
	User map[int][]string // whoever forbade it
	// Effective reports whether user 0 has the section that sums up all others
	// (from Android 7 on).
	Effective bool
	// Managed reports whether the handset or a user of it has an owner app, or a
	// restriction that such an app set.
	Managed bool
}

// ParseRestrictions reads the restrictions of each user in "dumpsys user". User
// 0 must be there with at least one section with entries or with the word "none". A
// list of entries at the very end of the answer may be cut off, so it is refused.
// The error is ErrNoHeading, ErrTruncated or ErrTooLarge.
func ParseRestrictions(b []byte) (Restrictions, error) {
	if len(b) > maxAnswer {
		return Restrictions{}, fmt.Errorf("restrictions: %w: %d bytes", ErrTooLarge, len(b))
	}
	lines := nonEmptyLines(b)
	start := slices.IndexFunc(lines, func(s string) bool { return strings.TrimSpace(s) == "Users:" })
	if start < 0 {
		return Restrictions{}, fmt.Errorf("restrictions: %w", ErrNoHeading)
	}
	r := restrictionReader{Restrictions: Restrictions{User: map[int][]string{}}, user: -1, section: -1}
	for _, line := range lines[start+1:] {
		r.line(line)
	}
	switch {
	case !r.answered:
		return Restrictions{}, fmt.Errorf("restrictions: %w: none named for user 0", ErrNoHeading)
	case r.open:
		return Restrictions{}, fmt.Errorf("restrictions: %w in the last list", ErrTruncated)
	case len(r.User) > maxUsers:
		return Restrictions{}, fmt.Errorf("restrictions: %w", ErrTooLarge)
	}
	return r.Restrictions, nil
}

// restrictionReader is where the reader of lines stands.
type restrictionReader struct {
	Restrictions
	user, section  int  // section is the indent of its heading, -1 outside of one
	sums           bool // the section is the one that sums up
	policy         bool // the section is of what a manager forbids
	answered, open bool // user 0 has a section with an entry; the list may be cut off
}

func (r *restrictionReader) line(line string) {
	text := strings.TrimSpace(line)
	indent := len(line) - len(strings.TrimLeft(line, " "))
	r.open = false
	if u, _, ok := parseUserInfo(text); ok {
		r.user, r.section = u.ID, -1
		return
	}
	switch {
	case r.user < 0:
	case text == "Has profile owner: true", text == "Device managed: true":
		r.Managed = true
	case strings.HasSuffix(strings.ToLower(text), "restrictions:"):
		r.section, r.sums = indent, strings.HasPrefix(text, "Effective")
		r.policy = strings.HasPrefix(text, "Device policy")
	case indent <= r.section:
		r.section = -1
	case r.section >= 0:
		r.answered = r.answered || r.user == 0
		r.Effective = r.Effective || r.user == 0 && r.sums
		if text != "none" && text != "null" {
			r.User[r.user] = append(r.User[r.user], Printable([]byte(text), 80))
			r.open = r.user == 0
			r.Managed = r.Managed || r.policy
		}
	}
}
