package main

import (
	"bytes"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"golang.org/x/tools/txtar"

	"preship/adb/adbtest"
	"preship/testdata"
)

// ownersWords are texts that a person or a network put on a handset, each in a
// form of its own, by its place in the profile.
var ownersWords = map[string]string{
	"IMSI":                "214997612345678",
	"own number":          "+34699123987",
	"ICCID":               "8934990123456789012",
	"operator":            "Zzyzxtel",
	"numeric operator":    "2149976", // no offset in a PDF is that large
	"SSID":                "QuixoteNet",
	"wireless address":    "d4:97:0b:7a:51:c3",
	"Bluetooth address":   "d4970b7a51c4",
	"name of the handset": "Quillon's phone",
	"host name":           "quillon-redmi",
	"address at home":     "192.168.77.23",
	"cell":                "cid-90417733",
	"name of a user":      "Quillon Zandvoort",
	"Mi account":          "6677889901",
	"mail address":        "quillon.zandvoort@quixote.example",
	"folder":              "Trip with Zandvoort",
	"photo":               "IMG_Zandvoort_beach",
	"SD card":             "6132-3A29",
	"app":                 "com.clinic.zandvoort",
	"time zone":           "Atlantic/Canary",
	"unknown vendor key":  "zz-unknown-4711",
}

// ownersProfile is the handset of the demo with those words on it.
func ownersProfile(t *testing.T) string {
	t.Helper()
	b, err := fs.ReadFile(testdata.Handsets, "handsets/"+demoProfile+".txtar")
	if err != nil {
		t.Fatal(err)
	}
	w := ownersWords
	more := map[string]string{
		"handset.txt": "volume: public:179,65 mounted " + w["SD card"] + "\n",
		"getprop.txt": "[gsm.sim.operator.alpha]: [" + w["operator"] + "]\n[gsm.operator.numeric]: [" + w["numeric operator"] + "]\n" +
			"[persist.radio.imsi]: [" + w["IMSI"] + "]\n[persist.vendor.radio.own_number]: [" + w["own number"] + "]\n" +
			"[persist.radio.iccid." + w["ICCID"] + "]: [" + w["ICCID"] + "]\n[wlan.driver.ssid]: [" + w["SSID"] + "]\n" +
			"[ro.vendor.oem.wifimac]: [" + w["wireless address"] + "]\n[ro.boot.btmacaddr]: [" + w["Bluetooth address"] + "]\n" +
			"[persist.sys.device_name]: [" + w["name of the handset"] + "]\n[net.hostname]: [" + w["host name"] + "]\n" +
			"[dhcp.wlan0.ipaddress]: [" + w["address at home"] + "]\n[gsm.cell.last]: [" + w["cell"] + "]\n" +
			"[vendor.zz.cache]: [" + w["unknown vendor key"] + "]\n[debug.app." + w["app"] + "]: [1]\n",
		"settings.txt": "global device_name=" + w["name of the handset"] + "\nsecure bluetooth_name=" + w["name of the handset"] + "\n",
		"tree.txt": `text - - 2026-03-01T08:00:00Z "/storage/` + w["SD card"] + `/a.txt" "a"` + "\n" + `jpeg - - 2026-03-01T08:00:00Z "/storage/emulated/0/DCIM/` + w["folder"] + `/` + w["photo"] + `.jpg" 9 160 120` + "\n" +
			`jpeg - - 2026-03-01T08:00:00Z "/storage/emulated/0/DCIM/` + w["folder"] + `/` + w["photo"] + `_2.jpg" 9 160 120` + "\n",
	}
	a := txtar.Parse(b)
	for i := range a.Files {
		f := &a.Files[i]
		text := strings.NewReplacer(
			"running Owner", "running "+w["name of a user"], "6230123535", w["Mi account"], "owner@example.com", w["mail address"],
			"Asia/Shanghai", w["time zone"], "com.example.notes", w["app"],
		).Replace(string(f.Data))
		f.Data = []byte(text + more[f.Name])
	}
	name := filepath.Join(t.TempDir(), "owner.txtar")
	if err := os.WriteFile(name, txtar.Format(a), 0o600); err != nil {
		t.Fatal(err)
	}
	return name
}

// TestNothingOfTheOwnerIsSealed goes through everything that leaves with a case:
// after a job that went well, and after one that was stopped because a photo
// could not be read.
func TestNothingOfTheOwnerIsSealed(t *testing.T) {
	t.Parallel()
	photo := "deny path=/storage/emulated/0/DCIM/" + strings.ReplaceAll(ownersWords["folder"], " ", "?") + "/*_2.jpg\n"
	for name, trouble := range map[string]string{
		"went well":          "",
		"a card unreadable":  "deny path=/storage/" + ownersWords["SD card"] + "\n" + photo,
		"an app unreadable":  "deny path=/data/app/*/" + ownersWords["app"] + "-*\n" + photo,
		"a photo unreadable": photo,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			dir := ownersCase(t, trouble)
			sealedFiles(t, dir, func(file string, text []byte) {
				for what, word := range ownersWords {
					if bytes.Contains(text, []byte(word)) {
						t.Errorf("%s holds the %s, %q", file, what, word)
					}
				}
			})
			evidence, err := filepath.Glob(filepath.Join(dir, "evidence", "*-properties.txt"))
			if err != nil || len(evidence) == 0 {
				t.Fatal("no answer of getprop was kept", err)
			}
			b, err := os.ReadFile(evidence[0])
			if err != nil || !bytes.Contains(b, []byte("[ro.ril.miui.imei0]: [868732053538038]")) || !bytes.Contains(b, []byte("[net.hostname]: [***]")) {
				t.Errorf("getprop's answer is not what the report rests on: %v\n%s", err, b)
			}
		})
	}
}

// ownersCase does the job on that handset and returns the sealed case.
func ownersCase(t *testing.T, trouble string) string {
	t.Helper()
	dir := t.TempDir()
	h, err := emulate(ownersProfile(t), "helpful", troubleFile(t, trouble))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = h.Close() })
	s, err := adbtest.NewServer("", h)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = s.Close() })
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.CommandContext(t.Context(), self, "prepare", "--out", dir, "--confirm=emulated", "--no-input", "--wait", "15s", "--despite=backup.storage")
	cmd.Env = append(os.Environ(), asPreship+"=1", "LC_ALL=C", "ADB_SERVER_SOCKET=tcp:"+s.Addr(), "ANDROID_SERIAL=", "HOME="+t.TempDir(), "XDG_CONFIG_HOME="+t.TempDir())
	out, err := cmd.CombinedOutput()
	if want := trouble == ""; (err == nil) != want {
		t.Fatalf("prepare: %v, want it to end well: %t\n%s", err, want, out)
	}
	found, err := filepath.Glob(filepath.Join(dir, "PS-*"))
	if err != nil || len(found) != 1 {
		t.Fatalf("%d cases, %v", len(found), err)
	}
	if trouble != "" && !strings.Contains(string(out), ownersWords["photo"]) {
		t.Errorf("the output does not name the photo:\n%s", out)
	}
	return found[0]
}

func troubleFile(t *testing.T, text string) string {
	t.Helper()
	if text == "" {
		return ""
	}
	name := filepath.Join(t.TempDir(), "trouble.txt")
	if err := os.WriteFile(name, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return name
}

// staysHere are the files of a case that are not posted, or may be
// left out of it.
var staysHere = []string{"case.json", "intake.json", "claim.txt", "fault.pdf", "label.pdf", "backup.manifest.json", "START-HERE.html"}

// sealedFiles calls fn with each file of a case that leaves with it; with the
// words of a PDF where a tool that reads it is installed.
func sealedFiles(t *testing.T, dir string, fn func(name string, text []byte)) {
	t.Helper()
	n := 0
	err := filepath.WalkDir(dir, func(file string, d fs.DirEntry, err error) error {
		name, relErr := filepath.Rel(dir, file)
		switch {
		case err != nil || relErr != nil:
			t.Fatal(err, relErr)
		case d.IsDir() && name == "backup":
			return fs.SkipDir
		case d.IsDir() || slices.Contains(staysHere, name):
			return nil
		}
		n++
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		fn(name, text)
		if filepath.Ext(name) == ".pdf" && toolHere("pdftotext") {
			words, err := exec.CommandContext(t.Context(), "pdftotext", file, "-").Output()
			if err != nil {
				t.Fatal(err)
			}
			fn(name+" (its text)", words)
		}
		return nil
	})
	if err != nil || n < 20 {
		t.Fatalf("%d files looked through, %v", n, err)
	}
}
