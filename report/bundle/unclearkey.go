package bundle

import (
	"bytes"
	"encoding/json"
	"reflect"
	"strings"
)

// UnclearKey returns a key that programs read differently: one that an object has twice,
// also in another case, and one that differs from a field of v only by case. It is
// empty if there is no such key. b is valid JSON.
func UnclearKey(b []byte, v any) string {
	spelled := map[string]string{}
	spell(reflect.TypeOf(v), spelled, map[reflect.Type]bool{})
	dec := json.NewDecoder(bytes.NewReader(b))
	type level struct {
		object, value bool
		keys          map[string]bool
	}
	var open []level
	for {
		t, err := dec.Token()
		if err != nil {
			return "" // the end
		}
		last := len(open) - 1
		switch d, isDelim := t.(json.Delim); {
		case isDelim && (d == '{' || d == '['):
			if last >= 0 {
				open[last].value = false
			}
			open = append(open, level{object: d == '{', keys: map[string]bool{}})
			continue
		case isDelim:
			open = open[:last]
			continue
		case last < 0 || !open[last].object:
			continue
		case open[last].value:
			open[last].value = false
			continue
		}
		key, folded := t.(string), strings.ToLower(t.(string))
		want, known := spelled[folded]
		if open[last].keys[folded] || known && want != key {
			return key
		}
		open[last].keys[folded], open[last].value = true, true
	}
}

// spell collects the names of the fields of a type, by their lower case.
func spell(t reflect.Type, names map[string]string, seen map[reflect.Type]bool) {
	if t == nil || seen[t] {
		return
	}
	seen[t] = true
	switch t.Kind() {
	case reflect.Pointer, reflect.Slice, reflect.Array, reflect.Map:
		spell(t.Elem(), names, seen)
	case reflect.Struct:
		for i := range t.NumField() {
			f := t.Field(i)
			if name, _, _ := strings.Cut(f.Tag.Get("json"), ","); name != "" && name != "-" {
				names[strings.ToLower(name)] = name
			}
			spell(f.Type, names, seen)
		}
	}
}
