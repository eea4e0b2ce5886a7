package toybox

import (
	"context"

	"preship/adb/adbtest/vfs"
)

// runTouch makes empty files, and gives those that are there the time of now.
func runTouch(_ context.Context, p *Process) int {
	_, args, ok := p.Options("")
	if !ok || !p.needs(args, 1) {
		return 1
	}
	code := 0
	for _, name := range args {
		full, now := p.Abs(name), p.sys.Now()
		_, err := p.sys.Tree().Stat(full)
		if err == nil {
			err = p.sys.Tree().Chtimes(full, now, now, true)
		} else if vfs.ErrnoOf(err) == vfs.ENOENT {
			if w, e := p.sys.Tree().Create(full, vfs.NewFileMode); e != nil {
				err = e
			} else {
				err = w.Close()
			}
		}
		if err != nil {
			code = p.Fail("'%s': %s", name, vfs.ErrnoOf(err))
		}
	}
	return code
}
