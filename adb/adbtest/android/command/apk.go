package command

import (
	"archive/zip"
	"bytes"
	"errors"
	"io"
)

// errNotAPK is the error for a file that is not an archive with a manifest that names a
// package.
var errNotAPK = errors.New("not an APK")

// apkInfo is what an APK says of itself.
type apkInfo struct {
	name       string // of the package
	split      string // "" for the base
	code       int64  // the number that Android compares versions by
	version    string // for people; "", which Android prints as null, if there is none or a resource holds it
	minSDK     int    // 1 if the APK does not say
	targetSDK  int    // minSDK if the APK does not say
	testOnly   bool
	debuggable bool
	signer     string // SHA-256 of the first certificate, in hexadecimal; "" if it is unsigned
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
	if app.name == "" {
		return apkInfo{}, errNotAPK
	}
	app.signer = signer(b, z)
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
