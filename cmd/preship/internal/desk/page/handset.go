package page

import (
	"preship/report"
	"preship/report/message"
)

// Mood is how a handset is shown: its colour.
type Mood string

// The moods.
const (
	Calm Mood = ""
	Hand Mood = "hand" // somebody must do something
	Busy Mood = "busy"
	Good Mood = "good"
	Bad  Mood = "bad"
)

// Start is the first page, and the board.
type Start struct {
	Trouble  message.Sentence // of the adb server; empty: it answers
	Handsets []Card
}

// Card is a handset on the board.
type Card struct {
	ID          string
	Name        string
	Tail        string // of the IMEI
	Serial      string
	Ticket      string
	Mood        Mood
	Badge       message.Sentence // a word for its wait; empty: for nothing
	What        message.Sentence
	Step        message.Sentence
	Done, Total int64 // Total is 0 if nothing is counted
}

// Head is who a handset is, and where its job stands.
type Head struct {
	Name, Tail, Serial, Ticket string
	Case                       string // its ID; empty: it has none
	Steps                      []Step
}

// Step is a step of the job. State is open, now, done or failed.
type Step struct {
	Name, Word message.Sentence
	State      string
}

// Now names the current step, or the action that the person must take.
type Now struct {
	Trouble   message.Sentence
	Mood      Mood
	Art       string // the name of a drawing; empty: none
	OnHandset bool
	Slim      bool // a question above it is what counts
	What      message.Sentence
	Todo      []message.Sentence // instead of What, if there are several things to do
	More      []message.Sentence
	Safe      message.Sentence
}

// Actions are what a person can do at any time.
type Actions struct {
	ID        string
	Start     message.Sentence // the words of the button; empty: it cannot be started
	Choices   *Choices         // nil: nothing can be chosen any more
	Give      message.Sentence // the words of the button that restores; empty: there is none
	Close     bool             // the restore can be put away
	Helper    bool             // an emulated owner can be asked
	Stop      bool
	StopMeans message.Sentence
}

// Choices are what a person can choose before a job.
type Choices struct {
	New   bool // the copy is not begun: it can be encrypted
	Kinds []Kind
	Leave string // patterns of files that are left out
}

// Kind is a kind of data that can be left out.
type Kind struct {
	Value string
	Label message.Sentence
	Take  bool
}

// Progress shows how far a step is, and the event it waits for.
type Progress struct {
	Text, Left  message.Sentence
	Done, Total int64
	Wait, Then  message.Sentence
	Clock       string
}

// The kinds of questions.
const (
	AskYesNo   = "yes-no"
	AskChoice  = "choice"
	AskText    = "text"
	AskConfirm = "confirm"
)

// Ask is a question. An empty Question is none.
type Ask struct {
	Handset, ID string
	Kind        string
	Lead        []message.Sentence
	Question    message.Sentence
	Note        message.Sentence
	Choices     []Choice // of AskYesNo and AskChoice
	Default     string
	Needed      bool
	Go, Skip    message.Sentence // Skip is empty if it cannot be left out
	Suggest     []Choice         // answers that can be taken instead of a text
	Back        bool
}

// Choice is a button.
type Choice struct {
	Value, Class string
	Label        message.Sentence
}

// Given is what a restore would do, or how it went.
type Given struct {
	Shown             bool
	Would, Went, Rest []message.Sentence
	More, Error       message.Sentence
	Hints             []message.Sentence
}

// End is how a job ended. An empty Verdict is none.
type End struct {
	Mood    Mood
	Verdict message.Sentence
	Reasons []Item
	Error   message.Sentence
	Hints   []message.Sentence
	Notes   []Item // what should be known of before it is posted
	Files   []File
	Folder  string
	Case    string
	Open    bool // START-HERE can be opened on this computer
}

// File is a file of a case.
type File struct {
	Path  string // of the URL
	Title message.Sentence
	Save  bool // it is saved, not shown
}

// Item says something, and what to do about it.
type Item struct{ Says, Next message.Sentence }

// Outlook is what a job will meet.
type Outlook struct {
	Shown, Open            bool
	Blockers, Losses, Todo []Item
	Found                  []message.Sentence
}

// Line is one message or finding of the job. Status is empty for a message.
type Line struct {
	Status report.Status
	Text   message.Sentence
	Next   message.Sentence
}
