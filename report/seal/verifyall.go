package seal

import (
	"context"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"iter"
	"os"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"
	"sync"
	"time"

	"preship/report/casedir"
	"preship/report/printable"
)

// Verified is one package of many: its result, or why it could not be looked at.
type Verified struct {
	Result
	Err error
}

// VerifyAll checks packages side by side, on as many as there are processors,
// and gives the results to fn in the order of the paths. It ends with fn's error
// or ctx's, once every started check is done.
func VerifyAll(ctx context.Context, paths iter.Seq2[string, error], o VerifyOptions, fn func(Verified) error) error {
	ctx, cancel := context.WithCancel(ctx)
	workers := runtime.GOMAXPROCS(0)
	queue := make(chan chan Verified, 2*workers)
	slots := make(chan struct{}, workers)
	var running sync.WaitGroup
	defer running.Wait()
	defer cancel()
	running.Go(func() {
		defer close(queue)
		for path, err := range paths {
			answer := make(chan Verified, 1)
			select {
			case <-ctx.Done():
				return
			case queue <- answer:
			}
			slots <- struct{}{} // a check ends by itself: this wait does too
			running.Go(func() {
				defer func() { <-slots }()
				v := Verified{Result: newResult(path), Err: err}
				if err == nil {
					var res Result
					if res, v.Err = Verify(path, o); v.Err == nil {
						v.Result = res
					}
				}
				answer <- v
			})
		}
	})
	for answer := range queue {
		if err := fn(<-answer); err != nil {
			return err
		}
	}
	return ctx.Err()
}

// FindPackages names everything that looks like a package in and below a folder: folders
// that hold a part of a package, so that a lost file does not hide it, and ZIP files.
// It looks into no package and follows no symbolic link.
func FindPackages(dir string) iter.Seq2[string, error] {
	return func(yield func(string, error) bool) {
		err := filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
			switch {
			case err != nil:
				if !yield(path, err) {
					return errStop
				}
				if d != nil && d.IsDir() {
					return fs.SkipDir
				}
			case d.IsDir() && isPackage(path), d.Type().IsRegular() && strings.EqualFold(filepath.Ext(path), ".zip"):
				if !yield(path, nil) {
					return errStop
				}
				if d.IsDir() {
					return fs.SkipDir
				}
			}
			return nil
		})
		if err != nil && !errors.Is(err, errStop) {
			yield(dir, err)
		}
	}
}

var errStop = errors.New("enough")

func isPackage(dir string) bool {
	for _, name := range []string{sumsName, casedir.SigName, casedir.ReportName, attestationName, casedir.CaseFileName} {
		if _, err := os.Lstat(filepath.Join(dir, name)); err == nil {
			return true
		}
	}
	return false
}

// Table writes one line a package for a spreadsheet.
type Table struct{ csv *csv.Writer }

// NewTable writes the heading.
func NewTable(w io.Writer) (*Table, error) {
	s := &Table{csv.NewWriter(w)}
	return s, s.row("path", "ok", "verdict", "emulated", "report", "imei", "signer", "name", "trust", "countersigned", "withheld", "problems", "first problem",
		"key", "finished", "dated by", "age in days", "ticket", "rma", "model", "supersedes", "superseded by", "countersigned by", "countersigned trust", "same as")
}

// Add writes the line of one package.
func (s *Table) Add(v Verified) error {
	problem := ""
	if len(v.Problems) > 0 {
		problem = fmt.Sprintf("%s: %s", v.Problems[0].File, v.Problems[0].What)
	}
	if v.Err != nil {
		problem = v.Err.Error()
	}
	countersigned, receiver, receiverTrust := "", "", ""
	if by := v.Countersigned; by != nil {
		countersigned, receiver, receiverTrust = by.Signer, by.Principal, string(by.Trust)
	}
	finished, age, supersedes := "", "", ""
	if v.Finished != nil {
		finished, age = v.Finished.UTC().Format(time.RFC3339), strconv.Itoa(*v.AgeDays)
	}
	if v.Supersedes != nil {
		supersedes = *v.Supersedes
	}
	return s.row(v.Path, strconv.FormatBool(v.OK), string(v.Verdict), strconv.FormatBool(v.Emulated), v.ID, strings.Join(v.IMEI, " "),
		v.Signer, v.Principal, string(v.Trust), countersigned, strings.Join(v.Withheld, " "), strconv.Itoa(len(v.Problems)), problem,
		string(v.Key), finished, v.DatedBy, age, v.Ticket, v.RMA, v.Model, supersedes, v.SupersededBy, receiver, receiverTrust, v.SameAs)
}

func (s *Table) row(cells ...string) error {
	for i, c := range cells {
		cells[i] = printable.Cell(c)
	}
	return s.csv.Write(cells)
}

// Close writes the rest.
func (s *Table) Close() error {
	s.csv.Flush()
	return s.csv.Error()
}
