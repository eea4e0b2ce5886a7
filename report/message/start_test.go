package message_test

import (
	"fmt"
	"os"
	"testing"

	// What the program consists of.
	_ "preship/adb"
	_ "preship/adb/handset"
	_ "preship/adb/link"
	_ "preship/adb/reset"
	_ "preship/backup"
	_ "preship/backup/restore"
	_ "preship/report"
	_ "preship/report/page"
	_ "preship/report/seal"
	_ "preship/verify"

	"preship/report/message"
)

// A command that says nothing of the catalogue, such as version, must not open it: no
// package writes a sentence while the program starts.
func TestMain(m *testing.M) {
	if message.Loaded() {
		fmt.Fprintln(os.Stderr, "a package variable writes a sentence: the files are read at every start")
		os.Exit(1)
	}
	os.Exit(m.Run())
}
