package verify

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"

	"preship/adb/handset"
	"preship/adb/handset/locks"
	"preship/report"
)

const boundAccounts = `User UserInfo{0:Owner:4c13}:
  Accounts: 3
    Account {name=6230***535, type=com.xiaomi}
    Account {name=someone@gmail.com, type=com.google}
    Account {name=chat, type=com.example.chat}

`

func locksOf(t *testing.T, m answers) (report.Accounts, []report.Finding) {
	t.Helper()
	id, err := handset.Identify(t.Context(), m)
	if err != nil {
		t.Fatal(err)
	}
	out, fs, err := Locks(t.Context(), m, id)
	if err != nil {
		t.Fatal(err)
	}
	every(t, fs)
	return out, fs
}

func TestLocks(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name    string
		changes map[string]string
		want    map[string]report.Status
	}{
		{"free", nil, map[string]report.Status{
			locks.MiAccount: report.StatusPass, locks.GoogleAccount: report.StatusPass,
			locks.FindDevice: report.StatusPass, locks.FRP: report.StatusPass, locks.SIM: report.StatusPass,
		}},
		{"bound", map[string]string{lineAccounts: boundAccounts, lineFind: "Row: 0 isLastStatusOpen=1\n"}, map[string]report.Status{
			locks.MiAccount: report.StatusFail, locks.GoogleAccount: report.StatusFail,
			locks.FindDevice: report.StatusFail, locks.FRP: report.StatusFail,
			locks.OtherAccounts: report.StatusWarn,
		}},
		{"accounts not told", map[string]string{lineAccounts: "Permission Denial\n"}, map[string]report.Status{
			locks.MiAccount: report.StatusUnknown, locks.GoogleAccount: report.StatusUnknown, locks.FRP: report.StatusUnknown,
		}},
		{"second space unseen", map[string]string{lineUsers: "Users:\n\tUserInfo{0:Owner:4c13} running\n\tUserInfo{10:security space:413} running\n"}, map[string]report.Status{
			locks.MiAccount: report.StatusUnknown, locks.SecondSpace: report.StatusWarn,
		}},
		{"Find Device not told", map[string]string{lineFind: "-"}, map[string]report.Status{locks.FindDevice: report.StatusUnknown}},
		{"a SIM inside", map[string]string{lineProps: strings.Replace(propsText, "ABSENT,ABSENT", "LOADED,ABSENT", 1)}, map[string]report.Status{locks.SIM: report.StatusWarn}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			out, fs := locksOf(t, fresh.but(tt.changes))
			for id, want := range tt.want {
				f, _ := report.Findings(fs).ByID(id)
				if f.Status != want {
					t.Errorf("%s is %q, want %q", id, f.Status, want)
				}
				if (want != report.StatusPass) != (f.Remedy != "") {
					t.Errorf("%s is %q with remedy %q", id, f.Status, f.Remedy)
				}
				i := slices.IndexFunc(out.Locks, func(l report.Lock) bool { return l.ID == id })
				if i < 0 || out.Locks[i].Status != want || out.Locks[i].Remove == "" {
					t.Errorf("%s stands among the locks as %+v", id, out.Locks)
				}
			}
		})
	}
}

// The remedy is that of who manages the handset, in the finding and in the list of locks.
func TestLocksOfAManagedHandset(t *testing.T) {
	t.Parallel()
	for admin, want := range map[string]string{
		"com.google.android.gms.supervision/com.google.android.gms.kids.account.receiver.ProfileOwnerReceiver,ProfileOwner": "Family Link",
		"com.rosan.dhizuku/.server.DhizukuDAReceiver,DeviceOwner":                                                           "Open the app",
		"com.example.mdm/.Admin,DeviceOwner":                                                                                "administrator",
	} {
		out, fs := locksOf(t, fresh.but(map[string]string{lineOwners: "1 owner:\nUser  0: admin=" + admin + "\n"}))
		f, _ := report.Findings(fs).ByID(locks.Owner)
		i := slices.IndexFunc(out.Locks, func(l report.Lock) bool { return l.ID == locks.Owner })
		if f.Status != report.StatusFail || !strings.Contains(f.Remedy, want) || out.Locks[i].Remove != f.Remedy {
			t.Errorf("%s: %s, remedy %q, removed by %q; want a fail and %q", admin, f.Status, f.Remedy, out.Locks[i].Remove, want)
		}
	}
}

func TestLocksCountsWithoutNames(t *testing.T) {
	t.Parallel()
	users := "Users:\n\tUserInfo{0:Owner:4c13} running\n\tUserInfo{10:security space:413} running\n"
	out, fs := locksOf(t, fresh.but(map[string]string{lineAccounts: boundAccounts, lineUsers: users}))
	if len(out.Users) != 2 || out.Users[0].Accounts["com.xiaomi"] != 1 || out.Users[1].ID != 10 || out.Users[1].Accounts != nil {
		t.Errorf("users %+v, want the owner's counts and null for user 10", out.Users)
	}
	b, err := json.Marshal([]any{out, fs})
	if err != nil {
		t.Fatal(err)
	}
	if strings.Contains(string(b), "someone") || strings.Contains(string(b), "6230") {
		t.Errorf("an account name is shown: %s", b)
	}
}

// A vendor's own locks are not asked of other vendors' handsets.
func TestLocksOfAnotherVendor(t *testing.T) {
	t.Parallel()
	plain := strings.NewReplacer("Xiaomi", "unknown", "ro.miui.", "ro.x.").Replace(propsText)
	_, fs := locksOf(t, fresh.but(map[string]string{lineProps: plain}))
	if status := statusOf(t, fs, locks.MiAccount); status != "" {
		t.Errorf("%s was answered %q", locks.MiAccount, status)
	}
	if status := statusOf(t, fs, locks.GoogleAccount); status != report.StatusPass {
		t.Errorf("%s is %q, want pass", locks.GoogleAccount, status)
	}
}
