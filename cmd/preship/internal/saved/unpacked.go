package saved

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"preship/backup/manifest"
	"preship/backup/unpack"
	"preship/cmd/preship/internal/amount"
	"preship/cmd/preship/internal/console"
	"preship/cmd/preship/internal/job"
	"preship/report/casedir"
	"preship/report/message"
)

// MakeOutside makes the folder that a backup is opened into. A folder inside of the backup
// gives a usage error: the backup would no longer be what its manifest says.
func MakeOutside(to, backup string) error {
	if err := os.MkdirAll(to, 0o700); err != nil {
		return err
	}
	inner, outer := real(to), real(backup)
	if rel, err := filepath.Rel(outer, inner); err == nil && rel != ".." && !strings.HasPrefix(rel, ".."+string(filepath.Separator)) {
		_ = os.Remove(to) // if it is empty, and so probably new
		return job.Usage(message.Say("usage.open.inside", "folder", to))
	}
	return nil
}

// real returns the path of a folder without symlinks, as far as it is known.
func real(dir string) string {
	if abs, err := filepath.Abs(dir); err == nil {
		dir = abs
	}
	if path, err := filepath.EvalSymlinks(dir); err == nil {
		dir = path
	}
	return dir
}

// Unpacked prints the files that were opened, for a script or for a person.
func Unpacked(c *console.Console, asJSON bool, res unpack.Result) error {
	if asJSON {
		return c.PrintJSON(res)
	}
	for n, p := range res.Problems {
		if n == maxProblems {
			c.Print(message.Say("restore.more", "count", len(res.Problems)-n))
			break
		}
		c.Print(message.Join(message.Colon, message.AsIs(p.File), p.Sentence()))
	}
	c.Print(message.Say("saved.open.files", "written", fmt.Sprint(res.Written), "total", fmt.Sprint(res.Files), "folder", res.To, "size", amount.Bytes(res.Bytes), "present", fmt.Sprint(res.Present)))
	if res.Kept > 0 {
		c.Print(message.Say("saved.kept", "count", res.Kept))
	}
	if res.NotSaved > 0 {
		c.Print(message.Say("saved.open.not-saved", "count", res.NotSaved))
	}
	if n := len(res.Renamed); n > 0 {
		var names []string
		for _, r := range res.Renamed[:min(n, manifest.MaxNamed)] {
			names = append(names, r.File)
		}
		c.Print(message.Say("saved.open.renamed", "count", n, "names", message.Named(names, n-len(names))))
	}
	if res.Undated > 0 {
		c.Print(message.Say("saved.open.undated", "count", res.Undated))
	}
	c.Say(message.Say("saved.open.start", "path", filepath.Join(res.To, casedir.StartName)))
	return nil
}
