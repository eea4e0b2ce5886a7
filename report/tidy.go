package report

import (
	"reflect"
	"regexp"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"
)

var mailAddress = regexp.MustCompile(`[A-Za-z0-9._%+-]+@[A-Za-z0-9][A-Za-z0-9.-]*\.[A-Za-z]{2,}`)

// maxText is the most characters any one text of a report has.
const maxText = 2000

// tidy makes every text in v safe to show anywhere and every time comparable.
// It walks the types because a field forgotten in a list written by hand would
// be the one through which a handset speaks to somebody's terminal.
func tidy(v any) { tidyValue(reflect.ValueOf(v)) }

func tidyValue(v reflect.Value) {
	switch v.Kind() {
	case reflect.Pointer:
		if !v.IsNil() {
			tidyValue(v.Elem())
		}
	case reflect.String:
		v.SetString(readable(v.String()))
	case reflect.Slice:
		for i := range v.Len() {
			tidyValue(v.Index(i))
		}
	case reflect.Map:
		tidyMap(v)
	case reflect.Struct:
		if at, ok := v.Interface().(time.Time); ok {
			v.Set(reflect.ValueOf(at.UTC().Truncate(time.Second)))
			return
		}
		for i := range v.NumField() {
			tidyValue(v.Field(i))
		}
	}
}

// tidyMap cleans the keys; the values of all maps here are numbers.
func tidyMap(v reflect.Value) {
	if v.IsNil() || v.Type().Key().Kind() != reflect.String {
		return
	}
	for _, key := range v.MapKeys() {
		clean := readable(key.String())
		if clean == key.String() {
			continue
		}
		value := v.MapIndex(key)
		v.SetMapIndex(key, reflect.Value{})
		v.SetMapIndex(reflect.ValueOf(clean).Convert(v.Type().Key()), value)
	}
}

// readable replaces what would not be seen as itself: control characters, which
// drive terminals; direction overrides, which make a text read as another; bytes
// that are no UTF-8. Line breaks and tabs become spaces.
func readable(s string) string {
	if utf8.RuneCountInString(s) > maxText {
		s = string([]rune(s)[:maxText]) + "…"
	}
	return strings.Map(func(r rune) rune {
		switch {
		case r == '\n' || r == '\t' || r == '\r':
			return ' '
		case unicode.IsControl(r), unicode.Is(unicode.Bidi_Control, r), r == '\u2028', r == '\u2029':
			return utf8.RuneError
		default:
			return r
		}
	}, s)
}
