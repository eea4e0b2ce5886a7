package conformance

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"strings"
)

// lineCheck is a shell line and its expected result.
type lineCheck struct {
	name   string
	line   string
	stdin  string
	stdout string
	// stderr is a part of the expected stderr, whose words differ between versions
	// of Android; "" expects an empty one.
	stderr string
	exit   int
	// newer marks a command that older systems do not have.
	newer bool
}

var lines = []lineCheck{
	{name: "the three of them apart", line: "echo a; echo b >&2; exit 7", stdout: "a\n", stderr: "b", exit: 7},
	{name: "nothing at all", line: "true"},
	{name: "failure", line: "false", exit: 1},
	{name: "largest status", line: "exit 255", exit: 255},
	{name: "status of the last", line: "false; true"},
	{name: "and, or", line: "false && echo no; true || echo no; false || echo yes", stdout: "yes\n"},
	{name: "no newline at the end", line: "printf x", stdout: "x"},
	{name: "bytes that are no text", line: `printf 'a\000b\377\r\n\004\003c'`, stdout: "a\x00b\xff\r\n\x04\x03c"},
	{name: "stdin", line: "cat", stdin: "one\ntwo", stdout: "one\ntwo"},
	{name: "stdin that is no text", line: "cat", stdin: "\x00\x03\x04\r\n\xff\x1b", stdout: "\x00\x03\x04\r\n\xff\x1b"},
	{name: "stdin ends", line: "cat >/dev/null; echo after", stdin: "x", stdout: "after\n"},
	{name: "stdin empty", line: "cat; echo $?", stdout: "0\n"},
	{name: "stdin unread", line: "echo done", stdin: strings.Repeat("x", 100), stdout: "done\n"},
	{name: "stdin, large", line: "wc -c", stdin: strings.Repeat("0123456789abcdef", 1<<16), stdout: "1048576\n"},
	{name: "quotes", line: `echo 'a  b' "c  d" e\ f`, stdout: "a  b c  d e f\n"},
	{name: "nothing expands in single quotes", line: `echo '$HOME $(id) *'`, stdout: "$HOME $(id) *\n"},
	{name: "variables and arithmetic", line: `x=3; y=${x}4; echo $y $((x*7))`, stdout: "34 21\n"},
	{name: "a pipe", line: `printf 'b\na\nc\n' | sort | head -n 2`, stdout: "a\nb\n"},
	{name: "a pipe's status is its last's", line: "false | true"},
	{name: "a reader that leaves", line: "yes | head -n 3", stdout: "y\ny\ny\n"},
	{name: "a command's output", line: `echo "<$(printf 'a\nb\n\n')>"`, stdout: "<a\nb>\n"},
	{name: "a subshell", line: "(exit 3); echo $?", stdout: "3\n"},
	{name: "redirections", line: "{ echo a; echo b >&2; } 2>&1", stdout: "a\nb\n"},
	{name: "loops", line: "for i in 1 2 3; do echo $i; done", stdout: "1\n2\n3\n"},
	{name: "no such command", line: "preship-no-such-command", stderr: "not found", exit: 127},
	{name: "no such file", line: "cat /preship/no/such", stderr: "No such file or directory", exit: 1},
	{name: "no such folder", line: "ls /preship/no/such", stderr: "No such file or directory", exit: 1},
	{name: "who is asked", line: "id -u", stdout: "2000\n"},
	{name: "no terminal", line: "[ -t 0 ] || [ -t 1 ]; echo $?", stdout: "1\n"},
	{name: "the folder without links", line: "cd / && pwd -P; echo still", stdout: "/\nstill\n"},
	{name: "another's file", line: "[ -O / ]; echo $?", stdout: "1\n"},
	{name: "a script from stdin", line: "sh", stdin: "echo a\ncat\nrest\n", stdout: "a\nrest\n"},
	{name: "arguments of a script from stdin", line: "sh -s x 'y z'", stdin: "echo \"<$1><$2>$#\"; exit 4\n", stdout: "<x><y z>2\n", exit: 4},
	{name: "name of a line", line: `sh -c 'echo $0 $1' name arg; sh -c 'echo $0'`, stdout: "name arg\nsh\n"},
	{name: "options of a shell", line: "sh -e -c 'false; echo no'; echo $?", stdout: "1\n"},
	{name: "no such script", line: "sh /preship/no/such", stderr: "No such file or directory", exit: 127},
	{name: "a trap of the end", line: "trap 'echo bye' EXIT; echo a; false", stdout: "a\nbye\n", exit: 1},
	{name: "exported variables", line: "X=1; export X; Y=2; sh -c 'echo \"<$X$Y>\"'", stdout: "<1>\n"},
	{name: "much output", line: "yes | head -n 100000", stdout: strings.Repeat("y\n", 100_000)},
	{name: "a long line", line: "echo " + strings.Repeat("x", 20_000) + " | wc -c", stdout: "20001\n"},
	{name: "a file whose name nothing has", newer: true, line: `f=$(mktemp) && [ -f "$f" ] && echo "${f%.*}" | wc -l && rm "$f"`, stdout: "1\n"},
	{name: "a folder whose name nothing has", newer: true, line: `d=$(mktemp -d -p /data/local/tmp check.XXXXXX) && [ -d "$d" ] && echo "${d%.*}" && rmdir "$d"`, stdout: "/data/local/tmp/check\n"},
	{name: "a name without room", newer: true, line: "mktemp /data/local/tmp/x", stderr: "need XXX", exit: 1},
	{name: "a name with little room", newer: true, line: "mktemp /data/local/tmp/x.XXXX", stderr: "Invalid argument", exit: 1},
	{name: "a folder that is not empty", newer: true, line: "d=$(mktemp -d) && touch $d/x && rmdir $d; echo $?; rm -r $d", stdout: "1\n", stderr: "Directory not empty"},
	{name: "no time limit", newer: true, line: "timeout x true", stderr: "Not a number", exit: 125},
	// toybox 0.8.9 answers 127 for some commands that end at once: their status is not asked for.
	{name: "a time limit", newer: true, line: "timeout 0.2 sleep 1000; echo $?; timeout 1000 echo in time; true", stdout: "124\nin time\n"},
	{name: "a port that nothing listens on", newer: true, line: "nc 127.0.0.1 1 </dev/null", stderr: "refused", exit: 1},
	{name: "how long it is on", newer: true, line: `case "$(uptime)" in *" up "*" load average: "*) echo 1;; esac`, stdout: "1\n"},
	{name: "lines that are counted", line: `printf 'one\ntwo\nOne\n' | grep -c one; printf 'a\nb\n' | grep -q b && echo there; printf 'a\nb\n' | grep -vn a; printf 'A|b\n' | grep -iE 'x|a'; printf 'a.b\nacb\n' | grep -F a.b`, stdout: "1\nthere\n2:b\nA|b\na.b\n"},
	{name: "a line in the log", newer: true, line: "log -t preship-check one line && logcat -d -s preship-check:V | grep -q 'preship-check.*one line' && echo found", stdout: "found\n"},
	{name: "a hash", newer: true, line: "printf abc | sha256sum", stdout: "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad  -\n"},
}

func (c lineCheck) met(ctx context.Context, p Peer, _ string) error {
	a, err := p.Shell(ctx, c.line, []byte(c.stdin))
	if err != nil {
		return err
	}
	if c.newer && bytes.Contains(a.Stderr, []byte("not found")) {
		return fmt.Errorf("%s: %w", bytes.TrimSpace(a.Stderr), errors.ErrUnsupported)
	}
	return c.compare(a)
}

func (c lineCheck) compare(a ShellAnswer) error {
	switch {
	case string(a.Stdout) != c.stdout:
		return fmt.Errorf("stdout is %s, want %s", short(a.Stdout), short([]byte(c.stdout)))
	case c.stderr == "" && len(a.Stderr) > 0, !bytes.Contains(a.Stderr, []byte(c.stderr)):
		return fmt.Errorf("stderr is %s, want %q in it", short(a.Stderr), c.stderr)
	case a.Exit != c.exit && a.Exit != -1:
		return fmt.Errorf("exit status is %d, want %d", a.Exit, c.exit)
	}
	return nil
}

// short quotes bytes, and shortens a long text.
func short(b []byte) string {
	if len(b) > 200 {
		return fmt.Sprintf("%q… (%d bytes)", b[:200], len(b))
	}
	return fmt.Sprintf("%q", b)
}
