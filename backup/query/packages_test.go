package query

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"preship/adb/handset"
	"preship/backup/manifest"
)

func TestParsePackagesAndPaths(t *testing.T) {
	t.Parallel()
	names, err := ParsePackages([]byte("package:/data/app/6pU64UU5YEBnDm2dxL1BYw==/com.whatsapp-prT9_wZzOkPEcJ4ZEvbvOw==/base.apk=com.whatsapp\npackage:/data/app/com.xiaomi.hm.health-1/base.apk=com.xiaomi.hm.health\n"))
	if err != nil || strings.Join(names, " ") != "com.whatsapp com.xiaomi.hm.health" {
		t.Errorf("packages %q, error %v", names, err)
	}
	for _, out := range []string{"Error: no", "package:/x=../../etc", "package:/x=a;b"} {
		if _, err := ParsePackages([]byte(out)); !errors.Is(err, ErrRefused) {
			t.Errorf("%q: error %v, want errRefused", out, err)
		}
	}
	paths := ParsePaths([]byte("package:/data/app/~~u==/a b/base.apk\npackage:/data/app/../../etc/x.apk\npackage:/storage/x.apk\npackage:/data/app/y.so\nnonsense\n"))
	if fmt.Sprintf("%q", paths) != `["/data/app/~~u==/a b/base.apk"]` {
		t.Errorf("paths %q", paths)
	}
}

// An app without a version name has none, and "null" is no version that two apps share.
func TestNoVersionName(t *testing.T) {
	t.Parallel()
	var a manifest.App
	DescribeApp(&a, []byte("  Package [a.b] (1f):\n    versionCode=24 minSdk=21\n    versionName=null\n  Hidden system packages:\n    versionCode=3\n    versionName=1.0\n"))
	if a.Version != "" || a.VersionCode != "24" {
		t.Errorf("got %+v", a)
	}
	for _, tt := range []struct {
		there, saved manifest.App
		want         int
	}{
		{manifest.App{Version: "null", VersionCode: "24"}, manifest.App{Version: "null", VersionCode: "25"}, -1},
		{manifest.App{Version: "null", VersionCode: "25"}, manifest.App{Version: "null", VersionCode: "24"}, 1},
		{manifest.App{Version: "null"}, manifest.App{Version: "null"}, -1},
		{manifest.App{Version: "1.0"}, manifest.App{Version: "1.0"}, 0},
		{manifest.App{Version: "2.0", VersionCode: "24"}, manifest.App{Version: "1.0", VersionCode: "24"}, 0},
	} {
		if got := CompareVersions(&tt.there, &tt.saved); got != tt.want {
			t.Errorf("%+v there and %+v saved: %d, want %d", tt.there, tt.saved, got, tt.want)
		}
	}
}

func FuzzParsePackages(f *testing.F) {
	f.Add([]byte("package:/data/app/6pU64==/com.whatsapp-prT9==/base.apk=com.whatsapp\n"))
	f.Add([]byte("package:/data/app/a/../../x.apk\npackage:/mnt/expand/u/app/a/base.apk\n"))
	f.Fuzz(func(t *testing.T, out []byte) {
		names, err := ParsePackages(out)
		for _, name := range names {
			if line, lineErr := handset.PackagePath.With(name); err == nil && (lineErr != nil || strings.ContainsAny(line.String(), "'\n;")) {
				t.Errorf("package %q", name)
			}
		}
		for _, p := range ParsePaths(out) {
			if !manifest.IsAPK(p) || strings.Contains(p, "..") && strings.Contains(p, "/../") {
				t.Errorf("path %q", p)
			}
		}
		for _, p := range InstalledPaths(out) {
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
		DescribeApp(&a, dump)
		for _, v := range []string{a.Version, a.VersionCode, a.Installer, a.Installed} {
			if manifest.HasControl(v) {
				t.Errorf("control characters in %q", v)
			}
		}
		if order := CompareVersions(&a, &a); (a.Version != "" || a.VersionCode != "") && order != 0 && a.VersionCode == "" {
			t.Errorf("an app is not of its own version: %+v", a)
		}
	})
}
