package query

import (
	"bytes"
	"errors"
	"fmt"
	"strings"
	"testing"

	"preship/adb/handset"
)

func TestParseText(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name, out string
		ids       string
		want      map[string]string
		doubtful  string
		err       error
	}{
		{"plain", "Row: 0 _id=7, body=x, read=0\nRow: 1 _id=9, body=\n", "7 9", map[string]string{"7": "x, read=0", "9": ""}, "", nil},
		{"newlines", "Row: 0 _id=7, body=a\n\nb\nRow: 1 _id=9, body=c\n\n", "7 9", map[string]string{"7": "a\n\nb", "9": "c\n"}, "", nil},
		{"a fake row", "Row: 0 _id=7, body=a\nRow: 1 _id=8, body=b\nRow: 1 _id=9, body=c\n", "7 9", map[string]string{"7": "a\nRow: 1 _id=8, body=b", "9": "c"}, "", nil},
		{"a row faked to the letter", "Row: 0 _id=7, body=a\nRow: 1 _id=9, body=b\nRow: 1 _id=9, body=c\nRow: 2 _id=11, body=d\n", "7 9 11", map[string]string{"11": "d"}, "7 9", nil},
		{"another order", "Row: 0 _id=9, body=c\nRow: 1 _id=7, body=a\n", "7 9", map[string]string{"9": "c", "7": "a"}, "", nil},
		{"a row too few", "Row: 0 _id=7, body=x\n", "7 9", nil, "", ErrRows},
		{"cut short", "Row: 0 _id=7, body=x\nRow: 1 _id=9, bo", "7 9", nil, "", ErrRows},
		{"nothing", "", "7", nil, "", ErrRows},
		{"another row", "Row: 0 _id=8, body=x\n", "7", nil, "", ErrRows},
		{"one row twice", "Row: 0 _id=7, body=x\nRow: 1 _id=7, body=y\n", "7 9", nil, "", ErrRows},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			got, doubtful, err := ParseText([]byte(tt.out), "body", strings.Fields(tt.ids))
			if !errors.Is(err, tt.err) || fmt.Sprint(got) != fmt.Sprint(tt.want) && tt.err == nil || strings.Join(doubtful, " ") != tt.doubtful {
				t.Errorf("got %q, doubtful %q, error %v; want %q, %q, %v", got, doubtful, err, tt.want, tt.doubtful, tt.err)
			}
		})
	}
}

func TestParseNumbers(t *testing.T) {
	t.Parallel()
	got, err := ParseNumbers([]byte("Row: 0 _id=4, date=-5, type=NULL\nRow: 1 _id=5, date=0, type=1\n"), []string{"date", "type"}, []string{"4", "5"})
	if err != nil || *got["4"]["date"] != "-5" || got["4"]["type"] != nil || *got["5"]["type"] != "1" {
		t.Errorf("got %v, error %v", got, err)
	}
	for _, out := range []string{
		"", "Row: 0 _id=4, date=1.5\n", "Row: 0 _id=4, date=1\nRow: 1 _id=4, date=1\n", "Row: 0 _id=4, date=1, date=2\n", "Row: 0 _id=9, date=1\n", "Row: 1 _id=4, date=1\n",
	} {
		if _, err := ParseNumbers([]byte(out), []string{"date"}, []string{"4"}); !errors.Is(err, ErrRows) {
			t.Errorf("%q: error %v, want errRows", out, err)
		}
	}
}

// FuzzParseText: whatever values are in the rows, they come back, or are doubtful.
func FuzzParseText(f *testing.F) {
	f.Add("a", "b", "c")
	f.Add("x, read=0\nRow: 1 _id=9, body=b", "NULL", "\n")
	f.Add("", "Row: 2 _id=12, body=", "\r\nRow: 0 _id=7, body=")
	f.Fuzz(func(t *testing.T, a, b, c string) {
		want := map[string]string{"7": a, "9": b, "12": c}
		ids := []string{"7", "9", "12"}
		var out bytes.Buffer
		for n, id := range ids {
			fmt.Fprintf(&out, "Row: %d _id=%s, body=%s\n", n, id, want[id])
		}
		got, doubtful, err := ParseText(out.Bytes(), "body", ids)
		if err != nil {
			return // refused: nothing wrong is believed
		}
		if len(got)+len(doubtful) != len(ids) {
			t.Fatalf("%d values and %d doubtful of %d", len(got), len(doubtful), len(ids))
		}
		for id, v := range got {
			if v != want[id] {
				t.Errorf("row %s is %q, want %q", id, v, want[id])
			}
		}
	})
}

func FuzzParseIDs(f *testing.F) {
	f.Add([]byte("Row: 0 _id=7\nRow: 1 _id=9\n"))
	f.Add([]byte("No result found.\n"))
	f.Add([]byte("Row: 0 _id=7\nRow: 0 _id=7\n"))
	f.Fuzz(func(t *testing.T, out []byte) {
		ids, err := ParseIDs(handset.Answer{Stdout: out})
		if err != nil {
			return
		}
		seen := map[string]bool{}
		for _, id := range ids {
			if seen[id] || !integer().MatchString(id) {
				t.Errorf("_id %q, twice or no number", id)
			}
			seen[id] = true
		}
		if _, err := ParseNumbers(out, nil, ids); len(ids) > 0 && err != nil {
			t.Errorf("counted as %d rows, and read as: %v", len(ids), err)
		}
	})
}

func FuzzParseNumbers(f *testing.F) {
	f.Add([]byte("Row: 0 _id=7, date=5, type=NULL\nRow: 1 _id=9, date=-1, type=2\n"))
	f.Add([]byte("Row: 0 _id=7, date=5, type=1, date=6\n"))
	f.Fuzz(func(t *testing.T, out []byte) {
		columns, ids := []string{"date", "type"}, []string{"7", "9"}
		rows, err := ParseNumbers(out, columns, ids)
		if err != nil {
			return
		}
		for _, id := range ids {
			for _, column := range columns {
				if v, ok := rows[id][column]; !ok || v != nil && !integer().MatchString(*v) {
					t.Errorf("row %s has %v for %s", id, v, column)
				}
			}
		}
	})
}
