package backup_test

import (
	"strings"
	"testing"

	"preship/report"
	"preship/report/check"
)

// inTwoAccounts makes a profile whose contacts are in two accounts: one is a favourite, in a
// group, with details that vCard 2.1 has no property for; two have one name.
func inTwoAccounts(p string) string {
	for _, change := range []struct{ from, to string }{
		{"5\t0r5-2F51355\tMum ❤️\t1\t0\t", "5\t0r5-2F51355\tMum ❤️\t1\t1\t"},
		{"4\t0r4-2F51354\tRow: 1 _id=9\t", "4\t0r4-2F51354\tWorkshop\t"},
		{"4\t4\tcom.xiaomi\tPhone\t0\tRow: 1 _id=9", "4\t4\tcom.google\tanna/b@example.com\t0\tWorkshop"},
		{"4\tvnd.android.cursor.item/name\tRow: 1 _id=9", "4\tvnd.android.cursor.item/name\tWorkshop"},
		{"12\t5\t5\tvnd.android.cursor.item/email_v2\tmum@example.com\t\\N\t", dataRow("13", "5", "group_membership", "1", `\N`) + dataRow("14", "5", "nickname", "Mama;ä", "1") +
			dataRow("15", "5", "contact_event", "1970-05-06", "1") + dataRow("16", "5", "relation", "Eva", "14") + dataRow("17", "4", "group_membership", "1", `\N`) +
			"12\t5\t5\tvnd.android.cursor.item/email_v2\tmum@example.com\t\\N\t"},
	} {
		if !strings.Contains(p, change.from) {
			panic(change.from)
		}
		p = strings.Replace(p, change.from, change.to, 1)
	}
	return p
}

func dataRow(id, contact, kind, data1, data2 string) string {
	return id + "\t" + contact + "\t" + contact + "\tvnd.android.cursor.item/" + kind + "\t" + data1 + "\t" + data2 + strings.Repeat("\t\\N", 12) + "\t0\t0\t0\n"
}

// TestRunSavesCardDetails: a vCard says what its contact's rows say, and one file has the
// contacts of each account.
func TestRunSavesCardDetails(t *testing.T) {
	t.Parallel()
	r := fullRig(t, "redmi-note-10", inTwoAccounts)
	wantStatus(t, r.mustRun(), check.BackupContacts, report.StatusPass)
	all := strings.Split(strings.ReplaceAll(string(r.item("contacts.vcf")), "\r\n ", ""), "BEGIN:VCARD")
	for _, tt := range []struct {
		number string
		want   []string
		never  string
	}{
		{"+15550100004", []string{"CATEGORIES:Family,starred\r\n", `NICKNAME:Mama\;ä`, "ANNIVERSARY:19700506\r\n", "RELATED;VALUE=TEXT;TYPE=SPOUSE:Eva\r\n"}, "nickname"},
		{"+15550100003", []string{"FN:Workshop\r\n", "CATEGORIES:Family\r\n"}, "starred"},
		{"+15550100001", []string{"FN:Workshop\r\n"}, "CATEGORIES"},
	} {
		for _, card := range all {
			for _, want := range tt.want {
				if strings.Contains(card, ":"+tt.number+"\r\n") && (!strings.Contains(card, want) || strings.Contains(card, tt.never)) {
					t.Errorf("want %q and not %q in\n%s", want, tt.never, card)
				}
			}
		}
	}
	google, phone := string(r.item("contacts/google_anna_b@example.com.vcf")), string(r.item("contacts/xiaomi_Phone.vcf"))
	if strings.Count(google, "BEGIN:VCARD") != 1 || !strings.Contains(google, "+15550100003") || strings.Count(phone, "BEGIN:VCARD") != 4 {
		t.Errorf("by account:\n%s\n%s", google, phone)
	}
}
