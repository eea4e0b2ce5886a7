package restore

import (
	"encoding/json"
	"testing"

	"preship/backup/manifest"
)

// FuzzSavedLines: lines that are read back are those that were written.
func FuzzSavedLines(f *testing.F) {
	f.Add([]byte(`{"package":"a.b","files":["/data/app/x/base.apk"]}` + "\n"))
	f.Fuzz(func(t *testing.T, b []byte) {
		apps, err := savedLines[manifest.App](b)
		if err != nil {
			return
		}
		for _, a := range apps {
			if _, err := json.Marshal(a); err != nil {
				t.Errorf("%+v: %v", a, err)
			}
		}
	})
}
