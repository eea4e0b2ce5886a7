package backup_test

import (
	"bytes"
	"errors"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"filippo.io/age"

	"preship/backup"
	"preship/backup/agefile"
	"preship/backup/manifest"
	"preship/testdata/program"
)

// ageKey makes a key of age, and returns its public half in the form of --encrypt-to.
func ageKey(t testing.TB) (to []string, key *agefile.Key) {
	t.Helper()
	id, err := age.GenerateX25519Identity()
	if err != nil {
		t.Fatal(err)
	}
	return []string{id.Recipient().String()}, parseKey(t, id.String(), "")
}

func parseKey(t testing.TB, text, passphrase string) *agefile.Key {
	t.Helper()
	k, err := agefile.ParseKey(strings.NewReader(text), func() ([]byte, error) { return []byte(passphrase), nil })
	if err != nil {
		t.Fatal(err)
	}
	return k
}

// sshKey makes a key with ssh-keygen.
func sshKey(t testing.TB, kind, passphrase string) (to []string, key *agefile.Key, file string) {
	t.Helper()
	file = filepath.Join(t.TempDir(), "key")
	// One round of work for the passphrase: 16 take as long as a backup.
	args := []string{"-q", "-t", kind, "-a", "1", "-N", passphrase, "-C", "a comment", "-f", file}
	if kind == "rsa" {
		args = append(args, "-b", "2048")
	}
	if out, err := exec.CommandContext(t.Context(), program.Path(t, "ssh-keygen"), args...).CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	public, err := os.ReadFile(file + ".pub")
	if err != nil {
		t.Fatal(err)
	}
	secret, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	to, err = agefile.ReadRecipients(bytes.NewReader(public))
	if err != nil {
		t.Fatal(err)
	}
	return to, parseKey(t, string(secret), passphrase), file
}

// checkOpened checks a backup with its key.
func (r *rig) checkOpened(key *agefile.Key) (backup.CheckResult, error) {
	r.t.Helper()
	root, err := os.OpenRoot(r.dir)
	if err != nil {
		r.t.Fatal(err)
	}
	defer root.Close()
	return backup.CheckOpened(root, key)
}

// mustOpen asserts that a key opens every file of a backup, and that each has the proved
// contents.
func (r *rig) mustOpen(key *agefile.Key) {
	r.t.Helper()
	res, err := r.checkOpened(key)
	if err != nil || len(res.Problems) > 0 || !res.Encrypted || !res.Opened || !res.Read {
		r.t.Errorf("opened: %+v, error %v", res, err)
	}
}

func (r *rig) passphraseKey(passphrase string) *agefile.Key {
	r.t.Helper()
	root, err := os.OpenRoot(r.dir)
	if err != nil {
		r.t.Fatal(err)
	}
	defer root.Close()
	k, err := agefile.PassphraseKey(root, []byte(passphrase))
	if err != nil {
		r.t.Fatal(err)
	}
	return k
}

// stored returns the contents of every file of the case, by name.
func (r *rig) stored() map[string]string {
	r.t.Helper()
	all := map[string]string{}
	err := filepath.WalkDir(r.dir, func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		data, err := os.ReadFile(name)
		rel, relErr := filepath.Rel(r.dir, name)
		all[filepath.ToSlash(rel)] = string(data)
		return errors.Join(err, relErr)
	})
	if err != nil {
		r.t.Fatal(err)
	}
	return all
}

// now is stored for a case that a run is writing to.
func (r *rig) now() map[string]string {
	all := map[string]string{}
	_ = filepath.WalkDir(r.dir, func(name string, d fs.DirEntry, err error) error {
		if err == nil && !d.IsDir() {
			if data, err := os.ReadFile(name); err == nil {
				all[name] = string(data)
			}
		}
		return nil
	})
	return all
}

func remove(name string) func(r *rig) error {
	return func(r *rig) error { return os.Remove(filepath.Join(r.dir, filepath.FromSlash(name))) }
}

// swapStored swaps two files, and their entries in the manifest.
func (r *rig) swapStored(a, b string) error {
	name := filepath.Join(r.dir, manifest.Name)
	text, err := os.ReadFile(name)
	if err != nil {
		return err
	}
	entries, _ := r.manifest()
	swap := strings.NewReplacer(entries[a].Stored.SHA256, entries[b].Stored.SHA256, entries[b].Stored.SHA256, entries[a].Stored.SHA256)
	x, y, z := filepath.Join(r.dir, "backup", a+".age"), filepath.Join(r.dir, "backup", b+".age"), filepath.Join(r.dir, "z")
	return errors.Join(os.WriteFile(name, []byte(swap.Replace(string(text))), 0o600), os.Rename(x, z), os.Rename(y, x), os.Rename(z, y))
}
