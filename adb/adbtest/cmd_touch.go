package adbtest

import (
	"context"

	"preship/adb/adbtest/vfs"
)

// runTouch makes empty files, and gives those that are there the time of now.
func runTouch(_ context.Context, p *process) int {
	_, args, ok := p.options("")
	if !ok || !p.needs(args, 1) {
		return 1
	}
	code := 0
	for _, name := range args {
		full, now := p.abs(name), p.h.now()
		_, err := p.h.tree.Stat(full)
		if err == nil {
			err = p.h.tree.Chtimes(full, now, now, true)
		} else if errnoOf(err) == vfs.ENOENT {
			if w, e := p.h.tree.Create(full, newFileMode); e != nil {
				err = e
			} else {
				err = w.Close()
			}
		}
		if err != nil {
			code = p.fail("'%s': %s", name, errnoOf(err))
		}
	}
	return code
}
