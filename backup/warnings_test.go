package backup_test

import (
	"archive/tar"
	"bytes"
	"fmt"
	"strings"
	"testing"

	"preship/report"
	"preship/report/check"
	"preship/report/message"
)

// bakOf is a whole backup of an app, with one file in it.
func bakOf(pkg string) []byte {
	var b bytes.Buffer
	fmt.Fprintf(&b, "MIUI BACKUP\n2\n%s name\n-1\n0\nANDROID BACKUP\n5\n0\nnone\n", pkg)
	w := tar.NewWriter(&b)
	_ = w.WriteHeader(&tar.Header{Name: "apps/" + pkg + "/f/a", Mode: 0o600, Size: 3})
	_, _ = w.Write([]byte("abc"))
	_ = w.Close()
	return b.Bytes()
}

func TestRunJudgesLocalBackups(t *testing.T) {
	t.Parallel()
	const dir = "/storage/emulated/0/MIUI/backup/AllBackup/20260301_120000/"
	bak := bakOf("com.example.notes")
	description := fmt.Sprintf("<MIUI-backup><packages><package><packageName>com.example.notes</packageName><bakFile>笔记(com.example.notes).bak</bakFile><state>1</state><error>0</error><bakFileSize>%d</bakFileSize></package></packages></MIUI-backup>", len(bak))
	for _, tt := range []struct {
		name   string
		files  map[string][]byte
		status report.Status
		says   string
	}{
		{"whole", map[string][]byte{"descript.xml": []byte(description), "笔记(com.example.notes).bak": bak}, report.StatusPass, "20260301_120000 with 1 app."},
		{"cut", map[string][]byte{"descript.xml": []byte(description), "笔记(com.example.notes).bak": bak[:len(bak)-600]}, report.StatusWarn, "not a complete backup"},
		{"no description", map[string][]byte{"a.bak": bak}, report.StatusWarn, "will not offer it"},
		{"a file gone", map[string][]byte{"descript.xml": []byte(description)}, report.StatusWarn, "is missing"},
		{"one too many", map[string][]byte{"descript.xml": []byte(description), "笔记(com.example.notes).bak": bak, "b.bak": bak}, report.StatusWarn, "not in its description"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			r := newRig(t, someFiles)
			for name, data := range tt.files {
				r.push(dir+name, data)
			}
			f := finding(t, r.mustRun(), check.BackupLocalBackup)
			if f.Status != tt.status || !strings.Contains(f.Summary, tt.says) {
				t.Errorf("%s: %s; want %s with %q", f.Status, f.Summary, tt.status, tt.says)
			}
		})
	}
}

func TestRunWarnsOfEncryptedFiles(t *testing.T) {
	t.Parallel()
	r := newRig(t, someFiles)
	if _, ok := r.mustRun().Findings.ByID(check.BackupEncrypted); ok {
		t.Error("warned without a reason")
	}
	for _, name := range []string{"MIUI/Gallery/cloud/secretAlbum/a.sa", "FileExplorer/.safebox/b", "Android/media/com.whatsapp/WhatsApp/Databases/msgstore.db.crypt15"} {
		r.push("/storage/emulated/0/"+name, []byte("x"))
	}
	f := finding(t, r.mustRun(), check.BackupEncrypted)
	for _, want := range []string{"1 picture in the private album", "1 file hidden", "1 encrypted WhatsApp"} {
		if f.Status != report.StatusWarn || !strings.Contains(f.Summary, want) {
			t.Errorf("%s: %s; want %q", f.Status, f.Summary, want)
		}
	}
}

// TestRunOffersTheLocalBackup: a run offers it before it copies files, if the handset can
// make a local backup and has not made one.
func TestRunOffersTheLocalBackup(t *testing.T) {
	t.Parallel()
	const folder = "dir - - 2026-03-01T10:00:00Z /sdcard/MIUI/Gallery\n"
	for _, tt := range []struct {
		name string
		tree string
		want int
	}{
		{"can make one", folder, 1},
		{"cannot", "", 0},
		{"has one", folder + "text - - 2026-03-01T10:00:00Z /sdcard/MIUI/backup/AllBackup/20260301_120000/descript.xml \"x\"\n", 0},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			r := fullRig(t, "redmi-note-10", func(p string) string { return android13(p) + tt.tree })
			var said []string
			r.options.Say = func(s message.Sentence) {
				if r.hashes() > 0 {
					t.Error("warned after the copying began")
				}
				said = append(said, s.String())
			}
			r.mustRun()
			if len(said) != tt.want || tt.want > 0 && (!strings.Contains(said[0], "3 apps") || !strings.Contains(said[0], "Back up and restore")) {
				t.Errorf("said %q", said)
			}
		})
	}
}
