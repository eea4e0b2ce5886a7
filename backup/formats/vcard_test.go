package formats

import (
	"errors"
	"strings"
	"testing"
)

func TestConvertVCards(t *testing.T) {
	t.Parallel()
	given := "BEGIN:VCARD\r\nVERSION:2.1\r\n" +
		"N;CHARSET=UTF-8;ENCODING=QUOTED-PRINTABLE:;=E6=9D=8E=E5=9B=9B;;;\r\n" +
		"FN;CHARSET=UTF-8;ENCODING=QUOTED-PRINTABLE:=E6=9D=8E=E5=9B=9B=E6=9D=8E=E5=9B=9B=E6=9D=8E=E5=9B=9B=\r\n=E6=9D=8E=E5=9B=9B\r\n" +
		"TEL;CELL;PREF:+8613800000000\r\nNOTE;ENCODING=QUOTED-PRINTABLE:one=0D=0Atwo, three; END:VCARD\r\n" +
		"PHOTO;ENCODING=BASE64;JPEG:/9j/4AAQ\r\n SkZJRg==\r\n\r\nEND:VCARD\r\nBEGIN:VCARD\r\nVERSION:2.1\r\nTEL:1\r\nEND:VCARD\r\n"
	got, n, err := ConvertVCards([]byte(given))
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
		if _, _, err := ConvertVCards([]byte(cut)); !errors.Is(err, errVCard) {
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
		out, n, err := ConvertVCards(given)
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
