package outlook

import (
	"time"

	"preship/report"
	"preship/report/message"
)

// Outlook is what a job will meet.
type Outlook struct {
	Found    []message.Sentence // about handset, connection, data and way
	Way      message.Sentence   // the way to reset, for a script; Todo names the tasks
	Blockers []Item             // end the job here
	Losses   []Item
	Todo     []Item // in the order it must be done
	// Savable: a backup can be made although the job stops.
	Savable bool
	// Takes is the time that copying takes, zero if it is not known.
	Takes time.Duration
}

// Item is one line of an outlook.
type Item struct {
	ID   string // of the check that it is about; else the name of a step
	Says message.Sentence
	Next message.Sentence // what to do about it; empty: nothing
	// Flag accepts the item or answers its question beforehand; empty: no flag does.
	Flag string
	// Finding is the finding behind a blocker or a loss.
	Finding report.Finding
}

// Stops reports whether a blocker ends the job.
func (o Outlook) Stops() bool { return len(o.Blockers) > 0 }

// Findings returns the findings behind the blockers.
func (o Outlook) Findings() report.Findings {
	var all report.Findings
	for _, b := range o.Blockers {
		all = append(all, b.Finding)
	}
	return all
}

func itemOf(f report.Finding) Item {
	return Item{ID: f.ID, Says: f.Sentence(), Next: f.Advised(), Finding: f}
}
