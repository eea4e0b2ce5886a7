package adb_test

import (
	"bytes"
	"context"
	"errors"
	"io"
	"slices"
	"strings"
	"testing"

	"preship/adb"
	"preship/adb/adbtest"
)

func apk(name string, b []byte) adb.APK {
	return adb.APK{Name: name, Size: int64(len(b)), Open: func() (io.ReadCloser, error) { return io.NopCloser(bytes.NewReader(b)), nil }}
}

// installed pulls the files of an app that the handset has.
func installed(t *testing.T, dev *adb.Device, name string) []adb.APK {
	t.Helper()
	res, err := dev.Shell(t.Context(), "pm path "+name, nil)
	if err != nil {
		t.Fatal(err)
	}
	var apks []adb.APK
	for line := range strings.Lines(string(res.Stdout)) {
		path := strings.TrimSpace(strings.TrimPrefix(line, "package:"))
		var b bytes.Buffer
		if _, err := dev.PullFile(t.Context(), path, &b); err != nil {
			t.Fatal(err)
		}
		apks = append(apks, apk(path[strings.LastIndexByte(path, '/')+1:], b.Bytes()))
	}
	return apks
}

// TestInstall: an app with its splits, by each of the three ways there have
// been of reaching the package installer.
func TestInstall(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		cut []string
		by  string
	}{
		{nil, "abb_exec:package\x00install-write\x00"},
		{[]string{adb.FeatureABBExec}, "exec:cmd package install-write "},
		{[]string{adb.FeatureABBExec, adb.FeatureCmd}, "exec:pm install-write "},
	} {
		dev, h := withoutFeatures(t, tt.cut...)
		ready(t, dev)
		name := thirdPartyApp(t, dev)
		apks := installed(t, dev, name)
		var sent, total int64
		for _, a := range apks {
			total += a.Size
		}
		err := dev.Install(t.Context(), apks, adb.InstallOptions{Replace: true, User: "0", Progress: func(n int64) { sent = n }})
		if err != nil || sent != total || total == 0 {
			t.Errorf("%s: %d files: sent %d of %d, %v", tt.by, len(apks), sent, total, err)
		}
		if !slices.ContainsFunc(h.Sent(), func(s adbtest.Sent) bool { return strings.HasPrefix(s.Service, tt.by) }) {
			t.Errorf("%q was not used", tt.by)
		}
	}
}

func thirdPartyApp(t *testing.T, dev *adb.Device) string {
	t.Helper()
	res, err := dev.Shell(t.Context(), "pm list packages -3", nil)
	name, _, _ := strings.Cut(strings.TrimPrefix(string(res.Stdout), "package:"), "\n")
	if err != nil || name == "" {
		t.Fatalf("no app: %q, %v", res.Stdout, err)
	}
	return name
}

// TestInstallRefused: a file that is no app, a file that is too short, and a caller
// that gives up leave no session behind.
func TestInstallRefused(t *testing.T) {
	t.Parallel()
	dev, h := withoutFeatures(t)
	ready(t, dev)
	err := dev.Install(t.Context(), []adb.APK{apk("base.apk", []byte("no app"))}, adb.InstallOptions{})
	var refused *adb.InstallError
	if !errors.As(err, &refused) || refused.Code != "INSTALL_PARSE_FAILED_NOT_APK" || !errors.Is(err, adb.ErrRefused) {
		t.Errorf("no app: %v", err)
	}
	short := apk("base.apk", []byte("short"))
	short.Size++
	if err := dev.Install(t.Context(), []adb.APK{short}, adb.InstallOptions{}); !errors.Is(err, io.ErrUnexpectedEOF) {
		t.Errorf("short file: %v", err)
	}
	gone := errors.New("no such file here")
	if err := dev.Install(t.Context(), []adb.APK{{Open: func() (io.ReadCloser, error) { return nil, gone }}}, adb.InstallOptions{}); !errors.Is(err, gone) {
		t.Errorf("missing file: %v", err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	stuck := adb.APK{Name: "base.apk", Size: 9, Open: func() (io.ReadCloser, error) {
		cancel()
		return io.NopCloser(strings.NewReader("123456789")), nil
	}}
	if err := dev.Install(ctx, []adb.APK{stuck}, adb.InstallOptions{}); !errors.Is(err, context.Canceled) {
		t.Errorf("given up: %v", err)
	}
	count := map[string]int{}
	for _, s := range h.Sent() {
		for _, verb := range []string{"install-create", "install-abandon"} {
			if strings.Contains(s.Service, verb) {
				count[verb]++
			}
		}
	}
	if count["install-create"] != 4 || count["install-abandon"] != 4 {
		t.Errorf("sessions: %v", count)
	}
}
