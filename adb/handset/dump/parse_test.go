package dump

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// What each command prints on a handset.
var (
	batteryDump = readCapture("dumps/battery.txt")
	dfDump      = readCapture("dumps/df.txt")
	volumesDump = readCapture("dumps/volumes.txt")
	usersDump   = readCapture("dumps/users.txt")
	userDump    = readCapture("dumps/user.txt")
	noAccounts  = readCapture("dumps/accounts-empty.txt")
	services    = readCapture("dumps/accounts-services.txt")
)

// text renders a parser's answer to compare it.
func text[T any](v T, err error) (string, error) { return fmt.Sprintf("%+v", v), err }

// parsers are all parsers but those with their own tests, for the tables and
// the fuzz target below.
var parsers = map[string]func([]byte) (string, error){
	"battery":      func(b []byte) (string, error) { return text(ParseBattery(b)) },
	"df":           func(b []byte) (string, error) { return text(ParseDF(b)) },
	"volumes":      func(b []byte) (string, error) { return text(ParseVolumes(b)) },
	"features":     func(b []byte) (string, error) { return text(ParseFeatures(b)) },
	"users":        func(b []byte) (string, error) { return text(ParseUsers(b)) },
	"owners":       func(b []byte) (string, error) { return text(ParseOwners(b)) },
	"policy":       func(b []byte) (string, error) { return text(ParsePolicy(b)) },
	"current user": func(b []byte) (string, error) { return text(ParseCurrentUser(b)) },
	"restrictions": func(b []byte) (string, error) { return text(ParseRestrictions(b)) },
	"count":        func(b []byte) (string, error) { return text(ParseRowIDs(b)) },
	"value":        func(b []byte) (string, error) { return text(ParseRowValue(b, "isOpen")) },
	"properties":   func(b []byte) (string, error) { return text(ParseProperties(b)) },
}

var parserTests = []struct {
	parser, name, in string
	want             string // "" is an error
	err              error
}{
	{"battery", "two levels", "Current Battery Service state:\n  level: 9\n  level: 85\n  scale: 100\n  temperature: 285\n", "", ErrMalformed},
	{"battery", "charging", batteryDump, "{Level:85 Health:good Celsius:28.5 Charging:true}", nil},
	{"battery", "scale of 255", strings.Replace(batteryDump, "scale: 100", "scale: 255", 1), "{Level:33 Health:good Celsius:28.5 Charging:true}", nil},
	{"battery", "unknown health, unplugged", strings.NewReplacer("health: 2", "health: 1", "USB powered: true", "USB powered: false").Replace(batteryDump), "{Level:85 Health: Celsius:28.5 Charging:false}", nil},
	{"battery", "set by hand", batteryDump + "  (UPDATES STOPPED -- use 'reset' to restart)\n", "", ErrMalformed},
	{"battery", "no level", strings.Replace(batteryDump, "level", "niveau", 1), "", ErrMalformed},
	{"battery", "impossible", strings.Replace(batteryDump, "level: 85", "level: 850", 1), "", ErrMalformed},
	{"battery", "empty", "", "", ErrNoHeading},
	{"df", "data", dfDump, "{Total:115041974272 Used:24019751936 Free:91022221312 Mount:/data}", nil},
	{"df", "spaces in names", "Filesystem 1K-blocks Used Available Use% Mounted on\na b 10 5 5 50% /mnt/x y\n", "{Total:10240 Used:5120 Free:5120 Mount:/mnt/x y}", nil},
	{"df", "heading only", strings.SplitAfter(dfDump, "\n")[0], "", ErrMalformed},
	{"df", "human sizes", "Filesystem Size Used Avail Use% Mounted on\n/dev 1G 1G 1G 1% /data\n", "", ErrNoHeading},
	{"df", "more used than there is", strings.Replace(dfDump, "23456789", "999999999999", 1), "", ErrMalformed},
	{"df", "missing folder", "df: /data: Permission denied\n", "", ErrNoHeading},
	{"volumes", "no card", "private mounted null\nemulated;0 mounted null\n", "[{ID:private State:mounted UUID: Removable:false Inside:true} {ID:emulated;0 State:mounted UUID: Removable:false Inside:true}]", nil},
	{"volumes", "card", volumesDump, "[{ID:private State:mounted UUID: Removable:false Inside:true} {ID:emulated;0 State:mounted UUID: Removable:false Inside:true} {ID:public:179,65 State:mounted UUID:6132-3A29 Removable:true Inside:true}]", nil},
	{"volumes", "card taken out", "private mounted null\nemulated;0 mounted null\npublic:179,65 bad_removal 6132-3A29\n", "[{ID:private State:mounted UUID: Removable:false Inside:true} {ID:emulated;0 State:mounted UUID: Removable:false Inside:true} {ID:public:179,65 State:bad_removal UUID:6132-3A29 Removable:true Inside:false}]", nil},
	{"volumes", "path in the UUID", "private mounted null\nemulated;0 mounted null\npublic:1,1 mounted ../../etc\n", "[{ID:private State:mounted UUID: Removable:false Inside:true} {ID:emulated;0 State:mounted UUID: Removable:false Inside:true} {ID:public:1,1 State:mounted UUID: Removable:true Inside:true}]", nil},
	{"volumes", "cut off before the internal storage", "private mounted null\n", "", ErrNoHeading},
	{"volumes", "cut off in a line", "private mounted null\nemulated;0 mounted nu", "", ErrTruncated},
	{"volumes", "empty", "", "", ErrNoHeading},
	{"volumes", "only a card", "public:179,65 mounted 6132-3A29\n", "", ErrNoHeading},
	{"volumes", "error text", "Error: java.lang.IllegalStateException\n", "", ErrMalformed},
	{"users", "kinds", usersDump, "[{ID:0 Name:机主 Flags:19475 Running:true Kind:} {ID:10 Name:security space Flags:1043 Running:true Kind:} {ID:999 Name:XSpace Flags:8392720 Running:false Kind:} {ID:11 Name:Work Flags:4144 Running:true Kind:} {ID:12 Name:a:b}:{c Flags:16 Running:false Kind:}]", nil},
	{"users", "heading only", "Users:\n", "", ErrMalformed},
	{"users", "translated heading", strings.Replace(usersDump, "Users", "Benutzer", 1), "", ErrNoHeading},
	{"users", "cut off", usersDump[:50], "", ErrMalformed},
	{"users", "twice", "Users:\nUserInfo{0:a:13}\nUserInfo{0:b:13}\n", "", ErrMalformed},
	{"users", "no owner", "Users:\nUserInfo{10:a:13}\n", "", ErrMalformed},
	{"users", "newline in a name", "Users:\nUserInfo{0:a\nb:13}\n", "", ErrMalformed},
	{"users", "refused", "cmd: Failure calling service user: Failed transaction (2147483646)\n", "", ErrNoHeading},
	{"owners", "none", "no owners\n", "[]", nil},
	{"owners", "device owner", "1 owner:\nUser  0: admin=com.example.mdm/.Admin,DeviceOwner,Affiliated\n", "[{User:0 Admin:com.example.mdm/.Admin Device:true}]", nil},
	{"owners", "work profile", "1 owner:\nUser 10: admin=com.example/.A,ManagedProfileOwner(parentUserId=0)\n", "[{User:10 Admin:com.example/.A Device:false}]", nil},
	{"owners", "cut off", "2 owners:\nUser  0: admin=com.example/.A,DeviceOwner\n", "", ErrMalformed},
	{"owners", "empty", "", "", ErrNoHeading},
	{"owners", "old Android", "Error: unknown command 'list-owners'\n", "", ErrNoHeading},
	{"policy", "none", "Current Device Policy Manager state:\n  Enabled Device Admins (User 0):\n", "[]", nil},
	{"policy", "cut off before the owners", "Current Device Policy Manager state:\n", "", ErrTruncated},
	{"policy", "an admin of no owner", "Current Device Policy Manager state:\n    admin=ComponentInfo{com.a/com.a.B}\n  Enabled Device Admins (User 0):\n", "", ErrMalformed},
	{"policy", "10 MB", "Current Device Policy Manager state:\n  Enabled Device Admins (User 0):\n" + strings.Repeat("x\n", 5<<20), "", ErrTooLarge},
	{"policy", "owners", "Current Device Policy Manager state:\n  Device Owner: \n    admin=ComponentInfo{com.a/com.a.B}\n  Profile Owner (User 10): \n    admin=ComponentInfo{com.c/.D}\n  Enabled Device Admins (User 0):\n", "[{User:0 Admin:com.a/com.a.B Device:true} {User:10 Admin:com.c/.D Device:false}]", nil},
	{"policy", "cut off", "Current Device Policy Manager state:\n  Device Owner:\n", "", ErrTruncated},
	{"policy", "cut off after the administrators of user 0", "Current Device Policy Manager state:\n  Enabled Device Admins (User 0):\n  Device Owner:\n", "", ErrTruncated},
	{"policy", "heading without admin", "Current Device Policy Manager state:\n  Device Owner:\n  name=x\n", "", ErrMalformed},
	{"policy", "empty", "", "", ErrNoHeading},
	{"current user", "another", "Current user: 10\n\nUsers:\n", "10", nil},
	{"current user", "an older dump", "Users:\n", "", ErrNoHeading},
	{"restrictions", "both users", userDump, "{User:map[0:[no_factory_reset] 10:[no_sms]] Effective:true Managed:false}", nil},
	{"restrictions", "none", strings.Replace(userDump, "no_factory_reset", "none", 1), "{User:map[10:[no_sms]] Effective:true Managed:false}", nil},
	{"restrictions", "a profile owner", "Users:\n  UserInfo{0:O:13}\n    Has profile owner: true\n    Effective restrictions:\n      none\n", "{User:map[] Effective:true Managed:true}", nil},
	{"restrictions", "a manager's", "Users:\n  UserInfo{0:O:13}\n    Device policy restrictions:\n      no_sms\n    Effective restrictions:\n      none\n", "{User:map[0:[no_sms]] Effective:true Managed:true}", nil},
	{"restrictions", "a managed handset", "Users:\n  UserInfo{0:O:13}\n    Device policy restrictions:\n      null\n    Effective restrictions:\n      none\n\n  Device managed: true\n", "{User:map[] Effective:true Managed:true}", nil},
	{"restrictions", "an open list at the end", userDump[:strings.Index(userDump, "  UserInfo{10")], "", ErrTruncated},
	{"restrictions", "none at the end", strings.Replace(userDump[:strings.Index(userDump, "  UserInfo{10")], "no_factory_reset", "none", 1), "{User:map[] Effective:true Managed:false}", nil},
	{"restrictions", "none cut off", strings.Replace(userDump[:strings.Index(userDump, "  UserInfo{10")], "no_factory_reset\n", "non", 1), "", ErrTruncated},
	{"restrictions", "cut off before the sum", userDump[:strings.Index(userDump, "    Effective")], "{User:map[] Effective:false Managed:false}", nil},
	{"restrictions", "10 MB", userDump + strings.Repeat("x\n", 5<<20), "", ErrTooLarge},
	{"restrictions", "cut off before", userDump[:strings.Index(userDump, "Restrictions")], "", ErrNoHeading},
	{"restrictions", "cut off at the heading", userDump[:strings.Index(userDump, "      none")], "", ErrNoHeading},
	{"restrictions", "another user's only", "Users:\n  UserInfo{10:W:1030}\n    Restrictions:\n      none\n", "", ErrNoHeading},
	{"restrictions", "empty", "", "", ErrNoHeading},
	{"count", "rows", "Row: 0 _id=5\nRow: 1 _id=7\n", "2", nil},
	{"count", "none shown", "No result found.\n", "0", nil},
	{"count", "empty", "", "", ErrNoHeading},
	{"count", "gap", "Row: 0 _id=5\nRow: 2 _id=7\n", "", ErrMalformed},
	{"count", "cut off", "Row: 0 _id=5\nRow: 1 _id=7", "", ErrTruncated},
	{"count", "other column", "Row: 0 name=x\n", "", ErrMalformed},
	{"count", "no rows and then some", "No result found.\nRow: 0 _id=1\n", "", ErrMalformed},
	{"value", "on", "Row: 0 isOpen=1\n", "1", nil},
	{"value", "cut off", "Row: 0 isOpen=1", "", ErrTruncated},
	{"value", "null", "No result found.\n", "", ErrNoHeading},
	{"value", "two rows", "Row: 0 isOpen=1\nRow: 1 isOpen=0\n", "", ErrMalformed},
	{"value", "another column", "Row: 0 isLocked=1\n", "", ErrMalformed},
	{"properties", "multi-line", "[a]: [1\n2]\n[b]: []\n", "map[a:1\n2 b:]", nil},
	{"properties", "brackets in a value", "[a]: [{\n \"x\": [1]\n}]\n[b]: [c]d]\n", "map[a:{\n \"x\": [1]\n} b:c]d]", nil},
	{"properties", "copied from a console, padded", "[a]: [1]    \n[b]: [x\ny]\t \n[c]: [ 3 ]  \n", "map[a:1 b:x\ny c: 3 ]", nil},
	{"properties", "noise around", "* daemon started successfully\n[a]: [1]\nnoise\n[b]: [2]\n$ \n", "map[a:1 b:2]", nil},
	{"properties", "twice the same", "[a]: [1]\n[a]: [1]\n", "map[a:1]", nil},
	{"properties", "twice, different", "[a]: [1]\n[b]: [3]\n[a]: [2]\n[a]: [1]\n", "map[b:3]", nil},
	{"properties", "one record without an end", "[a]: [1]\n[b]: [2\n[c]: [3]\n", "map[a:1 b:\x00 c:3]", nil},
	{"properties", "one record without an end, and again whole", "[b]: [2\n[c]: [3]\n[b]: [2]\n", "map[c:3]", nil},
	{"properties", "no record has an end", "[a]: [1\n[b]: [2\n", "", ErrTruncated},
	{"properties", "cut off", "[a]: [1]\n[b]: [2", "", ErrTruncated},
	{"properties", "none", "error: closed\n", "", ErrNoProperties},
	{"properties", "empty", "", "", ErrNoProperties},
	{"features", "a tablet's", "feature:reqGlEsVersion=0x30002\nfeature:android.hardware.vulkan.level=1\nfeature:android.hardware.wifi\n", "[reqGlEsVersion android.hardware.vulkan.level android.hardware.wifi]", nil},
	{"features", "from a Windows shell", "feature:android.hardware.wifi\r\n", "[android.hardware.wifi]", nil},
	{"features", "cut off", "feature:android.hardware.camera\n", "", ErrTruncated},
	{"features", "cut off in a line", "feature:android.hardware.wifi", "", ErrTruncated},
	{"features", "an error", "Error: unknown list type 'features'\n", "", ErrMalformed},
	{"features", "empty", "", "", ErrNoHeading},
	{"features", "5 MB", strings.Repeat("feature:android.hardware.wifi\n", 1<<18), "", ErrTooLarge},
	{"properties", "10 MB", strings.Repeat("[a]: [b]\n", 1<<20), "", ErrTooLarge},
}

func TestParsers(t *testing.T) {
	t.Parallel()
	for _, tt := range parserTests {
		got, err := parsers[tt.parser]([]byte(tt.in))
		if err != nil {
			got = ""
		}
		if got != tt.want || !errors.Is(err, tt.err) {
			t.Errorf("%s, %s: %s, %v, want %s, %v", tt.parser, tt.name, got, err, tt.want, tt.err)
		}
		if crlf, err := parsers[tt.parser]([]byte(strings.ReplaceAll(tt.in, "\n", "\r\n"))); err == nil && crlf != tt.want {
			t.Errorf("%s, %s, with CRLF: %s, want %s", tt.parser, tt.name, crlf, tt.want)
		}
	}
}

func TestVolumePath(t *testing.T) {
	t.Parallel()
	for want, v := range map[string]Volume{
		"/storage/6132-3A29": {ID: "public:179,65", State: "mounted", UUID: "6132-3A29"},
		"":                   {ID: "public:179,65", State: "unmounted", UUID: "6132-3A29"},
	} {
		if got := v.Path(); got != want {
			t.Errorf("Path of %+v = %q, want %q", v, got, want)
		}
	}
}

func TestPrintable(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		in   string
		max  int
		want string
	}{
		{"plain", 10, "plain"},
		{"a\x1b[31mb", 20, "a\uFFFD[31mb"},
		{"a\nb\tc\r", 20, "a b c "},
		{"bad\xff", 20, "bad\uFFFD"},
		{"\u202egnp", 20, "\uFFFDgnp"},
		{"too long a text", 8, "too l…"},
		{"照片照片", 8, "照…"},
		{"", 5, ""},
	} {
		if got := Printable([]byte(tt.in), tt.max); got != tt.want {
			t.Errorf("Printable(%q, %d) = %q, want %q", tt.in, tt.max, got, tt.want)
		}
	}
}

// No parser may panic, and no error text may hold what the terminal would obey.
func FuzzParsers(f *testing.F) {
	for _, tt := range parserTests {
		if len(tt.in) < 1<<16 {
			f.Add([]byte(tt.in))
		}
	}
	f.Add([]byte(readCapture("getprop-multiline.txt")))
	f.Add([]byte("\xff\xfe[\x00a\x00]\x00:\x00 \x00[\x00b\x00]\x00\r\x00\n\x00"))
	f.Fuzz(func(t *testing.T, b []byte) {
		for name, parse := range parsers {
			if _, err := parse(b); err != nil && Printable([]byte(err.Error()), 8000) != err.Error() {
				t.Errorf("%s: error text %q is not printable", name, err)
			}
		}
	})
}

// No owners is printed as "no owners": a count of 0 was never seen on a handset, so
// it is refused.
func TestOwnersCountedAsZero(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]int{
		"no owners\n": 0, "0 owners:\n": -1, "0 owner:\n": -1, "1 owner:\n": -1, "": -1,
		"1 owner:\nUser  0: admin=com.example.mdm/.Admin,DeviceOwner\n":  1,
		"2 owners:\nUser  0: admin=com.example.mdm/.Admin,DeviceOwner\n": -1,
	} {
		got, err := ParseOwners([]byte(in))
		if (err == nil) != (want >= 0) || err == nil && len(got) != want {
			t.Errorf("%q: %v, error %v; want %d owners (-1: an error)", in, got, err, want)
		}
	}
}

// A battery whose numbers no battery has is not read.
func TestBatteryBounds(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		level, scale, tenths int
		ok                   bool
	}{
		{0, 100, 285, true},
		{100, 100, 285, true},
		{-1, 100, 285, false},
		{101, 100, 285, false},
		{50, 200, 285, true},
		{50, 0, 285, false},
		{0, 0, 285, false},
		{50, 100, -500, true},
		{50, 100, -501, false},
		{50, 100, 1500, true},
		{50, 100, 1501, false},
	} {
		in := fmt.Sprintf("Current Battery Service state:\n  level: %d\n  scale: %d\n  temperature: %d\n  health: 2\n", tt.level, tt.scale, tt.tenths)
		b, err := ParseBattery([]byte(in))
		if (err == nil) != tt.ok || tt.ok && (b.Level != tt.level*100/tt.scale || b.Celsius != float64(tt.tenths)/10) {
			t.Errorf("%+v: %+v, error %v", tt, b, err)
		}
	}
}

// The numbers of a user have the size that Android gives them.
func TestUserBounds(t *testing.T) {
	t.Parallel()
	for info, ok := range map[string]bool{
		"UserInfo{0:Owner:4c13}": true, "UserInfo{0:Owner:ffffffff}": true, "UserInfo{0:Owner:100000000}": false,
		"UserInfo{99999999999999999999:x:13}": false,
	} {
		if _, _, got := parseUserInfo(info); got != ok {
			t.Errorf("%s: read %t, want %t", info, got, ok)
		}
	}
}

// A state of the storage that is no known word is unknown, and an encrypted one
// is not called so without its kind.

// readCapture reads a capture of a real handset.
func readCapture(name string) string {
	b, err := os.ReadFile(filepath.Join("..", "testdata", filepath.FromSlash(name)))
	if err != nil {
		panic(err)
	}
	return string(b)
}
