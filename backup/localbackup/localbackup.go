package localbackup

import (
	"archive/tar"
	"bufio"
	"compress/zlib"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"maps"
	"slices"
	"strconv"
	"strings"

	"preship/backup/manifest"
	"preship/report/message"
)

var (
	// errBackupFile means that a file is not a complete backup of an app.
	errBackupFile = message.Error(message.Say("backup.local.incomplete"), nil)
	// errPassword means that a file is encrypted with a password.
	errPassword = message.Error(message.Say("backup.local.password"), nil)
)

const (
	// maxDescription bounds the file that describes a local backup.
	maxDescription = 8 << 20
	maxHeaderLine  = 1024
	tarBlock       = 512
)

// description is the contents of descript.xml.
type description struct {
	XMLName  xml.Name       `xml:"MIUI-backup"`
	Packages []describedApp `xml:"packages>package"`
}

type describedApp struct {
	Package string `xml:"packageName"`
	File    string `xml:"bakFile"`
	Size    int64  `xml:"bakFileSize"`
	State   int    `xml:"state"` // 1: done
	Error   int    `xml:"error"`
}

func parseDescription(r io.Reader) (*description, error) {
	b, err := io.ReadAll(io.LimitReader(r, maxDescription+1))
	if err != nil {
		return nil, err
	}
	if len(b) > maxDescription {
		return nil, incomplete(message.Say("backup.local.description-long", "bytes", strconv.Itoa(maxDescription)))
	}
	d := &description{}
	if err := xml.Unmarshal(b, d); err != nil {
		return nil, fmt.Errorf("%w: %w", errBackupFile, message.Error(message.Say("backup.local.description"), err))
	}
	if len(d.Packages) == 0 {
		return nil, incomplete(message.Say("backup.local.no-app"))
	}
	return d, nil
}

// incomplete is an [errBackupFile] that names the fault.
func incomplete(what message.Sentence) error {
	return fmt.Errorf("%w: %w", errBackupFile, message.Error(what, nil))
}

// readBackupFile reads a .bak to its end and counts its files: five lines of the
// vendor, four of Android's backup format, and a tar, compressed or not, that ends with
// two blocks of zeros.
func readBackupFile(r io.Reader) (pkg string, entries int, err error) {
	in := bufio.NewReaderSize(r, 64<<10)
	head := make([]string, 9)
	for i := range head {
		if head[i], err = headerLine(in); err != nil {
			return pkg, 0, err
		}
		switch {
		case i == 0 && head[i] != "MIUI BACKUP", i == 5 && head[i] != "ANDROID BACKUP":
			return pkg, 0, incomplete(message.Say("backup.local.begins", "head", fmt.Sprintf("%.40q", head[i])))
		case i == 2:
			pkg, _, _ = strings.Cut(head[i], " ")
		}
	}
	compressed, cipher := head[7], head[8]
	if cipher != "none" {
		return pkg, 0, errPassword
	}
	var body io.Reader = in
	switch compressed {
	case "0":
	case "1":
		z, err := zlib.NewReader(in)
		if err != nil {
			return pkg, 0, fmt.Errorf("%w: %w", errBackupFile, err)
		}
		body = z
	default:
		return pkg, 0, incomplete(message.Say("backup.local.compression", "kind", fmt.Sprintf("%.20q", compressed)))
	}
	entries, err = readTar(body)
	return pkg, entries, err
}

func headerLine(in *bufio.Reader) (string, error) {
	line, err := in.ReadSlice('\n')
	if err != nil || len(line) > maxHeaderLine {
		return "", incomplete(message.Say("backup.local.head"))
	}
	return strings.TrimSuffix(string(line), "\n"), nil
}

// readTar reads a tar to its end mark. archive/tar accepts a tar that ends between two
// entries; readTar requires the zeros.
func readTar(r io.Reader) (entries int, err error) {
	zeros := &zeroTail{r: r}
	t := tar.NewReader(zeros)
	for {
		_, err := t.Next()
		if errors.Is(err, io.EOF) {
			break
		}
		if err == nil {
			_, err = io.Copy(io.Discard, t)
		}
		if err != nil {
			return entries, fmt.Errorf("%w: %w", errBackupFile, message.Error(message.Say("backup.local.after", "count", entries), err))
		}
		entries++
	}
	if _, err := io.Copy(io.Discard, zeros); err != nil {
		return entries, fmt.Errorf("%w: %w", errBackupFile, message.Error(message.Say("backup.local.after", "count", entries), err))
	}
	if zeros.run < 2*tarBlock {
		return entries, incomplete(message.Say("backup.local.no-end", "count", entries))
	}
	return entries, nil
}

// zeroTail counts the zeros at the end of the bytes it read.
type zeroTail struct {
	r   io.Reader
	run int64
}

func (z *zeroTail) Read(p []byte) (int, error) {
	n, err := z.r.Read(p)
	tail := 0
	for tail < n && p[n-1-tail] == 0 {
		tail++
	}
	if tail < n {
		z.run = 0
	}
	z.run += int64(tail)
	return n, err
}

// File is one file of a local backup as it was saved.
type File struct {
	Size int64
	// Open opens the copy; the caller closes it. Nil: the file is not saved.
	Open func() (io.ReadCloser, error)
}

// Judge returns how many apps of a local backup are complete, and a sentence for each
// problem; without a problem the backup is complete. files are its files by name.
func Judge(files map[string]File) (apps int, wrong []message.Sentence) {
	blame := func(what message.Sentence) { wrong = append(wrong, what.Map(manifest.Display)) }
	f, err := open(files, "descript.xml")
	if err != nil {
		blame(message.Say("backup.local.not-offered", "what", message.Of(err)))
		return 0, wrong
	}
	d, err := parseDescription(f)
	f.Close()
	if err != nil {
		blame(message.Of(err))
		return 0, wrong
	}
	named := map[string]bool{}
	for _, app := range d.Packages {
		named[app.File] = true
		if app.State != 1 || app.Error != 0 {
			blame(message.Say("backup.local.unfinished", "app", app.Package, "state", strconv.Itoa(app.State), "error", strconv.Itoa(app.Error)))
		}
		file, ok := files[app.File]
		if ok && app.Size > 0 && file.Size != app.Size {
			blame(message.Say("backup.local.size", "file", app.File, "now", strconv.FormatInt(file.Size, 10), "want", strconv.FormatInt(app.Size, 10)))
		}
		f, err := open(files, app.File)
		if err != nil {
			blame(message.Say("backup.local.file", "app", app.Package, "file", app.File, "what", message.Of(err)))
			continue
		}
		err = app.whole(f)
		f.Close()
		if err != nil {
			blame(message.Join(message.Colon, message.AsIs(app.File), message.Of(err)))
			continue
		}
		apps++
	}
	for _, name := range slices.Sorted(maps.Keys(files)) {
		if strings.HasSuffix(name, ".bak") && !named[name] {
			blame(message.Say("backup.local.unnamed", "file", name))
		}
	}
	return apps, wrong
}

// open opens the copy of one file. Its errors follow the name of the file.
func open(files map[string]File, name string) (io.ReadCloser, error) {
	f, ok := files[name]
	if !ok {
		return nil, message.Error(message.Say("backup.local.missing"), nil)
	}
	if f.Open == nil {
		return nil, message.Error(message.Say("backup.local.not-saved"), nil)
	}
	return f.Open()
}

// whole reads the file of an app to its end.
func (a describedApp) whole(r io.Reader) error {
	pkg, entries, err := readBackupFile(r)
	switch {
	case err != nil:
		return err
	case pkg != a.Package:
		return message.Error(message.Say("backup.local.other-app", "app", pkg, "want", a.Package), nil)
	case entries == 0:
		return message.Error(message.Say("backup.local.empty"), nil)
	}
	return nil
}
