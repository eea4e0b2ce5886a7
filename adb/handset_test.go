package adb_test

import (
	"os"
	"testing"

	"preship/adb"
)

// handsetFromEnvironment is the handset that PRESHIP_HANDSET names by serial, on
// the server that adb's own variables name. Without one the test is skipped.
func handsetFromEnvironment(tb testing.TB) *adb.Device {
	tb.Helper()
	serial := os.Getenv("PRESHIP_HANDSET")
	if serial == "" {
		tb.Skip("PRESHIP_HANDSET names no handset")
	}
	c, err := adb.New(adb.Options{})
	if err != nil {
		tb.Fatal(err)
	}
	dev, _, err := c.Pick(tb.Context(), serial)
	if err != nil {
		tb.Fatal(err)
	}
	return dev
}
