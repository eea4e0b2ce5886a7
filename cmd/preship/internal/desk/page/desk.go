package page

import "preship/report/message"

// Refused is why a request is refused.
type Refused struct {
	Title, What message.Sentence
	Password    bool // a password opens the page
}

// Form is the intake form of a case.
type Form struct {
	Case     string // its ID; empty: none is begun
	Fields   []Field
	Problems []message.Sentence
}

// Field is a question of the form.
type Field struct {
	Name, Text                         string
	Ask, Problem                       message.Sentence
	Needed, YesNo, Long, Digits, First bool
}

// List are the cases that were looked for.
type List struct {
	Query   string
	Problem message.Sentence
	Cases   []Row
	More    message.Sentence
}

// Row is a case of the list.
type Row struct {
	ID, Path, Date, Handset, IMEI, Ticket string
	Verdict, State                        message.Sentence
}

// Case is one case.
type Case struct {
	ID, Handset, IMEI, Ticket, Folder string
	Mood                              Mood
	Verdict, State                    message.Sentence
	Files                             []File
	Open, Intake, Resume              bool
	Restore                           *Restore // nil: there is nothing to restore
	Problem                           message.Sentence
}

// Restore is the form that gives a case back to a handset.
type Restore struct {
	Handsets  []Choice
	Parts     []Kind
	Encrypted bool
}

// Checked is the page that checks packages.
type Checked struct{ Result *Result }

// Result says whether a package or a paper verifies.
type Result struct {
	Mood     Mood
	Headline message.Sentence
	Lines    []message.Sentence
}

// KeyList are the keys that this computer signs with, trusts and has revoked.
type KeyList struct {
	Problem, Note           message.Sentence
	Own                     string // the fingerprint of its own; empty: it has none
	Keys                    []Key
	Text, Name, Fingerprint string // of a key to add, as they were sent
}

// Key is a key of the list.
type Key struct {
	Name, Trust message.Sentence
	Fingerprint string
	Revoked     bool
}
