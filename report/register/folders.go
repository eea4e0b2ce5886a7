package register

import (
	"context"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"
	"time"

	"golang.org/x/sync/errgroup"

	"preship/report"
	"preship/report/casedir"
	"preship/report/deletion"
	"preship/report/message"
)

const (
	maxCases = 100_000 // in one folder

	// unsettled is how young a file may be for its time to tell nothing yet:
	// file systems keep times in steps, and a second change may fall into one.
	unsettled = 3 * time.Second
)

// stampVersion begins every stamp. It changes with the fields read of a case, so that what an
// earlier version read is read again.
const stampVersion = "3;"

// folders finds the cases of the folder, each with its stamp.
func (r *Register) folders(now time.Time) (map[string]string, error) {
	entries, err := fs.ReadDir(r.root.FS(), ".")
	if err != nil {
		return nil, err
	}
	found := map[string]string{}
	for _, e := range entries {
		if !e.IsDir() {
			continue // a link is not followed: its target belongs to another folder
		}
		stamp, ok := stampOf(r.root, e.Name(), now)
		if !ok {
			continue
		}
		if found[e.Name()] = stamp; len(found) > maxCases {
			return nil, fmt.Errorf("%s: %w", r.dir, message.Detail(errTooMany, message.Say("error.detail.limit-of", "limit", strconv.Itoa(maxCases))))
		}
	}
	return found, nil
}

// stampOf returns a stamp that differs once the case has changed; "" says
// that it may still be changing. ok is false if there is no case.
func stampOf(root *os.Root, path string, now time.Time) (stamp string, ok bool) {
	dir, err := root.OpenRoot(path)
	if err != nil {
		return "", false
	}
	defer dir.Close()
	settled := true
	var b strings.Builder
	b.WriteString(stampVersion)
	for i, name := range append([]string{"case.json", "SHA256SUMS.sig", "intake.json", "backup"}, deletion.Files...) {
		fi, err := dir.Lstat(name)
		if err != nil {
			switch {
			case i == 0:
				return "", false
			case deletion.IsFile(name):
				return finish(&b, settled), true // they are numbered without a gap
			}
			b.WriteString("-;")
			continue
		}
		if fi.IsDir() {
			b.WriteString("d;")
			continue
		}
		settled = settled && now.Sub(fi.ModTime()) > unsettled
		fmt.Fprintf(&b, "%d,%d;", fi.ModTime().UnixNano(), fi.Size())
	}
	return finish(&b, settled), true
}

func finish(b *strings.Builder, settled bool) string {
	if !settled {
		return ""
	}
	return b.String()
}

// readAll reads cases, as many at once as there are processors.
func (r *Register) readAll(ctx context.Context, rows []Row) error {
	var g errgroup.Group
	g.SetLimit(runtime.GOMAXPROCS(0))
	for i := range rows {
		g.Go(func() error {
			if err := ctx.Err(); err != nil {
				return err
			}
			rows[i].Entry = r.read(rows[i].Path)
			return nil
		})
	}
	return g.Wait()
}

// read reads one case; one that cannot be read is an entry that says so.
func (r *Register) read(path string) Entry {
	g, err := casedir.Look(filepath.Join(r.dir, path))
	if err == nil {
		return entryOf(g)
	}
	why := message.Of(err).Map(func(text string) string {
		text = strings.ReplaceAll(text, r.dir+string(filepath.Separator), "")
		return word(&text)
	})
	return unreadable(why)
}

// unreadable returns the entry of a case that cannot be read. A reason that is longer
// than maxProblem is cut, and has no words in other languages.
func unreadable(why message.Sentence) Entry {
	e := Entry{IMEI: []string{}, Steps: map[string]report.StepState{}, Problem: strings.ToValidUTF8(why.String(), "\uFFFD"), Message: &why}
	if whole := []rune(e.Problem); len(whole) > maxProblem {
		e.Problem, e.Message = string(whole[:maxProblem])+"…", nil
	}
	return e
}
