package adbtest

import (
	"bytes"
	"strings"
	"testing"
)

func TestTTY(t *testing.T) {
	t.Parallel()
	h := newHandset(t)
	for line, want := range map[string]answer{
		"tty":                {stdout: "not a tty\n", exit: 1},
		"tty -s":             {exit: 1},
		"stty size":          {stderr: "stty: tcgetattr: Not a typewriter\n", exit: 1},
		"remount":            {stderr: "/system/bin/sh: remount: inaccessible or not found\n", exit: 127},
		"ls /system/bin/tty": {stdout: "/system/bin/tty\n"},
	} {
		if got := sh(t, h, line); got != want {
			t.Errorf("%s: %+v, want %+v", line, got, want)
		}
	}
	var screen bytes.Buffer
	term := newTerminal("xterm")
	term.resize([]byte("33x99,0x0"))
	if exit := runTerminal(t.Context(), h, "tty; tty -s; stty size; echo x | tty", term, strings.NewReader(""), &screen); exit != 1 {
		t.Errorf("status %d", exit)
	}
	if got := screen.String(); got != "/dev/pts/0\r\n33 99\r\nnot a tty\r\n" {
		t.Errorf("screen %q", got)
	}
}

func TestRemountOfDevelopers(t *testing.T) {
	t.Parallel()
	h := shipped(t, "android-emulator")
	if got := sh(t, h, "remount"); got.exit != 1 || !strings.HasPrefix(got.stderr, "Not running as root.") {
		t.Errorf("as the shell: %+v", got)
	}
	h.becomeRoot(true)
	if got, want := sh(t, h, "remount"), (answer{stdout: "Remount succeeded\n"}); got != want {
		t.Errorf("as root: %+v, want %+v", got, want)
	}
}
