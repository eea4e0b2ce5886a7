package handset

import (
	"errors"
	"testing"
)

func TestContentRefusal(t *testing.T) {
	t.Parallel()
	for name, a := range map[string]Answer{
		"refusal on stderr": {Stdout: []byte("No result found.\n"), Stderr: []byte("Error while accessing provider:sms\n")},
		"status 0":          {Stderr: []byte("Error while accessing provider:call_log\njava.lang.SecurityException: Permission Denial\n")},
		"no provider":       {Stdout: []byte("[ERROR] Could not find provider: x\n")},
		"exit status":       {Stdout: []byte("No result found.\n"), Exit: 1},
	} {
		if n, err := ParseContentCount(a); !errors.Is(err, ErrRefused) {
			t.Errorf("%s: %d, %v, want ErrRefused", name, n, err)
		}
		if value, err := ParseContentValue(a, "isOpen"); !errors.Is(err, ErrRefused) {
			t.Errorf("%s: value %q, %v, want ErrRefused", name, value, err)
		}
	}
}
