package handset

import (
	"bytes"
	"strings"
	"testing"
)

const accountsInClear = `User UserInfo{0:Somebody Real:4c13}:
  Accounts: 2
    Account {name=somebody.real@example.com, type=com.google}
    Account {name=6230***535, type=com.xiaomi}

  AccountId, Action_Type, timestamp, UID, TableName, Key
  Accounts History
  -1,action_called_account_add,2025-06-21 14:06:57,10339,accounts,57

  Account visibility:
  somebody.real@example.com
    com.android.vending, 1
`

func TestMaskAccounts(t *testing.T) {
	t.Parallel()
	got := string(DumpAccounts.Mask([]byte(accountsInClear)))
	for _, private := range []string{"Somebody", "somebody.real"} {
		if strings.Contains(got, private) {
			t.Errorf("%q is still in the masked answer:\n%s", private, got)
		}
	}
	for _, kept := range []string{"User UserInfo{0:***:4c13}:\n", "  Accounts: 2\n", "type=com.google}\n", "{name=6230***535, type=com.xiaomi}\n", "6 more lines"} {
		if !strings.Contains(got, kept) {
			t.Errorf("%q is not in the masked answer:\n%s", kept, got)
		}
	}
	users, err := ParseAccounts([]byte(got))
	if err != nil || len(users) != 1 || len(users[0].Accounts) != 2 {
		t.Errorf("the masked answer no longer says what locks the handset: %v, %v", users, err)
	}
}

func TestMaskUsers(t *testing.T) {
	t.Parallel()
	for _, row := range []*Command{ListUsers, DumpUser, DumpPolicy} {
		got := string(row.Mask([]byte("  UserInfo{0:Somebody: Real}:4c13} running\n  mail real@example.com\n")))
		if strings.Contains(got, "Real") || strings.Contains(got, "real@") {
			t.Errorf("%s: a name is left in %q", row.Name, got)
		}
		if !strings.Contains(got, "UserInfo{0:***:4c13} running") {
			t.Errorf("%s: the user is gone from %q", row.Name, got)
		}
	}
	if got := string(GetProp.Mask([]byte("[a]: [b@example.com]"))); got != "[a]: [b@example.com]" {
		t.Errorf("an answer that names nobody was changed to %q", got)
	}
}

func FuzzMaskAccounts(f *testing.F) {
	f.Add([]byte(accountsInClear))
	f.Add([]byte("Account {name=x\ny, type=com.google}"))
	f.Fuzz(func(t *testing.T, b []byte) {
		for line := range bytes.Lines(maskAccounts(b)) {
			ok := anyCount.Match(line) || anyHeading.Match(line) || anyAccountName.Match(line) ||
				bytes.Contains(line, []byte("more lines are not kept"))
			if !ok {
				t.Fatalf("%q keeps %q, which no rule allows", b, line)
			}
		}
	})
}
