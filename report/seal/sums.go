package seal

import (
	"bytes"
	"encoding/hex"
	"fmt"
	"strconv"
	"strings"

	"preship/report/message"
	"preship/report/safefile"
)

// errSums: the bytes are not a SHA256SUMS as preship writes it.
var errSums = message.Error(message.Say("error.digests"), nil)

// sum is one line of SHA256SUMS.
type sum struct {
	name   string
	sha256 string // lower-case hexadecimal
}

// formatSums writes the list as sha256sum(1) does in text mode. The sums are in
// order of name.
func formatSums(sums []sum) []byte {
	var b bytes.Buffer
	for _, s := range sums {
		fmt.Fprintf(&b, "%s  %s\n", s.sha256, s.name)
	}
	return b.Bytes()
}

// parseSums reads what formatSums writes and nothing else: one spelling for one
// content leaves no room for a change that means nothing to a lenient reader.
// Names are relative, plain, ascending and unique.
func parseSums(b []byte) ([]sum, error) {
	var sums []sum
	for len(b) > 0 {
		line, rest, ok := bytes.Cut(b, []byte("\n"))
		if !ok {
			return nil, message.Detail(errSums, message.Say("error.detail.line-not-ended", "line", strconv.Itoa(len(sums)+1)))
		}
		s, err := parseSum(string(line))
		if err != nil {
			return nil, fmt.Errorf("%w: line %d: %w", errSums, len(sums)+1, err)
		}
		if n := len(sums); n > 0 && sums[n-1].name >= s.name {
			return nil, message.Detail(errSums, message.Say("error.detail.line-order", "line", strconv.Itoa(n+1), "name", strconv.Quote(s.name), "before", strconv.Quote(sums[n-1].name)))
		}
		if len(sums) == maxFiles {
			return nil, fmt.Errorf("%w: %w", errSums, safefile.ErrTooLarge)
		}
		sums = append(sums, s)
		b = rest
	}
	if len(sums) == 0 {
		return nil, message.Detail(errSums, message.Say("error.detail.empty"))
	}
	return sums, nil
}

func parseSum(line string) (sum, error) {
	digest, name, ok := strings.Cut(line, "  ")
	switch raw, err := hex.DecodeString(digest); {
	case !ok, err != nil, len(raw) != 32, digest != strings.ToLower(digest):
		return sum{}, message.Error(message.Say("error.detail.digest-line"), nil)
	case len(name) > maxNameLength, !packageName.MatchString(name):
		return sum{}, fmt.Errorf("%.80q is no name of a file in a package", name)
	}
	return sum{name: name, sha256: digest}, nil
}

// byName returns the digests by the names of their files.
func byName(sums []sum) map[string]string {
	digests := make(map[string]string, len(sums))
	for _, s := range sums {
		digests[s.name] = s.sha256
	}
	return digests
}
