package backup

import (
	"encoding/json"
	"strings"
	"testing"

	"preship/adb/handset"
	"preship/backup/manifest"
)

// What a handset answers may be anything. These hold the parsers of it to what
// their callers rely on.

func FuzzParseIDs(f *testing.F) {
	f.Add([]byte("Row: 0 _id=7\nRow: 1 _id=9\n"))
	f.Add([]byte("No result found.\n"))
	f.Add([]byte("Row: 0 _id=7\nRow: 0 _id=7\n"))
	f.Fuzz(func(t *testing.T, out []byte) {
		ids, err := parseIDs(handset.Answer{Stdout: out})
		if err != nil {
			return
		}
		seen := map[string]bool{}
		for _, id := range ids {
			if seen[id] || !integer.MatchString(id) {
				t.Errorf("_id %q, twice or no number", id)
			}
			seen[id] = true
		}
		if _, err := parseNumbers(out, nil, ids); len(ids) > 0 && err != nil {
			t.Errorf("counted as %d rows, and read as: %v", len(ids), err)
		}
	})
}

func FuzzParseNumbers(f *testing.F) {
	f.Add([]byte("Row: 0 _id=7, date=5, type=NULL\nRow: 1 _id=9, date=-1, type=2\n"))
	f.Add([]byte("Row: 0 _id=7, date=5, type=1, date=6\n"))
	f.Fuzz(func(t *testing.T, out []byte) {
		columns, ids := []string{"date", "type"}, []string{"7", "9"}
		rows, err := parseNumbers(out, columns, ids)
		if err != nil {
			return
		}
		for _, id := range ids {
			for _, column := range columns {
				if v, ok := rows[id][column]; !ok || v != nil && !integer.MatchString(*v) {
					t.Errorf("row %s has %v for %s", id, v, column)
				}
			}
		}
	})
}

func FuzzParseSettings(f *testing.F) {
	f.Add([]byte("a=1\nb=x\ny=\nfoo bar\nc=\n"))
	f.Fuzz(func(t *testing.T, out []byte) {
		lines := 0
		for _, s := range parseSettings("system", out) {
			if !settingName.MatchString(s.Name) || s.Namespace != "system" {
				t.Errorf("setting %q", s.Name)
			}
			lines += 1 + strings.Count(s.Value, "\n")
		}
		if n := strings.Count(string(out), "\n") + 1; lines > n {
			t.Errorf("%d lines were made of %d", lines, n)
		}
	})
}

func FuzzParseNetworks(f *testing.F) {
	f.Add([]byte("Network Id      SSID                         Security type\n0            home  net                             wpa2-psk\n"))
	f.Add([]byte("No networks\n"))
	f.Fuzz(func(t *testing.T, out []byte) {
		list, err := parseNetworks(out)
		if err != nil {
			return
		}
		for _, n := range list {
			if strings.ContainsAny(n.Line, "\n") || !strings.Contains(n.Line, n.Name) {
				t.Errorf("network %+v", n)
			}
		}
	})
}

func FuzzParsePackages(f *testing.F) {
	f.Add([]byte("package:/data/app/6pU64==/com.whatsapp-prT9==/base.apk=com.whatsapp\n"))
	f.Add([]byte("package:/data/app/a/../../x.apk\npackage:/mnt/expand/u/app/a/base.apk\n"))
	f.Fuzz(func(t *testing.T, out []byte) {
		names, err := parsePackages(out)
		for _, name := range names {
			if line, lineErr := handset.PackagePath.With(name); err == nil && (lineErr != nil || strings.ContainsAny(line.String(), "'\n;")) {
				t.Errorf("package %q", name)
			}
		}
		for _, p := range parsePaths(out) {
			if !manifest.IsAPK(p) || strings.Contains(p, "..") && strings.Contains(p, "/../") {
				t.Errorf("path %q", p)
			}
		}
		for _, p := range installedPaths(out) {
			if !strings.HasPrefix(p, "/") || strings.Contains(p, "\n") {
				t.Errorf("installed path %q", p)
			}
		}
	})
}

func FuzzDescribeApp(f *testing.F) {
	f.Add([]byte("  Package [a.b] (1f):\n    versionCode=24 minSdk=21 targetSdk=30\n    versionName=1.4\n    installerPackageName=null\n    firstInstallTime=2025-09-01 10:01:27\n"))
	f.Fuzz(func(t *testing.T, dump []byte) {
		var a manifest.App
		describeApp(&a, dump)
		for _, v := range []string{a.Version, a.VersionCode, a.Installer, a.Installed} {
			if manifest.HasControl(v) {
				t.Errorf("control characters in %q", v)
			}
		}
		if order := compareVersions(&a, &a); (a.Version != "" || a.VersionCode != "") && order != 0 && a.VersionCode == "" {
			t.Errorf("an app is not of its own version: %+v", a)
		}
	})
}

func FuzzParseDescription(f *testing.F) {
	f.Add([]byte(`<?xml version='1.0'?><MIUI-backup><packages><package><packageName>a.b</packageName><bakFile>x(a.b).bak</bakFile><bakFileSize>5</bakFileSize><state>1</state><error>0</error></package></packages></MIUI-backup>`))
	f.Fuzz(func(t *testing.T, b []byte) {
		d, err := parseDescription(strings.NewReader(string(b)))
		if err == nil && len(d.Packages) == 0 {
			t.Error("a description that names no app is whole")
		}
	})
}

// FuzzSavedLines: lines that are read back are those that were written.
func FuzzSavedLines(f *testing.F) {
	f.Add([]byte(`{"package":"a.b","files":["/data/app/x/base.apk"]}` + "\n"))
	f.Fuzz(func(t *testing.T, b []byte) {
		apps, err := savedLines[manifest.App](b)
		if err != nil {
			return
		}
		for _, a := range apps {
			if _, err := json.Marshal(a); err != nil {
				t.Errorf("%+v: %v", a, err)
			}
		}
	})
}

// FuzzRefusal: an exception is seen wherever it is printed.
func FuzzRefusal(f *testing.F) {
	f.Add([]byte("Error while accessing provider:sms\njava.lang.SecurityException: no\n"), 0)
	f.Add([]byte("Error while accessing provider:"), -1)
	f.Fuzz(func(t *testing.T, stderr []byte, exit int) {
		err := refusal(handset.Answer{Stderr: stderr, Exit: exit})
		if (strings.Contains(string(stderr), "Error while accessing provider:") || exit > 0) && err == nil {
			t.Errorf("%q with exit status %d is no refusal", stderr, exit)
		}
		if err != nil && manifest.HasControl(err.Error()) {
			t.Errorf("control characters in %q", err)
		}
	})
}
