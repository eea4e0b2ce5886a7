package desk

import (
	"errors"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"preship/backup/agefile"
	"preship/backup/manifest"
	"preship/report/casedir"
)

// A restore needs something to restore, a handset, and the key of an encrypted backup.
func TestRestoreOnThePage(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	b := r.browser(t)
	c, err := casedir.CreateIn(r.o.Out, time.Now())
	if err != nil {
		t.Fatal(err)
	}
	dir, path := c.Dir(), "/case/"+c.ID()
	if err := c.Close(); err != nil {
		t.Fatal(err)
	}
	if _, body := b.get(path); strings.Contains(body, `id="restore"`) {
		t.Error("a case without a backup can be restored")
	}
	put := func(name string) {
		t.Helper()
		file := filepath.Join(dir, filepath.FromSlash(name))
		if err := errors.Join(os.MkdirAll(filepath.Dir(file), 0o700), os.WriteFile(file, []byte("{}"), 0o600)); err != nil {
			t.Fatal(err)
		}
	}
	put(manifest.Name)
	if _, body := b.get(path); !strings.Contains(body, `id="restore"`) || strings.Contains(body, `name="passphrase"`) {
		t.Errorf("a case with a backup: %s", body)
	}
	for want, form := range map[string]url.Values{
		"Choose at least one thing": {"handset": {"1"}},
		"not connected now":         {"handset": {"1"}, "part": {"files", "everything"}},
	} {
		if status, body := b.post(path+"/restore", form); status != http.StatusUnprocessableEntity || !strings.Contains(body, want) {
			t.Errorf("%v: %d, want %q: %s", form, status, want, body)
		}
	}
	if status, _ := b.post("/case/PS-20200101-AAAAAA/restore", url.Values{"handset": {"1"}, "part": {"files"}}); status != http.StatusNotFound {
		t.Errorf("a case that is not there: %d", status)
	}
	put(agefile.KeysName)
	if _, err := keyOf(dir, "", ""); err == nil {
		t.Error("an encrypted backup needs no key")
	}
	if status, body := b.post(path+"/restore", url.Values{"handset": {"1"}, "part": {"files"}, "passphrase": {"correct horse"}}); status != http.StatusUnprocessableEntity || strings.Contains(body, "correct horse") {
		t.Errorf("a key that opens nothing: %d %s", status, body)
	}
}
