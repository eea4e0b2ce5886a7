package profile

import (
	"errors"
	"strings"
	"testing"
)

func TestParseProfileErrors(t *testing.T) {
	t.Parallel()
	const good = "-- handset.txt --\ntitle: t\nuser: 0 13 running Owner\n-- getprop.txt --\n[ro.serialno]: [1]\n[ro.build.version.sdk]: [34]\n"
	if _, err := Parse("p", []byte(good), nil); err != nil {
		t.Fatal(err)
	}
	spaced := good + "-- apps.txt --\ncom.example  1   user 2026-01-01T00:00:00  /x  /y\n"
	if p, err := Parse("p", []byte(spaced), nil); err != nil || p.Apps[0].Version != "1" || len(p.Apps[0].Paths) != 2 {
		t.Fatalf("words in columns: %+v, %v", p, err)
	}
	for _, tt := range []struct{ name, add, want string }{
		{"unknown file", "-- extra.txt --\n", "p: extra.txt: no such file"},
		{"file twice", "-- getprop.txt --\n", "getprop.txt is there twice"},
		{"bad property", "-- settings.txt --\nglobal\n", "settings.txt:1:"},
		{"bad namespace", "-- settings.txt --\n\nlocal a=b\n", `settings.txt:2: "local" is not one of`},
		{"unknown kind", "-- tree.txt --\nsocket - - 2026-01-01T00:00:00Z /x\n", `tree.txt:1: no kind of file is called "socket"`},
		{"bad time", "-- tree.txt --\ndir - - yesterday /x\n", "tree.txt:1:"},
		{"bad mode", "-- tree.txt --\ndir 99 - 2026-01-01T00:00:00Z /x\n", `mode "99" is not octal`},
		{"bad owner", "-- tree.txt --\ndir - me:you 2026-01-01T00:00:00Z /x\n", `"me:you" is not user:group`},
		{"relative path", "-- tree.txt --\ndir - - 2026-01-01T00:00:00Z x\n", "is not absolute"},
		{"open quote", "-- tree.txt --\ndir - - 2026-01-01T00:00:00Z \"/x\n", "quoted word"},
		{"file in a file", "-- tree.txt --\ntext - - 2026-01-01T00:00:00Z /x a\ntext - - 2026-01-01T00:00:00Z /x/y a\n", "tree.txt: plant /x/y: Not a directory"},
		{"huge picture", "-- tree.txt --\njpeg - - 2026-01-01T00:00:00Z /x 1 9999 1\n", "1 to 2048"},
		{"negative size", "-- tree.txt --\ndata - - 2026-01-01T00:00:00Z /x -1 1\n", `"-1" is not a number`},
		{"short row", "-- content/sms.tsv --\n_id\tbody\n1\n", "content/sms.tsv:2: 1 values for 2 columns"},
		{"bad escape", "-- content/sms.tsv --\n_id\n\\x\n", `content/sms.tsv:2: \x is no escape`},
		{"empty table", "-- content/sms.tsv --\n", "no line of column names"},
		{"short app", "-- apps.txt --\ncom.example 1 user\n", "apps.txt:1: want"},
		{"app kind", "-- apps.txt --\ncom.example 1 odd 2026-01-01T00:00:00 /x\n", `"odd" is not one of user, system`},
	} {
		_, err := Parse("p", []byte(good+tt.add), nil)
		if !errors.Is(err, ErrInvalid) || !strings.Contains(err.Error(), tt.want) {
			t.Errorf("%s: got %v, want ErrInvalid with %q", tt.name, err, tt.want)
		}
	}
}

func TestParseHandsetKeyErrors(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct{ keys, want string }{
		{"title: t\n", "the first user must be user 0"},
		{"user: 0 13 running Owner\n", "title is missing"},
		{"title: t\ntitle: u\n", "handset.txt:2: title is given twice"},
		{"colour: red\n", `handset.txt:1: no key is called "colour"`},
		{"title\n", `handset.txt:1: "title" is not key: value`},
		{"user: 0 xyz running Owner\n", "handset.txt:1: user:"},
		{"user: 0 13 asleep Owner\n", `"asleep" is not one of running, stopped`},
		{"user: 0 13 running A\nuser: 0 13 running B\n", "handset.txt:2: user: user 0 is there twice"},
		{"account: 5 com.google x\n", "there is no user 5 above"},
		{"battery: full\n", "want: level health tenths"},
		{"battery: 120 2 290 usb\n", "level 120 is not within"},
		{"storage: 5 9\n", "more is used than there is"},
		{"find-device: maybe\n", `"maybe" is not one of on, off`},
		{"screen-lock: 1\n", `"1" is not one of yes, no`},
		{"volume: public:1\n", "want: id state label"},
	} {
		_, err := Parse("p", []byte("-- handset.txt --\n"+tt.keys+"-- getprop.txt --\n[ro.serialno]: [1]\n[ro.build.version.sdk]: [34]\n"), nil)
		if !errors.Is(err, ErrInvalid) || !strings.Contains(err.Error(), tt.want) {
			t.Errorf("%q: got %v, want %q", tt.keys, err, tt.want)
		}
	}
	for _, tt := range []struct{ props, want string }{
		{"", "ro.serialno is missing"},
		{"[ro.serialno]: [1]\n", "ro.build.version.sdk is missing"},
		{"ro.serialno=1\n", "getprop.txt:1: not [key]: [value]"},
		{"[a]: [1\n2]\n[b: [3]\n", "getprop.txt:3: not [key]: [value]"},
		{"[a]: [1\n", "the value of a does not end"},
	} {
		_, err := Parse("p", []byte("-- handset.txt --\ntitle: t\nuser: 0 13 running Owner\n-- getprop.txt --\n"+tt.props), nil)
		if err == nil || !strings.Contains(err.Error(), tt.want) {
			t.Errorf("%q: got %v, want %q", tt.props, err, tt.want)
		}
	}
}

func TestLoadUnknownProfile(t *testing.T) {
	t.Parallel()
	for _, name := range []string{"nokia-3310", "../redmi-note-10", ""} {
		if _, err := Load(name, nil); !errors.Is(err, ErrInvalid) {
			t.Errorf("Load(%q): %v, want ErrInvalid", name, err)
		}
	}
}
