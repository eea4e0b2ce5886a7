package formats

import (
	"errors"
	"strings"
	"testing"
)

func TestVCards(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct{ name, given, want string }{
		{
			"quoted-printable with a soft line break",
			"N;CHARSET=UTF-8;ENCODING=QUOTED-PRINTABLE:;=E6=9D=8E=E5=9B=9B;;;\r\n" +
				"FN;CHARSET=UTF-8;ENCODING=QUOTED-PRINTABLE:=E6=9D=8E=E5=9B=9B=E6=9D=8E=E5=9B=9B=E6=9D=8E=E5=9B=9B=\r\n=E6=9D=8E=E5=9B=9B\r\n" +
				"TEL;CELL;PREF:+8613800000000\r\nNOTE;ENCODING=QUOTED-PRINTABLE:one=0D=0Atwo, three; END:VCARD\r\n" +
				"PHOTO;ENCODING=BASE64;JPEG:/9j/4AAQ\r\n SkZJRg==\r\n\r\n",
			"N:;李四;;;\nFN:李四李四李四李四\nTEL;TYPE=CELL,PREF:+8613800000000\nNOTE:one\\ntwo\\, three\\; END:VCARD\nPHOTO;TYPE=JPEG;ENCODING=b:/9j/4AAQSkZJRg==\n",
		},
		{
			"an encoded semicolon is text",
			"N;CHARSET=UTF-8;ENCODING=QUOTED-PRINTABLE:=4D=C3=BC=3B=20=53;=4A\r\nADR;HOME;ENCODING=QUOTED-PRINTABLE:;;=61=3B=62;c=5C=3Bd;;e\r\n",
			"N:Mü\\; S;J\nFN:J Mü\\; S\nADR;TYPE=HOME:;;a\\;b;c\\;d;;e\n",
		},
		{"a sound of old phones", "N:A;;;;\r\nFN:A\r\nSOUND;X-IRMC-N;CHARSET=UTF-8:a;b;;;\r\nSOUND;X-IRMC-N:;;;;\r\nX-IRMC-URL:x\r\n", "N:A;;;;\nFN:A\n"},
		{"a company alone", "N:;;;;\r\nFN:\r\nORG:Repairs, Inc.;Desk\r\n", "N:;;;;\nFN:Repairs\\, Inc.\\, Desk\nORG:Repairs\\, Inc.;Desk\n"},
		{
			"a nickname alone", "N:\r\nFN:\r\nX-ANDROID-CUSTOM;CHARSET=UTF-8;ENCODING=QUOTED-PRINTABLE:vnd.android.cursor.item/nickname;=42=3B=C3=A4;1;;;;;;;;;;;;;\r\n",
			"N:;;;;\nFN:B\\;ä\nNICKNAME:B\\;ä\n",
		},
		{"an address alone", "EMAIL;HOME:a@example.com\r\n", "N:;;;;\nFN:a@example.com\nEMAIL;TYPE=HOME:a@example.com\n"},
		{"a number alone", "VERSION:2.1\r\nTEL:1\r\n", "N:;;;;\nFN:1\nTEL:1\n"},
		{"nothing", "", "N:;;;;\nFN:\n"},
		{
			"details that only Android has",
			"N:A;;;;\r\nFN:A\r\nX-ANDROID-CUSTOM:vnd.android.cursor.item/contact_event;2010-06-05;1;;;;;;;;;;;;;\r\n" +
				"X-ANDROID-CUSTOM:vnd.android.cursor.item/contact_event;--12-24;1;;;;;;;;;;;;;\r\n" +
				"X-ANDROID-CUSTOM:vnd.android.cursor.item/relation;Eva, M;14;;;;;;;;;;;;;\r\nX-ANDROID-CUSTOM:vnd.android.cursor.item/other;1;2\r\n",
			"N:A;;;;\nFN:A\nX-ANDROID-CUSTOM:vnd.android.cursor.item/relation;Eva\\, M;14;;;;;;;;;;;;;\nX-ANDROID-CUSTOM:vnd.android.cursor.item/other;1;2\n" +
				"ANNIVERSARY:20100605\nANNIVERSARY:--1224\nRELATED;VALUE=TEXT;TYPE=SPOUSE:Eva\\, M\n",
		},
	} {
		cards, err := ReadVCards([]byte("BEGIN:VCARD\r\nVERSION:2.1\r\n" + tt.given + "END:VCARD\r\n"))
		if err != nil || len(cards) != 1 {
			t.Errorf("%s: %d cards, error %v", tt.name, len(cards), err)
			continue
		}
		got := strings.ReplaceAll(strings.ReplaceAll(string(WriteVCards(cards)), "\r\n ", ""), "\r\n", "\n")
		if want := "BEGIN:VCARD\nVERSION:3.0\n" + tt.want + "END:VCARD\n"; got != want {
			t.Errorf("%s:\n%swant\n%s", tt.name, got, want)
		}
	}
	for _, cut := range []string{"BEGIN:VCARD\nFN:a\n", "BEGIN:VCARD\nBEGIN:VCARD\nEND:VCARD\n", "END:VCARD\n"} {
		if _, err := ReadVCards([]byte(cut)); !errors.Is(err, errVCard) {
			t.Errorf("%q: error %v, want errVCard", cut, err)
		}
	}
}

// FuzzVCards: whatever comes in, what goes out is whole cards in folded lines, as many as
// were read.
func FuzzVCards(f *testing.F) {
	f.Add([]byte("BEGIN:VCARD\r\nFN;ENCODING=QUOTED-PRINTABLE:=E6=9D=8E=\r\n=E5=9B=9B\r\nEND:VCARD\r\n"))
	f.Add([]byte("BEGIN:VCARD\nA.TEL;TYPE=a,b:\\;x;y\n z\nPHOTO;B64;ENCODING=B:AAAA\nX-ANDROID-CUSTOM:vnd.android.cursor.item/nickname;=0A;1\nEND:VCARD"))
	f.Fuzz(func(t *testing.T, given []byte) {
		cards, err := ReadVCards(given)
		if err != nil {
			return
		}
		out := WriteVCards(cards)
		if got := strings.Count("\r\n"+string(out), "\r\nBEGIN:VCARD\r\n"); got != len(cards) {
			t.Errorf("%d cards and not %d:\n%s", got, len(cards), out)
		}
		for line := range strings.Lines(string(out)) {
			if len(line) > 77 || !strings.HasSuffix(line, "\r\n") || strings.ContainsAny(strings.TrimSuffix(line, "\r\n"), "\r\n") {
				t.Errorf("line %q", line)
			}
		}
	})
}
