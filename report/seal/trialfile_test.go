package seal

import (
	"os"
	"path/filepath"
	"testing"

	"preship/report/casedir"
)

// Trying a case folder leaves its seal and its files as they are.
func TestTryWrite(t *testing.T) {
	t.Parallel()
	c := sealed(t, nil)
	before, err := os.ReadDir(c.Dir())
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(c.Dir(), casedir.TrialName), []byte("of a run that was killed"), 0o600); err != nil {
		t.Fatal(err)
	}
	if res := mustVerify(t, c.Dir(), VerifyOptions{}); !res.OK {
		t.Errorf("a run that was killed as it tried the folder broke the seal: %v", res.Problems)
	}
	if err := c.TryWrite(4096); err != nil {
		t.Fatal(err)
	}
	after, err := os.ReadDir(c.Dir())
	if err != nil || len(after) != len(before) {
		t.Errorf("%d files before, %d after, %v", len(before), len(after), err)
	}
	if res := mustVerify(t, c.Dir(), VerifyOptions{}); !res.OK {
		t.Errorf("the seal is broken: %v", res.Problems)
	}
}
