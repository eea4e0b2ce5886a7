package command_test

import (
	"fmt"
	"strings"
	"testing"

	"preship/adb"
	"preship/adb/adbtest"
	"preship/adb/adbtest/android/command"
)

type answer struct {
	stdout, stderr string
	exit           int
}

// serve starts a handset and returns a client of it.
func serve(t *testing.T, profile string) *adb.Device {
	t.Helper()
	p, err := adbtest.Load(profile)
	if err != nil {
		t.Fatal(err)
	}
	h := adbtest.New(p)
	server, err := adbtest.NewServer("", h)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_ = server.Close()
		_ = h.Close()
	})
	client, err := adb.New(adb.Options{Addr: server.Addr()})
	if err != nil {
		t.Fatal(err)
	}
	return client.Device(h.Serial())
}

// sh runs one shell line, with nothing to read.
func sh(t *testing.T, dev *adb.Device, line string) answer {
	t.Helper()
	return shWith(t, dev, line, "")
}

func shWith(t *testing.T, dev *adb.Device, line, stdin string) answer {
	t.Helper()
	got, err := dev.Shell(t.Context(), line, strings.NewReader(stdin))
	if err != nil {
		t.Fatalf("%s: %v", line, err)
	}
	return answer{string(got.Stdout), string(got.Stderr), got.Exit}
}

// adb streams a package to pm, which reads the announced number of bytes.
func TestPmInstallStreamed(t *testing.T) {
	t.Parallel()
	h := serve(t, "redmi-note-10")
	apk := command.MakeAPK(t, "package", "org.example.tool", "versionName", "1.2")
	if got := shWith(t, h, fmt.Sprintf("cmd package 'install' -r -S %d", len(apk)), apk+"more"); got != (answer{stdout: "Success\n"}) {
		t.Fatalf("got %v", got)
	}
	got := sh(t, h, "pm list packages -3 tool; f=$(pm path org.example.tool); cat ${f#package:} | wc -c; dumpsys package org.example.tool | grep versionName")
	if want := fmt.Sprintf("package:org.example.tool\n%d\n    versionName=1.2\n", len(apk)); got != (answer{stdout: want}) {
		t.Errorf("got %v, want %q", got, want)
	}
	if got := sh(t, h, "pm uninstall org.example.tool; pm path org.example.tool"); got != (answer{stdout: "Success\n", exit: 1}) {
		t.Errorf("uninstalled: %v", got)
	}
	if got := sh(t, h, "pm uninstall com.android.settings"); got.stdout != "Failure [DELETE_FAILED_INTERNAL_ERROR]\n" || got.exit != 1 {
		t.Errorf("a system app: %v", got)
	}
}

func TestPmInstallSession(t *testing.T) {
	t.Parallel()
	h := serve(t, "redmi-note-10")
	created := sh(t, h, "cmd package install-create -S 9").stdout
	id, ok := strings.CutPrefix(strings.TrimSuffix(created, "]\n"), "Success: created install session [")
	if !ok {
		t.Fatalf("install-create: %q", created)
	}
	for n, apk := range []string{command.MakeAPK(t, "package", "org.example.tool"), command.MakeAPK(t, "package", "org.example.tool", "split", "config.en")} {
		got := shWith(t, h, fmt.Sprintf("cmd package install-write -S %d %s %d_part.apk -", len(apk), id, n), apk)
		if want := fmt.Sprintf("Success: streamed %d bytes\n", len(apk)); got != (answer{stdout: want}) {
			t.Errorf("install-write: %v, want %q", got, want)
		}
	}
	if got := sh(t, h, "pm path org.example.tool"); got.exit != 1 {
		t.Errorf("before the commit: %v", got)
	}
	if got := sh(t, h, "cmd package install-commit "+id); got != (answer{stdout: "Success\n"}) {
		t.Errorf("install-commit: %v", got)
	}
	got := sh(t, h, "pm path org.example.tool").stdout
	if strings.Count(got, "package:/data/app/") != 2 || !strings.Contains(got, "/base.apk\n") || !strings.Contains(got, "/split_config.en.apk\n") {
		t.Errorf("installed as %q", got)
	}
	if got := sh(t, h, "pm install-commit "+id); got.exit != 255 || !strings.Contains(got.stderr, "Caller has no access to session "+id) {
		t.Errorf("a second commit: %v", got)
	}
}

func TestPmInstallRefused(t *testing.T) {
	t.Parallel()
	h := serve(t, "redmi-note-10")
	apk := command.MakeAPK(t, "package", "org.example.tool")
	for _, tt := range []struct{ line, stdin, want string }{
		{"pm install -S 4", "junk", "INSTALL_PARSE_FAILED_NOT_APK"},
		{"pm install -S 9", "junk", "INSTALL_FAILED_INVALID_APK: expected 9 bytes, got 4"},
		{"pm install -S 99999999999", "", "INSTALL_FAILED_INSUFFICIENT_STORAGE"},
		{fmt.Sprintf("setprop persist.security.adbinstall 0; pm install -S %d", len(apk)), apk, "INSTALL_FAILED_USER_RESTRICTED"},
	} {
		got := shWith(t, h, tt.line, tt.stdin)
		if !strings.HasPrefix(got.stdout, "Failure ["+tt.want) || got.exit != 1 {
			t.Errorf("%s: %v, want %s", tt.line, got, tt.want)
		}
	}
}

// An app's files can be saved, the app removed, and the files installed again.
func TestPmInstallAgain(t *testing.T) {
	t.Parallel()
	h := serve(t, "redmi-note-10")
	got := sh(t, h, "f=$(pm path com.example.game); cat ${f#package:} > /data/local/tmp/g.apk; pm uninstall com.example.game; pm list packages game; pm install /data/local/tmp/g.apk; pm list packages game")
	if got.stdout != "Success\nSuccess\npackage:com.example.game\n" {
		t.Errorf("got %v", got)
	}
}

// Android's rules for what may be installed, and over what.
func TestPmInstallRules(t *testing.T) {
	t.Parallel()
	h := serve(t, "redmi-note-10")
	const name = "org.example.tool"
	install := func(options, want string, pairs ...string) {
		t.Helper()
		apk := command.MakeAPK(t, append([]string{"package", name}, pairs...)...)
		got := shWith(t, h, fmt.Sprintf("pm install %s -S %d", options, len(apk)), apk)
		if want != "Success" {
			want = "Failure [" + want
		}
		if !strings.HasPrefix(got.stdout, want) {
			t.Errorf("pm install %s of %q: %v, want %s", options, pairs, got, want)
		}
	}
	install("", "INSTALL_PARSE_FAILED_NO_CERTIFICATES", "signer", "")
	install("", "INSTALL_FAILED_OLDER_SDK: Requires newer sdk version #99", "minSdkVersion", "99")
	install("", "INSTALL_FAILED_TEST_ONLY", "testOnly", "1")
	install("-t", "Success", "testOnly", "1", "versionCode", "7", "versionName", "1.10")
	install("-t", "INSTALL_FAILED_UPDATE_INCOMPATIBLE", "versionCode", "8", "signer", "another key")
	install("-r", "INSTALL_FAILED_VERSION_DOWNGRADE: Downgrade detected: Update version code 6 is older than current 7", "versionCode", "6", "versionName", "2.0")
	install("-r -d", "INSTALL_FAILED_VERSION_DOWNGRADE", "versionCode", "6")
	install("-r", "Success", "versionCode", "8", "debuggable", "1")
	install("-r -d", "Success", "versionCode", "6")
	got := sh(t, h, "pm list packages tool; dumpsys package org.example.tool | grep version")
	if want := "package:org.example.tool\n    versionCode=6 minSdk=1 targetSdk=1\n    versionName=null\n"; got.stdout != want {
		t.Errorf("listed as %q, want %q", got.stdout, want)
	}
}

// What the package manager refuses is on the stream and with the status that
// PackageManagerShellCommand gives it.
func TestPackageManagerRefuses(t *testing.T) {
	t.Parallel()
	h := serve(t, "redmi-note-10")
	for _, tt := range []struct {
		line, stdout, stderr string // stderr is a part of it
		exit                 int
	}{
		{"pm", "Package manager (package) commands:\n  help\n    Print this help text.\n", "", 255},
		{"pm preship x", "Unknown command: preship\n", "", 255},
		{"pm list", "Error: didn't specify type of data to list\n", "", 255},
		{"pm list preship", "Error: unknown list type 'preship'\n", "", 255},
		{"pm list packages --preship", "Error: Unknown option: --preship\n", "", 255},
		{"pm path", "", "Error: no package specified\n", 1},
		{"pm clear org.example.no", "Unknown command: clear\n", "", 255},
		{"pm uninstall", "Error: package name not specified\n", "", 1},
		{"pm uninstall org.example.no", "Failure [DELETE_FAILED_INTERNAL_ERROR]\n", "", 1},
		{"pm install", "Error: must either specify a package size or an APK file\n", "", 1},
		{"pm install /sdcard/none.apk", "", "Error: Unable to open file: /sdcard/none.apk\nConsider using a file under /data/local/tmp/\nError: Can't open file: /sdcard/none.apk\n\nException occurred while executing 'install':\njava.lang.IllegalArgumentException: Error: Can't open file: /sdcard/none.apk\n", 255},
		{"am preship x", "Unknown command: preship\n", "", 255},
	} {
		got := sh(t, h, tt.line)
		if got.stdout != tt.stdout || got.exit != tt.exit || !strings.HasPrefix(got.stderr, tt.stderr) || tt.stderr == "" && got.stderr != "" {
			t.Errorf("%s: %+v, want %q, %q, %d", tt.line, got, tt.stdout, tt.stderr, tt.exit)
		}
	}
}
