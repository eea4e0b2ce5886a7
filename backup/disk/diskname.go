package disk

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"os"
	"path"
	"strings"
	"unicode/utf8"

	"golang.org/x/text/cases"
	"golang.org/x/text/unicode/norm"
)

// maxComponent is the longest file name the file systems of all three hosts hold, in bytes.
const maxComponent = 255

// Naming turns names of the handset into names that the computer's file system holds.
// Where the file system holds any bytes, as on Linux, every name stays unchanged.
//
// Elsewhere a byte that a name cannot hold is written %XX, and so is "%" itself:
// undoing every %XX gives the handset's name.
type Naming struct {
	rules     Rules
	Encrypted bool // files are encrypted: see encryptedName

	taken map[string]bool   // host paths given, as the file system compares them
	held  map[string]string // handset path → host path, given in an earlier run
	caser cases.Caser
}

// NamingOf finds out which names the file system of a folder can hold. windows means that a
// Windows machine may read them: the names are then such that it opens them, whatever this
// system holds. The error is that of a folder that takes no file.
func NamingOf(folder *os.Root, windows bool) (*Naming, error) {
	rules, err := TryNames(folder)
	if err != nil {
		return nil, err
	}
	if windows {
		// Windows takes "A" and "a" for one name, even where this system does not.
		rules.Reserved, rules.UTF8, rules.Fold = true, true, true
	}
	return newNaming(rules), nil
}

func newNaming(rules Rules) *Naming {
	return &Naming{rules: rules, taken: map[string]bool{}, held: map[string]string{}, caser: cases.Fold()}
}

// plain reports that no name changes, except one that is too long.
func (n *Naming) plain() bool { return n.rules == Rules{} }

// Keeps reports that every name stays unchanged.
func (n *Naming) Keeps() bool { return n.plain() && !n.Encrypted }

// component returns the host's name for one component of a path.
func (n *Naming) component(name string) string {
	if n.plain() {
		return shorten(name, name)
	}
	var b strings.Builder
	for i := 0; i < len(name); {
		r, size := utf8.DecodeRuneInString(name[i:])
		switch {
		case r == utf8.RuneError && size == 1:
			fmt.Fprintf(&b, "%%%02X", name[i])
		case r == '%' || n.rules.Reserved && (r < ' ' || strings.ContainsRune(`<>:"|?*\`, r)):
			fmt.Fprintf(&b, "%%%02X", name[i])
		default:
			b.WriteString(name[i : i+size])
		}
		i += size
	}
	return shorten(n.ends(b.String()), name)
}

// ends escapes device names, and a dot or space at the end, for Windows.
func (n *Naming) ends(s string) string {
	if !n.rules.Reserved {
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

// shorten cuts a name that is too long and adds part of its hash. Only the manifest
// leads back from such a name.
func shorten(s, original string) string {
	if len(s) <= maxComponent {
		return s
	}
	return cutName(s, original, maxComponent, 8)
}

// cutName cuts a name to at most most bytes, of which the last are hash bytes of its
// hash in hex.
func cutName(s, original string, most, hash int) string {
	sum := sha256.Sum256([]byte(original))
	cut := min(most-len("%~")-2*hash, len(s))
	for cut > 0 && (cut < len(s) && !utf8.RuneStart(s[cut]) || strings.ContainsRune(s[max(cut-2, 0):cut], '%')) {
		cut--
	}
	return s[:cut] + "%~" + hex.EncodeToString(sum[:hash])
}

// OtherName returns the k-th other name for a path in the case, in the same folder. It
// ends as a name does that was cut.
func OtherName(host string, k int) string {
	dir, name := path.Split(host)
	return dir + cutName(name, fmt.Sprintf("%s %d", host, k), min(maxComponent, len(name)+len("%~")+16), 8)
}

// fit limits the length of an escaped name.
func (n *Naming) fit(s, original string, file bool) string {
	if n.Encrypted {
		return encryptedName(s, original, file)
	}
	return shorten(s, original)
}

// Assign returns the path in the case for a name in the folder parent, and remembers
// it. A name that the file system takes for an assigned one is escaped further until it
// differs. path is the full path on the handset.
func (n *Naming) Assign(parent, name, path string, file bool) string {
	if host, ok := n.held[path]; ok {
		return host
	}
	base := n.component(name)
	if !n.rules.Fold && !n.rules.Compose {
		return parent + "/" + n.fit(base, name, file)
	}
	for k := 0; ; k++ {
		host := parent + "/" + n.fit(escapeMore(base, k), name, file)
		key := n.Folded(host)
		if !n.taken[key] || k >= everyByte {
			n.taken[key] = true
			return host
		}
	}
}

// everyByte is the k from which escapeMore escapes the whole name, which makes it
// unique.
const everyByte = 16

// Hold remembers the path in the case that an earlier run assigned. Two names that
// differ by case only then keep their places, in whatever order they are listed.
func (n *Naming) Hold(path, host string) {
	if !n.rules.Fold && !n.rules.Compose {
		return
	}
	n.held[path] = host
	n.taken[n.Folded(host)] = true
}

// Folded returns a path in the case as the file system compares it.
func (n *Naming) Folded(host string) string {
	if n.rules.Compose {
		host = norm.NFC.String(host)
	}
	if n.rules.Fold {
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

// Strict returns the naming of the strictest disk: the rules of Windows on a file
// system that ignores case and composition. Tests use it on any disk.
func Strict() *Naming {
	n := newNaming(Rules{Reserved: true, UTF8: true, Fold: true, Compose: true})
	return n
}
