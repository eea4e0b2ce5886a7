package saved

import (
	"errors"
	"strings"
	"testing"
	"time"

	"preship/report/casedir"
)

func TestDeletedWords(t *testing.T) {
	t.Parallel()
	day := func(n int) time.Time { return time.Date(2026, 11, n, 12, 0, 0, 0, time.UTC) }
	tests := []struct {
		name string
		kept casedir.Retention
		want string
	}{
		{
			"ended in the middle",
			casedir.Retention{HandedBack: day(1), Deleting: new(day(2))},
			"deleting the saved data began on 2026-11-02, after it was handed back on 2026-11-01, and did not end: the rest is not complete",
		},
		{
			"all of it",
			casedir.Retention{HandedBack: day(1), Deleting: new(day(2)), Deleted: new(day(3))},
			"the saved data was deleted on 2026-11-03 by preship cases purge, after it was handed back on 2026-11-01",
		},
	}
	for _, tt := range tests {
		if got := Words(&tt.kept).String(); got != tt.want {
			t.Errorf("%s: %q, want %q", tt.name, got, tt.want)
		}
	}
}

// TestNeedsArchived: data that is in an archive alone is said to be there, and not missing.
func TestNeedsArchived(t *testing.T) {
	t.Parallel()
	at := time.Date(2026, 11, 22, 12, 0, 0, 0, time.UTC)
	c, err := casedir.CreateIn(t.TempDir(), at)
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	root := c.Root()
	if err := errors.Join(root.Mkdir("backup", 0o700), root.WriteFile(casedir.ManifestName, []byte("{}"), 0o600), c.SetArchive(casedir.Archive{Address: "s3://chain/cases", Written: at, Freeing: &at, Freed: &at})); err != nil {
		t.Fatal(err)
	}
	if err := NeedsData("PS", root); err != nil {
		t.Errorf("with the data here: %v", err)
	}
	if err := root.Remove("backup"); err != nil {
		t.Fatal(err)
	}
	if err := NeedsData("PS", root); !errors.Is(err, ErrArchived) || !strings.Contains(err.Error(), "s3://chain/cases") {
		t.Errorf("%v, want %v with the address", err, ErrArchived)
	}
}
