package check

import (
	"slices"

	"preship/report/message"
)

// Row is one check.
type Row struct {
	ID    string // never changes: "account.mi.signed-out"
	Title message.ID
	// Required: a handset may not be posted while the answer is fail or unknown. For a
	// check that is not required, only a fail counts against the handset.
	Required bool
	Why      string // it is required, or not
	// Remedy is the next thing to do where the check does not pass, without arguments;
	// empty where the finding says what to do, or nothing can be done.
	Remedy message.ID
	// NotProved is what a pass leaves open; empty: nothing worth saying.
	NotProved message.ID
}

// Rows lists every check, in the order a job asks them.
var Rows = slices.Concat(identity, fault, backup, locks, reset, clean)

// ByID returns the row of a check, and false for an ID without a row.
func ByID(id string) (Row, bool) {
	row, ok := byID[id]
	return row, ok
}

var byID = func() map[string]Row {
	rows := make(map[string]Row, len(Rows))
	for _, row := range Rows {
		rows[row.ID] = row
	}
	return rows
}()

// Required reports whether a handset may not be posted while the answer to this check
// is unknown. An ID without a row counts as required.
//
//go:noinline
func Required(id string) bool {
	row, ok := byID[id]
	return !ok || row.Required
}

// Title returns the name of a check for people; an ID without a row is its own name.
func Title(id string) message.Sentence {
	if row, ok := byID[id]; ok {
		return message.Say(row.Title)
	}
	return message.AsIs(id)
}
