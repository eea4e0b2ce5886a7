package command

import (
	"archive/zip"
	"bytes"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/sha256"
	"crypto/x509"
	"encoding/binary"
	"encoding/hex"
	"errors"
	"math/big"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"testing"
	"unicode/utf16"

	"preship/adb/adbtest/profile"

	"github.com/digitorus/pkcs7"
)

// attributes are the elements and resource IDs of a manifest's attributes that have one;
// "package" and "split" have none.
var attributes = map[string]struct {
	element string
	id      uint32
}{
	"versionCode":      {"manifest", attrVersionCode},
	"versionCodeMajor": {"manifest", attrVersionMajor},
	"versionName":      {"manifest", attrVersionName},
	"minSdkVersion":    {"uses-sdk", attrMinSDK},
	"targetSdkVersion": {"uses-sdk", attrTargetSDK},
	"testOnly":         {"application", attrTestOnly},
	"debuggable":       {"application", attrDebuggable},
}

// binaryManifest writes what aapt would of attributes, pairs of a name and a value. A
// value of digits is a number, one with @ in front is a reference to a resource. The names
// that have a resource ID are empty, as some packers leave them.
func binaryManifest(pairs ...string) []byte {
	words, ids := []string{}, []uint32{}
	for _, a := range attributes {
		words, ids = append(words, ""), append(ids, a.id)
	}
	word := func(s string) uint32 {
		words = append(words, s)
		return uint32(len(words) - 1)
	}
	const none = 0xffffffff // also the raw value, which aapt2 leaves out where it has another
	var elements []byte
	for _, element := range []string{"manifest", "uses-sdk", "application"} {
		var body []byte
		count := uint32(0)
		for i := 0; i+1 < len(pairs); i += 2 {
			a, known := attributes[pairs[i]]
			if known && a.element != element || !known && element != "manifest" {
				continue
			}
			name := uint32(slices.Index(ids, a.id))
			if !known {
				name = word(pairs[i])
			}
			kind, value := uint32(valueString), word(pairs[i+1])
			reference, isReference := strings.CutPrefix(pairs[i+1], "@")
			if n, err := strconv.ParseUint(reference, 0, 32); err == nil && known && (isReference || a.id != attrVersionName) {
				kind, value = valueFirstInt, uint32(n)
				if isReference {
					kind = 1
				}
			}
			for _, n := range []uint32{none, name, none, 8 | kind<<24, value} {
				body = binary.LittleEndian.AppendUint32(body, n)
			}
			count++
		}
		elements = append(elements, makeChunk(chunkElement, 16, []uint32{1, none, none, word(element), 0x00140014, count, 0}, body)...)
	}
	return makeChunk(3, 8, nil, pool(words), makeChunk(chunkIDs, 8, ids), elements)
}

func makeChunk(kind, header uint16, fields []uint32, body ...[]byte) []byte {
	b := make([]byte, 8)
	for _, n := range fields {
		b = binary.LittleEndian.AppendUint32(b, n)
	}
	for _, part := range body {
		b = append(b, part...)
	}
	binary.LittleEndian.PutUint16(b, kind)
	binary.LittleEndian.PutUint16(b[2:], header)
	binary.LittleEndian.PutUint32(b[4:], uint32(len(b)))
	return b
}

func pool(words []string) []byte {
	var data, offsets []byte
	for _, word := range words {
		offsets = binary.LittleEndian.AppendUint32(offsets, uint32(len(data)))
		units := utf16.Encode([]rune(word))
		data = binary.LittleEndian.AppendUint16(data, uint16(len(units)))
		for _, u := range append(units, 0) {
			data = binary.LittleEndian.AppendUint16(data, u)
		}
	}
	n := uint32(len(words))
	return makeChunk(chunkStrings, 28, []uint32{n, 0, 0, 28 + 4*n, 0}, offsets, data)
}

func le(values ...uint32) (b []byte) {
	for _, n := range values {
		b = binary.LittleEndian.AppendUint32(b, n)
	}
	return b
}

// makeAPK makes a package file with attributes as binaryManifest takes them. "signer" is
// the text of its certificate, "" for none.
func makeAPK(t testing.TB, pairs ...string) string {
	t.Helper()
	certificate, rest := "a key", []string{}
	for i := 0; i+1 < len(pairs); i += 2 {
		switch pairs[i] {
		case "signer":
			certificate = pairs[i+1]
		default:
			rest = append(rest, pairs[i:i+2]...)
		}
	}
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	put := func(name string, data []byte) {
		w, err := z.Create(name)
		if err == nil {
			_, err = w.Write(data)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	put("AndroidManifest.xml", binaryManifest(rest...))
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	if certificate == "" {
		return b.String()
	}
	return sign(b.Bytes(), certificate)
}

// sign puts a signing block of scheme 2 before the directory of an archive.
func sign(b []byte, certificate string) string {
	long := func(parts ...[]byte) []byte {
		all := bytes.Join(parts, nil)
		return append(le(uint32(len(all))), all...)
	}
	value := append(le(schemeV2), long(long(long(long(), long(long([]byte(certificate))))))...)
	pairs := append(binary.LittleEndian.AppendUint64(nil, uint64(len(value))), value...)
	size := binary.LittleEndian.AppendUint64(nil, uint64(len(pairs)+24))
	block := slices.Concat(size, pairs, size, []byte(blockMagic))
	end := bytes.LastIndex(b, []byte("PK\x05\x06"))
	at := binary.LittleEndian.Uint32(b[end+16:])
	tail := slices.Clone(b[at:])
	binary.LittleEndian.PutUint32(tail[end-int(at)+16:], at+uint32(len(block)))
	return string(slices.Concat(b[:at], block, tail))
}

func TestReadAPK(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		pairs []string
		want  profile.App
	}{
		{[]string{"versionName", "1.2", "minSdkVersion", "0"}, profile.App{Version: "1.2", MinSDK: 1, TargetSDK: 1}},
		{[]string{"versionCode", "7", "versionCodeMajor", "1"}, profile.App{Code: 1<<32 | 7, MinSDK: 1, TargetSDK: 1}},
		{[]string{"minSdkVersion", "24", "targetSdkVersion", "34", "debuggable", "1"}, profile.App{MinSDK: 24, TargetSDK: 34, Debuggable: true}},
		{[]string{"versionName", "2.0 β"}, profile.App{Version: "2.0 β", MinSDK: 1, TargetSDK: 1}},
		{[]string{"versionName", "@0x7f010000"}, profile.App{MinSDK: 1, TargetSDK: 1}},
	} {
		tt.want.Name = "org.example.tool"
		sum := sha256.Sum256([]byte("a key"))
		tt.want.Signer = hex.EncodeToString(sum[:])
		if got, err := readAPK([]byte(makeAPK(t, append(tt.pairs, "package", "org.example.tool")...))); err != nil || !reflect.DeepEqual(got.App, tt.want) {
			t.Errorf("%q: got %+v, %v; want %+v", tt.pairs, got, err, tt.want)
		}
	}
	if got, err := readAPK([]byte(makeAPK(t, "package", "org.example.tool", "split", "config.en", "testOnly", "0xffffffff"))); err != nil || got.split != "config.en" || !got.testOnly {
		t.Errorf("a part for tests: %+v, %v", got, err)
	}
	if got, err := readAPK([]byte(makeAPK(t, "package", "org.example.tool", "signer", ""))); err != nil || got.Signer != "" {
		t.Errorf("unsigned: %+v, %v", got, err)
	}
	for name, b := range map[string]string{"nothing": "", "no archive": "PK\x03\x04junk", "no package": makeAPK(t, "split", "x")} {
		if got, err := readAPK([]byte(b)); err == nil {
			t.Errorf("%s: %+v", name, got)
		}
	}
}

// An APK for Android 6 and older is signed in the archive.
func TestSignerOfAnOldAPK(t *testing.T) {
	t.Parallel()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	template := &x509.Certificate{SerialNumber: big.NewInt(1)}
	der, err := x509.CreateCertificate(rand.Reader, template, template, key.Public(), key)
	if err != nil {
		t.Fatal(err)
	}
	signed, err := pkcs7.DegenerateCertificate(der)
	if err != nil {
		t.Fatal(err)
	}
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	w, err := z.Create("META-INF/CERT.RSA")
	if err == nil {
		_, err = w.Write(signed)
	}
	if err := errors.Join(err, z.Close()); err != nil {
		t.Fatal(err)
	}
	r, err := zip.NewReader(bytes.NewReader(b.Bytes()), int64(b.Len()))
	if err != nil {
		t.Fatal(err)
	}
	if got, want := signer(b.Bytes(), r), sha256.Sum256(der); got != hex.EncodeToString(want[:]) {
		t.Errorf("signer %q, want %x", got, want)
	}
}

func FuzzReadAPK(f *testing.F) {
	f.Add(binaryManifest("package", "org.example.tool", "versionName", "1"))
	f.Add(binaryManifest())
	f.Add([]byte(makeAPK(f, "package", "org.example.tool", "versionName", "1")))
	f.Fuzz(func(_ *testing.T, b []byte) {
		_ = readManifest(b)
		_ = blockCertificate(b)
		_, _ = readAPK(b)
	})
}
