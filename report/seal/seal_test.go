package seal

import (
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"preship/report"
	"preship/report/casedir"
	"preship/report/safefile"
	"preship/report/trust"
	"preship/testdata/program"
)

func TestSealedPackageVerifies(t *testing.T) {
	t.Parallel()
	c := sealed(t, nil)
	got := mustVerify(t, c.Dir(), VerifyOptions{})
	if !got.OK || got.Trust != trust.Integrity || got.Verdict != report.VerdictReady || len(got.IMEI) != 2 {
		t.Errorf("result = %+v", got)
	}
	if want := testSigner(t, 1).Fingerprint(); got.Signer != want {
		t.Errorf("signer = %q, want %q", got.Signer, want)
	}
}

// Two cases with the same content must be the same bytes, and so must the same
// case sealed twice.
func TestSealIsDeterministic(t *testing.T) {
	t.Parallel()
	a, b := sealedWith(t, realPages, nil), sealedWith(t, realPages, nil)
	want := contents(t, a.Dir())
	if got := contents(t, b.Dir()); got != want {
		t.Errorf("two packages of the same content differ:\n%s\n%s", got, want)
	}
	sealWith(t, a, realPages)
	if got := contents(t, a.Dir()); got != want {
		t.Errorf("the second sealing differs:\n%s\n%s", got, want)
	}
}

// contents is every file of the package with its digest.
func contents(t *testing.T, dir string) string {
	t.Helper()
	root, err := os.OpenRoot(dir)
	if err != nil {
		t.Fatal(err)
	}
	defer root.Close()
	var b strings.Builder
	err = walk(safefile.In(root), func(f found) error {
		d, err := casedir.DigestFile(safefile.In(root), f.name)
		b.WriteString(d + "  " + f.name + "\n")
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return b.String()
}

// A job that continues after its report was sealed: the old seal falls with the
// first new answer, and the new report names the one it replaces.
func TestSealAgainSupersedes(t *testing.T) {
	t.Parallel()
	c := sampleCase(t)
	record(t, c, sampleEntry("getprop", "x"))
	if r := seal(t, c); r.Verdict != report.VerdictIncomplete {
		t.Fatalf("verdict = %q, want %q", r.Verdict, report.VerdictIncomplete)
	}
	first := report.Digest([]byte(readFile(t, c, casedir.ReportName)))
	if got := mustVerify(t, c.Dir(), VerifyOptions{}); !got.OK || got.Verdict != report.VerdictIncomplete {
		t.Fatalf("an incomplete job's package: %+v", got)
	}
	c = reopen(t, c)
	sampleSteps(t, c, nil)
	got := mustVerify(t, c.Dir(), VerifyOptions{})
	if got.OK || got.Trust != trust.None {
		t.Errorf("a package whose job continued still verifies: %+v", got)
	}
	seal(t, c)
	if got := mustVerify(t, c.Dir(), VerifyOptions{}); !got.OK || got.Verdict != report.VerdictReady {
		t.Errorf("after sealing again: %+v", got)
	}
	if report := readFile(t, c, casedir.ReportName); !strings.Contains(report, `"supersedes": "`+first+`"`) {
		t.Errorf("the report does not name the one before, %s", first)
	}
}

// Whatever write a crash comes before, the package must not verify.
func TestSealCutAnywhereDoesNotVerify(t *testing.T) {
	t.Parallel()
	old, late := sealed(t, nil), sealed(t, func(s map[string]*report.StepRecord, _ *report.Handset, _ *report.Accounts, _ *report.Reset, _ *report.Clean) {
		s[report.StepVerify].Findings[0].Status = report.StatusFail
	})
	order := []string{casedir.ReportName, htmlName, pdfName, casedir.LabelName, attestationName, howName, pubName, pemName, sumsName}
	for n := range len(order) + 1 {
		dir := t.TempDir()
		if err := os.CopyFS(dir, os.DirFS(old.Dir())); err != nil {
			t.Fatal(err)
		}
		if err := os.Remove(filepath.Join(dir, casedir.SigName)); err != nil {
			t.Fatal(err)
		}
		for _, name := range order[:n] {
			if err := os.WriteFile(filepath.Join(dir, name), []byte(readFile(t, late, name)), 0o600); err != nil {
				t.Fatal(err)
			}
		}
		if got := mustVerify(t, dir, VerifyOptions{}); got.OK || got.Trust != trust.None {
			t.Errorf("cut after %d writes: %+v", n, got)
		}
	}
}

func TestSealRefusesForeignEvidence(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name  string
		spoil func(dir string) error
	}{
		{"answer changed", func(dir string) error {
			return os.WriteFile(filepath.Join(dir, "evidence/0002-dump-accounts.txt"), []byte("Accounts: 0 \n"), 0o600)
		}},
		{"answer gone", func(dir string) error { return os.Remove(filepath.Join(dir, "evidence/0001-getprop.txt")) }},
		{"record gone", func(dir string) error { return os.Remove(filepath.Join(dir, casedir.LogName)) }},
		{"record torn", func(dir string) error {
			f, err := os.OpenFile(filepath.Join(dir, casedir.LogName), os.O_APPEND|os.O_WRONLY, 0)
			if err != nil {
				return err
			}
			defer f.Close()
			_, err = f.WriteString(`{"seq":4`)
			return err
		}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			c := sampleCase(t)
			sampleSteps(t, c, nil)
			r, err := c.Report(sampleTool)
			if err != nil {
				t.Fatal(err)
			}
			if err := tt.spoil(c.Dir()); err != nil {
				t.Fatal(err)
			}
			if err := Seal(c, r, testSigner(t, 1), testPages); err == nil {
				t.Error("it was sealed")
			}
			if got := mustVerify(t, c.Dir(), VerifyOptions{}); got.OK {
				t.Error("and it verifies")
			}
		})
	}
}

// A sealing that stops half-way must have taken the old signature first.
func TestSealTakesTheOldSignatureFirst(t *testing.T) {
	t.Parallel()
	c := sealed(t, nil)
	path := filepath.Join(c.Dir(), htmlName)
	if err := os.Remove(path); err != nil {
		t.Fatal(err)
	}
	if err := os.MkdirAll(filepath.Join(path, "in the way"), 0o700); err != nil {
		t.Fatal(err)
	}
	r, err := c.Report(sampleTool)
	if err != nil {
		t.Fatal(err)
	}
	if err := Seal(c, r, testSigner(t, 1), testPages); err == nil {
		t.Fatal("the page was written over a folder")
	}
	if _, err := os.Stat(filepath.Join(c.Dir(), casedir.SigName)); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("the old signature is still there (%v)", err)
	}
}

func TestSealNeedsASigner(t *testing.T) {
	t.Parallel()
	c := sampleCase(t)
	if err := Seal(c, report.Report{}, trust.Signer{}, testPages); err != trust.ErrNoSigner {
		t.Errorf("error %v, want %v", err, trust.ErrNoSigner)
	}
}

// Other people's tools must say what Verify says, by the commands VERIFY.txt
// gives, word for word.
func TestVerifyTextWorksVerbatim(t *testing.T) {
	t.Parallel()
	sh := program.Path(t, "sh")
	for _, name := range []string{"ssh-keygen", "sha256sum", "openssl", "base64"} {
		program.Path(t, name)
	}
	c, roots := stampedCase(t, testTime)
	must(t, os.WriteFile(filepath.Join(filepath.Dir(c.Dir()), "roots.pem"), roots, 0o600))
	before := contents(t, c.Dir())
	script, blocks := "set -e\n", 0
	for paragraph := range strings.SplitSeq(readFile(t, c, howName), "\n\n") {
		if !strings.HasPrefix(paragraph, "    ") || strings.Contains(paragraph, "cosign") {
			continue
		}
		blocks++
		script += paragraph + "\n"
	}
	if blocks != 4 {
		t.Fatalf("%d blocks of commands, want 4", blocks)
	}
	run := func() (string, error) {
		cmd := exec.Command(sh, "-c", script)
		cmd.Dir, cmd.Env = c.Dir(), append(os.Environ(), "LC_ALL=C")
		out, err := cmd.CombinedOutput()
		return string(out), err
	}
	out, err := run()
	if err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	for _, want := range []string{
		`Good "` + trust.Namespace + `" signature for signer`, "report.json: OK", "evidence/commands.jsonl: OK",
		testSigner(t, 1).Fingerprint(), "Signature Verified Successfully", "Verification: OK",
	} {
		if !strings.Contains(out, want) {
			t.Errorf("output lacks %q:\n%s", want, out)
		}
	}
	if strings.Contains(out, "WARNING") {
		t.Errorf("a warning: %s", out)
	}
	if got := contents(t, c.Dir()); got != before {
		t.Errorf("the commands changed the package:\n%s", got)
	}
	for _, name := range []string{casedir.ReportName, sumsName, attestationName} {
		flip(t, filepath.Join(c.Dir(), name), 400)
		if out, err := run(); err == nil {
			t.Errorf("%s changed, and the commands still agree:\n%s", name, out)
		}
		flip(t, filepath.Join(c.Dir(), name), 400)
	}
}

func flip(t *testing.T, path string, at int) {
	t.Helper()
	b, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	b[at] ^= 1
	if err := os.WriteFile(path, b, 0o600); err != nil {
		t.Fatal(err)
	}
}

// Whoever deletes the list of files in the case itself keeps the package that was
// sealed with it: one that is sealed without it would not verify.
func TestSealNeedsTheEvidenceOfChecks(t *testing.T) {
	t.Parallel()
	c := sampleCase(t)
	sampleSteps(t, c, func(steps map[string]*report.StepRecord, _ *report.Handset, _ *report.Accounts, _ *report.Reset, _ *report.Clean) {
		f := &steps[report.StepBackup].Findings[0]
		f.Evidence = append(f.Evidence, casedir.ManifestName)
	})
	if err := safefile.Write(c.Root(), casedir.ManifestName, []byte("{}")); err != nil {
		t.Fatal(err)
	}
	r := seal(t, c)
	if err := c.Root().Remove(casedir.ManifestName); err != nil {
		t.Fatal(err)
	}
	if err := Seal(c, r, testSigner(t, 1), testPages); err == nil || !strings.Contains(err.Error(), casedir.ManifestName) {
		t.Errorf("sealed without the list of files: %v", err)
	}
	got := mustVerify(t, c.Dir(), VerifyOptions{})
	if !got.OK || !slices.Equal(got.Withheld, []string{casedir.ManifestName}) {
		t.Errorf("the package that was there: %+v", got)
	}
}

// The exported line must do for ssh-keygen what VERIFY.txt promises, and no more.
func TestAllowedSignersOfSSHKeygen(t *testing.T) {
	t.Parallel()
	keygen := program.Path(t, "ssh-keygen")
	c := sealed(t, nil)
	allowed := filepath.Join(t.TempDir(), "allowed_signers")
	for _, tt := range []struct {
		name, namespace string
		signer          trust.Signer
		good            bool
	}{
		{"as meant", trust.Namespace, testSigner(t, 1), true},
		{"other namespace", "file", testSigner(t, 1), false},
		{"other signer", trust.Namespace, testSigner(t, 2), false},
	} {
		if err := os.WriteFile(allowed, []byte(tt.signer.AllowedSigners("desk@shop")+"\n"), 0o600); err != nil {
			t.Fatal(err)
		}
		cmd := exec.Command(keygen, "-Y", "verify", "-f", allowed, "-I", "desk@shop", "-n", tt.namespace, "-s", filepath.Join(c.Dir(), casedir.SigName))
		cmd.Stdin = strings.NewReader(readFile(t, c, sumsName))
		if out, err := cmd.CombinedOutput(); (err == nil) != tt.good {
			t.Errorf("%s: %v\n%s", tt.name, err, out)
		}
	}
}
