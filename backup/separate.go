package backup

import (
	"errors"
	"io/fs"
	"path"
	"strings"

	"preship/backup/disk"
	"preship/backup/manifest"
	"preship/backup/plan"
)

// separate gives an entry another path in the case if the copy of an earlier run has its
// path: that of a file which is a folder on the handset now, or of a file in a folder which
// is a file now. Both are then saved.
func (j *job) separate() {
	var known *plan.Index
	for i := range j.plan.Len() {
		switch host := j.plan.InCase(i); {
		case j.plan.State(i) == plan.StateKept:
			if known == nil {
				known = j.plan.Index()
			}
			j.separateAbove(known, i, host)
		case j.plan.Type(i) == manifest.TypeDir && j.plan.OlderAt(i, host):
			j.giveWay(i)
		}
	}
}

// separateAbove moves the files whose paths are folders of a kept copy.
func (j *job) separateAbove(known *plan.Index, kept uint32, host string) {
	for dir := path.Dir(string(j.plan.Path(kept))); dir != "/" && dir != "."; dir = path.Dir(dir) {
		i, ok := known.Find([]byte(dir))
		if ok && j.plan.Type(i) == manifest.TypeFile && strings.HasPrefix(host, j.plan.InCase(i)+"/") {
			j.giveWay(i)
			return
		}
	}
}

// giveWay moves an entry, and for a folder all entries in it, to a path that is free, or
// that an earlier run gave to the same folder.
func (j *job) giveWay(i uint32) {
	from, folder := j.plan.InCase(i), j.plan.Type(i) == manifest.TypeDir
	to := ""
	for k := 0; to == ""; k++ {
		host := disk.OtherName(from, k)
		fi, err := j.root.Lstat(host)
		switch {
		case errors.Is(err, fs.ErrNotExist), err == nil && folder && fi.IsDir():
			to = host
		case err != nil:
			return // the disk refuses the copy, which names it
		}
	}
	j.plan.Move(i, to)
	if !folder {
		return
	}
	above := string(j.plan.Path(i)) + "/"
	for in := range j.plan.Len() {
		if j.plan.State(in) == plan.StateKept || !strings.HasPrefix(string(j.plan.Path(in)), above) {
			continue
		}
		if rest, ok := strings.CutPrefix(j.plan.InCase(in), from+"/"); ok {
			j.plan.Move(in, to+"/"+rest)
		}
	}
}
