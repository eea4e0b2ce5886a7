package provider

import (
	"slices"
	"testing"

	"preship/backup/manifest"
)

// What this run wrote is to be put on the disk; what lay there before may be gone.
func TestWrittenItems(t *testing.T) {
	t.Parallel()
	k := &itemStore{items: map[string]manifest.Item{"items/b": {}, "items/a": {}, "items/old": {Kept: true}}}
	if got, want := k.Written(), []string{"items/a", "items/b"}; !slices.Equal(got, want) {
		t.Errorf("written %q, want %q", got, want)
	}
}
