package command

import (
	"archive/zip"
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"path"
	"slices"
	"strings"

	"github.com/digitorus/pkcs7"
)

// The signing block is before the archive's directory
// (source.android.com/docs/security/features/apksigning/v2).
const (
	blockMagic = "APK Sig Block 42"
	schemeV2   = 0x7109871a
	schemeV3   = 0xf05368c0
)

// signer returns the SHA-256 of the first certificate of an APK, "" if it has none.
func signer(b []byte, z *zip.Reader) string {
	cert := blockCertificate(b)
	for _, f := range z.File {
		if cert == nil && path.Dir(f.Name) == "META-INF" && slices.Contains([]string{".RSA", ".DSA", ".EC"}, strings.ToUpper(path.Ext(f.Name))) {
			data, _ := member(z, f.Name)
			if signed, err := pkcs7.Parse(data); err == nil && len(signed.Certificates) > 0 {
				cert = signed.Certificates[0].Raw
			}
		}
	}
	if cert == nil {
		return ""
	}
	sum := sha256.Sum256(cert)
	return hex.EncodeToString(sum[:])
}

// blockCertificate returns the first certificate of the signing block, nil if there is none.
func blockCertificate(b chunk) []byte {
	end := b.u32(max(bytes.LastIndex(b, []byte("PK\x05\x06")), 0) + 16) // the block's, where the directory begins
	if end < 32 || end > len(b) || string(b[end-16:end]) != blockMagic {
		return nil
	}
	start := end - b.u32(end-24)
	if start < 0 || start > end-24 {
		return nil
	}
	// Pairs of a number of eight bytes and a value follow each other.
	for pairs := b[start : end-24]; len(pairs) >= 12; {
		n := pairs.u32(0)
		if n < 4 || n > len(pairs)-8 {
			return nil
		}
		if id := pairs.u32(8); id == schemeV2 || id == schemeV3 {
			signed := part(part(part(pairs[12:8+n], 0), 0), 0) // data, of the first signer, of the signers
			if cert := part(part(signed, 1), 0); len(cert) > 0 {
				return cert
			}
		}
		pairs = pairs[8+n:]
	}
	return nil
}

// part returns one of the parts of a chunk, each of which begins with its length; nil if it does not fit.
func part(c chunk, nth int) chunk {
	for ; len(c) >= 4 && c.u32(0) <= len(c)-4; nth-- {
		inside := c[4 : 4+c.u32(0)]
		if nth == 0 {
			return inside
		}
		c = c[4+len(inside):]
	}
	return nil
}
