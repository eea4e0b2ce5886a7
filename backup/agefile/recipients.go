package agefile

import (
	"bufio"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"

	"filippo.io/age"
	"filippo.io/age/agessh"
	"golang.org/x/crypto/ssh"

	"preship/report/message"
)

// ErrRecipient means that a text is not a public key of a kind that can encrypt.
var ErrRecipient = message.Error(message.Say("backup.key.recipient"), nil)

// maxRecipients bounds how many keys a backup is encrypted to: each makes every
// file longer.
const maxRecipients = 32

// ReadRecipients reads public keys, one a line, as `age -R` does: lines that are
// empty or begin with "#" are skipped. Each comes back in the one form in which
// equal keys are equal, without its comment. The error is [ErrRecipient] and never
// holds the text of the line, which may be a secret.
func ReadRecipients(r io.Reader) ([]string, error) {
	var names []string
	in := bufio.NewScanner(io.LimitReader(r, maxKeyFile))
	for n := 1; in.Scan(); n++ {
		line := strings.TrimSpace(in.Text())
		if line == "" || line[0] == '#' {
			continue
		}
		name, _, err := parseRecipient(line)
		if err != nil {
			return nil, message.Error(message.Say("key.error.line", "line", strconv.Itoa(n)), err)
		}
		if !slices.Contains(names, name) {
			names = append(names, name)
		}
	}
	if err := in.Err(); err != nil {
		return nil, err
	}
	switch {
	case len(names) == 0:
		return nil, fmt.Errorf("%w: %w", ErrRecipient, message.Error(message.Say("backup.key.no-line"), nil))
	case len(names) > maxRecipients:
		return nil, fmt.Errorf("%w: %w", ErrRecipient, message.Error(message.Say("backup.key.too-many", "most", strconv.Itoa(maxRecipients)), nil))
	}
	return names, nil
}

func parseRecipient(line string) (name string, r age.Recipient, err error) {
	switch {
	case strings.HasPrefix(line, "age1pq1"):
		pq, err := age.ParseHybridRecipient(line)
		if err != nil {
			return "", nil, ErrRecipient
		}
		return pq.String(), pq, nil
	case strings.HasPrefix(line, "age1"):
		x, err := age.ParseX25519Recipient(line)
		if err != nil {
			return "", nil, ErrRecipient
		}
		return x.String(), x, nil
	case strings.HasPrefix(line, "ssh-"):
		r, err := agessh.ParseRecipient(line)
		if err != nil {
			return "", nil, ErrRecipient
		}
		key, _, _, _, err := ssh.ParseAuthorizedKey([]byte(line))
		if err != nil {
			return "", nil, ErrRecipient
		}
		return sshRecipient(key), r, nil
	case strings.HasPrefix(line, "AGE-SECRET-KEY-"), strings.HasPrefix(line, "-----BEGIN"):
		return "", nil, fmt.Errorf("%w: %w", ErrRecipient, message.Error(message.Say("backup.key.secret"), nil))
	}
	return "", nil, ErrRecipient
}

// recipientsOf parses public keys and checks that one file can be encrypted to all.
func recipientsOf(names []string) ([]age.Recipient, error) {
	all := make([]age.Recipient, 0, len(names))
	for _, name := range names {
		_, r, err := parseRecipient(name)
		if err != nil {
			return nil, err
		}
		all = append(all, r)
	}
	if _, err := age.Encrypt(io.Discard, all...); err != nil {
		return nil, fmt.Errorf("%w: %w", ErrRecipient, message.Error(message.Say("backup.key.not-together"), err))
	}
	return all, nil
}
