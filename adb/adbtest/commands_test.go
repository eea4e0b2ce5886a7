package adbtest

import (
	"strings"
	"testing"
)

func TestContentWrite(t *testing.T) {
	t.Parallel()
	h := shipped(t, "redmi-k60")
	const calls = "content query --uri content://call_log/calls --projection _id:number:name --where '_id>3'"
	for _, tt := range []struct{ line, want string }{
		{"content insert --uri content://call_log/calls --bind number:s:+15550100009 --bind name:n:", ""},
		{calls, "Row: 0 _id=4, number=+15550100009, name=NULL\n"},
		{"content delete --uri content://call_log/calls --where '_id=4'", ""},
		{calls, "No result found.\n"},
		{"content insert --uri content://user_dictionary/words --bind word:s:x", ""},
	} {
		if got := sh(t, h, tt.line); got != (answer{stdout: tt.want}) {
			t.Errorf("%s\n got %v\nwant %q", tt.line, got, tt.want)
		}
	}
	if got := sh(t, shipped(t, "redmi-k60"), calls); got.stdout != "No result found.\n" {
		t.Errorf("another handset of the same profile: %v", got)
	}
}

// Only the default messaging app writes messages; another app gets no error.
func TestContentDoesNotWriteMessages(t *testing.T) {
	t.Parallel()
	h := shipped(t, "redmi-note-10")
	got := sh(t, h, "content query --uri content://sms --projection _id | wc -l; content delete --uri content://sms; content insert --uri content://sms --bind body:s:x; content query --uri content://sms --projection _id | wc -l")
	if got != (answer{stdout: "5\n5\n"}) {
		t.Errorf("got %v", got)
	}
}

func TestContentWriteRefused(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct{ profile, args, want string }{
		{"redmi-k60", "insert --uri content://nope/x --bind a:s:1", "IllegalStateException: Could not find provider: nope"},
		{"redmi-k60", "insert --uri content://call_log/calls", "[ERROR] Binding not specified"},
		{"redmi-k60", "insert --uri content://call_log/calls --bind x", "[ERROR] Binding not well formed: x"},
		{"redmi-k60", "insert --uri content://call_log/calls --bind _id:q:1", "[ERROR] Unsupported type: q"},
		{"redmi-k60", "insert --uri content://call_log/calls --bind nope:s:1", "SQLiteException: no such column: nope"},
		{"mi-5s", "insert --uri content://com.android.contacts/raw_contacts --bind _id:i:9", "Permission Denial: opening provider com.android.providers.contacts.ContactsProvider2"},
	} {
		got := sh(t, shipped(t, tt.profile), "content "+tt.args)
		if !strings.Contains(got.stderr, tt.want) || got.stdout != "" || got.exit != 0 {
			t.Errorf("%s: %s\n got %v\nwant %q on stderr, exit 0", tt.profile, tt.args, got, tt.want)
		}
	}
}

// What people type to look around answers in the form they know.
func TestLookingAround(t *testing.T) {
	t.Parallel()
	h := shipped(t, "redmi-note-10")
	for _, tt := range []struct {
		line string
		want answer
	}{
		{"ps 9120", answer{stdout: "USER            PID   PPID        VSZ     RSS WCHAN            ADDR S NAME\nshell          9120      1   10812345    4100 0                   0 S adbd\n"}},
		{"ps 12345 | grep 12345", answer{exit: 1}},
		{"ps -Z", answer{stderr: "ps: Unknown option 'Z' (see \"ps --help\")\n", exit: 1}},
		{"top -b", answer{stderr: "/system/bin/sh: top: inaccessible or not found\n", exit: 127}},
		{"dumpsys -l | grep '^  account$'", answer{stdout: "  account\n"}},
		{"uname", answer{stdout: "Linux\n"}},
		{"printf 'typed\\n' | { read x; echo \"[$x]\"; }", answer{stdout: "[typed]\n"}},
	} {
		if got := sh(t, h, tt.line); got != tt.want {
			t.Errorf("%s\n got %v\nwant %v", tt.line, got, tt.want)
		}
	}
}
