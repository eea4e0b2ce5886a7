package adb

import (
	"testing"

	"go.uber.org/goleak"

	"preship/report/safefile/safefiletest"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(safefiletest.InMemory(m)) }
