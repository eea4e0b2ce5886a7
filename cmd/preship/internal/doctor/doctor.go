package doctor

import (
	"context"
	"time"

	"preship/adb"
	"preship/cmd/preship/internal/console"
	"preship/cmd/preship/internal/signing"
	"preship/report"
	"preship/report/message"
)

// Options are what the checks are about. All fields but Serial and Built are needed.
type Options struct {
	Console *console.Console
	Out     string // the folder where cases would go
	Serial  string // the handset that --serial names; empty takes the environment's, or the only one
	// Client returns a client of the adb server that starts no server.
	Client    func() (*adb.Client, error)
	Keys      *signing.Keys
	ConfigDir func() (string, error) // preship's own folder
	Built     time.Time              // when the source of this preship was committed; zero if not known
}

// Row is the result of one check, as `preship doctor --json` prints it.
type Row struct {
	ID     string        `json:"id"`
	Name   string        `json:"name"`
	Looks  string        `json:"looks_at"`
	Status report.Status `json:"status"`
	Found  string        `json:"found"`
	Next   []string      `json:"next"` // what to do; empty when there is nothing

	// For people, in their language.
	Title   message.Sentence   `json:"-"`
	Seen    message.Sentence   `json:"-"`
	Advised []message.Sentence `json:"-"`
}

// Readiness is what all rows mean together.
type Readiness int

// The computer and the handset are ready, only the handset is not, or the computer is
// not.
const (
	Ready Readiness = iota
	NoHandset
	NotReady
)

// Run makes all checks, in the order in which a person solves the problems. The error is
// the cause of ctx's end; a check that cannot look is a row that says so.
func Run(ctx context.Context, opts Options) ([]Row, Readiness, error) {
	return run(ctx, newFacts(opts, thisMachine(opts.Built)))
}

func run(ctx context.Context, f *facts) ([]Row, Readiness, error) {
	f.look(ctx)
	rows := make([]Row, 0, len(checks))
	ready := Ready
	for _, c := range checks {
		r := c.run(ctx, f)
		if ctx.Err() != nil {
			return nil, NotReady, context.Cause(ctx)
		}
		wrong := r.status == report.StatusFail || r.status == report.StatusUnknown
		switch {
		case c.required && wrong:
			ready = NotReady
		case c.id == "handsets" && r.status != report.StatusPass && ready == Ready:
			ready = NoHandset
		}
		rows = append(rows, rowOf(c, r))
	}
	return rows, ready, nil
}

func rowOf(c check, r result) Row {
	title := message.Say(c.name)
	row := Row{
		ID: c.id, Name: title.String(), Looks: c.looks, Status: r.status, Found: r.found.String(), Next: []string{},
		Title: title, Seen: r.found, Advised: r.next,
	}
	for _, s := range r.next {
		row.Next = append(row.Next, s.String())
	}
	return row
}
