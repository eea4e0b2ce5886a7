package handset

import (
	"errors"
	"testing"
)

// Rows are no refusal, also of a handset that tells no exit status.
func TestContentAnswers(t *testing.T) {
	t.Parallel()
	for _, exit := range []int{0, -1} {
		if n, err := ParseContentCount(Answer{Stdout: []byte("Row: 0 _id=5\n"), Exit: exit}); n != 1 || err != nil {
			t.Errorf("exit status %d: %d rows, %v, want 1", exit, n, err)
		}
		if value, err := ParseContentValue(Answer{Stdout: []byte("Row: 0 isOpen=1\n"), Exit: exit}, "isOpen"); value != "1" || err != nil {
			t.Errorf("exit status %d: value %q, %v, want 1", exit, value, err)
		}
	}
}

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
