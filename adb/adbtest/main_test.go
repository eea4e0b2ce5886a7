package adbtest

import (
	"testing"

	"go.uber.org/goleak"

	"preship/report/safefile/safefiletest"
)

// Every goroutine of the package has an owner whose Close waits for it.
func TestMain(m *testing.M) { goleak.VerifyTestMain(safefiletest.InMemory(m)) }
