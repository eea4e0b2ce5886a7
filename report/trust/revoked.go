package trust

import (
	"bufio"
	"bytes"
	"crypto/sha1" // the KRL format names keys by it; nothing is proved with it here
	"crypto/sha256"
	"encoding/binary"
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"golang.org/x/crypto/ssh"

	"preship/report/message"
)

// errRevoked: a list of revoked keys cannot be read.
var errRevoked = message.Error(message.Say("key.error.revoked-list"), nil)

// The sections of a KRL that name bare keys; see PROTOCOL.krl of OpenSSH.
const (
	krlMagic        = "SSHKRL\n\x00"
	krlCertificates = 1
	krlKeys         = 2
	krlSHA1         = 3
	krlSignature    = 4
	krlSHA256       = 5
)

// revocation is what a list says of a revoked key. A time is zero if the list does not
// say it.
type revocation struct {
	on    time.Time // when the key was revoked
	since time.Time // from when on its signatures do not count; zero: none of them does
}

// revokedLine is the comment that [Store.Revoke] writes above a key.
var revokedLine = regexp.MustCompile(`^# revoked (\d{4}-\d\d-\d\d)(?:, not trusted since (\d{4}-\d\d-\d\d))?: `)

// isRevoked reports whether a list has the key.
func isRevoked(file []byte, key ssh.PublicKey) (bool, error) {
	r, err := revocationOf(file, key)
	return r != nil, err
}

// revocationOf returns what a list says of a key, nil if it does not have the key. The list
// has a format of `ssh-keygen -Y verify -r`: a KRL, or one public key a line. A list that
// cannot be read is an error. Of two lines about one key, what trusts it less counts.
func revocationOf(file []byte, key ssh.PublicKey) (*revocation, error) {
	if bytes.HasPrefix(file, []byte(krlMagic)) {
		found, err := inKRL(file, key)
		if err != nil || !found {
			return nil, err
		}
		return &revocation{}, nil
	}
	lines := bufio.NewScanner(bytes.NewReader(file))
	var found *revocation
	var said revocation // by the comment above
	for n := 1; lines.Scan(); n++ {
		line := strings.TrimSpace(lines.Text())
		if line == "" || line[0] == '#' {
			said = saidOf(line)
			continue
		}
		revoked, _, _, _, err := ssh.ParseAuthorizedKey([]byte(line))
		if err != nil {
			return nil, fmt.Errorf("%w: %w", errRevoked, message.Error(message.Say("key.error.line", "line", strconv.Itoa(n)), message.Kind(message.Say("key.error.no-public"), err)))
		}
		if bytes.Equal(revoked.Marshal(), key.Marshal()) {
			if found == nil {
				found = &revocation{said.on, said.since}
			} else {
				found.strictest(said)
			}
		}
		said = revocation{}
	}
	return found, lines.Err()
}

func saidOf(comment string) (r revocation) {
	if m := revokedLine.FindStringSubmatch(comment); m != nil {
		r.on, _ = time.Parse(time.DateOnly, m[1]) // an impossible date is no date
		r.since, _ = time.Parse(time.DateOnly, m[2])
	}
	return r
}

// strictest keeps of two lines about a key what trusts it less.
func (r *revocation) strictest(o revocation) {
	if o.on.Before(r.on) {
		r.on = o.on
	}
	if o.since.Before(r.since) {
		r.since = o.since
	}
}

func inKRL(file []byte, key ssh.PublicKey) (bool, error) {
	// Magic, format, version, date, flags; then reserved and comment.
	in := krlReader{rest: file[len(krlMagic):]}
	format := in.next(4)
	in.next(8 + 8 + 8)
	in.text()
	in.text()
	if in.bad || binary.BigEndian.Uint32(format) != 1 {
		return false, fmt.Errorf("%w: %w", errRevoked, message.Error(message.Say("key.error.revoked-list.format"), nil))
	}
	blob := key.Marshal()
	s1, s2 := sha1.Sum(blob), sha256.Sum256(blob)
	found := false
	for len(in.rest) > 0 && !in.bad {
		kind := in.next(1)
		section := krlReader{rest: in.text()}
		if in.bad {
			break
		}
		wanted, ok := map[byte][]byte{krlKeys: blob, krlSHA1: s1[:], krlSHA256: s2[:]}[kind[0]]
		switch {
		case ok:
			found = section.has(wanted) || found
		case slices.Contains([]byte{krlCertificates, krlSignature}, kind[0]):
			// Reports are signed with bare keys, and the list is trusted as a file.
		default:
			return false, fmt.Errorf("%w: %w", errRevoked, message.Error(message.Say("key.error.revoked-list.section", "kind", strconv.Itoa(int(kind[0]))), nil))
		}
		if section.bad {
			in.bad = true
		}
	}
	if in.bad {
		return false, fmt.Errorf("%w: %w", errRevoked, message.Error(message.Say("key.error.cut"), nil))
	}
	return found, nil
}

// krlReader takes SSH wire fields off a buffer; bad is set if one is missing.
type krlReader struct {
	rest []byte
	bad  bool
}

func (r *krlReader) next(n int) []byte {
	if r.bad || n > len(r.rest) {
		r.bad = true
		return make([]byte, min(n, 8))
	}
	b := r.rest[:n]
	r.rest = r.rest[n:]
	return b
}

func (r *krlReader) text() []byte {
	n := binary.BigEndian.Uint32(r.next(4))
	if r.bad || uint64(n) > uint64(len(r.rest)) {
		r.bad = true
		return nil
	}
	return r.next(int(n))
}

// has reads the whole section, so that a partial one is noticed.
func (r *krlReader) has(want []byte) (found bool) {
	for len(r.rest) > 0 && !r.bad {
		found = bytes.Equal(r.text(), want) || found
	}
	return found && !r.bad
}
