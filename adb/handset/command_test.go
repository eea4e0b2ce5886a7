package handset

import (
	"errors"
	"os/exec"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// hostile are arguments a handset may make us send: the names of its files.
var hostile = []string{
	"/sdcard/DCIM", "", " ", "a b", "it's", `quote"s`, "'", "''", `\'`, `a'\''b`, "$(reboot)", "`id`", "a;b", "a|b",
	"new\nline", "tab\there", "/sdcard/照片/😀.jpg", "bad\xffutf8", "~", "*", "?", "{path}", "a=b", "#x", "\x1b[31m", "a&&b", ">x",
}

func TestCommandsAreWellFormed(t *testing.T) {
	t.Parallel()
	names := map[string]bool{}
	for _, c := range Commands {
		if names[c.Name] {
			t.Errorf("%s: name used twice", c.Name)
		}
		names[c.Name] = true
		if c.Name == "" || c.Line == "" || c.Why == "" {
			t.Errorf("%+v: name, line or reason missing", c)
		}
		if rest := blank().ReplaceAllString(c.Line, ""); strings.ContainsAny(rest, "{}") {
			t.Errorf("%s: malformed blank in %q", c.Name, c.Line)
		}
		for _, spot := range blank().FindAllStringIndex(c.Line, -1) {
			before := c.Line[:spot[0]]
			if c.Service || !strings.HasSuffix(before, " ") && c != ReadRest || spot[1] < len(c.Line) && c.Line[spot[1]] != ' ' {
				t.Errorf("%s: blank is not a word of its own in %q", c.Name, c.Line)
			}
		}
		for name := range c.Only {
			if !strings.Contains(c.Line, "{"+name+"}") {
				t.Errorf("%s: words listed for {%s}, which the line does not have", c.Name, name)
			}
		}
	}
}

// What must never be in the table: services that destroy the IMEI or the
// protection block, and verbs that change something in a row that says it reads.
func TestCommandsNeverDestroy(t *testing.T) {
	t.Parallel()
	never := []string{"wipe-efs", "format-frp", "wipe-data", "format-storage", "MASTER_CLEAR", "FACTORY_RESET", "testharness", "fastboot"}
	writing := regexp.MustCompile(`(^|[ :])(am|bugreportz|screenrecord|put|delete|insert|update|call|input|rm|mv|cp|dd|tee|touch|mkdir|kill|setprop|svc|install|install-[a-z]+|uninstall|clear|grant|revoke|disable|enable|reboot|format[a-z-]*|wipe[a-z-]*|sideload[a-z-]*|mount|format|partition|remove[a-z-]*|set-[a-z-]*)([ :]|$)|[<>&;|` + "`" + `]|\$\(`)
	for _, c := range Commands {
		for _, bad := range never {
			// Test harness mode is for emulators and debuggable builds, which the way
			// that sends it makes sure of; no other row may have it.
			if strings.Contains(c.Line, bad) && !(bad == "testharness" && c == TestHarness) {
				t.Errorf("%s: %q is in the table", c.Name, bad)
			}
		}
		line := c.Line
		if c == IMEIService {
			line = strings.Replace(line, "service call iphonesubinfo {code}", "", 1) // reads, because Only says which numbers
		}
		if c == CurrentUser {
			line = strings.Replace(line, "am get-current-user", "", 1) // reads: this verb has nothing to change
		}
		if c == InputDevices {
			line = strings.Replace(line, "dumpsys input", "", 1) // the service of that name, not the command
		}
		if c == ReadRest {
			line = strings.Replace(line, "dd if=", "", 1) // reads, because there is no of=
		}
		if c == HashMany {
			line = strings.Replace(line, `x=$(xargs -0 sha256sum); e=$?; print -r -- "$x"; exit $e`, "xargs -0 sha256sum", 1) // gathers the answer of that, and no word of it becomes a command
		}
		if found := writing.FindString(line); !c.Writes && found != "" {
			t.Errorf("%s: reads, but its line has %q", c.Name, found)
		}
		if c.Writes && writing.FindString(line) == "" {
			t.Errorf("%s: says it writes; no verb in %q does", c.Name, c.Line)
		}
	}
}

func TestMatchFindsTheRowOfEveryLine(t *testing.T) {
	t.Parallel()
	for _, c := range Commands {
		for _, args := range argumentsFor(c) {
			line, err := c.With(args...)
			if err != nil {
				t.Fatalf("%s: With(%q): %v", c.Name, args, err)
			}
			got, ok := Match(line.String())
			if !ok {
				t.Errorf("Match(%q): no row, want %s", line, c.Name)
				continue
			}
			if got != c && (got.Writes || c.Writes || literals(got.Line) <= literals(c.Line)) {
				t.Errorf("Match(%q) = %s, want %s", line, got.Name, c.Name)
			}
			if line.Command() != c {
				t.Errorf("Command() of %q is not its row", line)
			}
		}
	}
}

// argumentsFor returns fillings of c's blanks: every hostile argument in every
// blank that takes any word, every listed word in the others.
func argumentsFor(c *Command) [][]string {
	names := blank().FindAllString(c.Line, -1)
	if len(names) == 0 {
		return [][]string{nil}
	}
	var all [][]string
	for _, h := range hostile {
		args := make([]string, len(names))
		for i, name := range names {
			args[i] = h
			if only, ok := c.Only[strings.Trim(name, "{}")]; ok {
				args[i] = only[len(h)%len(only)]
			}
			if c.Form[strings.Trim(name, "{}")] != nil {
				args[i] = "/bugreports/bugreport-1.zip" // the one form there is
			}
		}
		all = append(all, args)
	}
	return all
}

func TestMatchRefuses(t *testing.T) {
	t.Parallel()
	for _, line := range []string{
		"", "getprop ", " getprop", "getprop; reboot", "getprop\nreboot", "getprop a b", "getprop 'a'", `getprop "a"`, "getprop $(id)", "getprop 'a",
		"cat /proc/serial_num /etc/hosts", "find /sdcard -delete -print0", "find -delete -print0", "sha256sum /sdcard/a", "reboot:bootloader", "wipe-efs:",
		"service call iphonesubinfo 11 i32 0 s16 com.android.shell", "service call iphonesubinfo 4 i32 7 s16 com.android.shell",
		"settings list global;id", "rm -rf /sdcard", "rm -f /sdcard/a", "rm -f /bugreports/bugreport-1.zip /sdcard", "rm -f /bugreports/../bugreport-1.zip", `df -k a\'b`, "df -k ''x",
	} {
		if c, ok := Match(line); ok {
			t.Errorf("Match(%q) = %s, want none", line, c.Name)
		}
	}
}

func TestWithErrors(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name string
		row  *Command
		args []string
		want error
	}{
		{"too few", DiskFree, nil, ErrArguments},
		{"too many", GetProp, []string{"x"}, ErrArguments},
		{"NUL", DiskFree, []string{"a\x00b"}, ErrArgument},
		{"option", FindFiles, []string{"-delete"}, ErrArgument},
		{"code not known", IMEIService, []string{"11", "0"}, ErrArgument},
		{"namespace", ListSettings, []string{"lock_settings"}, ErrArgument},
		{"another file", RemoveBugreport, []string{"/sdcard/bugreport-1.zip"}, ErrArgument},
		{"too long", DiskFree, []string{strings.Repeat("x", maxLine)}, ErrArgument},
	}
	for _, tt := range tests {
		if _, err := tt.row.With(tt.args...); !errors.Is(err, tt.want) {
			t.Errorf("%s: With = %v, want %v", tt.name, err, tt.want)
		}
	}
}

// A line of the largest length is sent, and its words come back.
func TestLongestLine(t *testing.T) {
	t.Parallel()
	longest := strings.Repeat("x", maxLine-len("df -k "))
	if l, err := DiskFree.With(longest); err != nil || !slices.Equal(l.Args(), []string{longest}) {
		t.Errorf("a line of %d bytes: %v", maxLine, err)
	}
	if _, err := DiskFree.With(longest + "x"); !errors.Is(err, ErrArgument) {
		t.Errorf("a line of %d bytes: error %v, want %v", maxLine+1, err, ErrArgument)
	}
	if got := ContentRows.Must("content://sms", "it's").Args(); !slices.Equal(got, []string{"content://sms", "it's"}) {
		t.Errorf("the words of two blanks are %q", got)
	}
	defer func() {
		if recover() == nil {
			t.Error("a constant line that is not allowed passes")
		}
	}()
	DiskFree.Must("-h")
}

// The bytes of a line outside its blanks decide between two rows that fit.
func TestLiterals(t *testing.T) {
	t.Parallel()
	for line, want := range map[string]int{"getprop": 7, "df -k {path}": 6, "content query --uri {uri} --projection {columns}": 34, "{a}{b}": 0, "x {A} {": 7} {
		if got := literals(line); got != want {
			t.Errorf("%q has %d literal bytes, want %d", line, got, want)
		}
	}
}

// A real shell must give the program the very bytes that were quoted.
func TestQuoteAgainstShell(t *testing.T) {
	t.Parallel()
	sh, err := exec.LookPath("sh")
	if err != nil {
		t.Skip("no sh here")
	}
	for _, arg := range hostile {
		out, err := exec.CommandContext(t.Context(), sh, "-c", "printf %s "+quote(arg)).Output()
		if err != nil || string(out) != arg {
			t.Errorf("quote(%q) = %s, the shell reads %q, %v", arg, quote(arg), out, err)
		}
	}
}

func TestPagesAreRows(t *testing.T) {
	t.Parallel()
	for _, v := range Vendors {
		for name, page := range v.Pages {
			if !slices.Contains(Commands, page) || !page.Writes {
				t.Errorf("%s: page %q is not a writing row of the table", v.Name, name)
			}
		}
	}
}

func FuzzMatch(f *testing.F) {
	for _, h := range hostile {
		f.Add(h)
		f.Add("find " + quote(h) + " -print0")
	}
	f.Fuzz(func(t *testing.T, s string) {
		if c, ok := Match(s); ok && strings.ContainsAny(blank().ReplaceAllString(c.Line, ""), "\x00") {
			t.Errorf("Match(%q) = %s", s, c.Name)
		}
		line, err := FindFiles.With(s)
		if err != nil {
			return
		}
		if c, ok := Match(line.String()); !ok || c != FindFiles {
			t.Errorf("Match(%q): not the row it was made from", line)
		}
		word, arg, ok := firstWord(strings.TrimPrefix(line.String(), "find "))
		if !ok || arg != s || "find "+word+" -print0" != line.String() {
			t.Errorf("firstWord of %q = %q, %q, %t", line, word, arg, ok)
		}
	})
}
