package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"preship/adb/adbtest"
	"preship/report/trust"
)

// failures are command lines that fail, with the files of [failureFiles] in braces. A
// value in quotes is in quotes in what preship says, so that its English counts as
// what a person typed.
var failures = []string{
	"nothing", "prepare --nothing", "prepare --wait", "prepare --wait soon", "prepare -x", "prepare --=x", "prepare --out", "identify --lang fr",
	"prepare", "prepare --out {dir} --prove well", "prepare --out {dir} --way never", "prepare --out {dir} --timeout 0", "prepare --out {dir} --attest lock.nothing",
	"prepare --out {dir} --case {case}", "prepare --case {dir}", "prepare --case {missing}", "prepare --out {file}", "prepare --case {file}", "prepare --out {dir} --imei 12",
	"prepare --all", "prepare --all --serial x --out {dir}", "prepare --all --out {dir} --jobs 0", "prepare --all --case {case}", "prepare --all --out {dir} --sn-box 1",
	"prepare --all --out {dir} --imei 490154203237518", "prepare --all --out {dir} --attest lock.account.mi", "prepare --all --out {dir} --again",
	"prepare --all --out {dir} --junit {new}", "prepare --out {dir} --junit {new} --ctrf {new}", "prepare --out {dir} --junit {dir}", "prepare --out {dir} --junit {missing}/x",
	"prepare --out {dir} --junit {case}/x.xml", "prepare --out {dir} --policy {missing}", "prepare --out {dir} --policy {file}", "prepare --out {dir} --policy {policy}",
	"prepare --out {dir} --policy {policy-id}", "prepare --out {dir} --policy {policy-date}", "prepare --out {dir} --policy {policy-empty}", "prepare --out {dir} --policy {yaml}",
	"prepare --out {dir} --key {missing}", "prepare --out {dir} --key {file}", "prepare --out {dir} --key {pub}", "prepare --out {dir} --key {dir}",
	"prepare --out {dir} --key {exposed}", "prepare --out {dir} --key agent", "prepare --out {dir} --key {locked}",
	"prepare --out {dir} --encrypt-to age1x", "prepare --out {dir} --encrypt-to {missing}", "prepare --out {dir} --encrypt-to {empty}", "prepare --out {dir} --encrypt-to AGE-SECRET-KEY-1",
	"prepare --out {dir} --encrypt-to ssh-dss", "prepare --out {dir} --passphrase", "prepare --out {dir} --passphrase --passphrase-file {file}",
	"prepare --out {dir} --passphrase-file {missing}", "prepare --out {dir} --passphrase-file {empty}", "prepare --out {dir} --identity {missing}", "prepare --out {dir} --identity {file}",
	"prepare --out {dir} --despite lock.nothing", "backup --out {dir} --despite lock.account.mi", "prepare --out {dir} --online-url http://x",
	"identify", "identify --serial= ", "identify --imei 12", "identify extra", "accounts", "verify", "verify --case {dir}", "reset", "reset --case {case}", "reset --case {dir}",
	"backup", "backup --case {missing}", "backup verify", "backup verify {dir}", "backup verify {missing}", "backup verify {case} --read=false --passphrase-file {file}", "backup verify {case} --passphrase-file {file}",
	"backup list {case} --status bad", "backup list {dir}", "backup show {dir}", "backup show {case} nothing.vcf", "backup show {case} ../x", "backup verify {broken}",
	"accounts --serial x", "connect --code 123456", "connect host:port:x", "connect 192.0.2.1:99999", "connect --pair x", "disconnect :", "connect", "devices --serial x", "devices extra",
	"report", "report --case {missing}", "report schema nothing", "report show {dir}", "report show {tampered}", "report verify", "report verify {missing}", "report verify {dir}", "report verify {file}",
	"report verify {tampered}", "report verify {tampered-report}", "report verify {unsigned}", "report verify {more}", "report verify {cut-sums}", "report verify {odd-bundle}", "report verify {case} --allowed-signers {missing}", "report verify {case} --allowed-signers {file}", "report verify {case} --allowed-signers {empty}",
	"report verify {case} --revoked {missing}", "report verify {case} --revoked {file}", "report verify {case} --csv {dir}", "report verify --qr x", "report verify --qr - ", "report verify {case} --qr x",
	"report verify {case} --imei 490154203237518", "report verify {case} --imei 1234", "report verify {case} --imei 490154203237519", "report verify {case} --policy {policy-met}", "report countersign {tampered}", "report countersign {missing}", "report pack", "report pack --case {tampered}", "report pack --case {missing}",
	"cases --out {missing}", "cases --out {file}", "cases --out {case}", "cases --out {dir}", "cases --limit -1", "cases --imei x", "cases --since never", "cases --verdict good", "cases handed-back", "cases handed-back x --out {dir}",
	"cases --out {cases}", "cases --out {cases} --verdict failed", "cases handed-back {tampered}", "cases purge --out {dir} --older-than never", "cases purge --out {dir} --older-than 1d --handed-back x",
	"key --identity two,names", "key export --format x", "key new --passphrase --keyring", "key new --key agent", "key new --key {pub}", "key new --passphrase --key {new}", "key trust {missing}", "key trust {file}", "key trust {tampered}", "key trust {case} --name x",
	"key trust {pub} --name x --fingerprint SHA256:x", "key revoke {pub}", "key revoke SHA256:x --reason lost", "key revoke {pub} --reason= ",
	"restore", "restore --case {missing}", "restore --case {dir}", "restore --case {case} --only photos", "restore --case {case} --passphrase --passphrase-file {file}", "restore --case {case}",
	"intake", "intake --case {missing}", "intake --case {case} --erase --from {file}", "intake --case {case} --from {missing}", "intake --case {case} --from {file}", "intake --case {case} --from {yaml}", "intake --case {case} --from {form}",
	"intake --case {case} --from {form-wrong}", "intake --case {case}", "intake --case {case} --photo {file} --from {form}", "intake --case {case} --photo {missing} --from {form}",
	"handset", "handset nothing", "handset {missing}.txtar", "handset {file}.txtar", "handset redmi-note-10 --auth maybe", "handset redmi-note-10 --owner x", "handset redmi-note-10 --listen= --adb-server= ", "handset --record {new} poco-f6", "handset redmi-note-10 --serial x",
	"handset redmi-note-10 --trouble {missing}", "handset redmi-note-10 --trouble {file}", "handset redmi-note-10 --trouble {trouble-value}", "handset redmi-note-10 --trouble {trouble-lacks}", "handset redmi-note-10 --trouble {yaml}", "demo --profile nothing", "demo --out {file}", "doctor", "doctor --out {missing}", "doctor --out {file}", "commands extra", "man",
}

// typed matches what a person types as it is in every language: values of flags, words of
// the command line, and of files that a person writes.
var typed = regexp.MustCompile(`\[flags\]|\b(proved|saved|changed|vanished|unreadable|recorded|kept|missing|hash|reread|size|pass|warn|ignore|device|emulator|kind|none|` +
	`NOT|READY|FAILED|INCOMPLETE|schema|rung|max_age|observed-clean|files|apps|contacts|messages|calls|made|declined|not-possible|allowed-signers|pub|pem|on u off|on 或 off|helpful|guided|idle|adb-server|string|adb|agent|ssh|ssh-agent|tmpfs|overlay|debian|linux|backup|cases?|accounts|despite|identify|devices|reset|verify|handed-back|commands|man|identity|any_verdict|tampered(-report)?|sound|broken|more|cut-sums|odd-bundle|no-manifest|unsigned|left-out)\b`)

// A person who does something wrong reads the mistake and the remedy, in their
// language.
func TestFailuresSpeakTheLanguage(t *testing.T) {
	server, err := adbtest.NewServer("")
	if err != nil {
		t.Fatal(err)
	}
	defer server.Close()
	t.Setenv("ADB_SERVER_SOCKET", "tcp:"+server.Addr())
	files := failureFiles(t)
	t.Chdir(t.TempDir()) // where commands without --out look for cases, and keep their register
	for _, language := range []string{"es", "zh"} {
		for _, line := range failures {
			code, words := failing(t, strings.Fields(files.Replace(line)), language)
			if code == exitReady && !strings.HasPrefix(line, "cases --out {") {
				t.Errorf("preship %s: it is done: %s", line, words)
			}
			for _, left := range englishIn(typed.ReplaceAllString(words, " "), language) {
				t.Errorf("preship %s --lang %s: English in %q", line, language, left)
			}
		}
	}
}

// failing runs a command line where no question can be asked.
func failing(t *testing.T, args []string, language string) (exitCode, string) {
	t.Helper()
	e, out, errOut := testEnv()
	e.Language, e.Now = language, time.Now
	home := t.TempDir()
	e.ConfigDir = func() (string, error) { return home, nil }
	ctx, stop := context.WithTimeout(t.Context(), time.Minute)
	defer stop()
	code := exitCode(run(ctx, args, e))
	return code, out.String() + errOut.String()
}

// failureFiles makes the files that the command lines of [failures] name.
func failureFiles(t *testing.T) *strings.Replacer {
	t.Helper()
	dir := t.TempDir()
	var pairs []string
	put := func(name, text string) {
		file := filepath.Join(dir, name)
		if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		pairs = append(pairs, "{"+name+"}", file)
	}
	put("file", "\"?\"\n")
	put("empty", "")
	put("yaml", "a: [")
	put("trouble-value", "cut for=never\n")
	put("trouble-lacks", "# a comment\ndeny\n")
	put("policy", `{"schema": "urn:preship:policy:v9"}`)
	put("policy-id", `{"schema": "urn:preship:policy:v1", "checks": [{"id": "no.check", "require": "pass"}, {"id": "lock.account.mi", "require": "soon"}]}`)
	put("policy-date", `{"schema": "urn:preship:policy:v1", "max_age": "soon", "kind": "toaster", "rung": "x"}`)
	put("policy-empty", `{}`)
	put("policy-met", `{"schema": "urn:preship:policy:v1", "kind": "handset", "rung": "observed-clean", "backup_proved": true, "max_age": "1ns"}`)
	put("form", `{"ticket": {"id": "1"}}`)
	put("form-wrong", `{"ticket": {"id": "1", "ship_by": "soon"}, "customer": {"email": "x", "language": "fr"}, "product": {"imei_box": "12"}, "purchase": {"date": "tomorrow"}}`)
	put("pub", "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIPkbFB+EcwLAUOdGQKRcnMKQAlZPm2yNyVJXh3mO8Yq2 x@y\n")
	for _, name := range []string{"dir", "cases"} {
		if err := os.Mkdir(filepath.Join(dir, name), 0o755); err != nil {
			t.Fatal(err)
		}
		pairs = append(pairs, "{"+name+"}", filepath.Join(dir, name))
	}
	if err := trust.CreateKey(filepath.Join(dir, "locked"), []byte("secret")); err != nil {
		t.Fatal(err)
	}
	if err := trust.CreateKey(filepath.Join(dir, "exposed"), nil); err != nil {
		t.Fatal(err)
	}
	if err := os.Chmod(filepath.Join(dir, "exposed"), 0o644); err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"missing", "new", "locked", "exposed"} {
		pairs = append(pairs, "{"+name+"}", filepath.Join(dir, name))
	}
	return strings.NewReplacer(append(pairs, failureCases(t, filepath.Join(dir, "cases"))...)...)
}

// failureCases makes a case, and copies of it in which something is wrong.
func failureCases(t *testing.T, to string) []string {
	t.Helper()
	demo, err := finishedDemo(demoProfile)
	if err != nil {
		t.Fatal(err)
	}
	found, err := filepath.Glob(filepath.Join(demo, "PS-*"))
	if err != nil || len(found) != 1 {
		t.Fatal(found, err)
	}
	sound := filepath.Join(to, "sound")
	if err := copyFolder(sound, found[0]); err != nil {
		t.Fatal(err)
	}
	pairs := []string{"{case}", sound}
	for name, damage := range map[string]func(dir string) error{
		"tampered": func(dir string) error {
			return errors.Join(os.WriteFile(filepath.Join(dir, "report.html"), []byte("x"), 0o600), os.Remove(filepath.Join(dir, "label.pdf")))
		},
		"tampered-report": func(dir string) error {
			b, err := os.ReadFile(filepath.Join(dir, "report.json"))
			return errors.Join(err, os.WriteFile(filepath.Join(dir, "report.json"), append(b, ' '), 0o600))
		},
		"cut-sums": func(dir string) error {
			return os.WriteFile(filepath.Join(dir, "SHA256SUMS"), []byte("x"), 0o600)
		},
		"odd-bundle": func(dir string) error {
			return os.WriteFile(filepath.Join(dir, "attestation.sigstore.json"), []byte("{}"), 0o600)
		},
		"unsigned": func(dir string) error { return os.Remove(filepath.Join(dir, "attestation.sigstore.json")) },
		"more":     func(dir string) error { return os.WriteFile(filepath.Join(dir, "evidence", "more.txt"), nil, 0o600) },
		"broken": func(dir string) error {
			files, err := filepath.Glob(filepath.Join(dir, "backup", "items", "raw", "*.jsonl"))
			if err != nil || len(files) < 2 {
				return fmt.Errorf("%v: %w", files, err)
			}
			return errors.Join(os.WriteFile(files[0], []byte("x"), 0o600), os.Remove(files[1]))
		},
		"no-manifest": func(dir string) error { return os.Remove(filepath.Join(dir, "backup.manifest.json")) },
	} {
		dir := filepath.Join(to, name)
		if err := copyFolder(dir, sound); err != nil {
			t.Fatal(err)
		}
		if err := damage(dir); err != nil {
			t.Fatal(name, err)
		}
		pairs = append(pairs, "{"+name+"}", dir)
	}
	return pairs
}
