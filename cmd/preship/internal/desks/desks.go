// Package desks opens what the desks of a chain share: the register in PostgreSQL, and the
// archive in a bucket. Their clients would make the program larger than 30 MB, so only a
// build with the tag desks has them; any other refuses the address and names the tag. An
// archive in a folder needs neither.
package desks

import (
	"context"
	"os"

	"preship/backup/archive"
	"preship/report"
	"preship/report/register"
)

// Shared is a register that desks share. Connections are made when they are needed, so a
// database that does not answer is an error of each use, and never of opening.
type Shared interface {
	// Name returns the name of this desk.
	Name() string
	// Store returns the store of a folder of this desk; its list is of all desks.
	Store(ctx context.Context, folder string) (register.Store, error)
	// Remember writes a case, and what could not be written before.
	Remember(ctx context.Context, caseDir string) error
	// Claim claims a handset. It returns [register.ErrElsewhere] if another desk has it.
	Claim(ctx context.Context, u report.Unit) (release func() error, err error)
	// Close ends the connection.
	Close()
}

// The variables of the environment that stand for flags, so that a password is in no list
// of processes.
const (
	AddressVariable = "PRESHIP_REGISTER"
	NameVariable    = "PRESHIP_DESK"
)

// Address returns the address to use: the flag's, or the environment's; empty is no shared
// register.
func Address(flag string) string {
	if flag != "" {
		return flag
	}
	return os.Getenv(AddressVariable)
}

// Archive opens the archive at an address, without connecting. The error is
// [archive.ErrAddress], one of the folder, or one of package s3. The caller closes the store.
func Archive(a archive.Address) (archive.Store, error) {
	if a.Bucket != "" {
		return bucket(a)
	}
	return archive.OpenFolder(a.Folder)
}
