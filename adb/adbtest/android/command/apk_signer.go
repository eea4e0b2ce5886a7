package command

import (
	"archive/zip"
	"bytes"
	"crypto/sha256"
	"encoding/asn1"
	"encoding/binary"
	"encoding/hex"
	"path"
	"slices"
	"strings"
)

// The signing block stands before the archive's directory
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
		if cert != nil {
			break
		}
		if path.Dir(f.Name) != "META-INF" || !slices.Contains([]string{".RSA", ".DSA", ".EC"}, strings.ToUpper(path.Ext(f.Name))) {
			continue
		}
		if data, err := member(z, f.Name, maxSigner); err == nil {
			cert = archiveCertificate(data)
		}
	}
	if cert == nil {
		return ""
	}
	sum := sha256.Sum256(cert)
	return hex.EncodeToString(sum[:])
}

// blockCertificate returns the first certificate of the signing block, nil if there is none.
func blockCertificate(b []byte) []byte {
	end := bytes.LastIndex(b, []byte("PK\x05\x06"))
	if end < 0 || end+22 > len(b) {
		return nil
	}
	at := int(le32(b, end+16)) // of the directory
	if at < 32 || at > end || string(b[at-16:at]) != blockMagic {
		return nil
	}
	size := binary.LittleEndian.Uint64(b[at-24:])
	if size < 24 || size > uint64(at-8) {
		return nil
	}
	for pairs := b[at-int(size) : at-24]; len(pairs) >= 12; {
		n := binary.LittleEndian.Uint64(pairs)
		if n < 4 || n > uint64(len(pairs)-8) {
			return nil
		}
		if id := le32(pairs, 8); id == schemeV2 || id == schemeV3 {
			signers, _ := part(pairs[12 : 8+n])
			first, _ := part(signers)
			signed, _ := part(first)
			_, rest := part(signed) // the digests
			certificates, _ := part(rest)
			if cert, _ := part(certificates); len(cert) > 0 {
				return cert
			}
		}
		pairs = pairs[8+n:]
	}
	return nil
}

// part splits a length and so many bytes from b; nil if they do not fit.
func part(b []byte) (inside, rest []byte) {
	n := le32(b, 0)
	if n == noString || int64(n) > int64(len(b)-4) {
		return nil, nil
	}
	return b[4 : 4+n], b[4+n:]
}

// archiveCertificate returns the first certificate of a PKCS #7 signature of the archive's
// files, nil if there is none.
func archiveCertificate(b []byte) []byte {
	var outer struct {
		Kind asn1.ObjectIdentifier
		Data asn1.RawValue `asn1:"explicit,tag:0"`
	}
	var signed struct {
		Version      int
		Digests      asn1.RawValue
		Content      asn1.RawValue
		Certificates asn1.RawValue `asn1:"tag:0"`
	}
	var cert asn1.RawValue
	if _, err := asn1.Unmarshal(b, &outer); err != nil {
		return nil
	}
	if _, err := asn1.Unmarshal(outer.Data.Bytes, &signed); err != nil {
		return nil
	}
	if _, err := asn1.Unmarshal(signed.Certificates.Bytes, &cert); err != nil {
		return nil
	}
	return cert.FullBytes
}
