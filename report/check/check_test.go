package check_test

import (
	"regexp"
	"testing"

	"preship/report/check"
)

func TestRows(t *testing.T) {
	t.Parallel()
	form := regexp.MustCompile(`^[a-z]+(\.[a-z]+(-[a-z]+)*)+$`)
	seen := map[string]bool{}
	for _, row := range check.Rows {
		if seen[row.ID] || !form.MatchString(row.ID) {
			t.Errorf("%q is listed twice, or no ID", row.ID)
		}
		seen[row.ID] = true
		if string(row.Title) != "check."+row.ID || row.Why == "" {
			t.Errorf("%s: title %q, why %q", row.ID, row.Title, row.Why)
		}
		if got, ok := check.ByID(row.ID); !ok || got != row {
			t.Errorf("%s: found as %+v", row.ID, got)
		}
	}
}

func TestRequired(t *testing.T) {
	t.Parallel()
	for id, want := range map[string]bool{
		"account.mi.signed-out": true, "account.others": false, "lock.find-device.off": true, "lock.new.one": true,
		"lock.screen.off": false, "clean.accounts": true, "clean.boot-count": false, "backup.proved": true,
		"identity.imei": true, "identity.imei.box": true, "identity.imei.luhn": false, "identity.meid": false, "": true,
	} {
		if got := check.Required(id); got != want {
			t.Errorf("%q: %t, want %t", id, got, want)
		}
	}
	if row, ok := check.ByID("lock.new.one"); ok {
		t.Errorf("an ID without a row is found as %+v", row)
	}
}
