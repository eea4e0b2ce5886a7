package command

import (
	"bytes"
	"fmt"
	"io"
	"path"
	"slices"
	"strconv"
	"strings"

	"preship/adb/adbtest/android"
	"preship/adb/adbtest/profile"
)

// Answers of the package installer.
const (
	installNotAPK     = "INSTALL_PARSE_FAILED_NOT_APK: Failed to parse APK file"
	installRestricted = "INSTALL_FAILED_USER_RESTRICTED: Install canceled by user"
	installFull       = "INSTALL_FAILED_INSUFFICIENT_STORAGE"
	installMixed      = "INSTALL_FAILED_INVALID_APK: Inconsistent package"
	installNoBase     = "INSTALL_FAILED_INVALID_APK: Full install must include a base package"
)

// installToggle is the vendor's switch "Install via USB", where there is one.
const installToggle = "persist.security.adbinstall"

// maxAPK bounds one package file, which is kept in memory.
const maxAPK = 64 << 20

type apkFile struct {
	manifest
	data []byte
}

// installArgs returns the arguments of pm install and its parts, without the
// options, of which only the size matters here.
func installArgs(args []string) (rest []string, size int64) {
	size = -1
	for i := 0; i < len(args); i++ {
		switch arg := args[i]; {
		case arg == "-S" && i+1 < len(args):
			i++
			size, _ = strconv.ParseInt(args[i], 10, 64)
		case slices.Contains([]string{"-p", "-i", "--user", "--abi", "--install-location", "--originating-uri", "--referrer", "--install-reason", "--package"}, arg):
			i++
		case strings.HasPrefix(arg, "-") && arg != "-":
		default:
			rest = append(rest, arg)
		}
	}
	return rest, size
}

func (p *process) installFailed(why string) int {
	p.Flush()
	p.Printf("Failure [%s]\n", why)
	return 1
}

// pmInstall is pm install: a file on the handset, or size bytes of standard
// input, which is how `adb install` streams one.
func (p *process) pmInstall(args []string) int {
	rest, size := installArgs(args)
	name := "-"
	if len(rest) > 0 {
		name = rest[0]
	}
	if size < 0 && name == "-" {
		fmt.Fprintln(p.Stderr, "Error: must either specify a package size or an APK file")
		return 1
	}
	apk, why := p.readPackage(name, size)
	if why == "" {
		why = p.install([]apkFile{apk})
	}
	if why != "" {
		return p.installFailed(why)
	}
	p.Printf("Success\n")
	return 0
}

// readPackage reads an APK from a file, or size bytes of standard input.
func (p *process) readPackage(name string, size int64) (apkFile, string) {
	r := p.Stdin
	if name != "-" {
		f, err := p.Tree.Open(p.Abs(name))
		if err != nil {
			return apkFile{}, "INSTALL_FAILED_INVALID_URI: Unable to open file: " + name
		}
		defer f.Close()
		r, size = io.NewSectionReader(f, 0, maxAPK+1), min(f.Info().Size, maxAPK+1)
	}
	if size > maxAPK {
		return apkFile{}, installFull
	}
	b := make([]byte, size)
	if n, err := io.ReadFull(r, b); err != nil {
		return apkFile{}, fmt.Sprintf("INSTALL_FAILED_INVALID_APK: expected %d bytes, got %d", size, n)
	}
	m, err := readAPK(b)
	if err != nil {
		var known bool
		if m, known = p.knownPackage(b); !known {
			return apkFile{}, installNotAPK
		}
	}
	return apkFile{m, b}, ""
}

// knownPackage finds the app whose file has these contents: what a profile put
// there is no real APK, but can be installed again all the same.
func (p *process) knownPackage(b []byte) (manifest, bool) {
	for _, f := range p.Profile.Files {
		if f.Body == nil || f.Body.Size() != int64(len(b)) {
			continue
		}
		for _, a := range p.Profile.Apps {
			if !slices.Contains(a.Paths, f.Path) {
				continue
			}
			held := make([]byte, len(b))
			if _, err := f.Body.ReadAt(held, 0); (err == nil || err == io.EOF) && bytes.Equal(held, b) {
				return manifest{a.Name, splitName(f.Path), a.Version}, true
			}
		}
	}
	return manifest{}, false
}

// splitName returns the split that a file of an installed app holds, "" for the base.
func splitName(file string) string {
	name, _ := strings.CutPrefix(strings.TrimSuffix(path.Base(file), ".apk"), "split_")
	if name == "base" {
		return ""
	}
	return name
}

// install puts the files of one app there, or says why not.
func (p *process) install(files []apkFile) string {
	base := slices.IndexFunc(files, func(f apkFile) bool { return f.split == "" })
	switch {
	case p.Prop(installToggle) == "0":
		return installRestricted
	case base < 0:
		return installNoBase
	case slices.ContainsFunc(files, func(f apkFile) bool { return f.name != files[base].name }):
		return installMixed
	}
	name := files[base].name
	if why := p.downgrade(name, files[base].version); why != "" {
		return why
	}
	folder := "/data/app/" + name + "-" + android.ID(name, 1)[:10] + "=="
	if p.SDK() >= 30 {
		folder = "/data/app/~~" + android.ID(name, 0)[:10] + "==/" + path.Base(folder)
	}
	a := profile.App{Name: name, Version: files[base].version, ThirdParty: true, Installed: p.Now().Format("2006-01-02 15:04:05")}
	for _, f := range files {
		file := folder + "/base.apk"
		if f.split != "" {
			file = folder + "/split_" + f.split + ".apk"
		}
		if !p.Tree.PutFile(file, f.data) {
			return installFull
		}
		a.Paths = append(a.Paths, file)
	}
	slices.Sort(a.Paths) // base.apk comes first
	p.PutApp(a)
	return ""
}

// versionCode returns the number Android compares versions by; here it is made of the
// name, of which every app of a profile has one.
func versionCode(name string) int {
	code := 0
	parts := strings.SplitN(name, ".", 4)
	for n := range 3 {
		code *= 100
		if n < len(parts) {
			part, _ := strconv.Atoi(parts[n])
			code += part
		}
	}
	return code
}

// downgrade returns the refusal if a newer version of the app is installed, else "".
func (p *process) downgrade(name, version string) string {
	for _, a := range p.Apps() {
		if was, is := versionCode(a.Version), versionCode(version); a.Name == name && is < was {
			return fmt.Sprintf("INSTALL_FAILED_VERSION_DOWNGRADE: Downgrade detected: Update version code %d is older than current %d", is, was)
		}
	}
	return ""
}

// pmUninstall removes an app; of the system's own only updates can go.
func (p *process) pmUninstall(args []string) int {
	rest, _ := installArgs(args)
	if len(rest) == 0 {
		fmt.Fprintln(p.Stderr, "Error: package name not specified")
		return 1
	}
	gone, ok := p.RemoveApp(rest[0])
	if !ok {
		return p.installFailed("DELETE_FAILED_INTERNAL_ERROR")
	}
	for _, file := range gone.Paths {
		p.Tree.DropFile(file)
	}
	p.Printf("Success\n")
	return 0
}
