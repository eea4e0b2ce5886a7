package seal

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"golang.org/x/crypto/ssh"

	"preship/report"
	"preship/report/casedir"
	"preship/report/safefile"
	"preship/report/trust"
)

// smallPackage is a package on disk to spoil. It is sealed once for all tests.
func smallPackage(t testing.TB) string {
	t.Helper()
	once.Do(func() {
		dir := sealed(t, nil).Dir()
		for _, name := range files(t, dir) {
			b, err := os.ReadFile(filepath.Join(dir, name))
			if err != nil {
				t.Fatal(err)
			}
			onceFiles[name] = b
		}
	})
	dir := t.TempDir()
	if err := os.Mkdir(filepath.Join(dir, casedir.EvidenceDir), 0o700); err != nil {
		t.Fatal(err)
	}
	for name, b := range onceFiles {
		if err := os.WriteFile(filepath.Join(dir, name), b, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

var (
	once      sync.Once
	onceFiles = map[string][]byte{}
)

func files(t testing.TB, dir string) (names []string) {
	t.Helper()
	err := fs.WalkDir(os.DirFS(dir), ".", func(name string, d fs.DirEntry, err error) error {
		if err == nil && !d.IsDir() && kindOf(name, false) != kindOutside {
			names = append(names, name)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return names
}

func edit(t *testing.T, dir, name string, change func(string) string) {
	t.Helper()
	path := filepath.Join(dir, name)
	b, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte(change(string(b))), 0o600); err != nil {
		t.Fatal(err)
	}
}

func (r Result) names(file string) bool {
	return slices.ContainsFunc(r.Problems, func(p Problem) bool { return p.File == file })
}

// Every byte of every file: the change must be found, the file named, and
// nothing else. Files the list covers are compared by digest alone, so that a
// sample of their bytes stands for all; the others are parsed, and get each, or each
// third where there are many: every place in a byte comes up all the same.
func TestVerifyFindsEveryFlippedByte(t *testing.T) {
	t.Parallel()
	dir := smallPackage(t)
	stride := map[string]int{sumsName: 3, casedir.SigName: 1, pubName: 1, pemName: 1, attestationName: 23, casedir.ReportName: 97}
	for _, name := range files(t, dir) {
		path := filepath.Join(dir, name)
		whole, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		step := stride[name]
		if step == 0 {
			step = 1 + len(whole)/12
		}
		for at := 0; at < len(whole); at += step {
			b := bytes.Clone(whole)
			b[at] ^= 1 << (at % 8)
			if err := os.WriteFile(path, b, 0o600); err != nil {
				t.Fatal(err)
			}
			got := mustVerify(t, dir, VerifyOptions{})
			if got.OK || !got.names(name) {
				t.Fatalf("%s byte %d (%q): %+v", name, at, whole[at], got.Problems)
			}
			if i := slices.IndexFunc(got.Problems, func(p Problem) bool { return p.File != name }); i >= 0 {
				t.Fatalf("%s byte %d: also named %+v", name, at, got.Problems[i])
			}
		}
		if err := os.WriteFile(path, whole, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	if got := mustVerify(t, dir, VerifyOptions{}); !got.OK {
		t.Errorf("restored, and still: %+v", got.Problems)
	}
}

// Whoever made the package decides how many defects it has. The quoted list stays
// bounded, and the changed files are still named.
func TestVerifyBoundsNamedFiles(t *testing.T) {
	t.Parallel()
	refs := make([]string, 2*maxProblems)
	for i := range refs {
		refs[i] = fmt.Sprintf("evidence/%d.txt", i)
	}
	r := report.Report{Schema: report.Schema, Verdict: report.VerdictReady, Steps: []report.StepRecord{{Findings: report.Findings{{ID: "x", Evidence: refs}}}}}
	unsigned := smallPackage(t)
	for _, name := range []string{casedir.SigName, attestationName} {
		if err := os.Remove(filepath.Join(unsigned, name)); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.WriteFile(filepath.Join(unsigned, casedir.ReportName), mustMarshal(t, r), 0o600); err != nil {
		t.Fatal(err)
	}
	if got := mustVerify(t, unsigned, VerifyOptions{}); got.OK || len(got.Problems) != maxProblems+1 {
		t.Errorf("ok %t with %d problems named, want %d", got.OK, len(got.Problems), maxProblems+1)
	}
	crowded := smallPackage(t)
	for i := range 2 * maxProblems {
		if err := os.WriteFile(filepath.Join(crowded, fmt.Sprintf("a%d", i)), nil, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.WriteFile(filepath.Join(crowded, casedir.ReportName), mustMarshal(t, r), 0o600); err != nil {
		t.Fatal(err)
	}
	if got := mustVerify(t, crowded, VerifyOptions{}); got.OK || got.Verdict != "" || len(got.Problems) != maxProblems+1 {
		t.Errorf("ok %t, verdict %q of a report that was changed, %d problems", got.OK, got.Verdict, len(got.Problems))
	}
}

func TestVerifyNamesDefects(t *testing.T) {
	t.Parallel()
	write := func(name, data string) func(*testing.T, string) {
		return func(t *testing.T, dir string) {
			if err := os.WriteFile(filepath.Join(dir, name), []byte(data), 0o600); err != nil {
				t.Fatal(err)
			}
		}
	}
	mkdir := func(name string) func(*testing.T, string) {
		return func(t *testing.T, dir string) {
			if err := os.MkdirAll(filepath.Join(dir, name), 0o700); err != nil {
				t.Fatal(err)
			}
		}
	}
	type test struct {
		name  string
		spoil func(*testing.T, string)
		want  []string // files named, and no others
	}
	tests := []test{
		{"file added", write("notes.txt", "x"), []string{"notes.txt"}},
		{"part of a package added", write("claim.txt", "x"), []string{"claim.txt"}},
		{"evidence added", write("evidence/9999-x.txt", "x"), []string{"evidence/9999-x.txt"}},
		{"hidden file added", write(".profile", "x"), []string{".profile"}},
		{"hostile name added", write("a\x1b[2Jb\u202e", "x"), []string{"a\ufffd[2Jb\ufffd"}},
		{"folder added", mkdir("more/below"), []string{"more/"}},
		{"folder added to evidence", mkdir("evidence/more"), []string{"evidence/more/"}},
		{"temporary file left", write(casedir.ReportName+safefile.TempSuffix, "x"), []string{casedir.ReportName + safefile.TempSuffix}},
		{"what is outside may change", write("case.json", "{"), nil},
		{"backup is outside", mkdir("backup/storage"), nil},
		{"report emptied", write(casedir.ReportName, ""), []string{casedir.ReportName}},
		{"list emptied", write(sumsName, ""), []string{sumsName}},
		{"signature emptied", write(casedir.SigName, ""), []string{casedir.SigName}},
		{"signature with other line ends", func(t *testing.T, dir string) {
			edit(t, dir, casedir.SigName, func(s string) string { return strings.ReplaceAll(s, "\n", "\r\n") })
		}, []string{casedir.SigName}},
		{"text before the signature", func(t *testing.T, dir string) {
			edit(t, dir, casedir.SigName, func(s string) string { return "see below\n" + s })
		}, []string{casedir.SigName}},
		{"text after the signature", func(t *testing.T, dir string) {
			edit(t, dir, casedir.SigName, func(s string) string { return s + "\n" })
		}, []string{casedir.SigName}},
		{"line added to the list", func(t *testing.T, dir string) {
			edit(t, dir, sumsName, func(s string) string { return s + report.Digest(nil) + "  zz.txt\n" })
		}, []string{sumsName}},
		{"renamed", func(t *testing.T, dir string) {
			if err := os.Rename(filepath.Join(dir, htmlName), filepath.Join(dir, "page.html")); err != nil {
				t.Fatal(err)
			}
		}, []string{"page.html", htmlName}},
		{"folder in place of a file", func(t *testing.T, dir string) {
			if err := os.Remove(filepath.Join(dir, casedir.ReportName)); err != nil {
				t.Fatal(err)
			}
			mkdir(casedir.ReportName)(t, dir)
		}, []string{casedir.ReportName, casedir.ReportName + "/"}},
	}
	for _, name := range files(t, smallPackage(t)) {
		want := []string{name}
		if name == casedir.LabelName {
			want = nil // the sender's address is on it: it is withheld, see TestPack
		}
		tests = append(tests, test{"removed " + name, func(t *testing.T, dir string) {
			if err := os.Remove(filepath.Join(dir, name)); err != nil {
				t.Fatal(err)
			}
		}, want})
		if runtime.GOOS == "windows" {
			continue // making symbolic links needs a privilege there
		}
		tests = append(tests, test{"symbolic link " + name, func(t *testing.T, dir string) {
			// To the very same bytes: only the kind of file gives it away.
			path, away := filepath.Join(dir, name), filepath.Join(dir, "backup")
			mkdir("backup")(t, dir)
			if err := os.Rename(path, filepath.Join(away, "x")); err != nil {
				t.Fatal(err)
			}
			target, err := filepath.Rel(filepath.Dir(path), filepath.Join(away, "x"))
			if err != nil {
				t.Fatal(err)
			}
			if err := os.Symlink(target, path); err != nil {
				t.Fatal(err)
			}
		}, []string{name}})
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			dir := smallPackage(t)
			tt.spoil(t, dir)
			got := mustVerify(t, dir, VerifyOptions{})
			var named []string
			for _, p := range got.Problems {
				if !slices.Contains(named, p.File) {
					named = append(named, p.File)
				}
			}
			if !slices.Equal(named, tt.want) || got.OK != (tt.want == nil) {
				t.Errorf("ok %t, problems %+v; want exactly %q named", got.OK, got.Problems, tt.want)
			}
		})
	}
}

func TestVerifyMissesEvidenceOfAFinding(t *testing.T) {
	t.Parallel()
	c := sealed(t, func(s map[string]*report.StepRecord, _ *report.Handset, _ *report.Accounts, _ *report.Reset, _ *report.Clean) {
		s[report.StepVerify].Findings[0].Evidence = []string{"evidence/0099-nothing.txt"}
	})
	if got := mustVerify(t, c.Dir(), VerifyOptions{}); got.OK || !got.names("evidence/0099-nothing.txt") {
		t.Errorf("result = %+v", got)
	}
}

func TestVerifyTrust(t *testing.T) {
	t.Parallel()
	dir := smallPackage(t)
	signer, other := testSigner(t, 1), testSigner(t, 2)
	line := func(options string) []byte {
		return []byte("# desks\n\ndesk@shop " + options + string(ssh.MarshalAuthorizedKey(signer.PublicKey())))
	}
	at := time.Date(2026, 11, 22, 0, 0, 0, 0, time.UTC)
	for _, tt := range []struct {
		name    string
		options VerifyOptions
		want    trust.Level
		ok      bool
	}{
		{"nothing known", VerifyOptions{}, trust.Integrity, true},
		{"own key", VerifyOptions{Lists: trust.Lists{Own: signer.PublicKey()}}, trust.Own, true},
		{"other own key", VerifyOptions{Lists: trust.Lists{Own: other.PublicKey()}}, trust.Integrity, true},
		{"allowed", VerifyOptions{Lists: trust.Lists{AllowedSigners: []byte(signer.AllowedSigners("desk@shop"))}}, trust.Allowed, true},
		{"allowed for everything", VerifyOptions{Lists: trust.Lists{AllowedSigners: line("")}}, trust.Allowed, true},
		{"allowed by pattern", VerifyOptions{Lists: trust.Lists{AllowedSigners: line(`namespaces="git,report@*" `)}}, trust.Allowed, true},
		{"another key allowed", VerifyOptions{Lists: trust.Lists{AllowedSigners: []byte(other.AllowedSigners("x"))}}, trust.Integrity, false},
		{"empty file", VerifyOptions{Lists: trust.Lists{AllowedSigners: []byte{}}}, trust.Integrity, false},
		{"for git only", VerifyOptions{Lists: trust.Lists{AllowedSigners: line(`namespaces="git" `)}}, trust.Integrity, false},
		{"all but reports", VerifyOptions{Lists: trust.Lists{AllowedSigners: line(`namespaces="*,!report@preship" `)}}, trust.Integrity, false},
		{"authority", VerifyOptions{Lists: trust.Lists{AllowedSigners: line("cert-authority ")}}, trust.Integrity, false},
		{"expired", VerifyOptions{Lists: trust.Lists{AllowedSigners: line(`valid-before="20261121Z" `), At: at}}, trust.Integrity, false},
		{"not yet", VerifyOptions{Lists: trust.Lists{AllowedSigners: line(`valid-after="202611220001Z" `), At: at}}, trust.Integrity, false},
		{"in time", VerifyOptions{Lists: trust.Lists{AllowedSigners: line(`valid-after="20261121Z",valid-before="20261123Z" `), At: at}}, trust.Allowed, true},
		{"unreadable line", VerifyOptions{Lists: trust.Lists{AllowedSigners: append(line(""), "desk ssh-ed25519 AAAA\n"...)}}, trust.Integrity, false},
		{"unknown option", VerifyOptions{Lists: trust.Lists{AllowedSigners: line(`touch-required `)}}, trust.Integrity, false},
	} {
		got := mustVerify(t, dir, tt.options)
		if got.Trust != tt.want || got.OK != tt.ok {
			t.Errorf("%s: trust %q, ok %t, problems %+v; want %q, %t", tt.name, got.Trust, got.OK, got.Problems, tt.want, tt.ok)
		}
		if (got.Principal == "desk@shop") != (tt.want == trust.Allowed) {
			t.Errorf("%s: principal %q", tt.name, got.Principal)
		}
	}
}

func TestVerifyCannotLook(t *testing.T) {
	t.Parallel()
	if _, err := Verify(filepath.Join(t.TempDir(), "none"), VerifyOptions{}); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("error %v, want %v", err, fs.ErrNotExist)
	}
	got := mustVerify(t, t.TempDir(), VerifyOptions{})
	if got.OK || !got.names(casedir.SigName) || !got.names(casedir.ReportName) {
		t.Errorf("an empty folder: %+v", got)
	}
}

// A file of gigabytes that takes no room on the disk is named, and not read.
func TestVerifyReadsNoMoreThanAPackageHas(t *testing.T) {
	t.Parallel()
	for _, name := range []string{pdfName, casedir.ReportName, report.EvidenceName().FindString("evidence/0001-x.txt")} {
		dir := sealed(t, nil).Dir()
		path := filepath.Join(dir, filepath.FromSlash(name))
		f, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE, 0o644)
		if err != nil {
			t.Fatal(err)
		}
		if err := errors.Join(f.Truncate(casedir.MaxUnpacked+1), f.Close()); err != nil {
			t.Skipf("this disk makes no file of that size: %v", err)
		}
		res := mustVerify(t, dir, VerifyOptions{})
		if res.OK || !slices.ContainsFunc(res.Problems, func(p Problem) bool { return p.File == name && strings.Contains(p.What, "too large") }) {
			t.Errorf("%s: %+v", name, res.Problems)
		}
	}
}
