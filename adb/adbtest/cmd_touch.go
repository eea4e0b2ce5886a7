package adbtest

import "context"

// runTouch makes empty files, and gives those that are there the time of now.
func runTouch(_ context.Context, p *process) int {
	_, args, ok := p.options("")
	if !ok || !p.needs(args, 1) {
		return 1
	}
	code := 0
	for _, name := range args {
		full, now := p.abs(name), p.h.now()
		_, err := p.h.tree.stat(full)
		if err == nil {
			err = p.h.tree.chtimesAs(full, now, now, true)
		} else if errnoOf(err) == eNOENT {
			if w, e := p.h.tree.create(full, newFileMode); e != nil {
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
