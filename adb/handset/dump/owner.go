package dump

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"preship/report/pattern"
)

// Owner is an app that manages the handset or a profile of it, as an employer's does.
type Owner struct {
	User   int
	Admin  string // package/class
	Device bool   // of the whole handset; otherwise of a profile
}

var (
	ownerCount    = pattern.New(`^(\d{1,2}) owners?:$`)
	ownerRow      = pattern.New(`^User +(\d{1,9}): admin=([^\s,]{1,256})((?:,[A-Za-z]+(?:\([^)]*\))?)*)$`)
	policyProfile = pattern.New(`^Profile Owner \(User (\d{1,9})\):`)
	policyAdmin   = pattern.New(`^admin=ComponentInfo\{([^}\s]{1,256})\}`)
)

// ParseOwners parses "dpm list-owners": "no owners", or a count and as many rows.
// The error is ErrNoHeading or ErrMalformed.
func ParseOwners(b []byte) ([]Owner, error) {
	lines := nonEmptyLines(b)
	if len(lines) == 1 && strings.TrimSpace(lines[0]) == "no owners" {
		return nil, nil
	}
	if len(lines) == 0 {
		return nil, fmt.Errorf("owners: %w", ErrNoHeading)
	}
	m := ownerCount().FindStringSubmatch(strings.TrimSpace(lines[0]))
	if m == nil {
		return nil, fmt.Errorf("owners: %w: %q", ErrNoHeading, Printable([]byte(lines[0]), 80))
	}
	if strconv.Itoa(len(lines)-1) != m[1] || len(lines) == 1 {
		return nil, fmt.Errorf("owners: %w: %s announced, %d listed", ErrMalformed, m[1], len(lines)-1)
	}
	var owners []Owner
	for _, line := range lines[1:] {
		row := ownerRow().FindStringSubmatch(strings.TrimSpace(line))
		if row == nil {
			return nil, fmt.Errorf("owners: %w: %q", ErrMalformed, Printable([]byte(line), 80))
		}
		user, _ := strconv.Atoi(row[1])
		owners = append(owners, Owner{User: user, Admin: Printable([]byte(row[2]), 256), Device: slices.Contains(strings.Split(row[3], ","), "DeviceOwner")})
	}
	return owners, nil
}

// ParsePolicy reads the owners from "dumpsys device_policy", for handsets
// without "dpm list-owners". They are between the heading and the list of
// user 0's administrators, which is there also when it is empty: an answer
// without it may have been cut off before the owners.
// The error is ErrNoHeading, ErrMalformed, ErrTruncated or ErrTooLarge.
func ParsePolicy(b []byte) ([]Owner, error) {
	if len(b) > maxAnswer {
		return nil, fmt.Errorf("device policy: %w: %d bytes", ErrTooLarge, len(b))
	}
	lines := nonEmptyLines(b)
	start := slices.IndexFunc(lines, func(s string) bool {
		return strings.TrimSpace(s) == "Current Device Policy Manager state:"
	})
	if start < 0 {
		return nil, fmt.Errorf("device policy: %w", ErrNoHeading)
	}
	if slices.ContainsFunc(lines[:start], tellsOwner) {
		return nil, fmt.Errorf("device policy: %w: an owner stands before the heading", ErrMalformed)
	}
	var owners []Owner
	var next *Owner // announced by its heading, admin still to come
	complete := false
	for _, line := range lines[start+1:] {
		line := strings.TrimSpace(line)
		admin := policyAdmin().FindStringSubmatch(line)
		switch profile := policyProfile().FindStringSubmatch(line); {
		case (next != nil) != (admin != nil):
			return nil, fmt.Errorf("device policy: %w: owner and admin do not belong together: %q", ErrMalformed, Printable([]byte(line), 80))
		case next != nil:
			next.Admin = Printable([]byte(admin[1]), 256)
			owners = append(owners, *next)
			next = nil
		case line == "Device Owner:":
			next = &Owner{Device: true}
		case profile != nil:
			user, _ := strconv.Atoi(profile[1])
			next = &Owner{User: user}
		case strings.HasPrefix(line, "Enabled Device Admins (User 0"):
			complete = true
		}
	}
	if next != nil || !complete {
		return nil, fmt.Errorf("device policy: %w before the administrators of user 0", ErrTruncated)
	}
	return owners, nil
}

// tellsOwner reports whether a line is of those that name an owner.
func tellsOwner(line string) bool {
	line = strings.TrimSpace(line)
	return line == "Device Owner:" || policyProfile().MatchString(line) || policyAdmin().MatchString(line)
}
