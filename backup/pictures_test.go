package backup_test

import (
	"bytes"
	"encoding/base64"
	"image/jpeg"
	"strings"
	"testing"

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
	if rows := r.lines("mms/1.addresses.jsonl"); len(rows) != 2 || rows[0]["address"] != "+15550100004" {
		t.Errorf("who sent it: %v", rows)
	}
}
