package seal

import (
	"archive/zip"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"slices"
	"strings"
	"unicode/utf8"

	"preship/report/casedir"
	"preship/report/message"
	"preship/report/printable"
	"preship/report/safefile"
)

// zipFolder is a package inside a ZIP file, at its top or in one folder there.
type zipFolder struct {
	fs.FS
}

// verifyZIP checks a package without unpacking it. Entries that other programs
// would unpack differently, or somewhere else, make it no package.
func verifyZIP(path string, o VerifyOptions) (Result, []byte, error) {
	f, err := safefile.Open(path)
	if err != nil {
		return Result{}, nil, err
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		return Result{}, nil, err
	}
	res := newResult(path)
	z, err := zip.NewReader(f, info.Size())
	if err != nil && !errors.Is(err, zip.ErrInsecurePath) {
		if errors.Is(err, zip.ErrFormat) {
			err = message.Kind(message.Say("seal.zip.invalid"), err)
		}
		res.Problems = append(res.Problems, problemOf("", message.Say("seal.problem.no-package", "error", message.Of(err))))
		return res, nil, nil
	}
	if res.Problems = distrustEntries(z, info.Size()); len(res.Problems) == 0 {
		res.Problems = append(res.Problems, checkLayout(z, f, info.Size())...)
	}
	if len(res.Problems) > 0 {
		return res, nil, nil
	}
	in, err := fs.Sub(z, topFolder(z))
	if err != nil {
		return Result{}, nil, err
	}
	ignored, outside := besideZIP(z)
	v, err := verifyFolder(zipFolder{in}, path, o)
	if err != nil { // it could be opened: the defect is inside
		res.Problems = append(res.Problems, problemOf("", message.Say("seal.problem.unreadable", "error", message.Of(err))))
		return res, nil, nil
	}
	v.result.Ignored, v.result.Outside = append(ignored, v.result.Ignored...), outside
	return v.result, v.raw, nil
}

// besideZIP names what a ZIP file holds beside the package: at the top what computers
// added, in the folder of the package the owner's files.
func besideZIP(z *zip.Reader) (ignored, outside []string) {
	top := topFolder(z)
	add := func(names []string, name string) []string {
		if name = printable.Text(name); len(names) < maxIgnored && !slices.Contains(names, name) {
			names = append(names, name)
		}
		return names
	}
	for _, f := range z.File {
		first, _, nested := strings.Cut(f.Name, "/")
		if top != "." && first != top {
			ignored = add(ignored, first)
			continue
		}
		if top != "." {
			first, _, nested = strings.Cut(strings.TrimPrefix(f.Name, top+"/"), "/")
		}
		if kindOf(first, nested) == kindOutside {
			outside = add(outside, first)
		}
	}
	return ignored, outside
}

// distrustEntries names the defects of a ZIP file before anything in it is
// read.
func distrustEntries(z *zip.Reader, size int64) []Problem {
	problems := []Problem{}
	bad := func(name string, what message.ID) {
		if len(problems) < 100 {
			problems = append(problems, problemOf(name, message.Say(what)))
		}
	}
	if len(z.File) > maxFiles {
		bad("", "seal.zip.many")
		return problems
	}
	seen := map[string]bool{}
	var packed, unpacked uint64
	for _, f := range z.File {
		name := strings.TrimSuffix(f.Name, "/")
		mode := f.Mode()
		switch {
		case !fs.ValidPath(name) || !utf8.ValidString(name) || strings.ContainsAny(name, "\\:\x00"):
			bad(f.Name, "seal.zip.elsewhere")
		case seen[name]:
			bad(f.Name, "seal.zip.twice")
		case !mode.IsRegular() && !mode.IsDir():
			bad(f.Name, "seal.zip.not-file")
		case mode.IsDir() && f.UncompressedSize64 > 0:
			bad(f.Name, "seal.zip.folder")
		case f.Method != zip.Store && f.Method != zip.Deflate, f.Flags&1 != 0:
			bad(f.Name, "seal.zip.method")
		}
		seen[name] = true
		packed += f.CompressedSize64
		if packed > uint64(size) {
			bad("", "seal.zip.overlap")
			return problems
		}
	}
	top := topFolder(z)
	for _, f := range z.File {
		inside := strings.TrimPrefix(f.Name, top+"/")
		if kindOf(inside, false) == kindOutside {
			continue // the backup may be of any size; it is not read
		}
		if unpacked += f.UncompressedSize64; unpacked > casedir.MaxUnpacked || f.UncompressedSize64 > casedir.MaxUnpacked {
			bad("", "seal.zip.large")
			break
		}
	}
	return problems
}

// topFolder is the folder that holds all entries, or "." if they are at the top.
func topFolder(z *zip.Reader) string {
	top := ""
	for _, f := range z.File {
		first, _, nested := strings.Cut(f.Name, "/")
		if machineMade(first) {
			continue
		}
		if !nested || top != "" && first != top {
			return "."
		}
		top = first
	}
	if _, ours := packageFiles[top]; ours || top == "" {
		return "."
	}
	return top
}

func (z zipFolder) OpenRegular(name string) (fs.File, error) {
	f, err := z.Open(name)
	if err != nil {
		return nil, err
	}
	info, err := f.Stat()
	if err == nil && !info.Mode().IsRegular() {
		err = fmt.Errorf("%s: %w", name, safefile.ErrNotRegular)
	}
	if err != nil {
		return nil, errors.Join(err, f.Close())
	}
	return &boundedFile{f, info.Size()}, nil
}

// boundedFile ends a file that unpacks to more than its declared size.
type boundedFile struct {
	fs.File
	left int64
}

func (b *boundedFile) Read(p []byte) (int, error) {
	if b.left < 0 {
		return 0, message.Detail(safefile.ErrTooLarge, message.Say("error.detail.unpacks"))
	}
	n, err := b.File.Read(p[:min(int64(len(p)), b.left+1)])
	if b.left -= int64(n); b.left < 0 {
		return 0, message.Detail(safefile.ErrTooLarge, message.Say("error.detail.unpacks"))
	}
	if err != nil && err != io.EOF {
		err = fmt.Errorf("%w: %w", errDamaged, err)
	}
	return n, err
}

// errDamaged: what a ZIP file holds cannot be unpacked.
var errDamaged = message.Error(message.Say("error.damaged"), nil)
