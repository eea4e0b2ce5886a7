package mask

import (
	"strings"
	"testing"

	"preship/adb/handset"
	"preship/adb/handset/dump"
)

// Lines that are kept whole are not counted as left out.
func TestAccountsWithNothingLeftOut(t *testing.T) {
	t.Parallel()
	const said = "User UserInfo{0:***:4c13}:\n  Accounts: 0\n"
	if got := string(maskAccounts(handset.DumpAccounts.Must(), []byte(said))); got != said {
		t.Errorf("%q", got)
	}
}

// A name that the handset masked shows at most 12 characters; a longer one is no such name.
func TestAccountOfTheHandsetsMask(t *testing.T) {
	t.Parallel()
	for name, want := range map[string]string{
		"123456***789012": "123456***789012", "1234567***890123": "12***23",
	} {
		if got := account(name); got != want {
			t.Errorf("%q becomes %q, want %q", name, got, want)
		}
	}
}

// An app of the owner's may come after one of the system's.
func TestMaskKeyLooksAtEveryApp(t *testing.T) {
	t.Parallel()
	for key, want := range map[string]string{
		"debug.com.android.vending": "debug.com.android.vending", "debug.com.android.com.bank.app": dump.Masked, "com.bank.com.android": dump.Masked,
	} {
		if got := maskKey(key); got != want {
			t.Errorf("%q becomes %q, want %q", key, got, want)
		}
	}
}

func TestTellsBuild(t *testing.T) {
	t.Parallel()
	for key, want := range map[string]bool{
		"ro.build.fingerprint": true, "ro.product.vendor.model": true, "gsm.sim.state": true,
		"ro.owner.name": false, "persist.ro.build.fingerprint": false, "ro.build.owner": false,
	} {
		if got := tellsBuild(key); got != want {
			t.Errorf("%s: %t", key, got)
		}
	}
}

func TestMaskApps(t *testing.T) {
	t.Parallel()
	for line, want := range map[string]string{
		"package:/system/app/Home.apk=com.miui.home":         "package:***=com.miui.home",
		"package:/data/app/~~a==/bank-b==/base.apk=com.bank": "package:***=***",
		"package:/data/app/com.bank":                         "",
		"app:/data/app/x.apk=com.bank":                       "",
	} {
		got, _, _ := strings.Cut(string(maskApps(handset.ThirdPartyApps.Must(), []byte(line+"\n"))), "\n")
		if want == "" && !strings.Contains(got, "bank") || got == want {
			continue
		}
		t.Errorf("%q becomes %q, want %q", line, got, want)
	}
}

// A name outside the storage hides none after it.
func TestMaskNamesSkipsOtherFolders(t *testing.T) {
	t.Parallel()
	got := string(maskNames(handset.FindFiles.Must("/sdcard"), []byte("/sdcard/DCIM/me.jpg\x00/data/me.txt\x00/sdcard/Download/b.pdf\x00")))
	if want := "/sdcard/DCIM/***.jpg\x00/sdcard/Download/***.pdf\x00"; !strings.HasPrefix(got, want) || strings.Contains(got, "me") {
		t.Errorf("%q, want %q first", got, want)
	}
}
