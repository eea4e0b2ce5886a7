package job

import (
	"context"
	"time"

	"preship/adb"
	"preship/report"
	"preship/report/message"
	"preship/report/policy"
	"preship/report/trust"
)

// Host is what a job needs of the computer it runs on. Every field is needed but
// those that say otherwise.
type Host struct {
	Now func() time.Time
	// Uptime returns a time that cannot be set, from any beginning; nil if the computer
	// has none. It shows that Now was set during a job.
	Uptime func() (time.Duration, error)
	// ConfigDir returns the folder of preship's own files for this user.
	ConfigDir func() (string, error)
	// Free returns how many bytes can still be written in a folder.
	Free func(dir string) (int64, error)
	// LinkSpeed returns the speed of a place on the USB bus, such as "1-4", in Mbit/s; 0 if
	// it is not known. Nil knows nothing.
	LinkSpeed func(usb string) int
	// Server returns a client of an adb server that answers.
	Server func(ctx context.Context) (*adb.Client, error)
	// Key loads the signing key and tries it. It may ask for a passphrase, and makes
	// the default key if it is missing.
	Key func(ctx context.Context) (*Key, error)
	// Tool describes this program for the report.
	Tool report.Tool
	// Page says that the jobs run on the desk page, for who finds their handset claimed.
	Page bool
	// Shared is the register that desks share; nil: there is none.
	Shared Shared
	// Outputs is what else is made of a report; nil makes nothing.
	Outputs Outputs
	// After is called when a whole job has ended and let go of its case; nil: nothing is.
	After func(ctx context.Context, end Ending) error
}

// Ending is how a whole job left its case.
type Ending struct {
	Dir, ID string
	Sealed  bool // the report is sealed in the case
	Report  report.Report
}

// Key is a signing key that was loaded and tried.
type Key struct {
	trust.Signer
	// Made is the file of a key that was made just now, empty for any other key. The
	// job that says so clears it.
	Made string
	// Still checks that a later run can use the key too, should this one end early.
	Still func(ctx context.Context) error
}

// Shared is a register that desks share. A failure of it stops no job, except that
// another desk has the handset.
type Shared interface {
	// Remember writes the case in a folder.
	Remember(ctx context.Context, caseDir string) error
	// Claim claims a handset. It returns [register.ErrElsewhere] if another desk has it.
	Claim(ctx context.Context, u report.Unit) (release func() error, err error)
}

// Outputs is what else is made of a report, beside the case.
type Outputs interface {
	// Try checks that Write can work, and changes nothing.
	Try() error
	// Rule applies the policy to a report; nil if there is no policy.
	Rule(r report.Report, now time.Time) *policy.Ruling
	Write(r report.Report, ruling *policy.Ruling) error
}

// UsageError is a job that cannot be done as it was asked for. The person has to
// change the command line, a file it names, or give an answer.
type UsageError struct {
	Text  string // empty: the text of Cause
	Cause error  // nil if there is no other error behind it
	Flag  string // the flag that answers a question without a person; else empty
}

func (e *UsageError) Error() string {
	if e.Text == "" && e.Cause != nil {
		return e.Cause.Error()
	}
	return e.Text
}

func (e *UsageError) Unwrap() error { return e.Cause }

// Usage returns a [UsageError] that says a sentence.
//
//go:noinline
func Usage(s message.Sentence) error { return &UsageError{Cause: message.Error(s, nil)} }

// unanswered returns a [UsageError] for a question without a person to ask; the flag
// answers it.
func unanswered(s message.Sentence, flag string) error {
	return &UsageError{Cause: message.Error(s, nil), Flag: flag}
}

// usageOf returns a [UsageError] that says a sentence and is of for errors.Is.
func usageOf(s message.Sentence, of error) error { return &UsageError{Cause: message.Kind(s, of)} }

// ErrInterrupted ends a job whose context ended, other than by its time limit.
var ErrInterrupted = message.Error(message.Say("step.state.interrupted"), nil)
