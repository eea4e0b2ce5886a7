package restore

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"path"

	"preship/adb"
	"preship/adb/handset"
	"preship/backup/disk"
	"preship/backup/manifest"
	"preship/backup/query"
	"preship/report/message"
)

// Apps counts apps.
type Apps struct {
	Wanted    int64 `json:"wanted"`
	Present   int64 `json:"present"`   // already installed in the same version
	Newer     int64 `json:"newer"`     // installed in a newer version, which stays
	Installed int64 `json:"installed"` // or, with a dry run, to be installed
	Proved    int64 `json:"proved"`    // listed afterwards in the version that was saved
	Bytes     int64 `json:"bytes"`     // sent, or to be sent
}

// enoughRestricted is how many apps in a row the owner may refuse before the rest are
// not tried: each shows a question on the screen.
const enoughRestricted = 3

// installRestricted is the installer's code for a refusal by the owner or by a switch
// of the vendor.
const installRestricted = "INSTALL_FAILED_USER_RESTRICTED"

// installAdvice explains the codes of the installer.
var installAdvice = map[string]message.ID{
	installRestricted:                      "restore.install.restricted",
	"INSTALL_FAILED_UPDATE_INCOMPATIBLE":   "restore.install.signature",
	"INSTALL_FAILED_VERSION_DOWNGRADE":     "restore.install.newer",
	"INSTALL_FAILED_NO_MATCHING_ABIS":      "restore.install.processor",
	"INSTALL_FAILED_OLDER_SDK":             "restore.install.newer-android",
	"INSTALL_FAILED_INSUFFICIENT_STORAGE":  "restore.install.full",
	"INSTALL_FAILED_MISSING_SPLIT":         "restore.install.split",
	"INSTALL_FAILED_VERIFICATION_FAILURE":  "restore.install.protection",
	"INSTALL_PARSE_FAILED_NO_CERTIFICATES": "restore.install.no-signature",
}

// installer installs the apps of the backup.
type installer struct{ *session }

// apps installs the saved apps that are missing. One that fails is a problem, and the
// next follows.
func (in *installer) apps(ctx context.Context) error {
	it, ok := in.saved.item("apps.jsonl")
	if !ok {
		return nil
	}
	var apps []manifest.App
	b, err := in.saved.read(it)
	if err == nil {
		apps, err = savedLines[manifest.App](b)
	}
	if err != nil {
		in.problem(string(PartApps), message.Of(err))
		return nil //nolint:nilerr // files and contacts are still restored
	}
	in.result.Apps.Wanted = int64(len(apps))
	why, err := in.noInstaller(ctx)
	if err != nil {
		return err
	}
	if !why.Empty() {
		in.problem(string(PartApps), why)
		return nil
	}
	restricted := 0
	for i := range apps {
		if restricted == enoughRestricted {
			in.problem(string(PartApps), message.Say("restore.problem.apps.untried", "count", len(apps)-i, "why", message.Say(installAdvice[installRestricted])))
			break
		}
		code, err := in.app(ctx, &apps[i])
		if err != nil {
			return err
		}
		if code == installRestricted {
			restricted++
		} else {
			restricted = 0
		}
	}
	return nil
}

// noInstaller returns why apps cannot be installed, and an empty sentence if they can.
func (in *installer) noInstaller(ctx context.Context) (message.Sentence, error) {
	var features adb.Features
	err := in.link.Retry(ctx, func(ctx context.Context) (err error) {
		features, err = in.link.Device().Features(ctx)
		return err
	})
	if err != nil || features.Has(adb.FeatureCmd) || features.Has(adb.FeatureABBExec) {
		return message.Sentence{}, err
	}
	return message.Say("restore.problem.apps.old-android"), nil
}

// app restores one app. code is the installer's code of a refusal.
func (in *installer) app(ctx context.Context, app *manifest.App) (code string, err error) {
	if !query.PackageName().MatchString(app.Package) {
		in.problem(app.Package, message.Say("restore.problem.app.name"))
		return "", nil
	}
	there, err := in.version(ctx, app.Package)
	if err != nil {
		return "", err
	}
	switch order := query.CompareVersions(there, app); {
	case there == nil || order < 0:
	case order == 0:
		in.result.Apps.Present++
		in.result.Apps.Proved++
		return "", nil
	default:
		in.result.Apps.Newer++
		return "", nil
	}
	apks, size, why := in.packages(app)
	if !why.Empty() {
		in.problem(app.Package, why)
		return "", nil
	}
	if in.options.DryRun {
		what := message.Say("restore.action.app", "package", app.Package, "version", cmp.Or(app.Version, app.VersionCode), "count", len(apks))
		in.would(Action{Do: "install", Message: &what, Bytes: size})
		in.result.Apps.Installed++
		in.result.Apps.Bytes += size
		return "", nil
	}
	return in.install(ctx, app, apks, size)
}

// packages returns the files of a saved app, each compared with the manifest.
func (in *installer) packages(app *manifest.App) (apks []adb.APK, size int64, why message.Sentence) {
	if len(app.Files) == 0 {
		return nil, 0, message.Say("restore.problem.app.no-file")
	}
	for _, name := range app.Files {
		e := in.saved.apks[name]
		if e == nil || e.Status != manifest.StatusProved && e.Status != manifest.StatusSaved {
			return nil, 0, message.Say("restore.problem.app.file", "file", path.Base(name))
		}
		if err := in.saved.intact(e); err != nil {
			return nil, 0, message.Say("restore.problem.app.damaged", "file", path.Base(name), "why", message.Of(disk.ErrDamaged))
		}
		size += e.Size
		apks = append(apks, adb.APK{Name: path.Base(name), Size: e.Size, Open: func() (io.ReadCloser, error) { return in.saved.open(e) }})
	}
	return apks, size, message.Sentence{}
}

// install installs an app and checks that the handset lists it afterwards.
func (in *installer) install(ctx context.Context, app *manifest.App, apks []adb.APK, size int64) (code string, err error) {
	one, cancel := handset.Bound(ctx, size, handset.InstallWrite, handset.InstallCommit)
	defer cancel()
	err = in.link.Retry(one, func(ctx context.Context) error {
		return in.link.Device().Install(ctx, apks, adb.InstallOptions{Replace: true, User: "0"})
	})
	var refused *adb.InstallError
	late := handset.Late(ctx, one)
	switch {
	case errors.As(err, &refused):
		why := message.AsIs(fmt.Sprintf("%.300s", refused.Text))
		if advice := installAdvice[refused.Code]; advice != "" {
			why = message.Say("restore.problem.with-code", "advice", message.Say(advice), "code", refused.Code)
		}
		in.problem(app.Package, message.Say("restore.problem.app.refused", "why", why))
		return refused.Code, nil
	case err != nil && late != nil:
		in.problem(app.Package, message.Say("restore.problem.app.late", "time", late.Limit.String()))
		return "", nil
	case err != nil:
		return "", err
	}
	in.result.Apps.Installed++
	in.result.Apps.Bytes += size
	there, err := in.version(ctx, app.Package)
	if err != nil {
		return "", err
	}
	if there == nil || query.CompareVersions(there, app) != 0 || len(there.Files) != len(app.Files) {
		in.problem(app.Package, message.Say("restore.problem.app.version"))
		return "", nil
	}
	in.result.Apps.Proved++
	return "", nil
}
