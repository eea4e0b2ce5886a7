package deletion

import (
	"cmp"
	"encoding/hex"
	"strconv"
	"time"

	"golang.org/x/crypto/ssh"

	"preship/report"
	"preship/report/bundle"
	"preship/report/message"
	"preship/report/trust"
)

// PredicateType names what the statement states.
const PredicateType = "urn:preship:attestation:deletion:v1"

// Predicate is what a deletion statement states. All times are those of the computer's
// clock, which its owner can set.
type Predicate struct {
	CaseID       string    `json:"caseId"`
	HandedBackOn time.Time `json:"handedBackOn"` // when it was recorded that the owner has the data
	BegunOn      time.Time `json:"begunOn"`
	// FinishedOn is when each place was looked at after the deletion, and nothing was found.
	FinishedOn time.Time `json:"finishedOn"`
	Clock      string    `json:"clock"`   // always computer-clock
	Resumed    bool      `json:"resumed"` // an earlier run began and was interrupted
	Places     []Place   `json:"places"`
	// Remains are files of the case with personal data that this deletion leaves.
	Remains []string `json:"remains"`
	// NotProved says what the statement does not prove.
	NotProved []string    `json:"notProved"`
	Tool      report.Tool `json:"tool"`
	Signer    string      `json:"signer"` // public key, as in signer.pub
}

// Place is where data of the case was, counted before the first file was deleted.
type Place struct {
	Kind    string `json:"kind"`    // folder or archive
	Address string `json:"address"` // of a folder: below the case; of an archive: its URL
	Files   int64  `json:"files"`   // of an archive: every version of every object
	Bytes   int64  `json:"bytes"`   // on the disk, or in the archive
	// Keys are the wrapped keys that were destroyed before the data was deleted. It is 0 for
	// data that was not encrypted.
	Keys int64 `json:"keysDestroyed"`
	Left int64 `json:"left"` // files found after the deletion; always 0
}

// The kinds of places.
const (
	Folder  = "folder"
	Archive = "archive"
)

// Clock is the word of [NotProved] for the times, which a time stamp can prove.
const Clock = "the-clock"

// ownClock says who confirms the times.
const ownClock = "computer-clock"

// NotProved is what no deletion statement proves, by a word for programs and a sentence.
var NotProved = []struct {
	Word  string
	Words message.ID
}{
	{"copies-elsewhere", "seal.deletion.not-proved.copies"},
	{"remnants-on-the-disk", "seal.deletion.not-proved.remnants"},
	{"backups-of-the-disk", "seal.deletion.not-proved.backups"},
	{Clock, "seal.deletion.not-proved.clock"},
}

// Subjects are the digests, SHA-256 in hex, of the files of the case that a statement is
// about.
type Subjects struct {
	Report   string // report.json as it was sealed when the data was deleted
	Manifest string // backup.manifest.json: the list of the deleted files
}

// names of the subjects in a statement, in order.
const (
	reportName   = "report.json"
	manifestName = "backup.manifest.json"
)

type statement struct {
	Type          string           `json:"_type"`
	Subject       []bundle.Subject `json:"subject"`
	PredicateType string           `json:"predicateType"`
	Predicate     Predicate        `json:"predicate"`
}

// Statement is a deletion statement whose signature is good.
type Statement struct {
	Predicate
	Subjects
	Key ssh.PublicKey
}

// ErrNotDeleted: a statement cannot say that the data was deleted.
var ErrNotDeleted = message.Error(message.Say("seal.deletion.not-deleted"), nil)

// Sign returns the signed statement. It fills in the parts that all statements share: the
// time, the limits of the proof, and the key. Data that is still there is [ErrNotDeleted].
func Sign(p Predicate, of Subjects, s trust.Signer, stamp bundle.Stamper) ([]byte, error) {
	if s.IsZero() {
		return nil, trust.ErrNoSigner
	}
	p.Clock, p.Signer = ownClock, trust.AuthorizedKey(s.PublicKey())
	p.NotProved = nil
	for _, n := range NotProved {
		p.NotProved = append(p.NotProved, n.Word)
	}
	p.Remains = append([]string{}, p.Remains...)
	st := statement{
		Type: bundle.StatementType, PredicateType: PredicateType, Predicate: p,
		Subject: []bundle.Subject{
			{Name: reportName, Digest: map[string]string{"sha256": of.Report}},
			{Name: manifestName, Digest: map[string]string{"sha256": of.Manifest}},
		},
	}
	if err := st.check(); err != nil {
		return nil, err
	}
	return bundle.Sign(st, s, stamp)
}

// Read checks the signature of a statement by the key that it names, and returns it. Bytes
// that [Sign] would not write are an error.
func Read(b []byte) (Statement, error) {
	var st statement
	key, err := bundle.Read(b, &st, func() string { return st.Predicate.Signer })
	if err == nil {
		err = st.check()
	}
	if err != nil {
		return Statement{}, err
	}
	report.Tidy(&st.Predicate) // whoever signed it chose the words
	return Statement{
		Predicate: st.Predicate, Key: key,
		Subjects: Subjects{Report: st.Subject[0].Digest["sha256"], Manifest: st.Subject[1].Digest["sha256"]},
	}, nil
}

const (
	maxPlaces = 20
	// MaxRemains is the most files that a statement names as staying.
	MaxRemains = 100
)

// check returns an error unless the statement says that everything was deleted.
func (s *statement) check() error {
	p := &s.Predicate
	switch {
	case s.Type != bundle.StatementType || s.PredicateType != PredicateType:
		return message.Detail(bundle.ErrAttestation, message.Say("error.detail.states", "statement", strconv.Quote(s.PredicateType), "type", strconv.Quote(s.Type)))
	case len(s.Subject) != 2 || s.Subject[0].Name != reportName || s.Subject[1].Name != manifestName:
		return message.Detail(bundle.ErrAttestation, message.Say("error.detail.subjects", "report", reportName, "manifest", manifestName))
	case p.CaseID == "" || p.BegunOn.IsZero() || p.FinishedOn.IsZero() || p.Clock != ownClock:
		return message.Detail(bundle.ErrAttestation, message.Say("error.detail.no-case"))
	case len(p.Places) == 0 || len(p.Places) > maxPlaces || len(p.Remains) > MaxRemains:
		return message.Detail(bundle.ErrAttestation, message.Say("error.detail.places", "number", strconv.Itoa(len(p.Places))))
	}
	for _, of := range s.Subject {
		if b, err := hex.DecodeString(of.Digest["sha256"]); err != nil || len(b) != 32 {
			return message.Detail(bundle.ErrAttestation, message.Say("error.detail.no-digest", "file", of.Name))
		}
	}
	for _, at := range p.Places {
		if at.Left != 0 || min(at.Files, at.Bytes, at.Keys) < 0 || at.Kind != Folder && at.Kind != Archive {
			return ErrNotDeleted
		}
	}
	return nil
}

// Total returns the files and bytes of all places.
func (p Predicate) Total() (files, bytes int64) {
	for _, at := range p.Places {
		files, bytes = files+at.Files, bytes+at.Bytes
	}
	return files, bytes
}

// later orders statements by when they were finished.
func later(a, b Statement) int {
	return cmp.Or(a.FinishedOn.Compare(b.FinishedOn), a.BegunOn.Compare(b.BegunOn))
}
