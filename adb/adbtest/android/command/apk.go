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
	version    string // for people; "" if there is none, which Android prints as null
	minSDK     int    // 1 if the APK does not say
	targetSDK  int    // minSDK if the APK does not say
	testOnly   bool
	debuggable bool
	signer     string // SHA-256 of the first certificate, in hexadecimal; "" if it is unsigned
}

const (
	maxManifest = 1 << 20
	maxTable    = 16 << 20 // the resource table
	maxSigner   = 1 << 20
)

// readAPK reads an APK: the binary manifest, the string of the resource table that it
// refers to, and the first certificate. It verifies no signature, because an emulated
// handset runs no app. The error is errNotAPK.
func readAPK(b []byte) (apkInfo, error) {
	z, err := zip.NewReader(bytes.NewReader(b), int64(len(b)))
	if err != nil {
		return apkInfo{}, errNotAPK
	}
	data, err := member(z, "AndroidManifest.xml", maxManifest)
	if err != nil {
		return apkInfo{}, errNotAPK
	}
	m, err := parseManifest(data)
	if err != nil {
		return apkInfo{}, err
	}
	if m.versionRef != 0 {
		if table, err := member(z, "resources.arsc", maxTable); err == nil {
			m.version = resolve(table, m.versionRef)
		}
	}
	m.signer = signer(b, z)
	return m.apkInfo, nil
}

// member reads a file of an archive, up to most bytes.
func member(z *zip.Reader, name string, most int64) ([]byte, error) {
	f, err := z.Open(name)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	return io.ReadAll(io.LimitReader(f, most))
}
