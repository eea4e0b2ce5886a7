package seal

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/hiddeco/sshsig"

	"preship/report"
	"preship/report/casedir"
	"preship/report/casetest"
	"preship/report/trust"
)

// What only somebody with a key can do: sign something that does not hang
// together. Seal's own parts, put together wrongly.
func TestVerifyDistrustsASigner(t *testing.T) {
	t.Parallel()
	rewrite := func(t *testing.T, dir string, seed byte, namespace string, drop ...string) {
		t.Helper()
		var sums []sum
		for _, name := range files(t, dir) {
			if kindOf(name, false) != kindSeal && !slices.Contains(drop, name) {
				b, err := os.ReadFile(filepath.Join(dir, name))
				if err != nil {
					t.Fatal(err)
				}
				sums = append(sums, sum{name, report.Digest(b)})
			}
		}
		slices.SortFunc(sums, func(a, b sum) int { return strings.Compare(a.name, b.name) })
		list := formatSums(sums)
		sig, err := sshsig.Sign(bytes.NewReader(list), casetest.Key(seed), sshsig.HashSHA512, namespace)
		if err != nil {
			t.Fatal(err)
		}
		for name, data := range map[string][]byte{sumsName: list, casedir.SigName: sshsig.Armor(sig)} {
			if err := os.WriteFile(filepath.Join(dir, name), data, 0o600); err != nil {
				t.Fatal(err)
			}
		}
	}
	put := func(t *testing.T, dir, name, data string) {
		t.Helper()
		if err := os.WriteFile(filepath.Join(dir, name), []byte(data), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	for _, tt := range []struct {
		name  string
		spoil func(*testing.T, string)
		want  string // file named
		what  string // part of the problem's text
	}{
		{"other namespace", func(t *testing.T, dir string) { rewrite(t, dir, 1, "file") }, casedir.SigName, `made for "file"`},
		{"other key", func(t *testing.T, dir string) { rewrite(t, dir, 2, trust.Namespace) }, pubName, "not the key that signed"},
		{"other key, attestation", func(t *testing.T, dir string) { rewrite(t, dir, 2, trust.Namespace) }, attestationName, "another signer"},
		{"list leaves the page out", func(t *testing.T, dir string) {
			rewrite(t, dir, 1, trust.Namespace, htmlName)
		}, htmlName, "not signed"},
		{"page exchanged, statement old", func(t *testing.T, dir string) {
			put(t, dir, htmlName, "<p>READY")
			rewrite(t, dir, 1, trust.Namespace)
		}, attestationName, "does not agree with SHA256SUMS about report.html"},
		{"statement about more than the list", func(t *testing.T, dir string) {
			var r report.Report
			edit(t, dir, casedir.ReportName, func(s string) string {
				if err := json.Unmarshal([]byte(s), &r); err != nil {
					t.Fatal(err)
				}
				return s
			})
			var sums []sum
			for _, name := range files(t, dir) {
				if kindOf(name, false) == kindSubject {
					b, err := os.ReadFile(filepath.Join(dir, name))
					if err != nil {
						t.Fatal(err)
					}
					sums = append(sums, sum{name, report.Digest(b)})
				}
			}
			b, err := attest(&r, append(sums, sum{"intake.json", report.Digest(nil)}), testSigner(t, 1), nil)
			if err != nil {
				t.Fatal(err)
			}
			put(t, dir, attestationName, string(b))
			rewrite(t, dir, 1, trust.Namespace)
		}, attestationName, "files where"},
		{"report dropped", func(t *testing.T, dir string) {
			if err := os.Remove(filepath.Join(dir, casedir.ReportName)); err != nil {
				t.Fatal(err)
			}
			rewrite(t, dir, 1, trust.Namespace)
		}, casedir.ReportName, "missing"},
		{"record of commands broken", func(t *testing.T, dir string) {
			put(t, dir, casedir.LogName, "{}\n")
			rewrite(t, dir, 1, trust.Namespace)
		}, casedir.LogName, "line 1"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			dir := smallPackage(t)
			tt.spoil(t, dir)
			got := mustVerify(t, dir, VerifyOptions{})
			ok := slices.ContainsFunc(got.Problems, func(p Problem) bool {
				return p.File == tt.want && strings.Contains(p.What, tt.what)
			})
			if got.OK || !ok {
				t.Errorf("problems %+v; want %s: …%s…", got.Problems, tt.want, tt.what)
			}
		})
	}
}

// A check that rests on evidence which never was there.
