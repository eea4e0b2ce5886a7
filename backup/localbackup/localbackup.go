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
	"strings"

	"preship/backup/manifest"
)

var (
	// errBackupFile means that a file is not a complete backup of an app.
	errBackupFile = errors.New("not a complete backup")
	// errPassword means that a file is encrypted with a password.
	errPassword = errors.New("encrypted with a password, so it cannot be checked")
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
		return nil, fmt.Errorf("%w: its description is longer than %d bytes", errBackupFile, maxDescription)
	}
	d := &description{}
	if err := xml.Unmarshal(b, d); err != nil {
		return nil, fmt.Errorf("%w: its description: %w", errBackupFile, err)
	}
	if len(d.Packages) == 0 {
		return nil, fmt.Errorf("%w: its description names no app", errBackupFile)
	}
	return d, nil
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
			return pkg, 0, fmt.Errorf("%w: begins with %.40q", errBackupFile, head[i])
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
		return pkg, 0, fmt.Errorf("%w: compression %.20q", errBackupFile, compressed)
	}
	entries, err = readTar(body)
	return pkg, entries, err
}

func headerLine(in *bufio.Reader) (string, error) {
	line, err := in.ReadSlice('\n')
	if err != nil || len(line) > maxHeaderLine {
		return "", fmt.Errorf("%w: its head is cut short", errBackupFile)
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
			return entries, fmt.Errorf("%w: after %d files: %w", errBackupFile, entries, err)
		}
		entries++
	}
	if _, err := io.Copy(io.Discard, zeros); err != nil {
		return entries, fmt.Errorf("%w: after %d files: %w", errBackupFile, entries, err)
	}
	if zeros.run < 2*tarBlock {
		return entries, fmt.Errorf("%w: ends after %d files without its end mark", errBackupFile, entries)
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
func Judge(files map[string]File) (apps int, wrong []string) {
	blame := func(format string, args ...any) {
		wrong = append(wrong, manifest.Display(fmt.Sprintf(format, args...)))
	}
	f, err := open(files, "descript.xml")
	if err != nil {
		return 0, []string{"its description " + err.Error() + ": the handset will not offer it for restoring"}
	}
	d, err := parseDescription(f)
	f.Close()
	if err != nil {
		return 0, []string{manifest.Display(err.Error())}
	}
	named := map[string]bool{}
	for _, app := range d.Packages {
		named[app.File] = true
		if app.State != 1 || app.Error != 0 {
			blame("%s was not finished (state %d, error %d)", app.Package, app.State, app.Error)
		}
		file, ok := files[app.File]
		if ok && app.Size > 0 && file.Size != app.Size {
			blame("%s has %d bytes instead of %d", app.File, file.Size, app.Size)
		}
		f, err := open(files, app.File)
		if err != nil {
			blame("%s: %s %v", app.Package, app.File, err)
			continue
		}
		err = app.whole(f)
		f.Close()
		if err != nil {
			blame("%s: %v", app.File, err)
			continue
		}
		apps++
	}
	for _, name := range slices.Sorted(maps.Keys(files)) {
		if strings.HasSuffix(name, ".bak") && !named[name] {
			blame("%s is not in its description", name)
		}
	}
	return apps, wrong
}

// open opens the copy of one file. Its errors follow the name of the file.
func open(files map[string]File, name string) (io.ReadCloser, error) {
	f, ok := files[name]
	if !ok {
		return nil, errors.New("is missing")
	}
	if f.Open == nil {
		return nil, errors.New("is not saved")
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
		return fmt.Errorf("it is a backup of %s instead of %s", pkg, a.Package)
	case entries == 0:
		return errors.New("it has no files")
	}
	return nil
}
