package adbtest

import (
	"archive/zip"
	"bytes"
	"encoding/binary"
	"fmt"
	"strings"
	"testing"
	"unicode/utf16"
)

// binaryManifest writes what aapt would of a manifest element's attributes.
func binaryManifest(attributes ...string) []byte {
	words := []string{"manifest"}
	var element []byte
	for i := 0; i+1 < len(attributes); i += 2 {
		name, value := uint32(len(words)), uint32(len(words)+1)
		words = append(words, attributes[i], attributes[i+1])
		for _, n := range []uint32{noString, name, value, 0x03000008, value} {
			element = binary.LittleEndian.AppendUint32(element, n)
		}
	}
	var data, offsets []byte
	for _, word := range words {
		offsets = binary.LittleEndian.AppendUint32(offsets, uint32(len(data)))
		units := utf16.Encode([]rune(word))
		data = binary.LittleEndian.AppendUint16(data, uint16(len(units)))
		for _, u := range append(units, 0) {
			data = binary.LittleEndian.AppendUint16(data, u)
		}
	}
	chunk := func(kind, header uint16, fields []uint32, body ...[]byte) []byte {
		b := make([]byte, 8)
		for _, n := range fields {
			b = binary.LittleEndian.AppendUint32(b, n)
		}
		for _, part := range body {
			b = append(b, part...)
		}
		binary.LittleEndian.PutUint16(b, kind)
		binary.LittleEndian.PutUint16(b[2:], header)
		binary.LittleEndian.PutUint32(b[4:], uint32(len(b)))
		return b
	}
	n := uint32(len(words))
	pool := chunk(chunkStrings, 28, []uint32{n, 0, 0, 28 + 4*n, 0}, offsets, data)
	count := uint32(len(attributes) / 2)
	start := chunk(chunkElement, 16, []uint32{1, noString, noString, 0, 0x00140014, count}, make([]byte, 4), element)
	return chunk(3, 8, nil, pool, start)
}

func makeAPK(t testing.TB, attributes ...string) string {
	t.Helper()
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	w, err := z.Create("AndroidManifest.xml")
	if err == nil {
		_, err = w.Write(binaryManifest(attributes...))
	}
	if err != nil || z.Close() != nil {
		t.Fatal(err)
	}
	return b.String()
}

func TestReadAPK(t *testing.T) {
	t.Parallel()
	got, err := readAPK([]byte(makeAPK(t, "versionName", "1.2", "package", "org.example.tool", "split", "config.en")))
	if want := (manifest{"org.example.tool", "config.en", "1.2"}); err != nil || got != want {
		t.Errorf("got %+v, %v; want %+v", got, err, want)
	}
	for name, b := range map[string]string{"nothing": "", "no archive": "PK\x03\x04junk", "no package": makeAPK(t, "split", "x")} {
		if got, err := readAPK([]byte(b)); err == nil {
			t.Errorf("%s: %+v", name, got)
		}
	}
}

// adb streams a package to pm, which reads as many bytes as it was told.
func TestPmInstallStreamed(t *testing.T) {
	t.Parallel()
	h := shipped(t, "redmi-note-10")
	apk := makeAPK(t, "package", "org.example.tool", "versionName", "1.2")
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
	h := shipped(t, "redmi-note-10")
	created := sh(t, h, "cmd package install-create -S 9").stdout
	id, ok := strings.CutPrefix(strings.TrimSuffix(created, "]\n"), "Success: created install session [")
	if !ok {
		t.Fatalf("install-create: %q", created)
	}
	for n, apk := range []string{makeAPK(t, "package", "org.example.tool"), makeAPK(t, "package", "org.example.tool", "split", "config.en")} {
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
	h := shipped(t, "redmi-note-10")
	apk := makeAPK(t, "package", "org.example.tool")
	for _, tt := range []struct{ line, stdin, want string }{
		{"pm install -S 4", "junk", "INSTALL_PARSE_FAILED_NOT_APK"},
		{"pm install -S 9", "junk", "INSTALL_FAILED_INVALID_APK: expected 9 bytes, got 4"},
		{"pm install /sdcard/none.apk", "", "INSTALL_FAILED_INVALID_URI"},
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
	h := shipped(t, "redmi-note-10")
	got := sh(t, h, "f=$(pm path com.example.game); cat ${f#package:} > /data/local/tmp/g.apk; pm uninstall com.example.game; pm list packages game; pm install /data/local/tmp/g.apk; pm list packages game")
	if got.stdout != "Success\nSuccess\npackage:com.example.game\n" {
		t.Errorf("got %v", got)
	}
}

func FuzzReadAPK(f *testing.F) {
	f.Add(binaryManifest("package", "org.example.tool", "versionName", "1"))
	f.Add(binaryManifest())
	f.Fuzz(func(_ *testing.T, b []byte) {
		_, _ = parseManifest(b)
		_, _ = readAPK(b)
	})
}
