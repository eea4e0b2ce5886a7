package job

import (
	"context"
	"path/filepath"

	"preship/report/message"
	"preship/report/register"
)

// remember writes into the register beside the case how far the job is. A register is
// made only in a folder that was named for cases: one case on a desktop makes no
// desktop a register. Nothing here stops a job; the folders stay the truth.
func (j *Job) remember() {
	if j.unregistered {
		return
	}
	dir := j.kept.Dir()
	create := j.opts.Out != "" && filepath.Dir(dir) == filepath.Clean(j.opts.Out)
	// Also of a job that was interrupted; the wait for others is bounded.
	if err := register.Remember(context.Background(), dir, create, j.host.Now()); err != nil {
		j.unregistered = true
		j.person.Tell(Warned{message.Say("job.no-register", "error", message.Of(err))})
	}
}
