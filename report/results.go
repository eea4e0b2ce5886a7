package report

import (
	"time"

	"preship/report/message"
)

// Accounts is what locks the handset: the object `preship accounts --json`
// prints. It holds counts by account type, never names.
type Accounts struct {
	Users    []UserAccounts `json:"users"` // nil: could not be read
	Locks    []Lock         `json:"locks"`
	Findings Findings       `json:"findings"`
}

// UserAccounts counts one user's accounts by type.
type UserAccounts struct {
	ID       int            `json:"id"`
	Accounts map[string]int `json:"accounts"` // nil: this user's accounts cannot be seen
}

// Lock is one thing that keeps a repairer or the next owner out.
type Lock struct {
	ID     string `json:"id"` // the ID of the finding that gives its state
	Status Status `json:"status"`
	Method Method `json:"method"`
	Remove string `json:"remove"` // how its owner takes it off
	// RemoveMessage is what Remove was made from; nil: an earlier version wrote it.
	RemoveMessage *message.Sentence `json:"remove_message,omitempty"`
}

// Backup is the saved data: the object `preship backup --json` prints.
type Backup struct {
	Case     string            `json:"case"` // the case folder; left out of the sealed report
	Files    Tally             `json:"files"`
	Bytes    Tally             `json:"bytes"`
	Items    map[string]*int64 `json:"items"` // contacts, sms, …; nil value: unknown
	Findings Findings          `json:"findings"`
}

// Tally counts files, or their bytes, by what became of them.
type Tally struct {
	Listed     int64 `json:"listed"`     // the handset named them
	Saved      int64 `json:"saved"`      // they are on the computer
	Proved     int64 `json:"proved"`     // and were compared with the handset's own answer
	Changed    int64 `json:"changed"`    // changed on the handset while being read
	Unreadable int64 `json:"unreadable"` // the handset refused or broke off
	// Kept are from an earlier run alone, and not among those listed: the handset
	// does not list them any more, or has a newer version that is not proved.
	Kept int64 `json:"kept,omitempty"`
}

// Reset is the observed factory reset. A nil time means not seen.
type Reset struct {
	Way           string     `json:"way"` // recovery, settings, bench, by-hand
	TriggeredAt   *time.Time `json:"triggered_at"`
	LeftAt        *time.Time `json:"left_at"`        // when it left the bus
	ReturnedAt    *time.Time `json:"returned_at"`    // when it was seen again
	ReturnedState *string    `json:"returned_state"` // adb's word for the state it returned in
	Answer        *string    `json:"answer"`         // the handset's own answer about the wipe
	Rung          Rung       `json:"rung"`           // the highest rung the reset alone reached
	Findings      Findings   `json:"findings"`
}

// Clean is the observed state after the reset. A nil value means it was not seen.
type Clean struct {
	Rung             Rung     `json:"rung"`      // the highest rung reached in all
	SameUnit         *bool    `json:"same_unit"` // it is the handset the job began with
	Accounts         *int     `json:"accounts"`  // over all users
	Users            *int     `json:"users"`
	ThirdPartyApps   *int     `json:"third_party_apps"`
	Files            *int64   `json:"files"` // of the owner, on shared storage
	AndroidIDChanged *bool    `json:"android_id_changed"`
	BootCount        *int     `json:"boot_count"`
	NotProved        []string `json:"not_proved"` // sentences: what this rung does not prove
	// NotProvedMessages are what the sentences of NotProved were made from, in the same
	// order; nil: an earlier version wrote them.
	NotProvedMessages []message.Sentence `json:"not_proved_messages,omitempty"`
	Findings          Findings           `json:"findings"`
}

// Rung is a step of the ladder of evidence that a reset really happened.
type Rung string

const (
	// RungNone: nothing was seen after the reset.
	RungNone Rung = ""
	// RungAttested: a person confirmed the reset.
	RungAttested Rung = "attested"
	// RungCameBackUnauthorized: it returned with the same serial and no longer knew our key.
	RungCameBackUnauthorized Rung = "came-back-unauthorized"
	// RungFormatAnswered: recovery answered that data is formatted, with the same unit identity.
	RungFormatAnswered Rung = "format-answered"
	// RungObservedClean: it was set up without accounts and read over adb.
	RungObservedClean Rung = "observed-clean"
)

type rungRow struct {
	Rung      Rung
	title     message.ID
	notProved message.ID
	enough    bool // a handset may be posted from this rung on
}

// rungs is the ladder, lowest first, with what each rung leaves open.
var rungs = []rungRow{
	{RungNone, "rung.nothing.title", "rung.nothing.not-proved", false},
	{RungAttested, "rung.attested.title", "rung.attested.not-proved", false},
	{RungCameBackUnauthorized, "rung.came-back-unauthorized.title", "rung.came-back-unauthorized.not-proved", false},
	{RungFormatAnswered, "rung.format-answered.title", "rung.observed-clean.not-proved", true},
	{RungObservedClean, "rung.observed-clean.title", "rung.observed-clean.not-proved", true},
}

// Height is the place of a rung on the ladder, 0 for [RungNone] and an unknown word.
func (r Rung) Height() int {
	for i, row := range rungs {
		if row.Rung == r {
			return i
		}
	}
	return 0
}

func (r Rung) row() rungRow { return rungs[r.Height()] }

// Title says in words what the rung is.
func (r Rung) Title() message.Sentence { return message.Say(r.row().title) }

// NotProved says what the rung leaves open.
func (r Rung) NotProved() message.Sentence { return message.Say(r.row().notProved) }

// Enough says whether a handset may be posted on the strength of this rung.
func (r Rung) Enough() bool { return r.row().enough }

// Limit sets the claims that are not proved.
func (c *Clean) Limit(limits ...message.Sentence) {
	c.NotProved, c.NotProvedMessages = nil, limits
	for _, s := range limits {
		c.NotProved = append(c.NotProved, s.String())
	}
}

// Limits returns the claims that are not proved, one sentence each.
func (c *Clean) Limits() []message.Sentence {
	all := make([]message.Sentence, len(c.NotProved))
	for i, text := range c.NotProved {
		var from *message.Sentence
		if i < len(c.NotProvedMessages) {
			from = &c.NotProvedMessages[i]
		}
		all[i] = message.Signed(text, from)
	}
	return all
}

// Removed returns how the owner takes the lock off.
func (l Lock) Removed() message.Sentence { return message.Signed(l.Remove, l.RemoveMessage) }

// Rungs returns the ladder without its foot, lowest rung first.
func Rungs() []Rung {
	var all []Rung
	for _, row := range rungs[1:] {
		all = append(all, row.Rung)
	}
	return all
}
