package localbackup

import (
	"archive/tar"
	"bytes"
	"compress/zlib"
	"errors"
	"fmt"
	"strings"
	"testing"
)

// bak is a backup of an app as the vendor's backup app writes it.
func bak(compressed string, entries int) []byte {
	var body bytes.Buffer
	t := tar.NewWriter(&body)
	for i := range entries {
		data := fmt.Sprint("data ", i)
		_ = t.WriteHeader(&tar.Header{Name: fmt.Sprintf("apps/com.tencent.mm/f/%d", i), Mode: 0o600, Size: int64(len(data))})
		_, _ = t.Write([]byte(data))
	}
	_ = t.Close()
	out := bytes.NewBufferString("MIUI BACKUP\n2\ncom.tencent.mm 微信\n-1\n0\nANDROID BACKUP\n5\n" + compressed + "\nnone\n")
	if compressed == "1" {
		z := zlib.NewWriter(out)
		_, _ = z.Write(body.Bytes())
		_ = z.Close()
		return out.Bytes()
	}
	out.Write(body.Bytes())
	return out.Bytes()
}

func TestReadBackupFile(t *testing.T) {
	t.Parallel()
	plain, packed := bak("0", 3), bak("1", 3)
	for _, tt := range []struct {
		name    string
		data    []byte
		entries int
		err     error
	}{
		{"plain", plain, 3, nil},
		{"compressed", packed, 3, nil},
		{"empty", bak("1", 0), 0, nil},
		{"without its end mark", plain[:len(plain)-1024], 3, errBackupFile},
		{"with half of it", plain[:len(plain)-512], 3, errBackupFile},
		{"cut in a file", plain[:len(plain)-1500], -1, errBackupFile},
		{"compressed and cut", packed[:len(packed)-3], 3, errBackupFile},
		{"a bit flipped", append(append([]byte{}, packed[:90]...), append([]byte{packed[90] ^ 8}, packed[91:]...)...), -1, errBackupFile},
		{"head alone", plain[:73], 0, errBackupFile},
		{"another format", []byte("PK\x03\x04" + strings.Repeat("\n", 40)), 0, errBackupFile},
		{"with a password", []byte("MIUI BACKUP\n2\ncom.a b\n-1\n0\nANDROID BACKUP\n5\n1\nAES-256\n00\n"), 0, errPassword},
		{"nothing", nil, 0, errBackupFile},
	} {
		_, entries, err := readBackupFile(bytes.NewReader(tt.data))
		if !errors.Is(err, tt.err) || (err == nil) != (tt.err == nil) || tt.entries >= 0 && entries != tt.entries {
			t.Errorf("%s: %d entries, error %v; want %d, %v", tt.name, entries, err, tt.entries, tt.err)
		}
	}
}

func FuzzReadBackupFile(f *testing.F) {
	f.Add(bak("0", 1))
	f.Add(bak("1", 1))
	f.Fuzz(func(t *testing.T, data []byte) {
		_, _, err := readBackupFile(bytes.NewReader(data))
		if err == nil && bytes.Contains(data, []byte("\n0\nnone\n")) && !bytes.HasSuffix(data, make([]byte, 1024)) {
			t.Error("called whole without its end mark")
		}
	})
}

func TestParseDescription(t *testing.T) {
	t.Parallel()
	const one = `<?xml version='1.0' encoding='UTF-8' standalone='yes' ?><MIUI-backup><jsonMsg></jsonMsg><packages><package><packageName>com.android.mms</packageName><feature>10</feature><bakFile>短信设置(com.android.mms).bak</bakFile><state>1</state><error>0</error><bakFileSize>7905280</bakFileSize></package></packages></MIUI-backup>`
	d, err := parseDescription(strings.NewReader(one))
	if err != nil || len(d.Packages) != 1 || d.Packages[0].File != "短信设置(com.android.mms).bak" || d.Packages[0].Size != 7905280 || d.Packages[0].State != 1 {
		t.Errorf("got %+v, error %v", d, err)
	}
	for _, text := range []string{"", "<a/>", "<MIUI-backup></MIUI-backup>", one[:200]} {
		if _, err := parseDescription(strings.NewReader(text)); !errors.Is(err, errBackupFile) {
			t.Errorf("%.30q: error %v, want errBackupFile", text, err)
		}
	}
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
