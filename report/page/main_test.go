package page

import (
	"os"
	"testing"

	"preship/report/safefile/safefiletest"
)

func TestMain(m *testing.M) { os.Exit(safefiletest.InMemory(m).Run()) }
