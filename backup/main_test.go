package backup_test

import (
	"os"
	"testing"

	"go.uber.org/goleak"

	"preship/report/safefile/safefiletest"
)

func TestMain(m *testing.M) {
	if at := os.Getenv(killAt); at != "" {
		os.Exit(beKilled(at))
	}
	goleak.VerifyTestMain(safefiletest.InMemory(m))
}
