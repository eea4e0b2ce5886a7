package formats

import (
	"maps"
	"slices"
	"strconv"
	"strings"
	"unicode"
)

// maxFileName is how long a file's name becomes, in bytes, before its ending.
const maxFileName = 80

// FileNames returns a file name without ending for each key, which any file system can
// hold: no two differ in case alone.
func FileNames[V any](keys map[string]V) map[string]string {
	names, taken := map[string]string{}, map[string]bool{}
	for _, key := range slices.Sorted(maps.Keys(keys)) {
		name := FileName(key)
		for n := 2; taken[strings.ToLower(name)]; n++ {
			name = FileName(key) + "-" + strconv.Itoa(n)
		}
		taken[strings.ToLower(name)] = true
		names[key] = name
	}
	return names
}

// FileName returns a text as part of a file name that any file system can hold: letters,
// digits and a few signs stay. It is never empty.
func FileName(text string) string {
	name := strings.Map(func(r rune) rune {
		if unicode.IsLetter(r) || unicode.IsDigit(r) || unicode.IsMark(r) || strings.ContainsRune("-_.@+", r) {
			return r
		}
		return '_'
	}, strings.ToValidUTF8(text, "_"))
	for len(name) > maxFileName {
		runes := []rune(name)
		name = string(runes[:len(runes)-1])
	}
	name = strings.Trim(name, "_. ")
	switch strings.ToUpper(strings.SplitN(name, ".", 2)[0]) { // devices of Windows
	case "", "CON", "PRN", "AUX", "NUL", "COM1", "COM2", "COM3", "COM4", "COM5", "COM6", "COM7", "COM8", "COM9",
		"LPT1", "LPT2", "LPT3", "LPT4", "LPT5", "LPT6", "LPT7", "LPT8", "LPT9":
		return "_" + name
	}
	return name
}
