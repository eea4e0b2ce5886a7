package disk

import (
	"path/filepath"
	"strings"
	"testing"

	"preship/report/message"
)

// A folder whose disk cannot be asked for its space is named, in words.
func TestFreeNamesTheFolder(t *testing.T) {
	t.Parallel()
	dir := filepath.Join(t.TempDir(), "none")
	_, err := Free(dir)
	if err == nil {
		t.Fatal("a missing folder has free space")
	}
	if text, known := message.Of(err).In("es"); !known || !strings.Contains(text, dir) || strings.Contains(text, "statfs") {
		t.Errorf("in Spanish: %s", text)
	}
}
