package adbtest

import (
	"archive/tar"
	"regexp"
	"slices"
	"strings"
	"testing"

	"preship/adb/adbtest/vfs"
)

// captureTree is the tree on which toybox 0.8.9 was captured; readdir's order is
// the order of the lines.
const captureTree = `
dir 0755 root:root 2026-11-22T11:11:18.010672067Z /d
dir 0755 root:root 2026-11-22T11:11:18.003406583Z "/d/sub dir"
text 0644 root:root 2026-11-22T11:11:18.010672067Z "/d/bad\xffutf8" "x"
text 0644 root:root 2026-11-22T11:11:18.003406583Z /d/émoji😀.jpg "x"
fifo 0644 root:root 2026-11-22T11:11:18.006672067Z /d/fifo
link - root:root 2026-11-22T11:11:18.003406583Z /d/link plain.txt
text 0644 root:root 2026-11-22T11:11:18.003406583Z "/d/new\nline.txt" "x"
text 0644 root:root 1965-01-01T00:00:00Z /d/-dash "x"
data 0644 root:root 2026-11-22T11:11:18.003406583Z /d/huge.bin 5368709120 1
text 0644 root:root 2026-11-22T11:11:18.003406583Z "/d/quote's \"dq\".txt" "x"
text 0644 root:root 2024-03-01T12:34:56.789Z /d/plain.txt "hello"
text 0644 root:root 2026-11-22T11:11:18.010672067Z "/d/tab\there" "a"
text 0644 root:root 2026-11-22T11:11:18.003406583Z "/d/back\\slash" "x"
dir 0700 root:root 2026-11-22T11:11:18Z /u/secret
text 0600 root:root 2026-11-22T11:11:18Z /u/ok/denied "x"
text 0644 root:root 2026-11-22T11:11:18Z /u/ok/a "x"
`

// What toybox 0.8.9 itself printed on that tree, as AOSP lists it for Android 14.
func TestToyboxCaptures(t *testing.T) {
	t.Parallel()
	h := build(t, "34", captureTree, "")
	for _, tt := range []struct {
		line string
		want answer
	}{
		{"find d -print0", answer{stdout: "d\x00d/sub dir\x00d/bad\xffutf8\x00d/émoji😀.jpg\x00d/fifo\x00d/link\x00d/new\nline.txt\x00d/-dash\x00d/huge.bin\x00d/quote's \"dq\".txt\x00d/plain.txt\x00d/tab\there\x00d/back\\slash\x00"}},
		{"find u -print0", answer{stdout: "u\x00u/secret\x00u/ok\x00u/ok/denied\x00u/ok/a\x00", stderr: "find: u/secret: Permission denied\n", exit: 1}},
		{"find nope", answer{stderr: "find: 'nope': No such file or directory\n", exit: 1}},
		{"find d -bogus", answer{stderr: "find: bad arg '(null)'\n", exit: 1}},
		{"find d -maxdepth", answer{stderr: "find: '-maxdepth' needs 1 arg\n", exit: 1}},
		{"sha256sum d/plain.txt d/nope d/link", answer{
			stdout: "2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824  d/plain.txt\n2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824  d/link\n",
			stderr: "sha256sum: d/nope: No such file or directory\n", exit: 1,
		}},
		{`sha256sum 'd/sub dir'`, answer{stdout: "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855  d/sub dir\n"}},
		{"sha256sum u/ok/denied", answer{stderr: "sha256sum: u/ok/denied: Permission denied\n", exit: 1}},
		{`printf 'd/tab\there\0' | xargs -0 sha256sum`, answer{stdout: "ca978112ca1bbdcafac231b39a23dc4da786eff8147c4e72b9807785afee48bb  d/tab\there\n"}},
		{"ls nope d/plain.txt", answer{stdout: "d/plain.txt\n", stderr: "ls: nope: No such file or directory\n", exit: 1}},
		{"cat d; rm d", answer{stderr: "cat: d: Is a directory\nrm: d: Is a directory\n", exit: 1}},
		{"mkdir d", answer{stderr: "mkdir: 'd': File exists\n", exit: 1}},
		{"mv nope x; touch nope/x", answer{stderr: "mv: bad 'nope': No such file or directory\ntouch: 'nope/x': No such file or directory\n", exit: 1}},
		{"mkdir", answer{stderr: "mkdir: Needs 1 argument (see \"mkdir --help\")\n", exit: 1}},
		{"ls -Q", answer{stderr: "ls: Unknown option 'Q' (see \"ls --help\")\n", exit: 1}},
		{"wc d/plain.txt d/-dash", answer{stdout: "      0       1       5 d/plain.txt\n      0       1       1 d/-dash\n      0       2       6 total\n"}},
		{"wc -c < d/plain.txt", answer{stdout: "5\n"}},
		{"head -c 3 d/plain.txt", answer{stdout: "hel"}},
		{"sleep x", answer{stderr: "sleep: Not a number 'x'\n", exit: 1}},
		{"readlink d/link; readlink -f d/link", answer{stdout: "plain.txt\n/d/plain.txt\n"}},
		{"stat d", answer{stderr: "/system/bin/sh: stat: inaccessible or not found\n", exit: 127}},
		{"echo | xargs; echo a b c | xargs", answer{stdout: "\na b c\n"}},
		{"echo x | xargs nope; echo $?", answer{stdout: "127\n", stderr: "/system/bin/sh: nope: inaccessible or not found\n"}},
	} {
		if got := sh(t, h, tt.line); got != tt.want {
			t.Errorf("%s\n got %v\nwant %v", tt.line, got, tt.want)
		}
	}
}

// Captured from toybox 0.8.9, whose stat printed the modes.
func TestChmod(t *testing.T) {
	t.Parallel()
	h := build(t, "34", "text 0644 shell:shell 2026-01-01T00:00:00Z /t x\nlink - shell:shell 2026-01-01T00:00:00Z /link t\n", "")
	for _, tt := range []struct {
		line string
		want uint32
	}{
		{"600 t", 0o600}, {"u+x t", 0o700}, {"+x t", 0o711}, {"go=rw t", 0o766}, {"a-r t", 0o322}, {"u=rwx,g=rx,o= t", 0o750}, {"= t", 0}, {"755 link", 0o755},
	} {
		got := sh(t, h, "chmod "+tt.line)
		if i, err := h.state.Tree.Stat("/t"); err != nil || got != (answer{}) || i.Mode&vfs.ModePerms != tt.want {
			t.Errorf("chmod %s: mode %o, %v, %v; want %o", tt.line, i.Mode, got, err, tt.want)
		}
	}
}

// xargs runs on what came before an argument that no command line can hold.
func TestXargsArgumentTooLong(t *testing.T) {
	t.Parallel()
	h := newHandset(t)
	long := strings.Repeat("x", 200_000)
	for _, tt := range []struct {
		line, input string
		want        answer
	}{
		{"xargs -0 echo", "a\x00" + strings.Repeat("y", 70_000) + "\x00", answer{stdout: "a " + strings.Repeat("y", 70_000) + "\n"}},
		{"xargs -0 echo", "a\x00" + long + "\x00b\x00", answer{stdout: "a\n", stderr: "xargs: argument too long\n", exit: 1}},
		{"xargs -0 echo", long, answer{stderr: "xargs: argument too long\n", exit: 1}},
		{"xargs", "a " + long, answer{stdout: "a\n", stderr: "xargs: argument too long\n", exit: 1}},
	} {
		if got := shWith(t, h, tt.line, tt.input); got != tt.want {
			t.Errorf("%s: %.80v, want %.80v", tt.line, got, tt.want)
		}
	}
}

func TestToyboxOfOldAndroid(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		sdk, line string
		exit      int
	}{
		{"25", `sha256sum /d/plain.txt`, 127},
		{"26", `sha256sum /d/plain.txt`, 0},
		{"25", `md5sum /d/plain.txt`, 0},
	} {
		if got := sh(t, build(t, tt.sdk, captureTree, ""), tt.line); got.exit != tt.exit {
			t.Errorf("sdk %s: %s: exit %d, want %d (%s)", tt.sdk, tt.line, got.exit, tt.exit, got.stderr)
		}
	}
}

func TestDD(t *testing.T) {
	t.Parallel()
	h := build(t, "34", "text - - 2026-01-01T00:00:00Z /t 0123456789\n", "")
	for _, tt := range []struct{ line, want string }{
		{"dd if=/t bs=1 skip=2 count=3", "234"},
		{"dd if=/t bs=4 count=1", "0123"},
		{"dd if=/t bs=4 skip=2", "89"},
		{"dd if=/t bs=4 count=1 status=none 2>&1", "0123"},
		{"cat /t | dd bs=2 skip=1 count=1", "23"},
		{"dd if=/t of=/data/local/tmp/o bs=5; cat /data/local/tmp/o", "0123456789"},
	} {
		if got := sh(t, h, tt.line); got.stdout != tt.want || got.exit != 0 {
			t.Errorf("%s: got %v, want %q", tt.line, got, tt.want)
		}
	}
	got := sh(t, h, "dd if=/t bs=3 >/dev/null")
	if want := regexp.MustCompile(`^3\+1 records in\n3\+1 records out\n10 bytes \(10\) copied, `); !want.MatchString(got.stderr) {
		t.Errorf("report %q, want %s", got.stderr, want)
	}
}

// tar -c writes what may be read and names the rest; a file that shrinks while
// tar reads it ends the archive, and what comes later is missing from it.
func TestTar(t *testing.T) {
	t.Parallel()
	h := build(t, "34", captureTree, "")
	got := sh(t, h, "tar -c -C / u")
	want := answer{stderr: "tar: u/secret: Permission denied\ntar: can't open 'u/ok/denied': Permission denied\ntar: had errors\n", exit: 1}
	if names := members(t, got.stdout); !slices.Equal(names, []string{"u/", "u/secret/", "u/ok/", "u/ok/a"}) || got.stderr != want.stderr || got.exit != want.exit {
		t.Errorf("%q, %v, want %v", names, got, want)
	}
	h = build(t, "34", "text - - 2026-01-01T00:00:00Z /s/a \"12345\"\ntext - - 2026-01-01T00:00:00Z /s/b \"later\"\n", "")
	h.state.Tree.Hooks = vfs.Hooks{Info: func(path string, i *vfs.Info) {
		if path == "/s/a" {
			i.Size = 10
		}
	}}
	got = sh(t, h, "tar -c s")
	if names := members(t, got.stdout); !slices.Equal(names, []string{"s/", "s/a"}) || got.stderr != "tar: short read\n" || got.exit != 1 {
		t.Errorf("shrinking: %q, stderr %q, exit %d", names, got.stderr, got.exit)
	}
}

// members are the names in an archive, which may be cut short.
func members(t *testing.T, archive string) (names []string) {
	t.Helper()
	r := tar.NewReader(strings.NewReader(archive))
	for {
		m, err := r.Next()
		if err != nil {
			return names
		}
		names = append(names, m.Name)
	}
}
