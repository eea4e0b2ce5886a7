package flagfile

import (
	"strings"
	"testing"
)

func TestYAMLAsJSON(t *testing.T) {
	t.Parallel()
	tests := []struct{ name, in, want, fails string }{
		{"nothing", "", "{}", ""},
		{"text stays text", "a: 0612\nb: 2026-03-01\nc: +34 600\n", `{"a":"0612","b":"2026-03-01","c":"+34 600"}`, ""},
		{"yes and no", "a: true\nb: false\nc:\n", `{"a":true,"b":false,"c":null}`, ""},
		{"nested", "a:\n  b: [x, y]\n", `{"a":{"b":["x","y"]}}`, ""},
		{"json is yaml too", `{"a":{"b":"c"}}`, `{"a":{"b":"c"}}`, ""},
		{"twice", "a: 1\na: 2\n", "", "twice"},
		{"broken", "a: [", "", "yaml"},
		{"aliases without end", "a: &x [1,1,1,1,1,1,1,1,1,1]\nb: &y [*x,*x,*x,*x,*x,*x,*x,*x,*x,*x]\nc: &z [*y,*y,*y,*y,*y,*y,*y,*y,*y,*y]\nd: &w [*z,*z,*z,*z,*z,*z,*z,*z,*z,*z]\ne: [*w,*w,*w]\n", "", "too large"},
	}
	for _, tt := range tests {
		got, err := yamlAsJSON([]byte(tt.in))
		switch {
		case tt.fails != "":
			if err == nil || !strings.Contains(err.Error(), tt.fails) {
				t.Errorf("%s: error %v, want one that says %q", tt.name, err, tt.fails)
			}
		case err != nil || string(got) != tt.want:
			t.Errorf("%s: %s, %v, want %s", tt.name, got, err, tt.want)
		}
	}
}

func FuzzYAMLAsJSON(f *testing.F) {
	for _, s := range []string{"a: b", "a: &x [*x]", "- - - -", "? {a: b}\n: c", "\xff", "a: !!binary x"} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(_ *testing.T, b []byte) { _, _ = yamlAsJSON(b) })
}
