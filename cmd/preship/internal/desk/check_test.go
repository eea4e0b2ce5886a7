package desk

import (
	"bytes"
	"net/http"
	"strings"
	"testing"
	"time"

	"golang.org/x/crypto/ssh"

	"preship/report"
	"preship/report/casetest"
	"preship/report/deletion"
	"preship/report/seal"
	"preship/report/trust"
)

// statedDeletion is the deletion of a case's folder.
func statedDeletion() deletion.Predicate {
	on := time.Date(2026, 11, 22, 12, 0, 0, 0, time.UTC)
	return deletion.Predicate{
		CaseID: "PS-20261122-7K3Q9D", HandedBackOn: on, BegunOn: on.AddDate(0, 0, 1), FinishedOn: on.AddDate(0, 0, 2),
		Places: []deletion.Place{{Kind: deletion.Folder, Address: "backup", Files: 3, Bytes: 30}}, Tool: report.Tool{Name: "preship"},
	}
}

// A deletion statement that is dropped on the page says who deleted what when. Without a
// known key it is not good, and one whose bytes were changed is bad.
func TestCheckDeletion(t *testing.T) {
	t.Parallel()
	s, err := trust.NewSigner(casetest.Key(1))
	if err != nil {
		t.Fatal(err)
	}
	whole, err := deletion.Sign(statedDeletion(), deletion.Subjects{Report: strings.Repeat("1", 64), Manifest: strings.Repeat("2", 64)}, s, nil)
	if err != nil {
		t.Fatal(err)
	}
	b := newRig(t).browser(t)
	for _, tt := range []struct {
		content []byte
		says    []string
	}{
		{whole, []string{`class="end hand"`, "PS-20261122-7K3Q9D", "2026-11-24", ssh.FingerprintSHA256(s.PublicKey()), "3 files", "It does not prove"}},
		{bytes.Replace(whole, []byte(`"payload"`), []byte(`"payloaf"`), 1), []string{`class="end bad"`}},
	} {
		status, said := b.upload(tt.content)
		for _, word := range tt.says {
			if status != http.StatusOK || !strings.Contains(said, word) {
				t.Errorf("%d, without %q: %s", status, word, said)
			}
		}
	}
}

// A package whose data was deleted says so, and not whether the key of the statement is
// that of the report.
func TestCheckedPackageSaysItsDataWasDeleted(t *testing.T) {
	t.Parallel()
	d := seal.Deleted{File: deletion.FileName, Signer: "SHA256:them", About: seal.AboutThis, Trust: trust.Integrity, Stated: statedDeletion()}
	for _, tt := range []struct {
		deletions []seal.Deleted
		want      bool
	}{{[]seal.Deleted{d}, true}, {nil, false}} {
		got := verified(seal.Result{OK: true, ID: "PS-20261122-7K3Q9D", Trust: trust.Own, Deletions: tt.deletions})
		var all strings.Builder
		for _, line := range got.Lines {
			all.WriteString(line.String() + "\n")
		}
		for _, word := range []string{"2026-11-24", "SHA256:them", "3 files"} {
			if strings.Contains(all.String(), word) != tt.want {
				t.Errorf("%q is said: %t, want %t\n%s", word, !tt.want, tt.want, all.String())
			}
		}
	}
}
