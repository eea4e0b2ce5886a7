package backup

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"strings"
	"unicode/utf8"

	"golang.org/x/text/cases"
	"golang.org/x/text/unicode/norm"
)

// maxComponent is the longest file name the file systems of all three hosts hold, in bytes.
const maxComponent = 255

// naming turns names of the handset into names the computer's file system can
// hold. With the zero value every name stays as it is, byte for byte, which is
// right on the file systems of Linux.
//
// Otherwise a byte that cannot be in a name is written %XX, and so is "%"
// itself, so that undoing every %XX gives the handset's name back.
type naming struct {
	reserved bool // the rules of Windows: <>:"|?*\, CON, a dot or a space at the end
	utf8     bool // names have to be valid UTF-8
	fold     bool // "A" and "a" name one file
	compose  bool // é and e + ´ name one file
	sealed   bool // files are encrypted: see sealedName

	taken map[string]bool   // host paths given, as the file system compares them
	held  map[string]string // handset path → host path, given in an earlier run
	caser cases.Caser
}

func newNaming() *naming {
	return &naming{taken: map[string]bool{}, held: map[string]string{}, caser: cases.Fold()}
}

// plain reports that no name has to be changed, except one too long.
func (n *naming) plain() bool { return !n.reserved && !n.utf8 && !n.fold && !n.compose }

// keeps reports that every name can stay as it is.
func (n *naming) keeps() bool { return n.plain() && !n.sealed }

// component returns the host's name for one component of a path.
func (n *naming) component(name string) string {
	if n.plain() {
		return shorten(name, name)
	}
	var b strings.Builder
	for i := 0; i < len(name); {
		r, size := utf8.DecodeRuneInString(name[i:])
		switch {
		case r == utf8.RuneError && size == 1:
			fmt.Fprintf(&b, "%%%02X", name[i])
		case r == '%' || n.reserved && (r < ' ' || strings.ContainsRune(`<>:"|?*\`, r)):
			fmt.Fprintf(&b, "%%%02X", name[i])
		default:
			b.WriteString(name[i : i+size])
		}
		i += size
	}
	return shorten(n.ends(b.String()), name)
}

// ends escapes what Windows gives a meaning to by where it stands.
func (n *naming) ends(s string) string {
	if !n.reserved {
		return s
	}
	if isDeviceName(s) {
		s = fmt.Sprintf("%%%02X", s[0]) + s[1:]
	}
	if last := len(s) - 1; s[last] == '.' || s[last] == ' ' {
		s = s[:last] + fmt.Sprintf("%%%02X", s[last])
	}
	return s
}

// isDeviceName reports whether Windows opens a device under this name,
// whatever extension it has.
func isDeviceName(s string) bool {
	base, _, _ := strings.Cut(s, ".")
	base = strings.ToUpper(strings.TrimRight(base, " "))
	switch base {
	case "CON", "PRN", "AUX", "NUL", "CONIN$", "CONOUT$":
		return true
	}
	digit, ok := strings.CutPrefix(base, "COM")
	if !ok {
		digit, ok = strings.CutPrefix(base, "LPT")
	}
	return ok && digit != "" && strings.Contains("0123456789¹²³", digit) && utf8.RuneCountInString(digit) == 1
}

// shorten makes a name that is too long fit, by part of its hash. Only the
// manifest leads back from such a name.
func shorten(s, original string) string {
	if len(s) <= maxComponent {
		return s
	}
	return cutName(s, original, maxComponent, 8)
}

// cutName cuts a name short and ends it with so many bytes of its hash. It is
// then no longer than most.
func cutName(s, original string, most, hash int) string {
	sum := sha256.Sum256([]byte(original))
	cut := min(most-len("%~")-2*hash, len(s))
	for cut > 0 && (cut < len(s) && !utf8.RuneStart(s[cut]) || strings.ContainsRune(s[max(cut-2, 0):cut], '%')) {
		cut--
	}
	return s[:cut] + "%~" + hex.EncodeToString(sum[:hash])
}

// fit makes a name that is escaped already no longer than names can be.
func (n *naming) fit(s, original string, file bool) string {
	if n.sealed {
		return sealedName(s, original, file)
	}
	return shorten(s, original)
}

// assign returns where the name below the folder that lies at parent is put,
// and remembers it: a name that the file system takes for one already given is
// escaped further until it differs. path is the name's full path on the handset.
func (n *naming) assign(parent, name, path string, file bool) string {
	if host, ok := n.held[path]; ok {
		return host
	}
	base := n.component(name)
	if !n.fold && !n.compose {
		return parent + "/" + n.fit(base, name, file)
	}
	for k := 0; ; k++ {
		host := parent + "/" + n.fit(escapeMore(base, k), name, file)
		key := n.key(host)
		if !n.taken[key] || k >= everyByte {
			n.taken[key] = true
			return host
		}
	}
}

// everyByte is the k from which escapeMore escapes the whole name. Such a name
// is like no other's.
const everyByte = 16

// hold remembers where an earlier run put a path, so that two names that differ
// only by case do not change places when the handset lists them the other way round.
func (n *naming) hold(path, host string) {
	if !n.fold && !n.compose {
		return
	}
	n.held[path] = host
	n.taken[n.key(host)] = true
}

// key is a host path as the file system compares it.
func (n *naming) key(host string) string {
	if n.compose {
		host = norm.NFC.String(host)
	}
	if n.fold {
		host = n.caser.String(host)
	}
	return host
}

// escapeMore escapes the k-th choice of bytes of a name: the bits of k say which
// of its first unescaped bytes are written %XX.
func escapeMore(s string, k int) string {
	if k == 0 {
		return s
	}
	var b strings.Builder
	for i := 0; i < len(s); i++ {
		switch {
		case s[i] == '%' && i+2 < len(s):
			b.WriteString(s[i : i+3])
			i += 2
			continue
		case k >= everyByte || k&1 == 1:
			fmt.Fprintf(&b, "%%%02X", s[i])
		default:
			b.WriteByte(s[i])
		}
		if k < everyByte {
			k >>= 1
		}
	}
	return b.String()
}
