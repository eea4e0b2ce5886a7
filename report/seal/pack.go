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
	Recording   bool // also the recording of the screen, likewise
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
		case kindSubject, kindListed, kindSeal, kindReceipt, kindDeletion:
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
	for _, one := range privateFiles {
		if err == nil && one.wanted(o) {
			p.Files++
			err = one.pack(out, in, v.report, res.ID)
		}
	}
	return p, errors.Join(err, out.Close())
}

var (
	// ErrNoBugreport: the case has no bugreport to pack.
	ErrNoBugreport = message.Error(message.Say("error.no-bugreport"), nil)
	// ErrNoRecording: the case has no recording of the screen to pack.
	ErrNoRecording = message.Error(message.Say("error.no-recording"), nil)
)

// private is a file that its owner keeps on the computer, and that a parcel file holds
// where it was named. It is not signed; the report has its digest, "" for none.
type private struct {
	name    string
	missing error
	wanted  func(PackOptions) bool
	digest  func(*report.Fault) string
}

var privateFiles = []private{
	{casedir.BugreportName, ErrNoBugreport, func(o PackOptions) bool { return o.Bugreport }, func(f *report.Fault) string {
		if f.Bugreport == nil {
			return ""
		}
		return f.Bugreport.SHA256
	}},
	{casedir.RecordingName, ErrNoRecording, func(o PackOptions) bool { return o.Recording }, func(f *report.Fault) string {
		if f.Recording == nil {
			return ""
		}
		return f.Recording.SHA256
	}},
}

// pack adds the file that the report has the digest of.
func (one private) pack(out *zip.Writer, in safefile.Folder, r *report.Report, id string) error {
	if r.Fault == nil || one.digest(r.Fault) == "" {
		return one.missing
	}
	d, _, err := casedir.DigestWithin(in, one.name, casedir.MaxUnpacked)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return one.missing
	case err != nil:
		return err
	case d != one.digest(r.Fault):
		return fmt.Errorf("%s: %w", one.name, ErrUnverified)
	}
	h := &zip.FileHeader{Name: id + "/" + one.name, Method: zip.Store, Modified: r.Finished.UTC()}
	h.SetMode(0o600)
	return packFile(out, in, h, one.name)
}

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
