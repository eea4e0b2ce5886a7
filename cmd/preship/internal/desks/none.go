//go:build !desks

package desks

import (
	"time"

	"preship/report/message"
)

// Open returns an error that names the tag: this build has no client of PostgreSQL.
func Open(string, func() time.Time) (Shared, error) {
	return nil, message.Error(message.Say("cases.error.no-postgres"), nil)
}
