package register

import (
	"regexp"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"preship/report"
	"preship/report/casedir"
	"preship/report/message"
)

// Entry is one case: an item of the array `preship cases --json` prints. A nil
// pointer is null and means unknown.
type Entry struct {
	ID      string `json:"id"`               // PS-YYYYMMDD-XXXXXX; "" when the case cannot be read
	Path    string `json:"path"`             // of the case's folder, below the folder of cases
	Desk    string `json:"desk,omitempty"`   // of a register that desks share: whose case it is
	Folder  string `json:"folder,omitempty"` // and the folder of cases there
	Gone    bool   `json:"gone"`             // the folder was moved or deleted; the other fields have the last values
	Problem string `json:"problem"`          // why the case cannot be read; "" when it can
	// Message is what Problem was made from; nil in what earlier versions kept.
	Message    *message.Sentence           `json:"message,omitempty"`
	IMEI       []string                    `json:"imei"`
	SN         string                      `json:"sn"`
	Serial     string                      `json:"serial"` // adb's
	Model      string                      `json:"model"`
	MarketName string                      `json:"market_name"`
	Codename   string                      `json:"codename"`
	Emulated   *bool                       `json:"emulated"`
	Started    time.Time                   `json:"started"`
	Updated    time.Time                   `json:"updated"` // when the last step began or ended
	Steps      map[string]report.StepState `json:"steps"`
	Sealed     bool                        `json:"sealed"`
	Verdict    report.Verdict              `json:"verdict"` // "" while the report is not sealed
	Signer     string                      `json:"signer"`
	Ticket     string                      `json:"ticket"` // the desk's number for the job
	Locks      []string                    `json:"locks"`  // the checks of locks that did not pass; null: not sealed, or not checked
	Backup     Held                        `json:"backup"`
	Work       *Work                       `json:"work,omitempty"` // of a register that desks share: who works on the handset now
}

// Work is a job that continues at a desk.
type Work struct {
	Desk  string    `json:"desk"`
	Since time.Time `json:"since"`
}

// Sentence returns Problem for people.
func (e *Entry) Sentence() message.Sentence { return message.Signed(e.Problem, e.Message) }

// Held is the owner's data in a case.
type Held struct {
	Held       bool       `json:"held"`  // the folder has the data
	Bytes      *int64     `json:"bytes"` // as the backup counted it
	HandedBack *time.Time `json:"handed_back"`
	Deleting   *time.Time `json:"deleting"` // deleting it began, and did not end yet
	// Deleted is when all of it was deleted, as a signed statement in the case says.
	Deleted *time.Time `json:"deleted"`
	// DeletedBy is the fingerprint of the key that signed so.
	DeletedBy string `json:"deleted_by,omitempty"`
	// Archived is the address of the archive that has the data too; "" while it is written.
	Archived string `json:"archived,omitempty"`
}

// Somewhere reports whether the data is in the folder or in an archive.
func (h Held) Somewhere() bool { return h.Held || h.Archived != "" && h.Deleted == nil }

const (
	maxWord    = 64  // characters of a name or a number
	maxProblem = 256 // characters of a sentence, whose names each have maxWord at most
	maxIMEIs   = 8
	maxAddress = 1024
)

var (
	imeiDigits  = regexp.MustCompile(`^[0-9]{15}$`)
	fingerprint = regexp.MustCompile(`^SHA256:[A-Za-z0-9+/]{43}$`)
	// ticketNumber matches the number of a job, and not a person's name.
	ticketNumber = regexp.MustCompile(`^[A-Za-z]{0,6}[-_/#.]?[0-9][A-Za-z0-9_/#.-]{0,31}$`)
)

// entryOf makes the entry of a case, each field within its limit.
func entryOf(g casedir.Summary) Entry {
	e := Entry{
		IMEI: []string{}, ID: g.ID, SN: word(&g.Unit.SN), Serial: word(&g.Unit.Serial),
		Started: g.Created.UTC(), Updated: g.Updated.UTC(), Steps: g.Steps,
		Backup: Held{Held: g.BackupHeld},
	}
	for _, imei := range g.Unit.IMEI {
		e.addIMEI(imei)
	}
	if h := g.Handset; h != nil {
		e.Model, e.MarketName, e.Codename = word(h.Model), word(h.MarketName), word(h.Codename)
		e.Emulated = new(h.Kind != report.KindDevice)
		for _, imei := range h.IMEI {
			e.addIMEI(imei.Value)
		}
	}
	if s := g.Sealed; s != nil {
		e.Sealed, e.Verdict = true, s.Verdict
		if s.Locks != nil {
			e.Locks = []string{}
		}
		for _, id := range s.Locks {
			e.Locks = append(e.Locks, word(&id))
		}
		if fingerprint.MatchString(s.Signer) {
			e.Signer = s.Signer
		}
	}
	if ticketNumber.MatchString(g.Ticket) {
		e.Ticket = g.Ticket
	}
	if g.BackupHeld {
		e.Backup.Bytes = g.BackupBytes
	}
	if a := g.Archive; a != nil && !a.Written.IsZero() {
		e.Backup.Archived = strings.ToValidUTF8(a.Address[:min(len(a.Address), maxAddress)], "\uFFFD")
		if !e.Backup.Held {
			e.Backup.Bytes = g.BackupBytes
		}
	}
	e.retention(g.Retention)
	return e
}

func (e *Entry) addIMEI(imei string) {
	if imeiDigits.MatchString(imei) && len(e.IMEI) < maxIMEIs && !slices.Contains(e.IMEI, imei) {
		e.IMEI = append(e.IMEI, imei)
	}
}

// retention enters how far the handing back and deletion of the data is.
func (e *Entry) retention(r *casedir.Retention) {
	switch {
	case r == nil:
	case r.Deleted == nil:
		e.Backup.HandedBack, e.Backup.Deleting = &r.HandedBack, r.Deleting
	case !e.Backup.Held:
		e.Backup.HandedBack, e.Backup.Deleted, e.Backup.DeletedBy = &r.HandedBack, r.Deleted, r.DeletedBy
	}
}

// word returns a name of the handset, within its limit.
func word(s *string) string {
	if s == nil {
		return ""
	}
	if utf8.RuneCountInString(*s) > maxWord {
		return string([]rune(*s)[:maxWord]) + "…"
	}
	return strings.ToValidUTF8(*s, "\uFFFD")
}

// Stand is the state of a case.
type Stand string

// The states of a case.
const (
	StandGone       Stand = "gone"        // its folder is missing
	StandUnreadable Stand = "unreadable"  // its files cannot be read
	StandOpen       Stand = "open"        // the job is not done, or its report is not sealed
	StandReady      Stand = "ready"       // may be posted; the folder or the archive has the backup
	StandNotReady   Stand = "not ready"   // sealed, and may not be posted
	StandHandedBack Stand = "handed back" // the owner has the backup; the folder has it too
	StandDeleting   Stand = "deleting"    // the deletion of the backup was interrupted
	StandClosed     Stand = "closed"      // ready; the backup is deleted
)

// Stand returns the state of the case: the first that applies.
func (e *Entry) Stand() Stand {
	switch {
	case e.Gone:
		return StandGone
	case e.Problem != "":
		return StandUnreadable
	case !e.Sealed:
		return StandOpen
	case e.Backup.Deleting != nil:
		return StandDeleting
	case e.Backup.HandedBack != nil && e.Backup.Somewhere():
		return StandHandedBack
	case e.Verdict != report.VerdictReady && e.Backup.Deleted == nil:
		return StandNotReady
	case e.Backup.Somewhere():
		return StandReady
	}
	return StandClosed
}
