package query

import (
	"errors"
	"strings"
	"testing"

	"preship/adb/handset"
	"preship/backup/manifest"
)

// captured is the answer of Android 12 for a call log that it does not give.
const captured = "Error while accessing provider:call_log\njava.lang.SecurityException: Permission Denial: opening provider com.android.providers.contacts.CallLogProvider from (null) (pid=18174, uid=2000) requires android.permission.READ_CALL_LOG or android.permission.WRITE_CALL_LOG\n        at android.os.Parcel.readException(Unknown Source:63)\n"

func TestRefusal(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name string
		a    handset.Answer
		want error
		text string
	}{
		{"exit 0 all the same", handset.Answer{Stderr: []byte(captured)}, ErrRefused, "READ_CALL_LOG"},
		{"no column", handset.Answer{Stderr: []byte("Error while accessing provider:sms\nandroid.database.sqlite.SQLiteException: no such column: x (code 1 SQLITE_ERROR)\n")}, ErrNoColumn, ""},
		{"a column refused", handset.Answer{Stderr: []byte("Error while accessing provider:sms\njava.lang.IllegalArgumentException: Invalid column x\n")}, ErrNoColumn, ""},
		{"somebody's words", handset.Answer{Stdout: []byte("Row: 0 _id=1, body=Error while accessing provider:\n")}, nil, ""},
		{"no status", handset.Answer{Stdout: []byte(captured), Exit: -1}, ErrRefused, "SecurityException"},
		{"exit 1", handset.Answer{Exit: 1}, ErrRefused, "exit status 1"},
	} {
		err := Refusal(tt.a)
		if !errors.Is(err, tt.want) || (err == nil) != (tt.want == nil) || err != nil && !strings.Contains(err.Error(), tt.text) {
			t.Errorf("%s: %v, want %v with %q", tt.name, err, tt.want, tt.text)
		}
	}
}

// FuzzRefusal: an exception is seen wherever it is printed.
func FuzzRefusal(f *testing.F) {
	f.Add([]byte("Error while accessing provider:sms\njava.lang.SecurityException: no\n"), 0)
	f.Add([]byte("Error while accessing provider:"), -1)
	f.Fuzz(func(t *testing.T, stderr []byte, exit int) {
		err := Refusal(handset.Answer{Stderr: stderr, Exit: exit})
		if (strings.Contains(string(stderr), "Error while accessing provider:") || exit > 0) && err == nil {
			t.Errorf("%q with exit status %d is no refusal", stderr, exit)
		}
		if err != nil && manifest.HasControl(err.Error()) {
			t.Errorf("control characters in %q", err)
		}
	})
}
