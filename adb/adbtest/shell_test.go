package adbtest

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"strings"
	"sync"
	"testing"
	"time"

	"preship/adb/adbtest/shell"
)

func TestShellLanguage(t *testing.T) {
	t.Parallel()
	h := build(t, "34", "text - - 2026-01-01T00:00:00Z \"/sdcard/two words.txt\" hello\ntext - - 2026-01-01T00:00:00Z /sdcard/b.txt bye\n", "")
	for _, tt := range []struct {
		line string
		want answer
	}{
		{"", answer{}},
		{"echo a; echo b >&2; exit 7", answer{stdout: "a\n", stderr: "b\n", exit: 7}},
		{"true && echo yes || echo no", answer{stdout: "yes\n"}},
		{"false && echo yes || echo no", answer{stdout: "no\n"}},
		{"false", answer{exit: 1}},
		{"false | true", answer{}},
		{"foo", answer{stderr: "/system/bin/sh: foo: inaccessible or not found\n", exit: 127}},
		{"/bin/foo", answer{stderr: "/system/bin/sh: /bin/foo: inaccessible or not found\n", exit: 127}},
		{"/sdcard", answer{stderr: "/system/bin/sh: /sdcard: can't execute: Is a directory\n", exit: 126}},
		{"/sdcard/b.txt", answer{stderr: "/system/bin/sh: /sdcard/b.txt: can't execute: Permission denied\n", exit: 126}},
		{"/system/bin/echo x", answer{stdout: "x\n"}},
		{"cat /sdcard/*.txt", answer{stdout: "byehello"}},
		{"echo /sdcard/*.none", answer{stdout: "/sdcard/*.none\n"}},
		{`cat '/sdcard/two words.txt' "/sdcard/b.txt"`, answer{stdout: "hellobye"}},
		{"cat < /sdcard/b.txt | wc -c", answer{stdout: "3\n"}},
		{"cat < /none", answer{stderr: "/system/bin/sh: can't open /none: No such file or directory\n", exit: 1}},
		{"echo x > /system/x", answer{stderr: "/system/bin/sh: can't create /system/x: Permission denied\n", exit: 1}},
		{"echo 1 > /sdcard/o; echo 2 >> /sdcard/o; cat /sdcard/o; echo 3 > /sdcard/o; cat /sdcard/o", answer{stdout: "1\n2\n3\n"}},
		{"foo 2>/dev/null; echo $?", answer{stdout: "127\n"}},
		{"foo 2>&1 | wc -l", answer{stdout: "1\n"}},
		{"x=$(echo a b); echo \"[$x]\" ${#x} $((2+3))", answer{stdout: "[a b] 3 5\n"}},
		{"for i in 1 2 3; do echo $i; done | wc -l", answer{stdout: "3\n"}},
		{"printf 'a\\nb\\n' | while read -r l; do echo \"<$l>\"; done", answer{stdout: "<a>\n<b>\n"}},
		{"cat <<X\nhere\nX\n", answer{stdout: "here\n"}},
		{"cd /sdcard && pwd && cat b.txt", answer{stdout: "/sdcard\nbye"}},
		{"cd /none", answer{stderr: "/system/bin/sh: cd: /none: No such file or directory\n", exit: 2}},
		{"cd /data/data; pwd", answer{stdout: "/data/data\n"}},
		{"echo \"x", answer{stderr: "/system/bin/sh: no closing quote\n", exit: 1}},
		{"[ -f /sdcard/b.txt ] && [ ! -e /none ] && echo yes", answer{stdout: "yes\n"}},
		{"sh -c 'echo in; exit 3'; echo $?", answer{stdout: "in\n3\n"}},
		{"yes | head -n 2", answer{stdout: "y\ny\n"}},
		{"while true; do echo y; done | head -n 1", answer{stdout: "y\n"}},
		{"echo -n a; echo 'b\\tc'; echo -E 'd\\te'", answer{stdout: "ab\tc\nd\\te\n"}},
		{"echo ~root $HOME $UID $USER", answer{stdout: "/ / 2000 shell\n"}},
		{"which ls su nope", answer{stdout: "/system/bin/ls\n", exit: 1}},
		{"command -v find", answer{stderr: "/system/bin/sh: command: inaccessible or not found\n", exit: 127}},
		{"shopt", answer{stderr: "/system/bin/sh: shopt: inaccessible or not found\n", exit: 127}},
		{"echo started & wait; echo done", answer{stdout: "started\ndone\n"}},
		{"printf 'b\\na\\n' | sort", answer{stdout: "a\nb\n"}},
		{"printf 'one\\ntwo\\n' | grep two; echo $?", answer{stdout: "two\n0\n"}},
		{"grep hello '/sdcard/two words.txt' | wc -l", answer{stdout: "1\n"}},
		{"mkdir /sdcard/d && cat /sdcard/b.txt > /sdcard/d/b.txt && mv /sdcard/d/b.txt /sdcard/d/c && ls /sdcard/d && rm -r /sdcard/d && ls /sdcard/d", answer{stdout: "c\n", stderr: "ls: /sdcard/d: No such file or directory\n", exit: 1}},
	} {
		if got := sh(t, h, tt.line); got != tt.want {
			t.Errorf("%s\n got %v\nwant %v", tt.line, got, tt.want)
		}
	}
}

func TestShellStdin(t *testing.T) {
	t.Parallel()
	h := build(t, "34", "text - - 2026-01-01T00:00:00Z \"/sdcard/a\\nb\" hello\n", "")
	got := shWith(t, h, "xargs -0 sha256sum", "/sdcard/a\nb\x00/none\x00")
	want := answer{
		stdout: "2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824  /sdcard/a\nb\n",
		stderr: "sha256sum: /none: No such file or directory\n", exit: 123,
	}
	if got != want {
		t.Errorf("got %v, want %v", got, want)
	}
	if got := shWith(t, h, "cat; cat", "once"); got.stdout != "once" {
		t.Errorf("got %v", got)
	}
}

// A command that does not read its input ends although the input does not, and no
// goroutine keeps reading it.
func TestShellLeavesStdinAlone(t *testing.T) {
	t.Parallel()
	h := build(t, "34", "", "")
	r, w := io.Pipe()
	defer w.Close()
	var out bytes.Buffer
	if code := shell.Run(t.Context(), system{h}, "getprop ro.serialno | cat", shell.IO{Stdin: r, Stdout: &out, Stderr: io.Discard}); code != 0 || out.String() != "0123abcd\n" {
		t.Errorf("exit %d, %q", code, out.String())
	}
}

func TestShellEndsWithContext(t *testing.T) {
	t.Parallel()
	for _, line := range []string{"sleep 1000", "sleep 1000 | cat", "cat /data/local/tmp/fifo", "while true; do true; done", "yes > /dev/null", "cat < /data/local/tmp/fifo", "sha256sum /sdcard/huge"} {
		h := build(t, "34", "fifo 0666 - 2026-01-01T00:00:00Z /data/local/tmp/fifo\ndata - - 2026-01-01T00:00:00Z /sdcard/huge 900000000000 1\n", "")
		ctx, cancel := context.WithCancel(t.Context())
		time.AfterFunc(20*time.Millisecond, cancel)
		if code := shell.Run(ctx, system{h}, line, shell.IO{Stdout: io.Discard, Stderr: io.Discard}); code == 0 {
			t.Errorf("%s: exit 0", line)
		}
	}
}

// brokenWriter takes n bytes and then fails, as a stream does whose other end
// has gone.
type brokenWriter struct {
	mu   sync.Mutex
	left int
}

func (w *brokenWriter) Write(p []byte) (int, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if len(p) > w.left {
		return 0, errors.New("gone")
	}
	w.left -= len(p)
	return len(p), nil
}

func TestShellStopsWithoutReader(t *testing.T) {
	t.Parallel()
	h := build(t, "34", "data - - 2026-01-01T00:00:00Z /sdcard/huge 900000000000 1\n", "")
	for _, line := range []string{"yes", "cat /sdcard/huge", "while true; do echo x; done", "find / -print0 | xargs -0 cat"} {
		w := &brokenWriter{left: 100 << 10}
		if code := shell.Run(t.Context(), system{h}, line, shell.IO{Stdout: w, Stderr: io.Discard}); code == 0 {
			t.Errorf("%s: exit 0", line)
		}
	}
}

// What $(…) collects is kept in memory, so it is bounded.
func TestShellBoundsSubstitution(t *testing.T) {
	t.Parallel()
	h := build(t, "34", "data - - 2026-01-01T00:00:00Z /sdcard/huge 900000000000 1\n", "")
	if got := sh(t, h, "x=$(cat /sdcard/huge); echo ended"); got.stdout != "" && got.stdout != "ended\n" {
		t.Errorf("got %v", got)
	}
}

func TestShellIsConcurrent(t *testing.T) {
	t.Parallel()
	h := shipped(t, "redmi-note-10")
	var wg sync.WaitGroup
	for n := range 16 {
		wg.Go(func() {
			name := fmt.Sprintf("/sdcard/Download/new%d", n)
			got := sh(t, h, fmt.Sprintf("echo %d > %s; cat %s; rm %s; find /sdcard/ -print0 | wc -c; dumpsys account | wc -l; id -u", n, name, name, name))
			if !strings.HasPrefix(got.stdout, fmt.Sprintf("%d\n", n)) || got.stderr != "" && !strings.Contains(got.stderr, "No such file") {
				t.Errorf("got %v", got)
			}
		})
	}
	wg.Go(func() { h.state.RemoveAccounts("") })
	wg.Go(func() { h.state.ShowPage("android.settings.SYNC_SETTINGS") })
	wg.Wait()
}

// seeds are lines that a fuzzer changes.
var seeds = []string{
	"echo a; echo b >&2; exit 7", "find / -print0 | xargs -0 sha256sum", "x=$(ls); echo ${x#a} ${x/b/c} $((1/0))", "cat <<X\na\nX\n",
	"for((;;)); do break; done", "[[ a == b ]] || (cd /; pwd)", "a() { b; }; a", "0&0\x80", "exit 3; cat <<X\na", "echo {1..3} <(ls) $'x' `id`", "case x in *) ;; esac", "|&", "exec 3>&1", "trap 'echo x' EXIT",
	"content query --uri content://sms --where \"_id=1 AND body IS NULL\"", "service call iphonesubinfo 4 i32 0 s16 com.android.shell", "find . ( -name x -o ! -type d ) -exec echo {} +",
	"printf '%s%d%x' a b", "date +%%%s%", "dd if=/ bs=0", "head -n -", "tail -c", "sort -k", "tr a", "grep '['", "ls -laRb / /sdcard", "set -e; false", "let x=1", "declare -A a; a[b]=c", "select x in a; do :; done",
}

// fuzzed runs a line on its own handset, with an input, for a short time.
func fuzzed(t *testing.T, p *Profile, line, input string, files map[string]string) {
	h := New(p)
	defer h.Close()
	ctx, cancel := context.WithTimeout(t.Context(), 100*time.Millisecond)
	defer cancel()
	for name, text := range files {
		if code := shell.Run(ctx, system{h}, "cat > "+name+" && chmod 755 "+name, shell.IO{Stdin: strings.NewReader(text), Stdout: io.Discard, Stderr: io.Discard}); code != 0 && ctx.Err() == nil {
			t.Fatalf("%s: exit %d", name, code)
		}
	}
	out := &brokenWriter{left: 1 << 20}
	if code := shell.Run(ctx, system{h}, line, shell.IO{Stdin: strings.NewReader(input), Stdout: out, Stderr: out}); code < 0 || code > 255 {
		t.Errorf("exit %d", code)
	}
}

func FuzzShell(f *testing.F) {
	for _, line := range seeds {
		f.Add(line)
	}
	p, err := Load("redmi-note-10")
	if err != nil {
		f.Fatal(err)
	}
	f.Fuzz(func(t *testing.T, line string) { fuzzed(t, p, line, "some\ninput\x00", nil) })
}

// FuzzScript gives the shell scripts in each way that there is.
func FuzzScript(f *testing.F) {
	const file = "/data/local/tmp/script"
	ways := []string{
		"sh", "sh -s a 'b c'", "sh -", "sh -e -s", "sh -x", "sh " + file, "sh " + file + " a 'b c'", "sh < " + file,
		file + " a", ". " + file + " a; echo $?", "cat " + file + " | sh", "cat " + file + " | sh -s a", "sh -c \"$(cat " + file + ")\" name a", "eval \"$(cat " + file + ")\"",
	}
	for i, line := range seeds {
		f.Add(line, uint8(i))
	}
	f.Add("echo a\ncat\nrest\n", uint8(0))
	f.Add("read x; echo \"<$x>\"\nnext\nif true\nthen exit 3; fi", uint8(1))
	f.Add("#!/system/bin/sh\nf() { return 2; }\nf; . /data/local/tmp/script", uint8(9))
	p, err := Load("redmi-note-10")
	if err != nil {
		f.Fatal(err)
	}
	f.Fuzz(func(t *testing.T, text string, way uint8) {
		fuzzed(t, p, ways[int(way)%len(ways)], text, map[string]string{file: text})
	})
}
