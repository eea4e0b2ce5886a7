// Package saved shows a person what a saved backup holds and what a restore put back.
//
// It reads the folder of a case, or of a backup alone, and changes nothing there. Data
// that preship cases purge deleted gives [ErrDeleted], not an empty backup.
package saved

import (
	"fmt"

	"preship/cmd/preship/internal/job"
)

func usagef(format string, args ...any) error {
	return &job.UsageError{Text: fmt.Sprintf(format, args...)}
}
