package report

import (
	"reflect"
	"time"

	"preship/report/message"
	"preship/report/printable"
)

// Tidy makes every text in v safe to show anywhere and every time comparable.
// It walks the types because a field forgotten in a list written by hand would
// be the one through which a handset speaks to somebody's terminal.
func Tidy(v any) { tidyValue(reflect.ValueOf(v)) }

func tidyValue(v reflect.Value) {
	switch v.Kind() {
	case reflect.Pointer:
		if !v.IsNil() {
			tidyValue(v.Elem())
		}
	case reflect.String:
		v.SetString(printable.Text(v.String()))
	case reflect.Slice:
		for i := range v.Len() {
			tidyValue(v.Index(i))
		}
	case reflect.Map:
		tidyMap(v)
	case reflect.Struct:
		switch is := v.Interface().(type) {
		case time.Time:
			v.Set(reflect.ValueOf(is.UTC().Truncate(time.Second)))
			return
		case message.Sentence:
			v.Set(reflect.ValueOf(is.Map(printable.Text)))
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
		clean := printable.Text(key.String())
		if clean == key.String() {
			continue
		}
		value := v.MapIndex(key)
		v.SetMapIndex(key, reflect.Value{})
		v.SetMapIndex(reflect.ValueOf(clean).Convert(v.Type().Key()), value)
	}
}
