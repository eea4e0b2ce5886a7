package dump

import (
	"errors"
	"fmt"
	"image"
	"strings"
	"testing"
	"unicode/utf16"
)

// upTo fills text with repeats of line to exactly n bytes.
func upTo(n int, text, line string) string {
	n -= len(text)
	return text + strings.Repeat(line, n/len(line)-1) + strings.Repeat(" ", n%len(line)) + line
}

// An answer of the largest size is read, and one byte more is too large.
func TestLargestAnswer(t *testing.T) {
	t.Parallel()
	const policy = "Current Device Policy Manager state:\n  Enabled Device Admins (User 0):\n"
	for name, tt := range map[string]struct {
		most  int
		parse func([]byte) (string, error)
		text  string
		line  string
	}{
		"accounts":     {maxAnswer, func(b []byte) (string, error) { return text(ParseAccounts(b)) }, noAccounts, "x\n"},
		"policy":       {maxAnswer, parsers["policy"], policy, "x\n"},
		"restrictions": {maxAnswer, parsers["restrictions"], userDump, "x\n"},
		"properties":   {2 * maxAnswer, parsers["properties"], "[a]: [b]\n", "[a]: [b]\n"},
		"count":        {maxRows, parsers["count"], noRows, "\n"},
		"features":     {maxAnswer, parsers["features"], "feature:android.hardware.wifi=1\n", "feature:android\n"},
		"screen":       {maxAnswer, func(b []byte) (string, error) { return text(ParseScreen(b)) }, "<hierarchy></hierarchy>", "\n"},
	} {
		all := upTo(tt.most, tt.text, tt.line)
		if _, err := tt.parse([]byte(all)); err != nil {
			t.Errorf("%s of %d bytes: %v", name, len(all), err)
		}
		if _, err := tt.parse([]byte(all + "\n")); !errors.Is(err, ErrTooLarge) {
			t.Errorf("%s of %d bytes: error %v, want %v", name, len(all)+1, err, ErrTooLarge)
		}
	}
}

// Lists of the largest number are read, and of one more not.
func TestLargestLists(t *testing.T) {
	t.Parallel()
	accounts := func(n int) string {
		return fmt.Sprintf("User UserInfo{0:Owner:13}:\n  Accounts: %d\n%s", n, strings.Repeat("    Account {name=a, type=com.google}\n", n))
	}
	users := func(n int) string {
		s := "Users:\n"
		for i := range n {
			s += fmt.Sprintf("UserInfo{%d:x:13}\n", i)
		}
		return s
	}
	lists := func(n int) string {
		s := ""
		for i := range n {
			s += strings.Replace(noAccounts, "{0:", fmt.Sprintf("{%d:", i), 1)
		}
		return s
	}
	forbidden := func(n int) string {
		s := "Users:\n"
		for i := range n {
			s += fmt.Sprintf("  UserInfo{%d:x:13}\n    Restrictions:\n      no_sms\n", i)
		}
		return s + "  end\n"
	}
	volumes := func(n int) string { return "private mounted null\n" + strings.Repeat("emulated;0 mounted null\n", n-1) }
	screen := func(n int) string { return "<hierarchy>" + strings.Repeat("<node/>", n) + "</hierarchy>" }
	for name, tt := range map[string]struct {
		most  int
		list  func(n int) string
		parse func([]byte) (string, error)
	}{
		"accounts of a user":      {maxAccounts, accounts, func(b []byte) (string, error) { return text(ParseAccounts(b)) }},
		"users with accounts":     {maxUsers, lists, func(b []byte) (string, error) { return text(ParseAccounts(b)) }},
		"users":                   {maxUsers - 1, users, parsers["users"]}, // the heading counts
		"users after a warning":   {maxUsers - 1, func(n int) string { return "WARNING: linker\n" + users(n) }, parsers["users"]},
		"users with restrictions": {maxUsers, forbidden, parsers["restrictions"]},
		"volumes":                 {64, volumes, parsers["volumes"]},
		"nodes of a screen":       {maxScreenItems, screen, func(b []byte) (string, error) { return text(ParseScreen(b)) }},
	} {
		if _, err := tt.parse([]byte(tt.list(tt.most))); err != nil {
			t.Errorf("%d %s: %v", tt.most, name, err)
		}
		if _, err := tt.parse([]byte(tt.list(tt.most + 1))); !errors.Is(err, ErrTooLarge) {
			t.Errorf("%d %s: error %v, want %v", tt.most+1, name, err, ErrTooLarge)
		}
	}
}

// Answers that are nearly of the expected form.
func TestNearlyRight(t *testing.T) {
	t.Parallel()
	battery := "Current Battery Service state:\n  level: 85\n  temperature: 285\n"
	accounts := func(b []byte) (string, error) { return text(ParseAccounts(b)) }
	for _, tt := range []struct {
		name, in string
		parse    func([]byte) (string, error)
		want     string
		err      error
	}{
		{"a heading of accounts with more", strings.Replace(noAccounts, "}:", "} running:", 1), accounts, "", ErrMalformed},
		{"a battery without its scale", battery, parsers["battery"], "{Level:85 Health: Celsius:28.5 Charging:false}", nil},
		{"a level twice, the same", battery + "  level: 85\n", parsers["battery"], "{Level:85 Health: Celsius:28.5 Charging:false}", nil},
		{"a level that is no number", battery + "  level: none\n", parsers["battery"], "{Level:85 Health: Celsius:28.5 Charging:false}", nil},
		{"voltages that differ", battery + "  voltage: 1\n  voltage: 2\n", parsers["battery"], "{Level:85 Health: Celsius:28.5 Charging:false}", nil},
		{"no temperature", "Current Battery Service state:\n  level: 85\n", parsers["battery"], "", ErrMalformed},
		{"no level, and a scale", "Current Battery Service state:\n  scale: 100\n  temperature: 285\n", parsers["battery"], "", ErrMalformed},
		{"a scale below 0", battery + "  scale: -1\n", parsers["battery"], "", ErrMalformed},
		{"a full disk", "F 1K-blocks\n/d 10 10 0 100% /data\n", parsers["df"], "{Total:10240 Used:10240 Free:0 Mount:/data}", nil},
		{"an empty disk", "F 1K-blocks\n/d 10 0 10 0% /data\n", parsers["df"], "{Total:10240 Used:0 Free:10240 Mount:/data}", nil},
		{"more free than there is", "F 1K-blocks\n/d 10 0 11 0% /data\n", parsers["df"], "", ErrMalformed},
		{"more used than there is", "F 1K-blocks\n/d 10 11 0 0% /data\n", parsers["df"], "", ErrMalformed},
		{"a policy's profile owner before the heading", "Profile Owner (User 0):\nCurrent Device Policy Manager state:\n  Enabled Device Admins (User 0):\n", parsers["policy"], "", ErrMalformed},
		{"its device owner", "  Device Owner:\nCurrent Device Policy Manager state:\n  Enabled Device Admins (User 0):\n", parsers["policy"], "", ErrMalformed},
		{"its admin", "  admin=ComponentInfo{a/b}\nCurrent Device Policy Manager state:\n  Enabled Device Admins (User 0):\n", parsers["policy"], "", ErrMalformed},
		{"other text before it", "DUMP OF SERVICE device_policy:\nCurrent Device Policy Manager state:\n  Enabled Device Admins (User 0):\n", parsers["policy"], "[]", nil},
		{"a user before the heading", "UserInfo{0:a:13}\nUsers:\nUserInfo{0:a:13}\n", parsers["users"], "", ErrMalformed},
		{"a user with more", "Users:\nUserInfo{0:a:13} asleep\n", parsers["users"], "", ErrMalformed},
		{"a key with a blank", "[a b]: [1]\n[c]: [2]\n", parsers["properties"], "map[c:2]", nil},
		{"a key that is empty", "[]: [1]\n[c]: [2]\n", parsers["properties"], "map[c:2]", nil},
		{"a key without a value", "[a]\n[c]: [2]\n", parsers["properties"], "map[c:2]", nil},
		{"a section before the first user", "Users:\n  Restrictions:\n    no_sms\n  UserInfo{0:O:13}\n    Restrictions:\n      none\n", parsers["restrictions"], "{User:map[] Effective:false Managed:false}", nil},
		{"a section that is not indented", "Users:\nUserInfo{0:O:13}\nRestrictions:\n  no_sms\nend\n", parsers["restrictions"], "{User:map[0:[no_sms]] Effective:false Managed:false}", nil},
		{"a text before the sections", "Users:\n  UserInfo{0:O:13}\n    State: RUNNING_UNLOCKED\n    Restrictions:\n      none\n", parsers["restrictions"], "{User:map[] Effective:false Managed:false}", nil},
		{"the sum of another user only", "Users:\n  UserInfo{0:O:13}\n    Restrictions:\n      none\n  UserInfo{10:W:1030}\n    Effective restrictions:\n      none\n", parsers["restrictions"], "{User:map[] Effective:false Managed:false}", nil},
		{"a row of owners that names none", "1 owner:\nUser  0: admin=\n", parsers["owners"], "", ErrMalformed},
		{"a row of a disk without sizes", "F 1K-blocks\n/d - - - - /data\n", parsers["df"], "", ErrMalformed},
		{"an empty line between rows", "Row: 0 _id=5\n\nRow: 1 _id=7\n", parsers["count"], "2", nil},
		{"no rows after a row", "Row: 0 _id=5\nNo result found.\n", parsers["count"], "", ErrMalformed},
		{"no data partition", "emulated;0 mounted null\nprivate:179,66 mounted null\n", parsers["volumes"], "", ErrNoHeading},
		{"a card made part of the storage, and a disk", "private mounted null\nemulated;0 mounted null\nprivate:179,66 removed null\ndisk:179,64 mounted null\n", parsers["volumes"], "[{ID:private State:mounted UUID: Removable:false Inside:true} {ID:emulated;0 State:mounted UUID: Removable:false Inside:true} {ID:private:179,66 State:removed UUID: Removable:true Inside:false} {ID:disk:179,64 State:mounted UUID: Removable:true Inside:true}]", nil},
		{"a text after the sections", "Users:\n  UserInfo{0:O:13}\n    Restrictions:\n      none\n    Effective restrictions:\n    other: no_sms\n      no_fun\n", parsers["restrictions"], "{User:map[] Effective:false Managed:false}", nil},
	} {
		got, err := tt.parse([]byte(tt.in))
		if err != nil {
			got = ""
		}
		if got != tt.want || !errors.Is(err, tt.err) {
			t.Errorf("%s: %s, %v; want %s, %v", tt.name, got, err, tt.want, tt.err)
		}
	}
}

// Captures that another shell wrote are read as the handset printed them.
func TestText(t *testing.T) {
	t.Parallel()
	wide := func(s string, low int) string {
		b := make([]byte, 0, 2*len(s))
		for _, u := range utf16.Encode([]rune(s)) {
			pair := [2]byte{}
			pair[low], pair[1-low] = byte(u), byte(u>>8)
			b = append(b, pair[:]...)
		}
		return string(b)
	}
	const said = "[a]: [机主]\n"
	for in, want := range map[string]string{
		said:                                   said,
		"\xef\xbb\xbf" + said:                  said,
		"\xff\xfe" + wide(said, 0):             said,
		"\xfe\xff" + wide(said, 1):             said,
		wide(said, 0):                          said,
		wide(said, 1):                          said,
		wide("ab", 0):                          "ab",
		wide("ab", 1):                          "ab",
		wide("a", 0):                           "a\x00", // too short to tell
		wide("a", 1):                           "\x00a",
		"a\x00b":                               "a\x00b",
		"a\x00bc":                              "a\x00bc",
		"a\x00\x00\x00":                        "a\x00\x00\x00",
		"\x00\x00b\x00":                        "\x00\x00b\x00",
		"\x00a\x00\x00":                        "\x00a\x00\x00",
		"\x00abc":                              "\x00abc",
		"\x00ab\x00":                           "\x00ab\x00",
		"abc\x00":                              "abc\x00",
		"ab\x00\x00":                           "ab\x00\x00",
		"a\r\r\nb\r\nc\r":                      "a\nb\nc",
		"":                                     "",
		"\xff\xfe" + wide(said, 0) + "\x00":    said, // half a pair
		strings.ReplaceAll(said, "\n", "\r\n"): said,
	} {
		if got := Text([]byte(in)); got != want {
			t.Errorf("Text(%q) = %q, want %q", in, got, want)
		}
	}
}

// A line outside the records is a record of its own without a key, and an empty line is
// none.
func TestRecords(t *testing.T) {
	t.Parallel()
	got := fmt.Sprintf("%+v", Records([]byte("noise\n[a]: [b\nc]\n\n \n[d]: [e\n")))
	if want := "[{Key: Value: Whole:false} {Key:a Value:b\nc Whole:true} {Key:d Value: Whole:false}]"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}

// A property that is no plain text has a reason in place of a value.
func TestPropertyText(t *testing.T) {
	t.Parallel()
	for value, why := range map[string]string{
		"mojito": "", " mojito ": "", "": "identity.why.empty", "  ": "identity.why.empty", "unknown": "identity.why.says",
		"UNKNOWN": "identity.why.says", "unknow": "identity.why.says", "null": "identity.why.says", "NULL": "",
		Damaged: "identity.why.cut", strings.Repeat("a", 256): "", strings.Repeat("a", 257): "identity.why.long",
		"a\x1b[2J": "identity.why.no-text", "a\nb": "identity.why.no-text",
	} {
		got, reason := Properties{"p": value}.Text("p")
		if string(reason.ID()) != why || (got == "") != (why != "") || got != "" && got != strings.TrimSpace(value) {
			t.Errorf("%q: %q because of %q, want %q", value, got, reason.ID(), why)
		}
	}
	if got, reason := (Properties{}).Text("p"); got != "" || reason.ID() != "identity.why.missing" {
		t.Errorf("a missing property: %q because of %q", got, reason.ID())
	}
}

// A volume has a path only if it is a card that is mounted and whose name is known.
func TestVolumePathNeedsAll(t *testing.T) {
	t.Parallel()
	for want, volumes := range map[string][]Volume{
		"/storage/6132-3A29": {{ID: "public:179,65", State: "mounted", UUID: "6132-3A29"}, {ID: "public:179,65", State: "mounted_read_only", UUID: "6132-3A29"}},
		"":                   {{ID: "public:179,65", State: "mounted"}, {ID: "private", State: "mounted", UUID: "6132-3A29"}, {ID: "public:179,65", State: "removed", UUID: "6132-3A29"}},
	} {
		for _, v := range volumes {
			if got := v.Path(); got != want {
				t.Errorf("Path of %+v = %q, want %q", v, got, want)
			}
		}
	}
}

func TestUserStates(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		user    User
		managed bool
		state   string
	}{
		{User{Flags: 0x13}, false, "not running"},
		{User{Flags: 0x1030, Running: true}, true, "running"},
	} {
		if tt.user.Managed() != tt.managed || tt.user.State() != tt.state {
			t.Errorf("%+v: managed %t, %s", tt.user, tt.user.Managed(), tt.user.State())
		}
	}
}

// An error text says how far the answer was read.
func TestErrorsSayWhere(t *testing.T) {
	t.Parallel()
	accounts := func(b []byte) (string, error) { return text(ParseAccounts(b)) }
	for want, tt := range map[string]struct {
		in    string
		parse func([]byte) (string, error)
	}{
		"account 2 of 3 of user 0":               {"User UserInfo{0:Owner:13}:\n  Accounts: 3\n    Account {name=a, type=com.google}\nx\nx\n", accounts},
		"3 announced, 2 listed":                  {"3 owners:\nUser  0: admin=a/b\nUser 10: admin=a/b\n", parsers["owners"]},
		"2 rows":                                 {"F 1K-blocks\n/d 10 10 0 100% /data\n/e 10 10 0 100% /e\n", parsers["df"]},
		"in row 1":                               {"Row: 0 _id=5\nRow: 1 _id=7", parsers["count"]},
		"row at 0x00000014, expected 0x00000010": {strings.Replace(parcelOf(words("860000000000001")...), "0x00000010", "0x00000014", 1), func(b []byte) (string, error) { return text(ParseParcelString(b)) }},
		"12 units in 2 words":                    {parcelOf(0, 12, 0x00320031, 0), func(b []byte) (string, error) { return text(ParseParcelString(b)) }},
		"service refused (exception -1): no":     {parcelOf(0xffffffff, 2, 0x006f006e, 0), func(b []byte) (string, error) { return text(ParseParcelString(b)) }},
	} {
		if _, err := tt.parse([]byte(tt.in)); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: got %v, want %q in it", tt.in, err, want)
		}
	}
}

// An error text shows the kind of a line, and not the name or value in it.
func TestShape(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]string{
		"Account {name=Ana, type=x}": "Account {name=…", "User UserInfo{0:Ana:13}": "User UserInfo{…", "Row: 0 name=Ana": "Row: 0 name=…", "a plain line": "a plain line",
	} {
		if got := shape(in); got != want {
			t.Errorf("shape(%q) = %q, want %q", in, got, want)
		}
	}
}

// A text of the largest length is whole, whatever its last byte is.
func TestPrintableBounds(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		in   string
		max  int
		want string
	}{
		{"12345", 5, "12345"},
		{"12345~", 6, "12345~"},
		{"12345\x7f", 9, "12345\uFFFD"},
		{"a b", 3, "a b"},
		{"a\x1fb", 5, "a\uFFFDb"},
		{"123é", 5, "123é"},
		{"123é", 4, "1…"},
		{"123456", 5, "12…"},
		{"éé", 2, "…"},
		{"\x1b\x07", 9, "\uFFFD\uFFFD"}, // each kind of byte alone
		{"\x7f\x7f", 9, "\uFFFD\uFFFD"},
		{"\xff", 9, "\uFFFD"},
	} {
		if got := Printable([]byte(tt.in), tt.max); got != tt.want {
			t.Errorf("Printable(%q, %d) = %q, want %q", tt.in, tt.max, got, tt.want)
		}
	}
}

// Of an answer only known lines stay, and complaints without what they are about.
func TestKeepLines(t *testing.T) {
	t.Parallel()
	const known = "state: "
	keep := func(line string) (string, bool) {
		head, _, ok := strings.Cut(line, known)
		return head + known + Masked, ok
	}
	left := func(n int) string {
		return fmt.Sprintf("(%d more lines are not kept: they can hold what is personal)\n", n)
	}
	for in, want := range map[string]string{
		"":                     "",
		"\n \n":                "",
		"state: Ana\r\n":       "state: ***\n",
		"Ana\nstate: Ana\nAna": "state: ***\n" + left(2),
		"x" + strings.Repeat(" ", maxKeptLine-len(known)-1) + known + "\n": "x" + strings.Repeat(" ", maxKeptLine-len(known)-1) + known + Masked + "\n",
		"x" + strings.Repeat(" ", maxKeptLine-len(known)) + known + "\n":   left(1),
		"java.lang.IllegalStateException: Ana\n":                           "java.lang.IllegalStateException: ***\n",
		"java.lang.IllegalStateException\n":                                "java.lang.IllegalStateException\n",
		"java.lang.SecurityException: Permission Denial: opening provider": "java.lang.SecurityException: Permission Denial: opening provider\n",
		"java.lang.SecurityException: Permission Denial: “Ana”":            "java.lang.SecurityException: ***\n",
		"sh: foo: not found\n":                                             "sh: foo: not found\n",
		"find: '/sdcard/Ana': Permission denied\n":                         "find: ***: Permission denied\n",
		"find: '/sdcard/Ana': says hello\n":                                left(1),
	} {
		if got := string(KeepLines([]byte(in), keep)); got != want {
			t.Errorf("KeepLines(%.60q) = %.60q, want %.60q", in, got, want)
		}
	}
}

// The largest list of a screen is the one to scroll, and a place that is no rectangle is
// no place.
func TestScreenPlaces(t *testing.T) {
	t.Parallel()
	node := func(scrolls, bounds string) string {
		return fmt.Sprintf(`<node text="x" scrollable="%s" bounds="%s"/>`, scrolls, bounds)
	}
	got, err := ParseScreen([]byte("<hierarchy>" + node("false", "[0,0][9,9]") + node("true", "[0,0][2,2]") + node("true", "[0,0][4,4]") + node("true", "[1,1][5,5]") + node("true", "[0,0][3,3]") + "</hierarchy>"))
	if want := image.Rect(0, 0, 4, 4); err != nil || got.Scrolls != want {
		t.Errorf("scrolls %v, error %v; want %v", got.Scrolls, err, want)
	}
	for _, in := range []string{"", "0,0][1,1]", "[0,0][1,1", "[0,0][1]", "[0,0][1,1][2]", "[a,0][1,1]", "[0,0][1,40000]"} {
		if got := parseBounds(in); !got.Empty() || got != (image.Rectangle{}) {
			t.Errorf("%q is at %v", in, got)
		}
	}
	for _, tt := range []struct {
		node string
		kept int
	}{{`<node id="x"/>`, 0}, {`<node resource-id="x"/>`, 1}, {`<node text="x"/>`, 1}, {`<node password="true"/>`, 1}, {`<icon text="x"/>`, 0}} {
		if got, err := ParseScreen([]byte("<hierarchy>" + tt.node + "</hierarchy>")); err != nil || len(got.Items) != tt.kept {
			t.Errorf("%s: %d items, error %v; want %d", tt.node, len(got.Items), err, tt.kept)
		}
	}
}
