package wait

import (
	"time"

	"preship/report/message"
)

// Row is one wait of the product.
type Row struct {
	// ID names it in events. It keeps.
	ID string
	// For names the event that ends the wait, behind "Waiting", and why it is needed.
	For message.ID
	// Then says what happens when the time is over; empty for a wait without a limit.
	Then message.ID
}

// The waits of the product.
var (
	// Handset waits for a handset that left, or that has not allowed this computer.
	Handset = &Row{"handset", "wait.handset", "wait.handset.then"}
	// Turn waits for the other handsets that copy.
	Turn = &Row{"turn", "wait.turn", ""}
	// SignOut waits for the owner, to take off a lock.
	SignOut = &Row{"sign-out", "wait.sign-out", "wait.sign-out.then"}
	// Restart waits for the handset, to leave the bus.
	Restart = &Row{"restart", "wait.restart", "wait.restart.then"}
	// Menu waits for the person, to choose the entry of the recovery's menu.
	Menu = &Row{"menu", "wait.menu", "wait.menu.then"}
	// Format waits for the recovery, to format.
	Format = &Row{"format", "wait.format", "wait.format.then"}
	// Start waits for the person, to start the reset on the handset.
	Start = &Row{"start", "wait.start", "wait.start.then"}
	// Return waits for the handset, to come back from the reset.
	Return = &Row{"return", "wait.return", "wait.return.then"}
	// SetUp waits for the person, to set the handset up after it.
	SetUp = &Row{"set-up", "wait.set-up", "wait.set-up.then"}
	// Reproving waits for the disk, for the saved files to be read again.
	Reproving = &Row{"reproving", "wait.reproving", ""}
	// Import waits for the person, to import the contacts.
	Import = &Row{"import", "wait.import", "wait.import.then"}
)

// Rows lists all waits.
var Rows = []*Row{Handset, Turn, SignOut, Restart, Menu, Format, Start, Return, SetUp, Reproving, Import}

// Wait is one wait that begins.
type Wait struct {
	*Row
	Limit time.Duration // 0: as long as it takes
}

// Reason returns the event that ends the wait and why it is needed, as they follow "Waiting".
func (w Wait) Reason() message.Sentence { return message.Say(w.For) }

// After returns what happens when the time is over; empty for a wait without a limit.
func (w Wait) After() message.Sentence {
	if w.Then == "" || w.Limit <= 0 {
		return message.Sentence{}
	}
	return message.Say(w.Then)
}

// Shower shows a wait until done is called. It is called by one goroutine at a time,
// and waits may be inside each other.
type Shower func(w Wait) (done func())

// Begin shows the wait by show, which may be nil.
func (show Shower) Begin(r *Row, limit time.Duration) (done func()) {
	if show == nil {
		return func() {}
	}
	return show(Wait{r, limit})
}
