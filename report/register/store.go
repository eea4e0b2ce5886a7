package register

import (
	"context"

	"preship/report/message"
)

// ErrElsewhere is the error of a handset that another desk works on.
var ErrElsewhere = message.Error(message.Say("error.at-desk"), nil)

// Store keeps the summaries of cases. The SQLite file beside the cases is one;
// [preship/report/register/central.Store], which desks share, is another. A store is safe
// for concurrent use, and belongs to one folder of one desk.
type Store interface {
	// Known returns every case of this folder that the store remembers, by the name of its
	// folder. A store that may have lost rows returns [ErrDamaged].
	Known(ctx context.Context) (map[string]Known, error)
	// Keep writes what changed, all or nothing. Of a case that moved to another folder the
	// row that is gone is deleted.
	Keep(ctx context.Context, changed []Row, gone []string) error
	// Forget deletes every row of this folder.
	Forget(ctx context.Context) error
	// Cases returns the chosen cases, of all desks that share the store, the one worked on
	// last first.
	Cases(ctx context.Context, f Filter) ([]Entry, error)
	// Close lets the store go. What Keep wrote stays.
	Close() error
}

// Row is the new row of a case.
type Row struct {
	Path  string // of the case's folder
	Stamp string // differs once the case has changed; "" if it may still be changing
	Entry Entry
}

// Known is what a store remembers of a case, as far as it says whether to read it again.
type Known struct {
	Stamp string
	Gone  bool
}
