package doctor

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"preship/report"
	"preship/report/message"
)

// adbBinary is an adb program on this computer.
type adbBinary struct {
	path     string
	onPath   bool
	protocol int    // what its server answers as version: 41
	release  string // of platform-tools: "29.0.6-debian"
	err      error  // it does not run, or is something else
}

// sentence says which adb it is, and where.
func (b adbBinary) sentence() message.Sentence {
	if b.err != nil {
		return message.AsIs(b.path)
	}
	return message.Say("doctor.adb.named", "release", b.release, "protocol", strconv.Itoa(b.protocol), "path", b.path)
}

// sdkFolders are the default folders of Android's tools.
var sdkFolders = map[string][]string{
	"linux":   {"/usr/lib/android-sdk", "/opt/android-sdk", "~/Android/Sdk"},
	"darwin":  {"~/Library/Android/sdk", "/opt/homebrew/share/android-commandlinetools"},
	"windows": {"~/AppData/Local/Android/Sdk"},
}

// findADB finds every adb, the one that preship would start first: on the PATH,
// and in the SDK's folders. One that is reached in two ways is listed once.
func findADB(ctx context.Context, m machine, getenv func(string) string) []adbBinary {
	name := "adb"
	if m.goos == "windows" {
		name = "adb.exe"
	}
	var found []adbBinary
	seen := map[string]bool{}
	add := func(path string, onPath bool) {
		real, err := filepath.EvalSymlinks(path)
		if err != nil || seen[real] || !runnable(m.goos, real) {
			return
		}
		seen[real] = true
		found = append(found, adbBinary{path: path, onPath: onPath})
	}
	for _, dir := range filepath.SplitList(getenv("PATH")) {
		if dir != "" {
			add(filepath.Join(dir, name), true)
		}
	}
	sdks := []string{getenv("ANDROID_HOME"), getenv("ANDROID_SDK_ROOT")}
	for _, sdk := range append(sdks, sdkFolders[m.goos]...) {
		if rest, ok := strings.CutPrefix(sdk, "~/"); ok {
			sdk = filepath.Join(m.home, rest)
		} else if sdk != "" && m.root != "" && !strings.HasPrefix(sdk, m.root) {
			sdk = m.path(sdk)
		}
		if sdk != "" {
			add(filepath.Join(sdk, "platform-tools", name), false)
		}
	}
	for i := range found {
		out, err := m.run(ctx, found[i].path, "version")
		if found[i].err = err; err == nil {
			found[i].protocol, found[i].release, found[i].err = parseADBVersion(out)
		}
	}
	return found
}

func runnable(goos, path string) bool {
	info, err := os.Stat(path)
	return err == nil && info.Mode().IsRegular() && (goos == "windows" || info.Mode()&0o111 != 0)
}

// parseADBVersion reads "Android Debug Bridge version 1.0.41", of which the last
// number is the protocol's, and the line "Version 34.0.5-debian", which adb has
// had since 2017.
func parseADBVersion(out []byte) (protocol int, release string, err error) {
	first, rest, _ := bytes.Cut(out, []byte("\n"))
	number, ok := strings.CutPrefix(strings.TrimSpace(string(first)), "Android Debug Bridge version ")
	if !ok {
		return 0, "", fmt.Errorf("its version is %.80q: no adb", first)
	}
	parts := strings.Split(number, ".")
	if protocol, err = strconv.Atoi(parts[len(parts)-1]); err != nil || protocol <= 0 || len(parts) != 3 {
		return 0, "", fmt.Errorf("its version is %.80q: no adb", first)
	}
	second, _, _ := bytes.Cut(rest, []byte("\n"))
	release, ok = strings.CutPrefix(strings.TrimSpace(string(second)), "Version ")
	if !ok || release == "" || len(release) > 80 {
		release = number
	}
	return protocol, release, nil
}

func checkADBBinary(_ context.Context, f *facts) result {
	answers := f.server.err == nil
	switch {
	case len(f.binaries) == 0 && answers:
		return result{report.StatusWarn, message.Say("doctor.adb.none-but-server"), next("doctor.get-adb", "doctor.get-adb.no-server")}
	case len(f.binaries) == 0:
		return result{report.StatusFail, message.Say("doctor.adb.none"), next("doctor.get-adb", "doctor.adb.demo")}
	}
	b := f.binaries[0]
	switch {
	case b.err != nil && answers:
		return result{report.StatusWarn, message.Say("doctor.adb.broken", "path", b.path, "error", message.Of(b.err)), next("doctor.get-adb")}
	case b.err != nil:
		return result{report.StatusFail, message.Say("doctor.adb.broken", "path", b.path, "error", message.Of(broken(b.err))), next("doctor.get-adb")}
	case !b.onPath && answers:
		return result{report.StatusWarn, message.Say("doctor.adb.off-path", "adb", b.sentence()), []message.Sentence{addToPath(b)}}
	case !b.onPath:
		return result{report.StatusFail, message.Say("doctor.adb.off-path.unused", "adb", b.sentence()), []message.Sentence{addToPath(b)}}
	}
	return result{status: report.StatusPass, found: b.sentence()}
}

func addToPath(b adbBinary) message.Sentence {
	return message.Say("doctor.adb.add-to-path", "folder", filepath.Dir(b.path))
}

// broken puts the usual reason why a program that is there does not run in words.
func broken(err error) error {
	if pathErr := (*fs.PathError)(nil); errors.As(err, &pathErr) {
		return message.Kind(message.Say("doctor.adb.other-machine", "error", message.Of(pathErr.Err)), pathErr.Err)
	}
	return err
}

// checkADBVersions looks for what makes "adb server version (39) doesn't match
// this client (41); killing...": every adb ends a server of another protocol,
// in the middle of whatever runs through it.
func checkADBVersions(_ context.Context, f *facts) result {
	var names []message.Sentence
	protocols := map[int]bool{}
	if f.server.err == nil {
		protocols[f.server.version] = true
	}
	for _, b := range f.binaries {
		if b.err == nil {
			protocols[b.protocol] = true
		}
		names = append(names, b.sentence())
	}
	found := message.Join(message.Semicolon, names...)
	switch {
	case len(protocols) > 1:
		if f.server.err == nil {
			found = message.Say("doctor.versions.server", "list", found, "protocol", fmt.Sprint(f.server.version))
		}
		return result{report.StatusWarn, found, next("doctor.versions.fight", "doctor.versions.keep")}
	case len(f.binaries) == 0:
		return result{status: report.StatusSkipped, found: message.Say("doctor.versions.none")}
	case len(f.binaries) == 1:
		return result{status: report.StatusPass, found: message.Say("doctor.versions.one")}
	}
	return result{status: report.StatusPass, found: message.Say("doctor.versions.share", "list", found)}
}
