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
	installInvalid    = "INSTALL_FAILED_INVALID_APK"
	installUnsigned   = "INSTALL_PARSE_FAILED_NO_CERTIFICATES: Failed to collect certificates from base.apk: Attempt to get length of null array"
	installNoBase     = "INSTALL_FAILED_INVALID_APK: Full install must include a base package"
)

// installToggle is the vendor's switch "Install via USB", where there is one.
const installToggle = "persist.security.adbinstall"

// maxAPK bounds one package file, which is kept in memory.
const maxAPK = 64 << 20

type apkFile struct {
	apkInfo
	data []byte
}

// installOptions are the options of pm install and its parts that matter here.
type installOptions struct {
	size      int64  // -S; -1: not given
	onto      string // -p: the installed app that gets these files
	testOnly  bool   // -t
	downgrade bool   // -d
}

// installArgs returns the arguments of pm install and its parts, and their options.
func installArgs(args []string) (rest []string, o installOptions) {
	o.size = -1
	for i := 0; i < len(args); i++ {
		switch arg := args[i]; {
		case arg == "-S" && i+1 < len(args):
			i++
			o.size, _ = strconv.ParseInt(args[i], 10, 64)
		case arg == "-p" && i+1 < len(args):
			i++
			o.onto = args[i]
		case slices.Contains([]string{"-i", "--user", "--abi", "--install-location", "--originating-uri", "--referrer", "--install-reason", "--package"}, arg):
			i++
		case arg == "-t":
			o.testOnly = true
		case arg == "-d":
			o.downgrade = true
		case strings.HasPrefix(arg, "-") && arg != "-":
		default:
			rest = append(rest, arg)
		}
	}
	return rest, o
}

func (p *process) installFailed(why string) int {
	p.Flush()
	p.Printf("Failure [%s]\n", why)
	return 1
}

// pmInstall is pm install: a file on the handset, or size bytes of standard
// input, which is how `adb install` streams one.
func (p *process) pmInstall(args []string) int {
	rest, o := installArgs(args)
	name := "-"
	if len(rest) > 0 {
		name = rest[0]
	}
	if o.size < 0 && name == "-" {
		p.Printf("Error: must either specify a package size or an APK file\n")
		return 1
	}
	apk, why := p.readPackage(name, o.size)
	switch why {
	case "":
		why = p.install([]apkFile{apk}, o)
	case notOpened:
		p.cannotOpen(name)
		why = "Error: Can't open file: " + name
		fmt.Fprintln(p.Stderr, why)
		return android.Exception(p.Stderr, "install", "java.lang.IllegalArgumentException: "+why)
	}
	if why != "" {
		return p.installFailed(why)
	}
	p.Printf("Success\n")
	return 0
}

// notOpened is why a file of the handset was not read.
const notOpened = "not opened"

// cannotOpen says that a file of the handset cannot be opened by a system service.
func (p *process) cannotOpen(name string) {
	fmt.Fprintf(p.Stderr, "Error: Unable to open file: %s\n", name)
	if dir := "/data/local/tmp/"; !strings.HasPrefix(name, dir) {
		fmt.Fprintf(p.Stderr, "Consider using a file under %s\n", dir)
	}
}

// readPackage reads an APK from a file, or size bytes of standard input.
func (p *process) readPackage(name string, size int64) (apkFile, string) {
	r := p.Stdin
	if name != "-" {
		f, err := p.Tree.Open(p.Abs(name))
		if err != nil {
			return apkFile{}, notOpened
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
	info, err := readAPK(b)
	switch known, ok := p.knownPackage(b); {
	case err == nil && info.signer == "":
		return apkFile{}, installUnsigned
	case err != nil && !ok:
		return apkFile{}, installNotAPK
	case err != nil:
		info = known
	}
	return apkFile{info, b}, ""
}

// knownPackage finds the app whose file has these contents: what a profile put
// there is no real APK, but can be installed again all the same.
func (p *process) knownPackage(b []byte) (apkInfo, bool) {
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
				return apkInfo{
					name: a.Name, split: splitName(f.Path), code: a.Code, version: a.Version,
					minSDK: a.MinSDK, targetSDK: a.TargetSDK,
				}, true
			}
		}
	}
	return apkInfo{}, false
}

// splitName returns the split that a file of an installed app holds, "" for the base.
func splitName(file string) string {
	name, _ := strings.CutPrefix(strings.TrimSuffix(path.Base(file), ".apk"), "split_")
	if name == "base" {
		return ""
	}
	return name
}

// install puts the files of one app there, or says why not. With o.onto they join the
// files of the installed app.
func (p *process) install(files []apkFile, o installOptions) string {
	base := slices.IndexFunc(files, func(f apkFile) bool { return f.split == "" })
	was, there := p.app(o.onto)
	switch {
	case p.Prop(installToggle) == "0":
		return installRestricted
	case o.onto != "" && !there:
		return "INSTALL_FAILED_INVALID_APK: Missing existing base package"
	case base < 0 && (o.onto == "" || len(files) == 0):
		return installNoBase
	}
	app := files[max(base, 0)]
	if base < 0 {
		app.apkInfo = apkInfo{name: was.Name, code: was.Code, version: was.Version, minSDK: was.MinSDK, targetSDK: was.TargetSDK, debuggable: was.Debuggable, signer: was.Signer}
	}
	for _, f := range files {
		if why := sameApp(app, f); why != "" {
			return why
		}
	}
	if why := p.refused(app.apkInfo, o); why != "" {
		return why
	}
	return p.place(files, app.apkInfo, was)
}

// sameApp returns why a file is of another app or version than the base, else "".
func sameApp(base, f apkFile) string {
	switch {
	case f.name != base.name:
		return fmt.Sprintf("%s: %s inconsistent with %s", installInvalid, f.name, base.name)
	case f.code != base.code:
		return fmt.Sprintf("%s: %s version code %d inconsistent with %d", installInvalid, f.name, f.code, base.code)
	case otherSigner(f.signer, base.signer):
		return fmt.Sprintf("%s: %s signatures are inconsistent", installInvalid, f.name)
	}
	return ""
}

// otherSigner reports whether two signers differ. That of a profile's app is not known.
func otherSigner(a, b string) bool { return a != b && a != "" && b != "" }

// refused returns Android's reason not to install an app, else "".
func (p *process) refused(app apkInfo, o installOptions) string {
	was, there := p.app(app.name)
	switch {
	case app.minSDK > p.SDK():
		return fmt.Sprintf("INSTALL_FAILED_OLDER_SDK: Requires newer sdk version #%d (current version is #%d)", app.minSDK, p.SDK())
	case app.testOnly && !o.testOnly:
		return "INSTALL_FAILED_TEST_ONLY: Failed to install test-only apk. Did you forget to add -t?"
	case there && otherSigner(app.signer, was.Signer):
		return "INSTALL_FAILED_UPDATE_INCOMPATIBLE: Existing package " + app.name + " signatures do not match newer version; ignoring!"
	case there && app.code < was.Code && !(o.downgrade && (was.Debuggable || p.Prop("ro.debuggable") == "1")):
		return fmt.Sprintf("INSTALL_FAILED_VERSION_DOWNGRADE: Downgrade detected: Update version code %d is older than current %d", app.code, was.Code)
	}
	return ""
}

// app returns an installed app.
func (p *process) app(name string) (profile.App, bool) {
	for _, a := range p.Apps() {
		if a.Name == name {
			return a, true
		}
	}
	return profile.App{}, false
}

// place puts the files of an app into its folder, beside those that was has.
func (p *process) place(files []apkFile, app apkInfo, was profile.App) string {
	folder := "/data/app/" + app.name + "-" + android.ID(app.name, 1)[:10] + "=="
	if p.SDK() >= 30 {
		folder = "/data/app/~~" + android.ID(app.name, 0)[:10] + "==/" + path.Base(folder)
	}
	if len(was.Paths) > 0 {
		folder = path.Dir(was.Paths[0])
	}
	a := profile.App{
		Name: app.name, Version: app.version, Code: app.code, MinSDK: app.minSDK, TargetSDK: app.targetSDK,
		Debuggable: app.debuggable, Signer: app.signer, ThirdParty: true,
		Installed: p.Now().Format("2006-01-02 15:04:05"), Paths: slices.Clone(was.Paths),
	}
	for _, f := range files {
		file := folder + "/base.apk"
		if f.split != "" {
			file = folder + "/split_" + f.split + ".apk"
		}
		if !p.Tree.PutFile(file, f.data) {
			return installFull
		}
		if !slices.Contains(a.Paths, file) {
			a.Paths = append(a.Paths, file)
		}
	}
	slices.Sort(a.Paths) // base.apk comes first
	p.PutApp(a)
	return ""
}

// pmClear deletes the data of an app, of which a handset has what the app keeps in the
// owner's storage.
func (p *process) pmClear(args []string) int {
	rest, _ := installArgs(args)
	if len(rest) == 0 {
		fmt.Fprintln(p.Stderr, "Error: no package specified")
		return 1
	}
	if _, there := p.app(rest[0]); !there {
		fmt.Fprintln(p.Stderr, "Failed")
		return 1
	}
	p.Tree.Drop("/storage/emulated/0/Android/data/" + rest[0])
	p.Printf("Success\n")
	return 0
}

// pmInstallExisting installs an app that another user has, or the system.
func (p *process) pmInstallExisting(args []string) int {
	rest, _ := installArgs(args)
	if len(rest) == 0 {
		p.Printf("Error: package name not specified\n")
		return 1
	}
	if _, there := p.app(rest[0]); !there {
		p.Printf("android.content.pm.PackageManager$NameNotFoundException: Package %s doesn't exist\n", rest[0])
		return 1
	}
	p.Printf("Package %s installed for user: 0\n", rest[0])
	return 0
}

// pmUninstall removes an app; of the system's own only updates can go.
func (p *process) pmUninstall(args []string) int {
	rest, _ := installArgs(args)
	if len(rest) == 0 {
		p.Printf("Error: package name not specified\n")
		return 1
	}
	gone, ok := p.RemoveApp(rest[0])
	if !ok {
		return p.installFailed("DELETE_FAILED_INTERNAL_ERROR")
	}
	for _, file := range gone.Paths {
		p.Tree.Drop(file)
	}
	p.Printf("Success\n")
	return 0
}
