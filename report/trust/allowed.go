package trust

import (
	"bufio"
	"bytes"
	"fmt"
	"path"
	"slices"
	"strconv"
	"strings"
	"time"

	"golang.org/x/crypto/ssh"

	"preship/report/message"
)

// errAllowed: a line of an allowed_signers file cannot be read.
var errAllowed = message.Error(message.Say("key.error.allowed"), nil)

// allowedSigner is one line of an allowed_signers file, see ALLOWED SIGNERS in
// ssh-keygen(1).
type allowedSigner struct {
	principals    string
	namespaces    []string // patterns; nil: every namespace
	after, before time.Time
	authority     bool // a certificate authority; preship's signers have no certificates
	key           ssh.PublicKey
}

// findSigner returns the principals of a key that a list allows for reports at that
// time; ok is false if the list does not allow it. A line that cannot be read is an
// error, even if another line has the key: a list of trust is not guessed.
func findSigner(file []byte, key ssh.PublicKey, at time.Time) (principals string, ok bool, err error) {
	signers, err := readAllowed(file)
	if err != nil {
		return "", false, err
	}
	for _, s := range signers {
		if s.allows(key, at) {
			return s.principals, true, nil
		}
	}
	return "", false, nil
}

// hasLapsed reports whether a list that can be read allows a key for another time only.
func hasLapsed(file []byte, key ssh.PublicKey, at time.Time) bool {
	signers, err := readAllowed(file)
	return err == nil && slices.ContainsFunc(signers, func(s allowedSigner) bool {
		whenever := s
		whenever.after, whenever.before = time.Time{}, time.Time{}
		return whenever.allows(key, at) && !s.allows(key, at)
	})
}

// readAllowed parses an allowed_signers file.
func readAllowed(file []byte) (signers []allowedSigner, err error) {
	lines := bufio.NewScanner(bytes.NewReader(file))
	for n := 1; lines.Scan(); n++ {
		line := strings.TrimSpace(lines.Text())
		if line == "" || line[0] == '#' {
			continue
		}
		s, err := parseAllowed(line)
		if err != nil {
			return nil, message.Error(message.Say("key.error.line", "line", strconv.Itoa(n)), err)
		}
		signers = append(signers, s)
	}
	return signers, lines.Err()
}

func (s allowedSigner) allows(key ssh.PublicKey, at time.Time) bool {
	if s.authority || !bytes.Equal(s.key.Marshal(), key.Marshal()) {
		return false
	}
	if !s.after.IsZero() && at.Before(s.after) || !s.before.IsZero() && at.After(s.before) {
		return false
	}
	return s.namespaces == nil || matchPatterns(s.namespaces, Namespace)
}

// matchPatterns follows PATTERNS of ssh_config(5): a match of a negated pattern
// outranks any other.
func matchPatterns(patterns []string, s string) bool {
	matched := false
	for _, p := range patterns {
		bare, negated := strings.CutPrefix(p, "!")
		if ok, err := path.Match(bare, s); err != nil || !ok {
			continue
		}
		if negated {
			return false
		}
		matched = true
	}
	return matched
}

func parseAllowed(line string) (allowedSigner, error) {
	principals, rest, ok := strings.Cut(line, " ")
	if !ok {
		return allowedSigner{}, fmt.Errorf("%w: %w", errAllowed, message.Error(message.Say("key.error.allowed.no-key"), nil))
	}
	// What follows the principals has the form of an authorized_keys line.
	key, _, options, _, err := ssh.ParseAuthorizedKey([]byte(rest))
	if err != nil {
		return allowedSigner{}, fmt.Errorf("%w: %w", errAllowed, message.Kind(message.Say("key.error.no-public"), err))
	}
	s := allowedSigner{principals: strings.Trim(principals, `"`), key: key}
	for _, o := range options {
		name, value, _ := strings.Cut(o, "=")
		value = strings.Trim(value, `"`)
		switch strings.ToLower(name) {
		case "namespaces":
			s.namespaces = strings.Split(value, ",")
		case "cert-authority":
			s.authority = true
		case "valid-after":
			s.after, err = parseValidity(value)
		case "valid-before":
			s.before, err = parseValidity(value)
		default:
			err = fmt.Errorf("%w: %w", errAllowed, message.Error(message.Say("key.error.allowed.option", "option", strconv.Quote(name)), nil))
		}
		if err != nil {
			return allowedSigner{}, err
		}
	}
	return s, nil
}

// parseValidity reads YYYYMMDD[HHMM[SS]][Z], local time unless it ends in Z.
func parseValidity(s string) (time.Time, error) {
	bare, utc := strings.CutSuffix(s, "Z")
	zone := time.Local
	if utc {
		zone = time.UTC
	}
	for _, layout := range []string{"20060102", "200601021504", "20060102150405"} {
		if len(layout) == len(bare) {
			if at, err := time.ParseInLocation(layout, bare, zone); err == nil {
				return at, nil
			}
		}
	}
	return time.Time{}, fmt.Errorf("%w: %w", errAllowed, message.Error(message.Say("key.error.allowed.time", "time", strconv.Quote(s)), nil))
}
