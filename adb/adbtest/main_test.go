package adbtest

import (
	"testing"

	"go.uber.org/goleak"
)

// Every goroutine of the package has an owner whose Close waits for it.
func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }
