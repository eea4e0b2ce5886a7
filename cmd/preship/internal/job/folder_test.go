package job

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestFolderNamed(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	file := filepath.Join(dir, "photo.jpg")
	if err := os.WriteFile(file, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	tests := []struct {
		name          string
		folder, space error // of a folder that must be there, and of one that is to be made
		wantFolder    string
		wantSpace     string
	}{
		{"there", CheckFolder(dir), canMake(dir), "", ""},
		{"not there", CheckFolder(filepath.Join(dir, "a", "b")), canMake(filepath.Join(dir, "a", "b")), "there is no such folder", ""},
		{"a file", CheckFolder(file), canMake(file), "photo.jpg is a file", "photo.jpg is a file"},
		{"below a file", CheckFolder(filepath.Join(file, "a", "b")), canMake(filepath.Join(file, "a", "b")), "photo.jpg is a file", "photo.jpg is a file"},
	}
	for _, tt := range tests {
		for what, got := range map[string][2]string{"isFolder": {text(tt.folder), tt.wantFolder}, "canMake": {text(tt.space), tt.wantSpace}} {
			if got[1] == "" && got[0] != "" || !strings.Contains(got[0], got[1]) {
				t.Errorf("%s: %s: %q, want a word on %q", tt.name, what, got[0], got[1])
			}
		}
	}
	for _, err := range []error{tests[1].folder, tests[2].folder, tests[2].space, tests[3].folder} {
		if !errors.As(err, new(*UsageError)) {
			t.Errorf("%v is no UsageError", err)
		}
	}
}

func text(err error) string {
	if err == nil {
		return ""
	}
	return err.Error()
}
