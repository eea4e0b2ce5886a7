package dump

import (
	"errors"
	"fmt"
	"strings"
	"testing"
)

func TestParseAccounts(t *testing.T) {
	t.Parallel()
	row := func(name, kind string) string { return "    Account {name=" + name + ", type=" + kind + "}\n" }
	one := func(rows ...string) string {
		return fmt.Sprintf("User UserInfo{0:Owner:13}:\n  Accounts: %d\n%s\n", len(rows), strings.Join(rows, ""))
	}
	tests := []struct {
		name, in string
		want     string // "user:types"
		err      error
	}{
		{"capture", readCapture("account-miui.txt"), "0:map[cn.wps.moffice:1 com.facebook.auth.login:2 com.facebook.messenger:1 com.google:2 com.ss.android.ugc.trill:1 com.xiaomi:1 com.zing.zalo:1 org.telegram.messenger:1]", nil},
		{"none", noAccounts, "0:map[]", nil},
		{"services are no accounts", noAccounts + services, "0:map[]", nil},
		{"two users", one(row("2807***558", "com.xiaomi")) + services + "User UserInfo{10:security space:413}:\n  Accounts: 1\n" + row("a***@gmail.com", "com.google") + "\n" + services, "0:map[com.xiaomi:1] 10:map[com.google:1]", nil},
		{"user's name is hostile", strings.Replace(noAccounts, "Owner", "a:b}:{机主:13}", 1), "0:map[]", nil},
		{"account's name is hostile", one(row("x, type=com.google}", "com.xiaomi")), "0:map[com.xiaomi:1]", nil},
		{"type that is no package", one(row("a", "USIM Account")), "0:map[USIM Account:1]", nil},
		{"type that is no text", one(row("a", "com.x\x1b[2J")), "", ErrMalformed},
		{"CRLF", strings.ReplaceAll(one(row("a", "com.google")), "\n", "\r\n"), "0:map[com.google:1]", nil},
		{"empty", "", "", ErrNoHeading},
		{"refused", "Permission Denial: can't dump account from from pid=1, uid=2000", "", ErrNoHeading},
		{"no heading", "  Accounts: 0\n", "", ErrMalformed},
		{"translated count", "User UserInfo{0:Owner:13}:\n  Konten: 0\n", "", ErrNoHeading},
		{"translated heading", "Benutzer UserInfo{0:Owner:13}:\n  Accounts: 0\n", "", ErrMalformed},
		{"missing count", "User UserInfo{0:Owner:13}:\n\n" + services, "", ErrNoHeading},
		{"cut after the heading", "User UserInfo{0:Owner:13}:", "", ErrTruncated},
		{"cut in the count", "User UserInfo{0:Owner:13}:\n  Accounts: ", "", ErrNoHeading},
		{"cut in the list", "User UserInfo{0:Owner:13}:\n  Accounts: 2\n" + row("a", "com.google"), "", ErrMalformed},
		{"cut in a row", "User UserInfo{0:Owner:13}:\n  Accounts: 1\n    Account {name=a, type=com.goo", "", ErrMalformed},
		{"fewer than counted", "User UserInfo{0:Owner:13}:\n  Accounts: 2\n" + row("a", "com.google") + "\n\n", "", ErrMalformed},
		{"more than counted", "User UserInfo{0:Owner:13}:\n  Accounts: 0\n" + row("a", "com.xiaomi"), "", ErrMalformed},
		{"list before its count", row("a", "com.xiaomi") + noAccounts, "", ErrMalformed},
		{"account in what follows", noAccounts + services + row("a", "com.xiaomi"), "", ErrMalformed},
		{"second count", noAccounts + "  Accounts: 0\n", "", ErrMalformed},
		{"newline in a name", one("    Account {name=a\n    , type=com.xiaomi}\n"), "", ErrMalformed},
		{"name that makes an empty user", one("    Account {name=a\nUser UserInfo{0:x:13}:\n  Accounts: 0\n, type=com.xiaomi}\n"), "", ErrMalformed},
		{"user twice", noAccounts + noAccounts, "", ErrMalformed},
		{"no owner", strings.Replace(noAccounts, "{0:", "{10:", 1), "", ErrNoHeading},
		{"negative user", strings.Replace(noAccounts, "{0:", "{-1:", 1), "", ErrMalformed},
		{"huge count", "User UserInfo{0:Owner:13}:\n  Accounts: 999999\n", "", ErrTooLarge},
		{"huge answer", strings.Repeat(noAccounts, 1<<16), "", ErrTooLarge},
		{"too many users", manyUsers(), "", ErrTooLarge},
	}
	for _, tt := range tests {
		users, err := ParseAccounts([]byte(tt.in))
		var got []string
		for _, u := range users {
			got = append(got, fmt.Sprintf("%d:%v", u.User.ID, u.Types()))
		}
		if strings.Join(got, " ") != tt.want || !errors.Is(err, tt.err) {
			t.Errorf("%s: %v, %v, want %q, %v", tt.name, got, err, tt.want, tt.err)
		}
		if err != nil && Printable([]byte(err.Error()), 4000) != err.Error() {
			t.Errorf("%s: error text %q is not printable", tt.name, err)
		}
	}
}

func manyUsers() string {
	var b strings.Builder
	for i := range maxUsers + 1 {
		b.WriteString(strings.Replace(noAccounts, "{0:", fmt.Sprintf("{%d:", i), 1))
	}
	return b.String()
}

// Whatever is taken out of a dump, the accounts that are left must not be
// fewer without an error. (Cuts that end right behind a user's list are seen
// by comparing with the list of users.)
func TestParseAccountsNeverLosesOne(t *testing.T) {
	t.Parallel()
	whole := readCapture("account-miui.txt")
	for i := range len(whole) {
		if users, err := ParseAccounts([]byte(whole[:i])); err == nil && (len(users) != 1 || len(users[0].Accounts) != 10) {
			t.Errorf("cut at %d: %v without an error", i, users)
		}
	}
	lines := strings.SplitAfter(whole, "\n")
	for i := range lines {
		without := strings.Join(lines[:i], "") + strings.Join(lines[i+1:], "")
		if users, err := ParseAccounts([]byte(without)); err == nil && len(users[0].Accounts) != 10 {
			t.Errorf("without line %d: %v without an error", i+1, users)
		}
	}
}

func FuzzParseAccounts(f *testing.F) {
	f.Add(readCapture("account-miui.txt"))
	f.Add(noAccounts + services)
	f.Add(manyUsers())
	f.Fuzz(func(t *testing.T, s string) {
		users, err := ParseAccounts([]byte(s))
		if err != nil {
			if Printable([]byte(err.Error()), 4000) != err.Error() || users != nil {
				t.Errorf("%v, error %q", users, err)
			}
			return
		}
		n := 0
		for _, u := range users {
			n += len(u.Accounts)
		}
		rows := 0
		for _, line := range strings.Split(s, "\n") {
			if strings.HasPrefix(strings.TrimSpace(line), "Account {name=") {
				rows++
			}
		}
		if n != rows || len(users) == 0 {
			t.Errorf("%d accounts of %d users from %d rows", n, len(users), rows)
		}
	})
}
