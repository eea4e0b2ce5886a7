package handset

import (
	"bytes"
	"fmt"
	"regexp"
)

var (
	anyAccountName = regexp.MustCompile(`^(\s*Account \{name=)(.*)(, type=[A-Za-z0-9._-]{1,128}\}\s*)$`)
	anyCount       = regexp.MustCompile(`^\s*Accounts: \d{1,6}\s*$`)
	anyHeading     = regexp.MustCompile(`^(\s*User UserInfo\{\d{1,9}:).*(:[0-9a-f]{1,8}\}:\s*)$`)
)

// maskAccounts keeps the lines that tell how many accounts of which type there
// are, their names masked. The rest is left out and counted: further down the
// account service prints the same names again, in clear and in other places on
// every version, so that only a list of the parts to keep is reliable.
func maskAccounts(_ Line, answer []byte) []byte {
	var out bytes.Buffer
	dropped := 0
	for line := range bytes.Lines(answer) {
		heading := anyHeading.FindSubmatch(line)
		switch m := anyAccountName.FindSubmatch(line); {
		case m != nil:
			fmt.Fprintf(&out, "%s%s%s", m[1], MaskAccount(string(m[2])), m[3])
		case heading != nil:
			fmt.Fprintf(&out, "%s%s%s", heading[1], masked, heading[2])
		case anyCount.Match(line):
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
