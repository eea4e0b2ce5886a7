package listing

import (
	"testing"
)

func TestComplaint(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		line, name, reason string
		ok                 bool
	}{
		{"find: /s/a: Permission denied", "/s/a", "Permission denied", true}, // toybox 0.8.9
		{"find: '/s/a: b': Permission denied", "/s/a: b", "Permission denied", true},
		{"find: /s/a: b: No such file or directory", "/s/a: b", "No such file or directory", true},
		{"find: bad arg", "", "", false},
		{"sh: find: not found", "", "", false},
		{"", "", "", false},
	} {
		name, reason, ok := complaint(tt.line)
		if ok != tt.ok || ok && (name != tt.name || reason != tt.reason) {
			t.Errorf("complaint(%q) = %q, %q, %v", tt.line, name, reason, ok)
		}
	}
}
