package adbtest

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// TestShellTouchesNoFileOfTheComputer gives the shell paths that are on the computer and
// not on the handset: every way to a file must find nothing, and leave nothing.
func TestShellTouchesNoFileOfTheComputer(t *testing.T) {
	t.Parallel()
	decoy := t.TempDir()
	if filepath.Separator != '/' {
		t.Skip("a path of this computer cannot be typed on a handset")
	}
	script := filepath.Join(decoy, "script")
	if err := os.WriteFile(script, []byte("#!/bin/sh\necho touched\n"), 0o700); err != nil {
		t.Fatal(err)
	}
	h := newHandset(t)
	for _, line := range []string{
		"cat SCRIPT", "cat <SCRIPT", "echo x >DIR/made", "echo x >>SCRIPT", ". SCRIPT", "source SCRIPT", "cd DIR; . ./script", "PATH=DIR; . script",
		"PATH=DIR; script", "SCRIPT", "exec SCRIPT", "sh SCRIPT", "cd DIR && pwd", "cd DIR; pwd -P", "cd -P DIR && echo touched", "echo DIR/*", "ls DIR", "type SCRIPT", "command -v SCRIPT", "command -V SCRIPT", "hash SCRIPT",
		"[ -e SCRIPT ] && echo touched", "[ -f SCRIPT -a -x SCRIPT ] && echo touched", "[[ -e SCRIPT ]] && echo touched", "test -r SCRIPT && echo touched",
		"[ -O SCRIPT ] && echo touched", "[ -O SCRIPT -o -G SCRIPT ] && echo touched | cat", "[[ -O SCRIPT ]] && echo touched", "[ SCRIPT -ef SCRIPT ] && echo touched",
		"TMPDIR=DIR; export TMPDIR; echo x >DIR/sh-interp-1", "TMPDIR=DIR sh -c 'echo x >DIR/sh-interp-2'", "TMPDIR=DIR; export TMPDIR; eval 'cat <(echo x)'", "cat <(echo x)",
		"echo x >/tmp/sh-interp-preship", "mkdir DIR/made", "touch SCRIPT", "find DIR -print0", "dd if=SCRIPT", "tar -c SCRIPT", "pushd DIR", "mapfile -t a <SCRIPT; echo ${a[0]}", "echo $(<SCRIPT)", "read x <SCRIPT; echo $x",
		"trap '. SCRIPT' EXIT", "f() { . SCRIPT; }; f", "( . SCRIPT )", "eval '. SCRIPT'", "echo ~nobody", "uiautomator dump DIR/made", "am start -d file://SCRIPT -t text/x-vcard -a android.intent.action.VIEW", "pm install SCRIPT",
	} {
		line = strings.NewReplacer("SCRIPT", script, "DIR", decoy).Replace(line)
		if got := sh(t, h, line); strings.Contains(strings.ReplaceAll(got.stdout, decoy, "")+got.stdout, "touched") || strings.Contains(got.stdout, "nonexistent") {
			t.Errorf("%s: %v", line, got)
		}
	}
	names, err := os.ReadDir(decoy)
	if b, _ := os.ReadFile(script); err != nil || len(names) != 1 || string(b) != "#!/bin/sh\necho touched\n" {
		t.Errorf("on the computer: %v, %q, %v", names, b, err)
	}
	if _, err := os.Stat("/tmp/sh-interp-preship"); err == nil {
		t.Error("a redirection to the interpreter's own names made a file on the computer")
	}
}

func TestShellKnowsItsFolder(t *testing.T) {
	t.Parallel()
	h := newHandset(t)
	for line, want := range map[string]answer{
		"cd /sdcard; pwd; pwd -L; pwd -P":     {stdout: "/sdcard\n/sdcard\n/storage/emulated/0\n"},
		"pwd -P; echo still":                  {stdout: "/\nstill\n"},
		"[ -O /data/local/tmp ] && echo mine": {stdout: "mine\n"},
		"[ -O /system ]":                      {exit: 1},
		"echo 'echo $1; return 3; echo no' >/data/local/tmp/f; . /data/local/tmp/f arg; echo $?": {stdout: "arg\n3\n"},
		"cd /data/local/tmp; echo x=5 >f; . ./f; echo $x":                                        {stdout: "5\n"},
		"echo x >/data/local/tmp/sh-interp-1; cat /data/local/tmp/sh-interp-1":                   {stdout: "x\n"},
		"[ -f / -a -O / ] | cat": {stderr: "/system/bin/sh: test: unexpected operator/operand\n"},
		". /none":                {stderr: "/system/bin/sh: .: /none: No such file or directory\n", exit: 1},
		"eval 'echo $0'; [ \"$(eval 'echo $$')\" = $$ ] && echo same": {stdout: "/system/bin/sh\nsame\n"},
	} {
		if got := sh(t, h, line); got != want {
			t.Errorf("%s: %v, want %v", line, got, want)
		}
	}
}
