package handset

import (
	"bytes"
	"fmt"
	"regexp"
)

// Mask returns an answer to this row fit to leave the computer in a report:
// what names a person is masked. Rows whose answers name nobody return it
// unchanged.
func (c *Command) Mask(answer []byte) []byte {
	if c.personal == nil {
		return answer
	}
	return c.personal(answer)
}

var (
	anyUserName    = regexp.MustCompile(`UserInfo\{(\d{1,9}):.*:([0-9a-f]{1,8})\}`)
	anyAccountName = regexp.MustCompile(`^(\s*Account \{name=)(.*)(, type=[A-Za-z0-9._-]{1,128}\}\s*)$`)
	anyCount       = regexp.MustCompile(`^\s*Accounts: \d{1,6}\s*$`)
	anyHeading     = regexp.MustCompile(`^\s*User UserInfo\{\d{1,9}:\*\*\*:[0-9a-f]{1,8}\}:\s*$`)
	anyMail        = regexp.MustCompile(`[A-Za-z0-9._%+-]+@[A-Za-z0-9.-]+\.[A-Za-z]{2,}`)
)

// maskUsers takes out the names of users, which are people's names, and mail
// addresses.
func maskUsers(answer []byte) []byte {
	answer = anyUserName.ReplaceAll(answer, []byte("UserInfo{$1:***:$2}"))
	return anyMail.ReplaceAllFunc(answer, func(m []byte) []byte { return []byte(MaskAccount(string(m))) })
}

// maskAccounts keeps the lines that tell how many accounts of which type there
// are, their names masked. The rest is left out and counted: further down the
// account service prints the same names again, in clear and in other places on
// every version, so that only a list of what is kept can be relied on.
func maskAccounts(answer []byte) []byte {
	var out bytes.Buffer
	dropped := 0
	for line := range bytes.Lines(answer) {
		line = maskUsers(line)
		switch m := anyAccountName.FindSubmatch(line); {
		case m != nil:
			fmt.Fprintf(&out, "%s%s%s", m[1], MaskAccount(string(m[2])), m[3])
		case anyCount.Match(line), anyHeading.Match(line):
			out.Write(line)
		case len(bytes.TrimSpace(line)) > 0:
			dropped++
		}
	}
	if dropped > 0 {
		fmt.Fprintf(&out, "(%d more lines are not kept: they can hold account names)\n", dropped)
	}
	return out.Bytes()
}
