//go:build !desks

package desks

import (
	"time"

	"preship/backup/archive"
	"preship/report/message"
)

// Open returns an error that names the tag: this build has no client of PostgreSQL.
func Open(string, func() time.Time) (Shared, error) {
	return nil, message.Error(message.Say("cases.error.no-postgres"), nil)
}

// bucket returns an error that names the tag: this build has no client of S3.
func bucket(archive.Address) (archive.Store, error) {
	return nil, message.Error(message.Say("archive.error.no-s3"), nil)
}
