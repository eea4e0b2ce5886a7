package verdict

import (
	"os"
	"testing"

	"preship/backup/manifest"
	"preship/report"
	"preship/report/seal"
)

// An unfinished backup beside a report that is not READY is no problem of the package. Beside
// a READY one it is, and so is any other difference.
func TestUnfinishedBackup(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		verdict report.Verdict
		lacks   bool // an item of data that is not on the disk
		ok      bool
	}{
		{report.VerdictIncomplete, false, true},
		{report.VerdictNotReady, false, true},
		{report.VerdictReady, false, false},
		{report.VerdictIncomplete, true, false},
	} {
		dir := t.TempDir()
		root, err := os.OpenRoot(dir)
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { _ = root.Close() })
		if err := root.Mkdir("backup", 0o700); err != nil {
			t.Fatal(err)
		}
		m := &manifest.Manifest{Head: manifest.Head{Schema: manifest.Schema, Prove: manifest.ProveHash}}
		if tt.lacks {
			m.Items = []manifest.Item{{File: "backup/contacts.vcf"}}
		}
		if err := manifest.Write(root, m, func(func(manifest.Entry) bool) {}); err != nil {
			t.Fatal(err)
		}
		v := &seal.Verified{}
		v.Path, v.OK, v.Verdict = dir, true, tt.verdict
		if err := CheckData(v); err != nil || v.OK != tt.ok {
			t.Errorf("%s, item lacks %t: ok %t, %v, %+v", tt.verdict, tt.lacks, v.OK, err, v.Problems)
		}
	}
}
