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
	size      int64 // -S; -1: not given
	testOnly  bool  // -t
	downgrade bool  // -d
}

// installArgs returns the arguments of pm install and its parts, and their options.
func installArgs(args []string) (rest []string, o installOptions) {
	o.size = -1
	for i := 0; i < len(args); i++ {
		switch arg := args[i]; {
		case arg == "-S" && i+1 < len(args):
			i++
			o.size, _ = strconv.ParseInt(args[i], 10, 64)
		case slices.Contains([]string{"-i", "-p", "--user", "--abi", "--install-location", "--originating-uri", "--referrer", "--install-reason", "--package"}, arg):
			i++
		case strings.HasPrefix(arg, "-") && arg != "-":
			o.testOnly = o.testOnly || arg == "-t"
			o.downgrade = o.downgrade || arg == "-d"
		default:
			rest = append(rest, arg)
		}
	}
	return rest, o
}

// installed answers what changes an app: why it failed, or "" for success.
func (p *process) installed(why string) int {
	p.Flush()
	if why != "" {
		p.Printf("Failure [%s]\n", why)
		return 1
	}
	p.Printf("Success\n")
	return 0
}

// pmInstall is pm install: a file on the handset, or size bytes of standard
// input, which is how `adb install` streams one.
func pmInstall(p *process, verb string, args []string) int {
	rest, o := installArgs(args)
	name := append(rest, "-")[0]
	if o.size < 0 && name == "-" {
		p.Printf("Error: must either specify a package size or an APK file\n")
		return 1
	}
	apk, why := p.readPackage(name, o.size)
	if why == notOpened {
		why = "Error: Can't open file: " + name
		fmt.Fprintln(p.Stderr, why)
		return android.Exception(p.Stderr, verb, "java.lang.IllegalArgumentException: "+why)
	}
	if why == "" {
		why = p.install([]apkFile{apk}, o)
	}
	return p.installed(why)
}

// notOpened is why a file of the handset was not read, which is said already.
const notOpened = "not opened"

// readPackage reads an APK from a file, or size bytes of standard input.
func (p *process) readPackage(name string, size int64) (apkFile, string) {
	r := p.Stdin
	if name != "-" {
		f, err := p.Tree.Open(p.Abs(name))
		if err != nil {
			fmt.Fprintf(p.Stderr, "Error: Unable to open file: %s\n", name)
			if dir := "/data/local/tmp/"; !strings.HasPrefix(name, dir) {
				fmt.Fprintf(p.Stderr, "Consider using a file under %s\n", dir)
			}
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
	case err == nil && info.Signer == "":
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
		at := slices.IndexFunc(p.Profile.Apps, func(a profile.App) bool { return slices.Contains(a.Paths, f.Path) })
		if at < 0 || f.Body == nil || f.Body.Size() != int64(len(b)) {
			continue
		}
		held, err := io.ReadAll(io.NewSectionReader(f.Body, 0, f.Body.Size()))
		if err == nil && bytes.Equal(held, b) {
			split := strings.TrimPrefix(strings.TrimSuffix(path.Base(f.Path), ".apk"), "split_")
			return apkInfo{App: p.Profile.Apps[at], split: strings.TrimPrefix(split, "base")}, true
		}
	}
	return apkInfo{}, false
}

// install puts the files of one app there, or says why not.
func (p *process) install(files []apkFile, o installOptions) string {
	base := slices.IndexFunc(files, func(f apkFile) bool { return f.split == "" })
	switch {
	case p.Prop(installToggle) == "0":
		return installRestricted
	case base < 0:
		return installNoBase
	}
	app := files[base]
	for _, f := range files {
		switch {
		case f.Name != app.Name:
			return fmt.Sprintf("%s: %s inconsistent with %s", installInvalid, f.Name, app.Name)
		case f.Code != app.Code:
			return fmt.Sprintf("%s: %s version code %d inconsistent with %d", installInvalid, f.Name, f.Code, app.Code)
		case otherSigner(f.Signer, app.Signer):
			return fmt.Sprintf("%s: %s signatures are inconsistent", installInvalid, f.Name)
		}
	}
	if why := p.refused(app.apkInfo, o); why != "" {
		return why
	}
	return p.place(files, app.App)
}

// otherSigner reports whether two signers differ. That of a profile's app is not known.
func otherSigner(a, b string) bool { return a != b && a != "" && b != "" }

// refused returns Android's reason not to install an app, else "".
func (p *process) refused(app apkInfo, o installOptions) string {
	was, there := p.App(app.Name)
	switch {
	case app.MinSDK > p.SDK():
		return fmt.Sprintf("INSTALL_FAILED_OLDER_SDK: Requires newer sdk version #%d (current version is #%d)", app.MinSDK, p.SDK())
	case app.testOnly && !o.testOnly:
		return "INSTALL_FAILED_TEST_ONLY: Failed to install test-only apk. Did you forget to add -t?"
	case there && otherSigner(app.Signer, was.Signer):
		return "INSTALL_FAILED_UPDATE_INCOMPATIBLE: Existing package " + app.Name + " signatures do not match newer version; ignoring!"
	case there && app.Code < was.Code && !(o.downgrade && (was.Debuggable || p.Prop("ro.debuggable") == "1")):
		return fmt.Sprintf("INSTALL_FAILED_VERSION_DOWNGRADE: Downgrade detected: Update version code %d is older than current %d", app.Code, was.Code)
	}
	return ""
}

// place puts the files of an app into its folder.
func (p *process) place(files []apkFile, app profile.App) string {
	folder := "/data/app/" + app.Name + "-" + android.ID(app.Name, 1)[:10] + "=="
	if p.SDK() >= 30 {
		folder = "/data/app/~~" + android.ID(app.Name, 0)[:10] + "==/" + path.Base(folder)
	}
	app.ThirdParty, app.Installed, app.Paths = true, p.Now().Format("2006-01-02 15:04:05"), nil
	for _, f := range files {
		file := folder + "/base.apk"
		if f.split != "" {
			file = folder + "/split_" + f.split + ".apk"
		}
		if !p.Tree.PutFile(file, f.data) {
			return installFull
		}
		app.Paths = append(app.Paths, file)
	}
	slices.Sort(app.Paths) // base.apk comes first
	p.PutApp(app)
	return ""
}
