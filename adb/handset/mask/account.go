package mask

import (
	"bytes"
	"fmt"
	"strings"

	"preship/adb/handset"
	"preship/adb/handset/dump"
	"preship/report/pattern"
)

var (
	anyAccountName = pattern.New(`^(\s*Account \{name=)(.*)(, type=[A-Za-z0-9._-]{1,128}\}\s*)$`)
	anyCount       = pattern.New(`^\s*Accounts: \d{1,6}\s*$`)
	anyHeading     = pattern.New(`^(\s*User UserInfo\{\d{1,9}:).*(:[0-9a-f]{1,8}\}:\s*)$`)
)

// maskAccounts keeps the lines that tell how many accounts of which type there
// are, their names masked. The rest is left out and counted: further down the
// account service prints the same names again, in clear and in other places on
// every version, so that only a list of the parts to keep is reliable.
func maskAccounts(_ handset.Line, said []byte) []byte {
	var out bytes.Buffer
	dropped := 0
	for line := range bytes.Lines(said) {
		heading := anyHeading().FindSubmatch(line)
		switch m := anyAccountName().FindSubmatch(line); {
		case m != nil:
			fmt.Fprintf(&out, "%s%s%s", m[1], account(string(m[2])), m[3])
		case heading != nil:
			fmt.Fprintf(&out, "%s%s%s", heading[1], dump.Masked, heading[2])
		case anyCount().Match(line):
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

var mailDomain = pattern.New(`^[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)*\.[A-Za-z]{2,}$`)

// account returns name as it may leave the computer: enough for its owner
// to know it again, too little for anybody else. A name the handset has masked
// already stays unchanged.
func account(name string) string {
	name = dump.Printable([]byte(name), 254)
	local, domain := name, ""
	if at := strings.LastIndexByte(name, '@'); at > 0 && mailDomain().MatchString(name[at+1:]) {
		local, domain = name[:at], name[at:]
	}
	runes := []rune(local)
	if visible := len([]rune(strings.ReplaceAll(local, "*", ""))); strings.Contains(local, "***") && visible <= 12 {
		return name
	}
	show := 0
	switch {
	case len(runes) >= 8:
		show = 2
	case len(runes) >= 4:
		show = 1
	}
	return string(runes[:show]) + "***" + string(runes[len(runes)-show:]) + domain
}
