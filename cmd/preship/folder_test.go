package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"preship/report"
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
		folder, space error // of a folder that has to be there, and of one that is to be made
		wantFolder    string
		wantSpace     string
	}{
		{"there", isFolder(dir), canMake(dir), "", ""},
		{"not there", isFolder(filepath.Join(dir, "a", "b")), canMake(filepath.Join(dir, "a", "b")), "there is no such folder", ""},
		{"a file", isFolder(file), canMake(file), "photo.jpg is a file", "photo.jpg is a file"},
		{"below a file", isFolder(filepath.Join(file, "a", "b")), canMake(filepath.Join(file, "a", "b")), "photo.jpg is a file", "photo.jpg is a file"},
	}
	for _, tt := range tests {
		for what, got := range map[string][2]string{"isFolder": {text(tt.folder), tt.wantFolder}, "canMake": {text(tt.space), tt.wantSpace}} {
			if got[1] == "" && got[0] != "" || !strings.Contains(got[0], got[1]) {
				t.Errorf("%s: %s: %q, want a word on %q", tt.name, what, got[0], got[1])
			}
		}
	}
	for _, err := range []error{tests[1].folder, tests[2].folder, tests[2].space, tests[3].folder} {
		if code := exitCodeOf(err); code != exitUsage {
			t.Errorf("%v: exit code %d, want %d", err, code, exitUsage)
		}
	}
}

func text(err error) string {
	if err == nil {
		return ""
	}
	return err.Error()
}

func TestDeletedWords(t *testing.T) {
	t.Parallel()
	day := func(n int) time.Time { return time.Date(2026, 11, n, 12, 0, 0, 0, time.UTC) }
	tests := []struct {
		name string
		kept report.Retention
		want string
	}{
		{
			"ended in the middle",
			report.Retention{HandedBack: day(1), Deleting: new(day(2))},
			"deleting the saved data began on 2026-11-02, after it was handed back on 2026-11-01, and did not end: what is left is not whole",
		},
		{
			"all of it",
			report.Retention{HandedBack: day(1), Deleting: new(day(2)), Deleted: new(day(3))},
			"the saved data was deleted on 2026-11-03 by preship cases purge, after it was handed back on 2026-11-01",
		},
	}
	for _, tt := range tests {
		if got := deletedWords(&tt.kept); got != tt.want {
			t.Errorf("%s: %q, want %q", tt.name, got, tt.want)
		}
	}
}
