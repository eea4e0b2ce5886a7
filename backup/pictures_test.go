package backup_test

import (
	"archive/zip"
	"bytes"
	"crypto/sha256"
	"encoding/base64"
	"image/jpeg"
	"io"
	"io/fs"
	"strings"
	"testing"

	"preship/backup/agefile"
	"preship/backup/manifest"
	"preship/report"
	"preship/report/check"
)

// withPictures gives a contact and a picture message a picture.
func withPictures(p string) string {
	p = strings.Replace(p, "5\t0r5-2F51355\tMum ❤️\t1\t0\t\\N", "5\t0r5-2F51355\tMum ❤️\t1\t0\t7", 1)
	p = strings.Replace(p, "1\t1\ttext/plain\t\\N\thello\t0\t106\t<text>\ttext.txt\t\\N\t\\N\n",
		"1\t1\ttext/plain\t\\N\thello\t0\t106\t<text>\ttext.txt\t\\N\t\\N\n2\t1\timage/jpeg\tp.jpg\t\\N\t1\t\\N\t<p>\tp.jpg\t\\N\t/data/user_de/0/com.android.providers.telephony/app_parts/PART_2\n", 1)
	return android13(p)
}

// TestRunSavesPictures: those of contacts are in their vCards and counted; what a
// picture message holds comes byte for byte, with who sent it.
func TestRunSavesPictures(t *testing.T) {
	t.Parallel()
	r := fullRig(t, "redmi-note-10", withPictures)
	b := r.mustRun()
	wantStatus(t, b, check.BackupContacts, report.StatusPass)
	wantStatus(t, b, check.BackupMessages, report.StatusPass)
	if f := finding(t, b, check.BackupContacts); !strings.Contains(f.Observed, "5 contacts, 1 contact picture") {
		t.Errorf("observed %q", f.Observed)
	}
	card := strings.ReplaceAll(string(r.item("contacts.vcf")), "\r\n ", "")
	_, photo, ok := strings.Cut(card, "\r\nPHOTO;TYPE=JPEG;ENCODING=b:")
	photo, _, _ = strings.Cut(photo, "\r\n")
	picture, err := base64.StdEncoding.DecodeString(photo)
	if _, err2 := jpeg.Decode(bytes.NewReader(picture)); !ok || err != nil || err2 != nil {
		t.Errorf("the contact's picture: %v %v %v", ok, err, err2)
	}
	if _, err := jpeg.Decode(bytes.NewReader(r.item("mms/2-p.jpg"))); err != nil {
		t.Errorf("the message's picture: %v", err)
	}
	if !strings.Contains(string(r.item("messages.html")), `href="mms/2-p.jpg"`) {
		t.Error("the page does not show the picture")
	}
	r.wantImportable(nil, r.item("mms/2-p.jpg"))
	if rows := r.lines("mms/1.addresses.jsonl"); len(rows) != 2 || rows[0]["address"] != "+15550100004" {
		t.Errorf("who sent it: %v", rows)
	}
}

// The files for apps to import are made of attachments that are already encrypted on the
// disk.
func TestRunSavesPicturesEncrypted(t *testing.T) {
	t.Parallel()
	r := fullRig(t, "redmi-note-10", withPictures)
	to, key := ageKey(t)
	r.options.Encrypt.To = to
	r.mustRun()
	r.wantImportable(key, r.readItem("mms/2-p.jpg", key))
}

// readItem reads an item, which key opens if it is encrypted, and compares it with the
// manifest.
func (r *rig) readItem(name string, key *agefile.Key) []byte {
	r.t.Helper()
	c := r.openCase()
	defer c.Close()
	_, m := r.manifest()
	for _, it := range m.Items {
		if it.Name() != name {
			continue
		}
		f, err := agefile.Open(c.Root(), it.File, it.Stored, key)
		if err != nil {
			r.t.Fatal(err)
		}
		defer f.Close()
		b, err := io.ReadAll(f)
		sum := sha256.Sum256(b)
		if err != nil || !manifest.SameSum(sum[:], it.SHA256) {
			r.t.Fatalf("%s: %v", name, err)
		}
		return b
	}
	r.t.Fatalf("no item %s", name)
	return nil
}

// wantImportable looks for a picture in both files for apps to import, and for the calls.
func (r *rig) wantImportable(key *agefile.Key, picture []byte) {
	r.t.Helper()
	if _, err := jpeg.Decode(bytes.NewReader(picture)); err != nil {
		r.t.Errorf("the message's picture: %v", err)
	}
	if text := string(r.readItem("messages.xml", key)); !strings.Contains(text, ` data="`+base64.StdEncoding.EncodeToString(picture)+`"`) || !strings.Contains(text, `<smses count="6">`) {
		r.t.Errorf("the XML has no picture: %.2000s", text)
	}
	archive := r.readItem("messages.zip", key)
	z, err := zip.NewReader(bytes.NewReader(archive), int64(len(archive)))
	if err != nil {
		r.t.Fatal(err)
	}
	if got, err := fs.ReadFile(z, "data/PART_2"); err != nil || !bytes.Equal(got, picture) {
		r.t.Errorf("the ZIP has no picture: %v", err)
	}
	for name, want := range map[string]string{"calls.xml": `<calls count="3">`, "calls.json": `"number":"+`} {
		if text := string(r.readItem(name, key)); !strings.Contains(text, want) {
			r.t.Errorf("%s: %s", name, text)
		}
	}
}
