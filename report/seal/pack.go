package seal

import (
	"archive/zip"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"

	"preship/report"
	"preship/report/casedir"
	"preship/report/message"
	"preship/report/safefile"
)

// PackOptions says which personal files the parcel file holds.
type PackOptions struct {
	FileNames   bool // also backup.manifest.json: the name of every file of the owner
	Bugreport   bool // also the bugreport, which is not signed; the report has its digest
	WithoutForm bool // leave out the form, the letter and the photos of the condition
}

// Packed is what a parcel file holds.
type Packed struct {
	ID       string   `json:"id"`
	Files    int      `json:"files"`
	Withheld []string `json:"withheld"` // signed files that stay in the case
}

// Pack writes the parcel file of the sealed case in dir to w: a ZIP file with the sealed
// files that a desk needs in one folder, and nothing else of the case. Packing the same
// package again gives the same bytes. A package that does not verify is
// [ErrUnverified], and nothing is written.
func Pack(dir string, w io.Writer, o PackOptions) (Packed, error) {
	p := Packed{Withheld: []string{}}
	root, err := os.OpenRoot(dir)
	if err != nil {
		return p, err
	}
	defer root.Close()
	in := safefile.In(root)
	v, err := verifyFolder(in, dir, VerifyOptions{})
	res := v.result
	switch {
	case err != nil:
		return p, err
	case !res.OK:
		return p, fmt.Errorf("%s: %w: %s: %s", dir, ErrUnverified, res.Problems[0].File, res.Problems[0].What)
	}
	p.ID = res.ID
	out := newDeflated(w)
	err = walk(in, func(f found) error {
		switch f.kind {
		case kindSubject, kindListed, kindSeal, kindReceipt:
		default:
			return nil
		}
		if o.withholds(f.name) {
			p.Withheld = append(p.Withheld, f.name)
			return nil
		}
		p.Files++
		h := &zip.FileHeader{Name: res.ID + "/" + f.name, Method: zip.Deflate, Modified: v.report.Finished.UTC()}
		h.SetMode(0o600)
		return packFile(out, in, h, f.name)
	})
	if err == nil && o.Bugreport {
		p.Files++
		err = packBugreport(out, in, v.report, res.ID)
	}
	return p, errors.Join(err, out.Close())
}

// packBugreport adds the bugreport that the report has the digest of.
func packBugreport(out *zip.Writer, in safefile.Folder, r *report.Report, id string) error {
	if r.Fault == nil || r.Fault.Bugreport == nil {
		return ErrNoBugreport
	}
	d, _, err := casedir.DigestWithin(in, casedir.BugreportName, casedir.MaxUnpacked)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return ErrNoBugreport
	case err != nil:
		return err
	case d != r.Fault.Bugreport.SHA256:
		return fmt.Errorf("%s: %w", casedir.BugreportName, ErrUnverified)
	}
	h := &zip.FileHeader{Name: id + "/" + casedir.BugreportName, Method: zip.Store, Modified: r.Finished.UTC()}
	h.SetMode(0o600)
	return packFile(out, in, h, casedir.BugreportName)
}

// ErrNoBugreport: the case has no bugreport to pack.
var ErrNoBugreport = message.Error(message.Say("error.no-bugreport"), nil)

// withholds reports whether a file stays in the case.
func (o PackOptions) withholds(name string) bool {
	if name == casedir.ManifestName {
		return !o.FileNames
	}
	return o.WithoutForm && personal(name)
}

func packFile(out *zip.Writer, in safefile.Folder, h *zip.FileHeader, name string) error {
	f, err := in.OpenRegular(name)
	if err != nil {
		return err
	}
	defer f.Close()
	w, err := out.CreateHeader(h)
	if err != nil {
		return err
	}
	if _, err := io.Copy(w, io.LimitReader(f, casedir.MaxUnpacked)); err != nil {
		return fmt.Errorf("%s: %w", name, err)
	}
	return nil
}

// PackFile writes the parcel file as [Pack] does into a folder, under a name. It replaces
// an existing file only by a whole one.
func PackFile(folder *os.Root, name, dir string, o PackOptions) (p Packed, err error) {
	err = safefile.Replace(folder, name, func(w io.Writer) error {
		p, err = Pack(dir, w, o)
		return err
	})
	return p, err
}
