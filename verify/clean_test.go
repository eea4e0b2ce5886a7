package verify

import (
	"context"
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"preship/adb/handset"
	"preship/report"
	"preship/report/check"
)

func beforeReset() Before {
	boots, contacts, messages := 230, 5, 40
	return Before{
		Unit:      report.Unit{Serial: "c9a0a2a6", IMEI: []string{"868732053538038", "868732053538046"}, SN: "32007/20FQ77584"},
		AndroidID: "aaaa000011112222", BootCount: &boots, Contacts: &contacts, Messages: &messages, ResetAt: time.Unix(1795000000, 0),
	}
}

func TestCleanHandset(t *testing.T) {
	t.Parallel()
	out, fs, err := Clean(t.Context(), fresh, beforeReset())
	if err != nil {
		t.Fatal(err)
	}
	every(t, fs)
	for _, row := range cleanRows {
		if status := statusOf(t, fs, row.id); status != report.StatusPass {
			t.Errorf("%s is %q, want pass", row.id, status)
		}
	}
	if out.Rung != report.RungObservedClean {
		t.Errorf("rung %q, want %q", out.Rung, report.RungObservedClean)
	}
	if *out.Accounts != 0 || *out.Users != 1 || *out.ThirdPartyApps != 0 || *out.Files != 0 || *out.BootCount != 2 || !*out.SameUnit || !*out.AndroidIDChanged {
		t.Errorf("counts are not those of the handset: %+v", out)
	}
}

// Each row is one thing that is not clean, or cannot be seen, with the check
// that must say so. Where the check is required, there is no top rung.
var notClean = []struct {
	name    string
	changes map[string]string
	before  func(*Before)
	id      string
	want    report.Status
}{
	{"another unit", map[string]string{lineProps: strings.ReplaceAll(propsText, "8687320535380", "8640000535380")}, nil, "clean.same-unit", report.StatusFail},
	{"another serial alone", map[string]string{lineProps: strings.ReplaceAll(propsText, "c9a0a2a6", "deadbeef")}, nil, "clean.same-unit", report.StatusFail},
	{"no number before", nil, func(b *Before) { b.Unit = report.Unit{} }, "clean.same-unit", report.StatusUnknown},
	{"repair mode", map[string]string{lineRepair: "1\n"}, nil, "clean.repair-mode", report.StatusFail},
	{"a temporary image", map[string]string{lineImage: "1\n"}, nil, "clean.repair-mode", report.StatusFail},
	{"another user on the screen", map[string]string{lineCurrent: "10\n"}, nil, "clean.repair-mode", report.StatusFail},
	{"repair mode not told", map[string]string{lineRepair: "-"}, nil, "clean.repair-mode", report.StatusUnknown},
	{"an account", map[string]string{lineAccounts: "User UserInfo{0:Owner:4c13}:\n  Accounts: 1\n    Account {name=6230***535, type=com.xiaomi}\n"}, nil, "clean.accounts", report.StatusFail},
	{"accounts cut off", map[string]string{lineAccounts: "User UserInfo{0:Owner:4c13}:\n  Accounts: 1\n"}, nil, "clean.accounts", report.StatusUnknown},
	{"accounts answered with nothing", map[string]string{lineAccounts: ""}, nil, "clean.accounts", report.StatusUnknown},
	{"a user whose accounts are not shown", map[string]string{lineUsers: "Users:\n\tUserInfo{0:Owner:4c13} running\n\tUserInfo{10:x:413}\n"}, nil, "clean.accounts", report.StatusUnknown},
	{"a second user", map[string]string{lineUsers: "Users:\n\tUserInfo{0:Owner:4c13} running\n\tUserInfo{10:x:413}\n"}, nil, "clean.users", report.StatusFail},
	{"users not listed", map[string]string{lineUsers: "-"}, nil, "clean.users", report.StatusUnknown},
	{"accounts while users are not listed", map[string]string{lineUsers: "-"}, nil, "clean.accounts", report.StatusUnknown},
	{"the same Android ID", map[string]string{lineID: "aaaa000011112222\n"}, nil, "clean.android-id", report.StatusFail},
	{"no Android ID before", nil, func(b *Before) { b.AndroidID = "" }, "clean.android-id", report.StatusUnknown},
	{"no Android ID after", map[string]string{lineID: "null\n"}, nil, "clean.android-id", report.StatusUnknown},
	{"counts on from before", map[string]string{lineBoots: "231\n"}, nil, "clean.boot-count", report.StatusFail},
	{"started often", map[string]string{lineBoots: "30\n"}, nil, "clean.boot-count", report.StatusWarn},
	{"starts not counted", map[string]string{lineBoots: "null\n"}, nil, "clean.boot-count", report.StatusUnknown},
	{"started again since", map[string]string{lineReason: "reboot,userrequested\n"}, nil, "clean.boot-reason", report.StatusUnknown},
	{"a reason that only begins so", map[string]string{lineReason: "reboot,factory_reset,x\n"}, nil, "clean.boot-reason", report.StatusUnknown},
	{"no reason", map[string]string{lineReason: "\n"}, nil, "clean.boot-reason", report.StatusUnknown},
	{"reason refused", map[string]string{lineReason: "-"}, nil, "clean.boot-reason", report.StatusUnknown},
	{"a restart before the reset", map[string]string{lineHistory: "reboot,1795000100\nreboot,ota,1753412750\n"}, nil, "clean.boot-history", report.StatusWarn},
	{"no history", map[string]string{lineHistory: "\n"}, nil, "clean.boot-history", report.StatusUnknown},
	{"apps", map[string]string{lineApps: "package:/data/app/~~a==/com.example-b==/base.apk=com.example\n"}, nil, "clean.apps", report.StatusWarn},
	{"apps answered with an error", map[string]string{lineApps: "Error: no\n"}, nil, "clean.apps", report.StatusUnknown},
	{"pm that lists nothing at all", map[string]string{lineSystem: ""}, nil, "clean.apps", report.StatusUnknown},
	{"pm that knows no package", map[string]string{lineSystem: "", "pm path --user 0 com.android.settings": ""}, nil, "clean.apps", report.StatusUnknown},
	{"a photo", map[string]string{lineFiles: "/sdcard/\x00/sdcard/DCIM\x00/sdcard/DCIM/Camera\x00/sdcard/DCIM/Camera/IMG_1.jpg\x00"}, nil, "clean.files", report.StatusFail},
	{"a folder of the owner's, or a file", map[string]string{lineFiles: "/sdcard/\x00/sdcard/Tax 2025\x00"}, nil, "clean.files", report.StatusFail},
	{"a messenger's pictures", map[string]string{lineFiles: "/sdcard/\x00/sdcard/Android/media/com.chat/a.jpg\x00"}, nil, "clean.files", report.StatusFail},
	{"the vendor's own backup", map[string]string{lineFiles: "/sdcard/\x00/sdcard/MIUI/backup/AllBackup/x.bak\x00"}, nil, "clean.files", report.StatusFail},
	{"files answered with nothing", map[string]string{lineFiles: ""}, nil, "clean.files", report.StatusUnknown},
	{"the link, not the folder", map[string]string{lineFiles: "/sdcard\x00"}, nil, "clean.files", report.StatusUnknown},
	{"files cut off", map[string]string{lineFiles: "/sdcard/\x00/sdcard/DC"}, nil, "clean.files", report.StatusUnknown},
	{"contacts", map[string]string{lineContacts: "Row: 0 _id=1\nRow: 1 _id=2\n"}, nil, "clean.contacts", report.StatusFail},
	{"contacts refused", map[string]string{lineContacts: "Error while accessing provider:com.android.contacts\njava.lang.SecurityException: Permission Denial\n"}, nil, "clean.contacts", report.StatusUnknown},
	{"no contacts before either", nil, func(b *Before) { *b.Contacts = 0 }, "clean.contacts", report.StatusUnknown},
	{"messages not counted before", nil, func(b *Before) { b.Messages = nil }, "clean.messages", report.StatusUnknown},
	{"messages answered with nothing", map[string]string{lineMessages: ""}, nil, "clean.messages", report.StatusUnknown},
	{"Find Device on", map[string]string{lineFind: "Row: 0 isLastStatusOpen=1\n"}, nil, "clean.find-device", report.StatusFail},
	{"Find Device not told", map[string]string{lineFind: "-"}, nil, "clean.find-device", report.StatusUnknown},
}

func TestNotClean(t *testing.T) {
	t.Parallel()
	for _, tt := range notClean {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			before := beforeReset()
			if tt.before != nil {
				tt.before(&before)
			}
			out, fs, err := Clean(t.Context(), fresh.but(tt.changes), before)
			if err != nil {
				t.Fatal(err)
			}
			every(t, fs)
			if status := statusOf(t, fs, tt.id); status != tt.want {
				t.Errorf("%s is %q, want %q", tt.id, status, tt.want)
			}
			c, _ := check.ByID(tt.id)
			if clean := out.Rung == report.RungObservedClean; clean == c.Required {
				t.Errorf("rung %q although %s, required %t, is %q", out.Rung, tt.id, c.Required, tt.want)
			}
		})
	}
}

// A vendor without Find Device is not asked for it, and is asked everything else.
func TestCleanOfAnotherVendor(t *testing.T) {
	t.Parallel()
	props := strings.NewReplacer("Xiaomi", "Google", "ro.miui.", "ro.x.").Replace(propsText)
	_, fs, err := Clean(t.Context(), fresh.but(map[string]string{lineProps: props, lineFind: "-"}), beforeReset())
	if err != nil {
		t.Fatal(err)
	}
	for _, row := range cleanRows {
		if _, asked := report.Findings(fs).ByID(row.id); asked != (row.id != check.CleanFindDevice) {
			t.Errorf("%s: asked %t", row.id, asked)
		}
	}
}

func TestCleanCannotAsk(t *testing.T) {
	t.Parallel()
	if _, _, err := Clean(t.Context(), answers{}, beforeReset()); err == nil {
		t.Error("a handset that answers nothing was judged")
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, _, err := Clean(ctx, fresh, beforeReset()); !errors.Is(err, context.Canceled) {
		t.Errorf("error %v, want %v", err, context.Canceled)
	}
}

func TestLookBefore(t *testing.T) {
	t.Parallel()
	id, err := handset.Identify(t.Context(), fresh)
	if err != nil {
		t.Fatal(err)
	}
	b := LookBefore(t.Context(), fresh, id)
	if b.AndroidID != "bbbb000011112222" || b.BootCount == nil || *b.BootCount != 2 || len(b.Unit.IMEI) != 2 || b.Unit.Serial != "c9a0a2a6" {
		t.Errorf("got %+v, want what the handset answers", b)
	}
	if b.Contacts == nil || *b.Contacts != 0 || b.Messages == nil {
		t.Errorf("got %+v, want the rows counted", b)
	}
	b = LookBefore(t.Context(), fresh.but(map[string]string{lineID: "null\n", lineBoots: "-", lineContacts: ""}), id)
	if b.AndroidID != "" || b.BootCount != nil || b.Contacts != nil {
		t.Errorf("got %+v, want nothing where the handset does not tell", b)
	}
}

func TestDeniedFolders(t *testing.T) {
	t.Parallel()
	const found = "/sdcard/\x00/sdcard/DCIM\x00"
	for _, tt := range []struct {
		name, stderr string
		exit         int
		ok           bool
	}{
		{"nothing denied", "", 0, true},
		{"an app's own folder", "find: '/sdcard/Android/data/com.x': Permission denied\n", 1, true},
		{"a folder of the owner's", "find: '/sdcard/DCIM': Permission denied\n", 1, false},
		{"both", "find: '/sdcard/Android/data/com.x': Permission denied\nfind: '/sdcard/DCIM': Permission denied\n", 1, false},
		{"fails without a word", "", 1, false},
	} {
		_, err := listed(handset.Answer{Stdout: []byte(found), Stderr: []byte(tt.stderr), Exit: tt.exit})
		if (err == nil) != tt.ok {
			t.Errorf("%s: error %v", tt.name, err)
		}
	}
}

// The reset was on 18 November 2026. An app installed before it proves more than
// one that came with the system or with the set-up.
func TestInstallTimes(t *testing.T) {
	t.Parallel()
	const apps = "package:/data/app/~~a==/com.example-b==/base.apk=com.example\npackage:/data/app/x=y/base.apk=org.other_app\n"
	times := func(s string) string {
		return "Packages:\n  Package [x]:\n    firstInstallTime=" + s + "\n    lastUpdateTime=" + s + "\n"
	}
	for _, tt := range []struct{ name, first, second, want string }{
		{"since", times("2026-11-18 12:00:00"), times("2026-11-19 00:00:01"), "2; installed before the reset: 0 of the 2 that tell"},
		{"one before", times("2025-09-01 10:01:22"), times("2026-11-19 00:00:01"), "2; installed before the reset: 1 of the 2 that tell"},
		{"with the image", times("2009-01-01 08:00:00"), times("1970-01-01 00:00:00"), "2; installed before the reset: 0 of the 0 that tell"},
		{"the day before, by its own clock", times("2026-11-17 23:00:00"), "-", "2; installed before the reset: 0 of the 1 that tell"},
		{"no time", times("soon"), "", "2; installed before the reset: 0 of the 0 that tell"},
	} {
		phone := fresh.but(map[string]string{lineApps: apps, "dumpsys package com.example": tt.first, "dumpsys package org.other_app": tt.second})
		_, fs, err := Clean(t.Context(), phone, beforeReset())
		if err != nil {
			t.Fatal(err)
		}
		f, _ := report.Findings(fs).ByID("clean.apps")
		if f.Status != report.StatusWarn || f.Observed != tt.want || strings.Contains(f.Summary, "before the reset") != strings.Contains(tt.want, "1 of the 2") {
			t.Errorf("%s: %s, %q, %q; want %q", tt.name, f.Status, f.Summary, f.Observed, tt.want)
		}
	}
}

// An empty folder is no file, where the handset says which names are folders.
func TestEmptyFolders(t *testing.T) {
	t.Parallel()
	const files = "/sdcard/\x00/sdcard/Tax 2025\x00/sdcard/.vendor\x00/sdcard/DCIM\x00"
	for name, tt := range map[string]struct {
		folders string
		want    int64
	}{
		"both empty":           {files, 0},
		"one is a file":        {"/sdcard/\x00/sdcard/.vendor\x00/sdcard/DCIM\x00", 1},
		"not told":             {"", 2},
		"without the storage":  {"/sdcard/Tax 2025\x00/sdcard/.vendor\x00", 2},
		"list of folders ends": {files[:len(files)-1], 2},
	} {
		out, fs, err := Clean(t.Context(), fresh.but(map[string]string{lineFiles: files, lineFolders: tt.folders}), beforeReset())
		if err != nil {
			t.Fatal(err)
		}
		f, _ := report.Findings(fs).ByID("clean.files")
		if *out.Files != tt.want || (f.Status == report.StatusPass) != (tt.want == 0) || strings.Contains(f.Observed, "Tax") {
			t.Errorf("%s: %d files, %s, %q; want %d", name, *out.Files, f.Status, f.Observed, tt.want)
		}
	}
}

// However a list is broken off, it is never an empty storage.
func FuzzOwnersFiles(f *testing.F) {
	f.Add([]byte("/sdcard/\x00/sdcard/DCIM/a.jpg\x00"), []byte(""))
	f.Add([]byte("/sdcard/\x00"), []byte("find: '/sdcard/Android/data/x': Permission denied\n"))
	f.Fuzz(func(t *testing.T, out, stderr []byte) {
		names, err := listed(handset.Answer{Stdout: out, Stderr: stderr})
		if err == nil && !strings.Contains("\x00"+string(out), "\x00/sdcard/\x00") {
			t.Errorf("%q was taken for a list of the storage", out)
		}
		if where := ownersFiles(names, nil); err == nil && slices.Contains(names, "DCIM/a.jpg") && where["DCIM"] == 0 {
			t.Errorf("%q: a picture was not counted: %v", out, where)
		}
	})
}
