package adbtest

import (
	"bufio"
	"bytes"
	"context"
	"io"
	"strings"
	"testing"

	"preship/adb/adbtest/shell"
	"preship/adb/adbtest/stream"
)

// script feeds a shell that was given no line and is no terminal.
func script(t *testing.T, h *Handset, script string) answer {
	t.Helper()
	var out, complaints bytes.Buffer
	exit := shell.RunScript(t.Context(), system{h}, shell.Script{}, shell.IO{Stdin: strings.NewReader(script), Stdout: &out, Stderr: &complaints})
	return answer{out.String(), complaints.String(), exit}
}

// TestSession: as measured on Android's own daemon with its shell.
func TestSession(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		script string
		want   answer
	}{
		{"", answer{}},
		{"echo a\nexit 17\necho never\n", answer{stdout: "a\n", exit: 17}},
		{"x=1\necho $x; false", answer{stdout: "1\n", exit: 1}},
		{"if true\nthen echo yes\nfi\n", answer{stdout: "yes\n"}},
		{"echo a; read x; echo \"<$x>\"\ncat\n", answer{stdout: "a\n<cat>\n"}},
		{"read a; read b c; echo \"<$a><$b><$c>\"\nl1\nl2 x  y\n", answer{stdout: "<l1><l2><x  y>\n"}},
		{"cat\nthe rest\nis cat's\n", answer{stdout: "the rest\nis cat's\n"}},
		{"echo 'no end\n", answer{stderr: "/system/bin/sh: no closing quote\n", exit: 1}},
		{"[ -t 0 ]; echo $?\n", answer{stdout: "1\n"}},
	} {
		if got := script(t, newHandset(t), tt.script); got != tt.want {
			t.Errorf("%q: %+v, want %+v", tt.script, got, tt.want)
		}
	}
}

// screenWriter never blocks: who types reads the screen only between keys.
type screenWriter struct{ to *stream.Buffer }

func (w screenWriter) Write(p []byte) (int, error) {
	w.to.Put(bytes.Clone(p))
	return len(p), nil
}

// keyboard types on a terminal: each part once the screen shows the text before it.
type keyboard struct {
	screen *stream.Buffer
	steps  []struct{ after, keys string }
	shown  strings.Builder
	kept   bytes.Buffer
}

func (k *keyboard) Read(p []byte) (int, error) {
	for k.kept.Len() == 0 {
		if len(k.steps) == 0 {
			return 0, io.EOF
		}
		var b [256]byte
		for !strings.HasSuffix(k.shown.String(), k.steps[0].after) {
			n, err := k.screen.Read(b[:])
			k.shown.Write(b[:n])
			if err != nil {
				return 0, err
			}
		}
		k.kept.WriteString(k.steps[0].keys)
		k.steps = k.steps[1:]
	}
	return k.kept.Read(p)
}

// TestTerminalSession: a person at a terminal, who interrupts a command and a
// line, ends a command's input, changes the window, and leaves.
func TestTerminalSession(t *testing.T) {
	t.Parallel()
	h := newHandset(t)
	const prompt = "sunny:/ $ "
	screen := stream.NewBuffer(nil)
	term := shell.NewTerminal("xterm")
	k := &keyboard{screen: screen, steps: []struct{ after, keys string }{
		{prompt, "sleep 1000\r"},
		{"sleep 1000\r\n", "\x03"},
		{"130|" + prompt, "echo was $?\r"},
		{"was 130\r\n" + prompt, "echo \"un\r"},
		{"> ", "\x03"},
		{"130|" + prompt, "echo then $?\r"},
		{"then 130\r\n" + prompt, "cat\r"},
		{"cat\r\n", "typed\r"},
		{"typed\r\ntyped\r\n", "\x04"},
		{prompt, "echo $TERM; [ -t 0 ] && exit 9\r"},
	}}
	exit := shell.RunTerminal(t.Context(), system{h}, "", term, k, screenWriter{screen}, nil)
	screen.End(io.EOF)
	_, _ = io.Copy(&k.shown, screen)
	if exit != 9 || !strings.HasSuffix(k.shown.String(), "\r\nxterm\r\n") {
		t.Errorf("status %d, screen %q", exit, k.shown.String())
	}
}

// TestSignals: a stream that closes is a hang-up, which a shell may trap; kill
// reaches other shells by the number they know themselves by.
func TestSignals(t *testing.T) {
	t.Parallel()
	h := newHandset(t)
	ctx, hangUp := context.WithCancel(t.Context())
	waits := stream.NewBuffer(nil)
	out, started := io.Pipe()
	ended := make(chan int)
	go func() {
		line := "trap 'echo $$ >/data/local/tmp/hup; exit 3' HUP; trap; echo $$; read x"
		ended <- shell.Run(ctx, system{h}, line, shell.IO{Stdin: waits, Stdout: started, Stderr: io.Discard})
	}()
	lines := bufio.NewReader(out)
	shown, _ := lines.ReadString('\n')
	pid, _ := lines.ReadString('\n')
	if got := shown; got != "trap -- 'echo $$ >/data/local/tmp/hup; exit 3' HUP\n" {
		t.Errorf("trap shows %q", got)
	}
	if got := sh(t, h, "ps | grep \" $(echo "+strings.TrimSpace(pid)+") .* sh$\" | wc -l"); got.stdout != "1\n" {
		t.Errorf("ps does not show shell %s: %+v", pid, got)
	}
	hangUp()
	waits.End(stream.ErrHungUp)
	if exit := <-ended; exit != 3 {
		t.Errorf("status %d, want the trap's", exit)
	}
	if got := sh(t, h, "cat /data/local/tmp/hup"); got.stdout != pid {
		t.Errorf("the trap wrote %+v, want %s", got, pid)
	}
	for line, want := range map[string]answer{
		"trap x FOO": {stderr: "/system/bin/sh: trap: bad signal: FOO\n", exit: 1},
	} {
		if got := sh(t, h, line); got != want {
			t.Errorf("%s: %+v, want %+v", line, got, want)
		}
	}
	if left := h.jobs.List(); len(left) > 0 {
		t.Errorf("still there: %+v", left)
	}
}

// TestScripts: the ways in which a shell is given a script, as Android's own has them.
func TestScripts(t *testing.T) {
	t.Parallel()
	h := newHandset(t)
	if got := sh(t, h, `cd /data/local/tmp; printf '#!/system/bin/sh\necho "<$0>" "$@"; pwd; exit 5\n' >s; printf '\177ELF\002\001\001\0' >elf; chmod 755 s elf; printf 'echo no\n' >plain`); got != (answer{}) {
		t.Fatal(got)
	}
	for _, tt := range []struct {
		line, stdin string
		want        answer
	}{
		{"sh", "echo a\ncat\nrest\n", answer{stdout: "a\nrest\n"}},
		{"sh -s x 'y z'", "echo \"<$1><$2>$#\"; exit 4\n", answer{stdout: "<x><y z>2\n", exit: 4}},
		{"sh /data/local/tmp/s a 'b c'", "", answer{stdout: "</data/local/tmp/s> a b c\n/\n", exit: 5}},
		{"cd /data/local/tmp; sh s", "", answer{stdout: "<s>\n/data/local/tmp\n", exit: 5}},
		{"cd /data/local/tmp; ./s a; echo $?", "", answer{stdout: "<./s> a\n/data/local/tmp\n5\n"}},
		{"/data/local/tmp/plain", "", answer{stderr: "/system/bin/sh: /data/local/tmp/plain: can't execute: Permission denied\n", exit: 126}},
		{"sh /data/local/tmp/plain", "", answer{stdout: "no\n"}},
		{"sh /data/local/tmp/none", "", answer{stderr: "sh: /data/local/tmp/none: No such file or directory\n", exit: 127}},
		{"sh -c 'echo $0'; sh -e -c 'false; echo a'", "", answer{stdout: "sh\n", exit: 1}},
		{"sh -x -c 'echo a'; echo echo hi | sh -", "", answer{stdout: "a\nhi\n", stderr: "+ echo a\n"}},
		{"/data/local/tmp/elf", "", answer{stderr: "/system/bin/sh: /data/local/tmp/elf: can't execute: Permission denied\n", exit: 126}},
		{"sh -c 'echo $0 $1' name arg; echo $0", "", answer{stdout: "name arg\n/system/bin/sh\n"}},
		{"X=1; export X; Y=2; sh -c 'echo $X$Y'", "", answer{stdout: "1\n"}},
		{"trap 'echo bye' EXIT; echo a; false", "", answer{stdout: "a\nbye\n", exit: 1}},
		{"echo a\n)", "", answer{stdout: "a\n", stderr: "/system/bin/sh: syntax error: `)` can only be used to close a subshell\n", exit: 1}},
		{"echo a\n0&0\x80\n", "", answer{stdout: "a\n", stderr: "/system/bin/sh: syntax error: invalid UTF-8 encoding\n", exit: 1}},
	} {
		if got := shWith(t, h, tt.line, tt.stdin); got != tt.want {
			t.Errorf("%s: %+v, want %+v", tt.line, got, tt.want)
		}
	}
}
