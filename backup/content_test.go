package backup

import (
	"bytes"
	"errors"
	"fmt"
	"strings"
	"testing"

	"preship/adb/handset"
)

func TestParseText(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name, out string
		ids       string
		want      map[string]string
		doubtful  string
		err       error
	}{
		{"plain", "Row: 0 _id=7, body=x, read=0\nRow: 1 _id=9, body=\n", "7 9", map[string]string{"7": "x, read=0", "9": ""}, "", nil},
		{"newlines", "Row: 0 _id=7, body=a\n\nb\nRow: 1 _id=9, body=c\n\n", "7 9", map[string]string{"7": "a\n\nb", "9": "c\n"}, "", nil},
		{"a fake row", "Row: 0 _id=7, body=a\nRow: 1 _id=8, body=b\nRow: 1 _id=9, body=c\n", "7 9", map[string]string{"7": "a\nRow: 1 _id=8, body=b", "9": "c"}, "", nil},
		{"a row faked to the letter", "Row: 0 _id=7, body=a\nRow: 1 _id=9, body=b\nRow: 1 _id=9, body=c\nRow: 2 _id=11, body=d\n", "7 9 11", map[string]string{"11": "d"}, "7 9", nil},
		{"another order", "Row: 0 _id=9, body=c\nRow: 1 _id=7, body=a\n", "7 9", map[string]string{"9": "c", "7": "a"}, "", nil},
		{"a row too few", "Row: 0 _id=7, body=x\n", "7 9", nil, "", errRows},
		{"cut short", "Row: 0 _id=7, body=x\nRow: 1 _id=9, bo", "7 9", nil, "", errRows},
		{"nothing", "", "7", nil, "", errRows},
		{"another row", "Row: 0 _id=8, body=x\n", "7", nil, "", errRows},
		{"one row twice", "Row: 0 _id=7, body=x\nRow: 1 _id=7, body=y\n", "7 9", nil, "", errRows},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			got, doubtful, err := parseText([]byte(tt.out), "body", strings.Fields(tt.ids))
			if !errors.Is(err, tt.err) || fmt.Sprint(got) != fmt.Sprint(tt.want) && tt.err == nil || strings.Join(doubtful, " ") != tt.doubtful {
				t.Errorf("got %q, doubtful %q, error %v; want %q, %q, %v", got, doubtful, err, tt.want, tt.doubtful, tt.err)
			}
		})
	}
}

func TestParseNumbers(t *testing.T) {
	t.Parallel()
	got, err := parseNumbers([]byte("Row: 0 _id=4, date=-5, type=NULL\nRow: 1 _id=5, date=0, type=1\n"), []string{"date", "type"}, []string{"4", "5"})
	if err != nil || *got["4"]["date"] != "-5" || got["4"]["type"] != nil || *got["5"]["type"] != "1" {
		t.Errorf("got %v, error %v", got, err)
	}
	for _, out := range []string{
		"", "Row: 0 _id=4, date=1.5\n", "Row: 0 _id=4, date=1\nRow: 1 _id=4, date=1\n", "Row: 0 _id=4, date=1, date=2\n", "Row: 0 _id=9, date=1\n", "Row: 1 _id=4, date=1\n",
	} {
		if _, err := parseNumbers([]byte(out), []string{"date"}, []string{"4"}); !errors.Is(err, errRows) {
			t.Errorf("%q: error %v, want errRows", out, err)
		}
	}
}

// captured is what Android 12 printed for a call log it did not give.
const captured = "Error while accessing provider:call_log\njava.lang.SecurityException: Permission Denial: opening provider com.android.providers.contacts.CallLogProvider from (null) (pid=18174, uid=2000) requires android.permission.READ_CALL_LOG or android.permission.WRITE_CALL_LOG\n        at android.os.Parcel.readException(Unknown Source:63)\n"

func TestRefusal(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name string
		a    handset.Answer
		want error
		text string
	}{
		{"exit 0 all the same", handset.Answer{Stderr: []byte(captured)}, errRefused, "READ_CALL_LOG"},
		{"no column", handset.Answer{Stderr: []byte("Error while accessing provider:sms\nandroid.database.sqlite.SQLiteException: no such column: x (code 1 SQLITE_ERROR)\n")}, errNoColumn, ""},
		{"a column refused", handset.Answer{Stderr: []byte("Error while accessing provider:sms\njava.lang.IllegalArgumentException: Invalid column x\n")}, errNoColumn, ""},
		{"somebody's words", handset.Answer{Stdout: []byte("Row: 0 _id=1, body=Error while accessing provider:\n")}, nil, ""},
		{"no status", handset.Answer{Stdout: []byte(captured), Exit: -1}, errRefused, "SecurityException"},
		{"exit 1", handset.Answer{Exit: 1}, errRefused, "exit status 1"},
	} {
		err := refusal(tt.a)
		if !errors.Is(err, tt.want) || (err == nil) != (tt.want == nil) || err != nil && !strings.Contains(err.Error(), tt.text) {
			t.Errorf("%s: %v, want %v with %q", tt.name, err, tt.want, tt.text)
		}
	}
}

// FuzzParseText: whatever values are in the rows, they come back, or are doubtful.
func FuzzParseText(f *testing.F) {
	f.Add("a", "b", "c")
	f.Add("x, read=0\nRow: 1 _id=9, body=b", "NULL", "\n")
	f.Add("", "Row: 2 _id=12, body=", "\r\nRow: 0 _id=7, body=")
	f.Fuzz(func(t *testing.T, a, b, c string) {
		want := map[string]string{"7": a, "9": b, "12": c}
		ids := []string{"7", "9", "12"}
		var out bytes.Buffer
		for n, id := range ids {
			fmt.Fprintf(&out, "Row: %d _id=%s, body=%s\n", n, id, want[id])
		}
		got, doubtful, err := parseText(out.Bytes(), "body", ids)
		if err != nil {
			return // refused: nothing wrong is believed
		}
		if len(got)+len(doubtful) != len(ids) {
			t.Fatalf("%d values and %d doubtful of %d", len(got), len(doubtful), len(ids))
		}
		for id, v := range got {
			if v != want[id] {
				t.Errorf("row %s is %q, want %q", id, v, want[id])
			}
		}
	})
}

func TestConvertVCards(t *testing.T) {
	t.Parallel()
	given := "BEGIN:VCARD\r\nVERSION:2.1\r\n" +
		"N;CHARSET=UTF-8;ENCODING=QUOTED-PRINTABLE:;=E6=9D=8E=E5=9B=9B;;;\r\n" +
		"FN;CHARSET=UTF-8;ENCODING=QUOTED-PRINTABLE:=E6=9D=8E=E5=9B=9B=E6=9D=8E=E5=9B=9B=E6=9D=8E=E5=9B=9B=\r\n=E6=9D=8E=E5=9B=9B\r\n" +
		"TEL;CELL;PREF:+8613800000000\r\nNOTE;ENCODING=QUOTED-PRINTABLE:one=0D=0Atwo, three; END:VCARD\r\n" +
		"PHOTO;ENCODING=BASE64;JPEG:/9j/4AAQ\r\n SkZJRg==\r\n\r\nEND:VCARD\r\nBEGIN:VCARD\r\nVERSION:2.1\r\nTEL:1\r\nEND:VCARD\r\n"
	got, n, err := convertVCards([]byte(given))
	if err != nil || n != 2 {
		t.Fatalf("%d cards, error %v", n, err)
	}
	for _, want := range []string{
		"VERSION:3.0\r\n", "N:;李四;;;\r\n", "FN:李四李四李四李四\r\n", "TEL;TYPE=CELL,PREF:+8613800000000\r\n",
		`NOTE:one\ntwo\, three\; END:VCARD`, "PHOTO;TYPE=JPEG;ENCODING=b:/9j/4AAQSkZJRg==\r\n", "N:;;;;\r\nFN:\r\nTEL:1\r\n",
	} {
		if !strings.Contains(string(got), want) {
			t.Errorf("no %q in\n%s", want, got)
		}
	}
	for _, cut := range []string{"BEGIN:VCARD\nFN:a\n", "BEGIN:VCARD\nBEGIN:VCARD\nEND:VCARD\n", "END:VCARD\n"} {
		if _, _, err := convertVCards([]byte(cut)); !errors.Is(err, errVCard) {
			t.Errorf("%q: error %v, want errVCard", cut, err)
		}
	}
}

// FuzzConvertVCards: whatever comes in, what goes out is whole cards in folded
// lines, as many as were counted.
func FuzzConvertVCards(f *testing.F) {
	f.Add([]byte("BEGIN:VCARD\r\nFN;ENCODING=QUOTED-PRINTABLE:=E6=9D=8E=\r\n=E5=9B=9B\r\nEND:VCARD\r\n"))
	f.Add([]byte("BEGIN:VCARD\nA.TEL;TYPE=a,b:\\;x;y\n z\nPHOTO;B64;ENCODING=B:AAAA\nEND:VCARD"))
	f.Fuzz(func(t *testing.T, given []byte) {
		out, n, err := convertVCards(given)
		if err != nil {
			return
		}
		if got := strings.Count("\r\n"+string(out), "\r\nBEGIN:VCARD\r\n"); got != n {
			t.Errorf("%d cards and not %d:\n%s", got, n, out)
		}
		for line := range strings.Lines(string(out)) {
			if len(line) > 77 || !strings.HasSuffix(line, "\r\n") || strings.ContainsAny(strings.TrimSuffix(line, "\r\n"), "\r\n") {
				t.Errorf("line %q", line)
			}
		}
	})
}

func TestParsePackagesAndPaths(t *testing.T) {
	t.Parallel()
	names, err := parsePackages([]byte("package:/data/app/6pU64UU5YEBnDm2dxL1BYw==/com.whatsapp-prT9_wZzOkPEcJ4ZEvbvOw==/base.apk=com.whatsapp\npackage:/data/app/com.xiaomi.hm.health-1/base.apk=com.xiaomi.hm.health\n"))
	if err != nil || strings.Join(names, " ") != "com.whatsapp com.xiaomi.hm.health" {
		t.Errorf("packages %q, error %v", names, err)
	}
	for _, out := range []string{"Error: no", "package:/x=../../etc", "package:/x=a;b"} {
		if _, err := parsePackages([]byte(out)); !errors.Is(err, errRefused) {
			t.Errorf("%q: error %v, want errRefused", out, err)
		}
	}
	paths := parsePaths([]byte("package:/data/app/~~u==/a b/base.apk\npackage:/data/app/../../etc/x.apk\npackage:/storage/x.apk\npackage:/data/app/y.so\nnonsense\n"))
	if fmt.Sprintf("%q", paths) != `["/data/app/~~u==/a b/base.apk"]` {
		t.Errorf("paths %q", paths)
	}
}

func TestParseNetworks(t *testing.T) {
	t.Parallel()
	got, err := parseNetworks([]byte("Network Id      SSID                         Security type\n0            home net                              wpa2-psk\n"))
	if err != nil || len(got) != 1 || got[0].Name != "home net" {
		t.Errorf("got %v, error %v", got, err)
	}
	if _, err := parseNetworks([]byte("\nUnknown command: list-networks\n")); !errors.Is(err, errRefused) {
		t.Errorf("error %v, want errRefused", err)
	}
	if got := parseSettings("system", []byte("a=1\nb=x\ny=\nfoo bar\nc=\n")); fmt.Sprint(got) != "[{system a 1} {system b x} {system y \nfoo bar} {system c }]" {
		t.Errorf("settings %v", got)
	}
}
