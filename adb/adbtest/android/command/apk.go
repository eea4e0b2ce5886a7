package command

import (
	"archive/zip"
	"bytes"
	"errors"
	"io"

	"preship/adb/adbtest/profile"
)

// errNotAPK is the error for a file that is not an archive with a manifest that names a
// package.
var errNotAPK = errors.New("not an APK")

// apkInfo is what an APK says of itself: the app, as far as it is one, and of the file what
// the installer needs. MinSDK is 1 if it does not say, and Version "" if a resource holds it.
type apkInfo struct {
	profile.App
	split    string // "" for the base
	testOnly bool
}

// maxMember bounds a manifest and a signature.
const maxMember = 1 << 20

// readAPK reads an APK: the binary manifest and the first certificate. It verifies no
// signature, because an emulated handset runs no app. The error is errNotAPK.
func readAPK(b []byte) (apkInfo, error) {
	z, err := zip.NewReader(bytes.NewReader(b), int64(len(b)))
	if err != nil {
		return apkInfo{}, errNotAPK
	}
	data, err := member(z, "AndroidManifest.xml")
	if err != nil {
		return apkInfo{}, errNotAPK
	}
	app := readManifest(data)
	if app.Name == "" {
		return apkInfo{}, errNotAPK
	}
	app.Signer = signer(b, z)
	return app, nil
}

// member reads a file of an archive.
func member(z *zip.Reader, name string) ([]byte, error) {
	f, err := z.Open(name)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	return io.ReadAll(io.LimitReader(f, maxMember))
}
