package backup_test

import (
	"bytes"
	"context"
	"errors"
	"io"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"filippo.io/age"

	"preship/adb/adbtest"
	"preship/backup"
	"preship/report"
)

// ageKey makes a key of age, and returns its public half as --encrypt-to takes it.
func ageKey(t testing.TB) (to []string, key *backup.Key) {
	t.Helper()
	id, err := age.GenerateX25519Identity()
	if err != nil {
		t.Fatal(err)
	}
	return []string{id.Recipient().String()}, parseKey(t, id.String(), "")
}

func parseKey(t testing.TB, text, passphrase string) *backup.Key {
	t.Helper()
	k, err := backup.ParseKey(strings.NewReader(text), func() ([]byte, error) { return []byte(passphrase), nil })
	if err != nil {
		t.Fatal(err)
	}
	return k
}

// tool skips a test that needs a program which is not there.
func tool(t testing.TB, name string) string {
	t.Helper()
	found, err := exec.LookPath(name)
	if err != nil && os.Getenv("PRESHIP_REQUIRE_TOOLS") == "1" && name != "age" {
		t.Fatal(err)
	}
	if err != nil {
		t.Skipf("needs %s", name)
	}
	return found
}

// sshKey makes a key with ssh-keygen.
func sshKey(t testing.TB, kind, passphrase string) (to []string, key *backup.Key, file string) {
	t.Helper()
	file = filepath.Join(t.TempDir(), "key")
	args := []string{"-q", "-t", kind, "-N", passphrase, "-C", "a comment", "-f", file}
	if kind == "rsa" {
		args = append(args, "-b", "2048")
	}
	if out, err := exec.CommandContext(t.Context(), tool(t, "ssh-keygen"), args...).CombinedOutput(); err != nil {
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
	to, err = backup.ReadRecipients(bytes.NewReader(public))
	if err != nil {
		t.Fatal(err)
	}
	return to, parseKey(t, string(secret), passphrase), file
}

// checkOpened checks a backup with its key.
func (r *rig) checkOpened(key *backup.Key) (backup.CheckResult, error) {
	r.t.Helper()
	root, err := os.OpenRoot(r.dir)
	if err != nil {
		r.t.Fatal(err)
	}
	defer root.Close()
	return backup.CheckOpened(root, key)
}

// mustOpen asserts that a key opens all of a backup, and that it holds what was proved.
func (r *rig) mustOpen(key *backup.Key) {
	r.t.Helper()
	res, err := r.checkOpened(key)
	if err != nil || len(res.Problems) > 0 || !res.Encrypted || !res.Opened || !res.Read {
		r.t.Errorf("opened: %+v, error %v", res, err)
	}
}

// TestRunEncrypted: saved, checked without a key, gone on with without a key,
// opened with it, and given back to a wiped handset: for every kind of key.
func TestRunEncrypted(t *testing.T) {
	t.Parallel()
	for _, kind := range []string{"age", "age post-quantum", "ssh ed25519", "ssh ed25519 with a passphrase", "ssh rsa", "two keys", "passphrase"} {
		t.Run(kind, func(t *testing.T) {
			t.Parallel()
			r := newRig(t, someFiles)
			var key *backup.Key
			status := report.StatusWarn
			switch kind {
			case "age":
				r.options.Encrypt.To, key = ageKey(t)
			case "age post-quantum":
				id, err := age.GenerateHybridIdentity()
				if err != nil {
					t.Fatal(err)
				}
				r.options.Encrypt.To, key = []string{id.Recipient().String()}, parseKey(t, id.String(), "")
			case "ssh ed25519":
				r.options.Encrypt.To, key, _ = sshKey(t, "ed25519", "")
			case "ssh ed25519 with a passphrase":
				r.options.Encrypt.To, key, _ = sshKey(t, "ed25519", "of the key")
			case "ssh rsa":
				r.options.Encrypt.To, key, _ = sshKey(t, "rsa", "")
			case "two keys":
				r.options.Encrypt.To, key, _ = sshKey(t, "ed25519", "")
				other, _ := ageKey(t)
				r.options.Encrypt.To = append(other, r.options.Encrypt.To...)
			case "passphrase":
				r.options.Encrypt, status = backup.CheapPassphrase("horse staple"), report.StatusPass
			}
			b := r.mustRun()
			if b.Files.Proved != 12 || b.Bytes.Proved != 1517463 {
				t.Errorf("files %+v, bytes %+v; want 12 proved with 1517463", b.Files, b.Bytes)
			}
			wantStatus(t, b, backup.FindingKey, status)
			if kind == "passphrase" {
				key = r.passphraseKey("horse staple")
				// It is an age identity like any other.
				file, err := os.ReadFile(filepath.Join(r.dir, "backup", "identity.age"))
				if err != nil {
					t.Fatal(err)
				}
				r.mustOpen(parseKey(t, string(file), "horse staple"))
			}
			r.mustOpen(key)
			r.options.Encrypt = backup.Encryption{} // what it was begun with stays
			before := r.stored()
			if b := r.mustRun(); b.Files.Proved != 12 {
				t.Errorf("again: files %+v, want 12 proved", b.Files)
			}
			for name, data := range r.stored() {
				if strings.HasPrefix(name, "backup/storage/") && before[name] != data {
					t.Errorf("%s was written again", name)
				}
			}
			r.mustOpen(key)
			wiped := newRig(t, "dir - - 2026-03-01T10:00:00Z /sdcard/DCIM\n")
			res := r.restoreTo(wiped, backup.RestoreOptions{Key: key})
			if len(res.Problems) > 0 || res.Proved != 12 {
				t.Errorf("restored: %+v", res)
			}
			if len(res.NotRestored) == 0 {
				t.Error("nothing is said of what is not restored")
			}
			for _, n := range res.NotRestored {
				if !strings.Contains(n.Instead, "backup show DIR") {
					t.Errorf("how to come by %s: %s", n.File, n.Instead)
				}
			}
			entries, _ := r.manifest()
			for path, e := range entries {
				if e.Type == backup.TypeFile && !bytes.Equal(wiped.original(path), r.original(path)) {
					t.Errorf("%s is not what it was", path)
				}
			}
		})
	}
}

func (r *rig) passphraseKey(passphrase string) *backup.Key {
	r.t.Helper()
	root, err := os.OpenRoot(r.dir)
	if err != nil {
		r.t.Fatal(err)
	}
	defer root.Close()
	k, err := backup.PassphraseKey(root, []byte(passphrase))
	if err != nil {
		r.t.Fatal(err)
	}
	return k
}

// stored reads every file of the case, by its name there.
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

// TestRunEncryptedOpensWithAge: what lies there opens without preship.
func TestRunEncryptedOpensWithAge(t *testing.T) {
	t.Parallel()
	program := tool(t, "age")
	r := newRig(t, someFiles)
	var file string
	r.options.Encrypt.To, _, file = sshKey(t, "ed25519", "")
	r.mustRun()
	out, err := exec.CommandContext(t.Context(), program, "-d", "-i", file, r.host("DCIM/Camera/a.jpg.age")).Output()
	if err != nil || !bytes.Equal(out, r.original(photo)) {
		t.Errorf("age gives %d bytes, error %v", len(out), err)
	}
}

// TestRunEncryptedLeavesNothingReadable: whatever a handset's owner has in files,
// contacts, messages and the rest is nowhere on the disk, and neither is a part
// of it while the backup is being made.
func TestRunEncryptedLeavesNothingReadable(t *testing.T) {
	t.Parallel()
	profile := func(p string) string {
		return android13(p) + "text - - 2026-03-01T10:00:02Z /sdcard/Download/letter.txt \"dearest Ottoline, burn this\"\n"
	}
	plain := fullRig(t, "redmi-note-10", profile)
	plain.mustRun()
	needles := map[string]string{"a file": "dearest Ottoline, burn this", "a message": "ready for pick-up"}
	for name, data := range plain.stored() {
		if strings.HasSuffix(name, "contacts.jsonl") {
			needles["a contact"] = between(t, data, `"display_name":"`, `"`)
		}
		if strings.HasSuffix(name, "calls.jsonl") {
			needles["a call"] = between(t, data, `"number":"`, `"`)
		}
	}
	if len(needles) != 4 {
		t.Fatalf("only %v to look for", needles)
	}
	for what, needle := range needles {
		if !holds(plain.stored(), needle) {
			t.Errorf("%s, %q, is not in a backup that is not encrypted", what, needle)
		}
	}
	r := fullRig(t, "redmi-note-10", profile)
	r.options.Encrypt.To, _ = ageKey(t)
	looked := 0
	r.options.Progress = func(p backup.Progress) {
		if looked == 3 || p.FilesDone%16 != 0 || p.Phase == backup.PhaseListing {
			return
		}
		looked++
		for what, needle := range needles {
			if name, ok := where(r.now(), needle); ok {
				t.Errorf("%s is readable in %s while the backup is made", what, name)
			}
		}
	}
	r.mustRun()
	if looked == 0 {
		t.Error("nobody looked while the backup was made")
	}
	for what, needle := range needles {
		if name, ok := where(r.stored(), needle); ok {
			t.Errorf("%s is readable in %s", what, name)
		}
	}
	for name := range r.stored() {
		if strings.HasPrefix(name, "backup/storage/") || strings.HasPrefix(name, "backup/items/") || strings.HasPrefix(name, "backup/data/") {
			if !strings.HasSuffix(name, ".age") {
				t.Errorf("%s is not named as encrypted", name)
			}
		}
	}
}

func holds(files map[string]string, needle string) bool {
	_, ok := where(files, needle)
	return ok
}

func where(files map[string]string, needle string) (string, bool) {
	for name, data := range files {
		if strings.Contains(data, needle) {
			return name, true
		}
	}
	return "", false
}

// now is stored while files come and go.
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

func between(t testing.TB, s, from, to string) string {
	t.Helper()
	_, rest, ok := strings.Cut(s, from)
	found, _, end := strings.Cut(rest, to)
	if !ok || !end || len(found) < 5 {
		t.Fatalf("no %q in %.200q", from, s)
	}
	return found
}

// TestRunEncryptedRefuses: a backup is never half encrypted, and never to others
// than it was.
func TestRunEncryptedRefuses(t *testing.T) {
	t.Parallel()
	to, key := ageKey(t)
	other, otherKey := ageKey(t)
	for _, tt := range []struct {
		name   string
		begin  backup.Encryption
		spoil  func(r *rig) error
		want   backup.Encryption
		key    *backup.Key
		reason error
	}{
		{"plain, then to a key", backup.Encryption{}, nil, backup.Encryption{To: to}, nil, backup.ErrPlainBackup},
		{"plain, then with a passphrase", backup.Encryption{}, nil, backup.CheapPassphrase("p"), nil, backup.ErrPlainBackup},
		{"to a key, then to another", backup.Encryption{To: to}, nil, backup.Encryption{To: other}, nil, backup.ErrOtherKey},
		{"to a key, then to one more", backup.Encryption{To: to}, nil, backup.Encryption{To: append(other, to...)}, nil, backup.ErrOtherKey},
		{"to a key, then with a passphrase", backup.Encryption{To: to}, nil, backup.CheapPassphrase("p"), nil, backup.ErrOtherKey},
		{"with a passphrase, then another", backup.CheapPassphrase("p"), nil, backup.CheapPassphrase("q"), nil, backup.ErrOtherKey},
		{"with a passphrase, then to a key", backup.CheapPassphrase("p"), nil, backup.Encryption{To: to}, nil, backup.ErrOtherKey},
		{"a key that does not open it", backup.Encryption{To: to}, nil, backup.Encryption{}, otherKey, backup.ErrWrongKey},
		{"the list of keys gone", backup.Encryption{To: to}, remove("backup/encryption.json"), backup.Encryption{}, nil, backup.ErrKeyList},
		{"the list of keys gone, and asked again", backup.Encryption{To: to}, remove("backup/encryption.json"), backup.Encryption{To: to}, nil, backup.ErrPlainBackup},
		{"the key of a passphrase gone", backup.CheapPassphrase("p"), remove("backup/identity.age"), backup.Encryption{}, nil, backup.ErrKeyList},
		{"the key of a passphrase changed", backup.CheapPassphrase("p"), func(r *rig) error {
			return flip(filepath.Join(r.dir, "backup", "identity.age"), 60)
		}, backup.Encryption{}, nil, backup.ErrKeyList},
		{"the same key, opened", backup.Encryption{To: to}, nil, backup.Encryption{To: to}, key, nil},
		{"the same passphrase", backup.CheapPassphrase("p"), nil, backup.CheapPassphrase("p"), nil, nil},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			r := newRig(t, someFiles)
			r.options.Encrypt = tt.begin
			r.mustRun()
			if tt.spoil != nil {
				if err := tt.spoil(r); err != nil {
					t.Fatal(err)
				}
			}
			before := r.stored()
			r.options.Encrypt, r.options.Key = tt.want, tt.key
			b, err := r.run(context.Background())
			if !errors.Is(err, tt.reason) {
				t.Fatalf("error %v, want %v", err, tt.reason)
			}
			if tt.reason == nil {
				wantStatus(t, b, backup.FindingKey, report.StatusPass)
				return
			}
			after := r.stored()
			for name := range after {
				if before[name] != after[name] {
					t.Errorf("%s was written", name)
				}
			}
		})
	}
}

func remove(name string) func(r *rig) error {
	return func(r *rig) error { return os.Remove(filepath.Join(r.dir, filepath.FromSlash(name))) }
}

// TestCheckEncrypted: every change of an encrypted file is seen without a key,
// and one made in the manifest as well is seen with it.
func TestCheckEncrypted(t *testing.T) {
	t.Parallel()
	to, key := ageKey(t)
	const a, b = "DCIM/Camera/c.jpg.age", "Music/g.mp3.age"
	for _, tt := range []struct {
		name  string
		spoil func(r *rig) error
		what  string
		keyed bool // only seen with the key
	}{
		{"bit flipped", func(r *rig) error { return flip(r.host(a), 5000) }, "SHA-256", false},
		{"head changed", func(r *rig) error { return flip(r.host(a), 30) }, "SHA-256", false},
		{"cut short", func(r *rig) error { return os.Truncate(r.host(a), 5000) }, "5000 bytes", false},
		{"two swapped", func(r *rig) error {
			return errors.Join(os.Rename(r.host("Music/h.mp3.age"), r.host("x")), os.Rename(r.host(b), r.host("Music/h.mp3.age")), os.Rename(r.host("x"), r.host(b)))
		}, "SHA-256", false},
		{"list of keys gone", remove("backup/encryption.json"), "missing", false},
		{"two swapped, in the manifest too", func(r *rig) error {
			return r.swapStored("/storage/emulated/0/Music/g.mp3", "/storage/emulated/0/Music/h.mp3")
		}, "something else", true},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			r := newRig(t, someFiles)
			r.options.Encrypt.To = to
			r.mustRun()
			if err := tt.spoil(r); err != nil {
				t.Fatal(err)
			}
			if res := r.check(true); (len(res.Problems) == 0) != tt.keyed || !tt.keyed && !strings.Contains(res.Problems[0].What, tt.what) {
				t.Errorf("without the key: %+v", res.Problems)
			}
			res, err := r.checkOpened(key)
			if err != nil || len(res.Problems) == 0 || !strings.Contains(res.Problems[0].What, tt.what) {
				t.Errorf("with the key: %+v, error %v; want %q", res.Problems, err, tt.what)
			}
		})
	}
}

// swapStored makes two files lie in each other's place, and the manifest agree.
func (r *rig) swapStored(a, b string) error {
	name := filepath.Join(r.dir, backup.ManifestName)
	text, err := os.ReadFile(name)
	if err != nil {
		return err
	}
	entries, _ := r.manifest()
	swap := strings.NewReplacer(entries[a].Stored.SHA256, entries[b].Stored.SHA256, entries[b].Stored.SHA256, entries[a].Stored.SHA256)
	x, y, z := filepath.Join(r.dir, "backup", a+".age"), filepath.Join(r.dir, "backup", b+".age"), filepath.Join(r.dir, "z")
	return errors.Join(os.WriteFile(name, []byte(swap.Replace(string(text))), 0o600), os.Rename(x, z), os.Rename(y, x), os.Rename(z, y))
}

// TestEncryptedTakesItsKey: nothing opens with another key, or none.
func TestEncryptedTakesItsKey(t *testing.T) {
	t.Parallel()
	r := newRig(t, someFiles)
	r.options.Encrypt.To, _ = ageKey(t)
	r.mustRun()
	_, other := ageKey(t)
	if _, err := r.checkOpened(other); !errors.Is(err, backup.ErrWrongKey) {
		t.Errorf("check with another key: error %v, want ErrWrongKey", err)
	}
	root, err := os.OpenRoot(r.dir)
	if err != nil {
		t.Fatal(err)
	}
	defer root.Close()
	if _, err := backup.PassphraseKey(root, []byte("x")); !errors.Is(err, backup.ErrWrongKey) {
		t.Errorf("a passphrase where there is none: error %v, want ErrWrongKey", err)
	}
	for key, want := range map[*backup.Key]error{nil: backup.ErrKeyNeeded, other: backup.ErrWrongKey} {
		before := r.handset.Sent()
		if _, err := backup.Restore(t.Context(), r.device, root, backup.RestoreOptions{Key: key}); !errors.Is(err, want) {
			t.Errorf("restore: error %v, want %v", err, want)
		}
		if n := len(r.handset.Sent()) - len(before); n != 0 {
			t.Errorf("%d lines were sent", n)
		}
	}
	p := newRig(t, someFiles)
	p.options.Encrypt = backup.CheapPassphrase("right")
	p.mustRun()
	other2, err := os.OpenRoot(p.dir)
	if err != nil {
		t.Fatal(err)
	}
	defer other2.Close()
	if _, err := backup.PassphraseKey(other2, []byte("wrong")); !errors.Is(err, backup.ErrWrongKey) {
		t.Errorf("another passphrase: error %v, want ErrWrongKey", err)
	}
}

// TestRunEncryptedContinuesAfterAKill does to an encrypted backup what a power
// cut may, and goes on without any secret.
func TestRunEncryptedContinuesAfterAKill(t *testing.T) {
	t.Parallel()
	r := newRig(t, someFiles)
	var key *backup.Key
	r.options.Encrypt.To, key = ageKey(t)
	r.mustRun()
	r.options.Encrypt = backup.Encryption{}
	lines, err := os.ReadFile(filepath.Join(r.dir, "backup", "journal.jsonl"))
	if err != nil {
		t.Fatal(err)
	}
	half := append(lines[:len(lines)*2/3:len(lines)*2/3], '\n')
	if err := errors.Join(
		os.WriteFile(filepath.Join(r.dir, "backup", "journal.jsonl"), half, 0o600),
		os.WriteFile(filepath.Join(r.dir, "backup", "items", "left.jsonl.age"), []byte("no age file"), 0o600),
		os.Truncate(r.host("Music/e.mp3.age"), 70000), flip(r.host("DCIM/Camera/b.jpg.age"), 1000),
		os.Remove(filepath.Join(r.dir, backup.ManifestName)),
	); err != nil {
		t.Fatal(err)
	}
	if b := r.mustRun(); b.Files.Proved != 12 {
		t.Errorf("files %+v, want 12 proved", b.Files)
	}
	res, err := r.checkOpened(key)
	if err != nil || len(res.Problems) != 1 || !strings.Contains(res.Problems[0].File, "left.jsonl.age") {
		t.Errorf("opened: %+v, error %v; want only what was left there not to open", res.Problems, err)
	}
}

// TestRunEncryptedKeepsNames: names that encryption could make the same stay
// apart, and what is too long is cut.
func TestRunEncryptedKeepsNames(t *testing.T) {
	t.Parallel()
	r := newRig(t, someFiles)
	long := strings.Repeat("y", 250)
	names := []string{"a", "a.age/in", "a.age.dir/in", "b.AGE/in", "B", "c.age", long + "yyyyy", long + "zzzzz", long + ".age/in"}
	for i, name := range names {
		r.push("/storage/emulated/0/n/"+name, []byte{byte(i), 99})
	}
	var key *backup.Key
	r.options.Encrypt.To, key = ageKey(t)
	for range 2 {
		if b := r.mustRun(); b.Files.Proved != int64(12+len(names)) {
			t.Fatalf("files %+v, want all proved: %+v", b.Files, b.Findings)
		}
	}
	r.mustOpen(key)
	root, err := os.OpenRoot(r.dir)
	if err != nil {
		t.Fatal(err)
	}
	defer root.Close()
	for i, name := range names {
		f, _, err := backup.Open(root, "/storage/emulated/0/n/"+name, key)
		if err != nil {
			t.Errorf("%.20s: %v", name, err)
			continue
		}
		got, err := io.ReadAll(f)
		if err := errors.Join(err, f.Close()); err != nil || !bytes.Equal(got, []byte{byte(i), 99}) {
			t.Errorf("%.20s holds %v, error %v", name, got, err)
		}
	}
}

func TestReadRecipients(t *testing.T) {
	t.Parallel()
	to, _ := ageKey(t)
	id, err := age.GenerateX25519Identity()
	if err != nil {
		t.Fatal(err)
	}
	got, err := backup.ReadRecipients(strings.NewReader("# mine\n\n " + to[0] + " \n" + to[0] + "\n"))
	if err != nil || len(got) != 1 || got[0] != to[0] {
		t.Errorf("got %v, error %v", got, err)
	}
	for _, text := range []string{"", "# nothing\n", "age1", "age1yubikey1xxx", "ssh-ed25519", "ssh-dss AAAA", id.String(), "-----BEGIN OPENSSH PRIVATE KEY-----", strings.Repeat("x", 1<<20)} {
		_, err := backup.ReadRecipients(strings.NewReader(text))
		if err == nil || strings.Contains(err.Error(), "AGE-SECRET") {
			t.Errorf("%.20q: error %v", text, err)
		}
	}
}

func TestParseKeyRefuses(t *testing.T) {
	t.Parallel()
	to, _ := ageKey(t)
	for _, text := range []string{"", to[0], "-----BEGIN OPENSSH PRIVATE KEY-----\nxx", "age-encryption.org/v1\n", "-----BEGIN AGE ENCRYPTED FILE-----", strings.Repeat("#", 2<<20)} {
		if _, err := backup.ParseKey(strings.NewReader(text), nil); err == nil {
			t.Errorf("%.20q is taken for a key", text)
		}
	}
}

// TestRunEncryptedJudgesLocalBackups: they are looked into without any secret,
// by the run that writes them, and by the next one too.
func TestRunEncryptedJudgesLocalBackups(t *testing.T) {
	t.Parallel()
	const dir = "/storage/emulated/0/MIUI/backup/AllBackup/20260301_120000/"
	bak := bakOf("com.example.notes")
	const description = "<MIUI-backup><packages><package><packageName>com.example.notes</packageName><bakFile>n.bak</bakFile><state>1</state><error>0</error></package></packages></MIUI-backup>"
	for name, tt := range map[string]struct {
		bak    []byte
		status report.Status
	}{"whole": {bak, report.StatusPass}, "cut": {bak[:len(bak)-600], report.StatusWarn}} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := newRig(t, someFiles)
			r.push(dir+"descript.xml", []byte(description))
			r.push(dir+"n.bak", tt.bak)
			var key *backup.Key
			r.options.Encrypt.To, key = ageKey(t)
			for _, r.options.Key = range []*backup.Key{nil, nil, key} {
				b := r.mustRun()
				wantStatus(t, b, backup.FindingLocal, tt.status)
				if b.Files.Proved != 14 {
					t.Errorf("files %+v, want 14 proved", b.Files)
				}
			}
			r.mustOpen(key)
		})
	}
}

// TestRunEncryptedKeepsTheProvedVersion: a file that changed, and whose new
// version is not proved, keeps the old one, both encrypted.
func TestRunEncryptedKeepsTheProvedVersion(t *testing.T) {
	t.Parallel()
	r := newRig(t, someFiles)
	to, key := ageKey(t)
	r.options.Encrypt.To = to
	r.mustRun()
	old := r.original(photo)
	next := r.later(newerPhoto, adbtest.Trouble{Kind: adbtest.TroubleWrongHash, Path: photo})
	if b := next.mustRun(); b.Files.Proved != 11 {
		t.Errorf("files %+v, want 11 proved", b.Files)
	}
	next.mustOpen(key)
	f, err := os.Open(next.host("DCIM/Camera/a.jpg.age"))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	if got, err := backup.Decrypt(f, key); err != nil || !bytes.Equal(got, old) {
		t.Errorf("in its place lie %d bytes, error %v; want the version that was proved", len(got), err)
	}
	last := r.later(newerPhoto)
	if b := last.mustRun(); b.Files.Proved != 12 {
		t.Errorf("files %+v, want 12 proved", b.Files)
	}
	last.mustOpen(key)
}

func FuzzReadRecipients(f *testing.F) {
	to, _ := ageKey(f)
	f.Add(to[0] + "\n# x\nssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIHsKLqeplhpW+uObz5dvMgjz1OxfM/XXUB+VHtZ6isGN a comment\n")
	f.Add("AGE-SECRET-KEY-1XXX")
	f.Fuzz(func(t *testing.T, text string) {
		names, err := backup.ReadRecipients(strings.NewReader(text))
		if (err == nil) != (len(names) > 0) {
			t.Fatalf("%v, error %v", names, err)
		}
		again, err := backup.ReadRecipients(strings.NewReader(strings.Join(names, "\n")))
		if len(names) > 0 && (err != nil || strings.Join(again, "\n") != strings.Join(names, "\n")) {
			t.Fatalf("%q comes back as %q, error %v", names, again, err)
		}
	})
}

// TestRunEncryptedUnderWindowsRules: names that are changed for two reasons.
func TestRunEncryptedUnderWindowsRules(t *testing.T) {
	t.Parallel()
	r := newRig(t, someFiles)
	names := append([]string{"Case", "case", "CASE.age/in", "case.AGE.dir/in", strings.Repeat(":", 80)}, hostileNames...)
	for i, name := range names {
		r.push("/storage/emulated/0/odd/"+name, []byte{byte(i)})
	}
	var key *backup.Key
	r.options.Encrypt.To, key = ageKey(t)
	for range 2 {
		r.options = backup.UnderWindows(r.options)
		if b := r.mustRun(); b.Files.Proved != int64(12+len(names)) {
			t.Fatalf("files %+v, want all proved: %+v", b.Files, b.Findings)
		}
		r.mustOpen(key)
	}
	seen := map[string]string{}
	entries, _ := r.manifest()
	for path, e := range entries {
		if e.Type != backup.TypeFile {
			continue
		}
		host := e.Host
		if host == "" {
			host = "backup" + path + ".age"
		}
		if other, ok := seen[backup.FoldedPath(host)]; ok || !strings.HasSuffix(host, ".age") {
			t.Errorf("%q lies at %q, as %q does", path, host, other)
		}
		seen[backup.FoldedPath(host)] = path
	}
}
