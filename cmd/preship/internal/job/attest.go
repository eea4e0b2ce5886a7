package job

import (
	"context"
	"fmt"
	"slices"

	"preship/adb/handset/locks"
	"preship/cmd/preship/internal/outlook"
	"preship/report"
	"preship/report/check"
	"preship/report/message"
	"preship/verify"
)

// attestedName is the file of the case with the checks that its owner vouches for.
const attestedName = "attested"

// checkAttest refuses a name that no owner's word can stand for, before
// anything is asked.
func (o *Options) checkAttest() error {
	known := verify.Attestable()
	for _, id := range o.Attest {
		if !slices.Contains(known, id) {
			return Usage(message.Say("usage.attest", "check", id, "checks", known))
		}
	}
	return nil
}

// statements are the person's word on checks that the handset does not show.
type statements struct {
	*common
	said    []verify.Attestation
	vouched []string // the checks of said that were answered in this run
	// contradicted are the checks of said that the handset shows otherwise, as the person
	// was shown.
	contradicted []string
}

// attestations are the owner's words so far: those of this run, and those the
// case remembers of earlier ones.
func (s *statements) attestations() ([]verify.Attestation, error) {
	if s.kept != nil && s.said == nil {
		if _, err := s.kept.Kept(attestedName, &s.said); err != nil {
			return nil, err
		}
	}
	before := len(s.said)
	for _, id := range s.opts.Attest {
		if !slices.ContainsFunc(s.said, func(a verify.Attestation) bool { return a.Check == id }) {
			s.said = append(s.said, verify.Attestation{Check: id, At: s.host.Now().UTC()})
		}
	}
	if s.kept == nil || len(s.said) == before {
		return s.said, nil
	}
	return s.said, s.kept.Keep(attestedName, s.said)
}

// look asks what locks the handset, and takes its owner's word where it does not
// tell.
func (s *statements) look(ctx context.Context) (report.Accounts, report.Findings, error) {
	r := s.reader()
	locks, found, err := verify.Locks(ctx, r, s.identity)
	if err := r.Whole(err); err != nil {
		return report.Accounts{}, nil, err
	}
	said, err := s.attestations()
	if err != nil {
		return locks, found, err
	}
	s.sayContradicted(verify.Attest(&locks, found, said))
	return locks, found, nil
}

// sayContradicted says of each check, once in a run, that the handset shows otherwise than
// the person attested.
func (s *statements) sayContradicted(ids []string) {
	for _, id := range ids {
		if slices.Contains(s.contradicted, id) {
			continue
		}
		s.contradicted = append(s.contradicted, id)
		s.say(message.Say("job.attested-otherwise", "check", id))
	}
}

// vouch writes down the person's word on a check.
func (s *statements) vouch(id string) error {
	if _, err := s.attestations(); err != nil {
		return err
	}
	s.said = append(s.said, verify.Attestation{Check: id, At: s.host.Now().UTC()})
	s.vouched = append(s.vouched, id)
	if s.kept == nil {
		return nil
	}
	return s.kept.Keep(attestedName, s.said)
}

// errUnattested: the handset does not show something that must be known, and the person
// does not vouch for it.
var errUnattested = message.Error(message.Say("job.error.unattested"), nil)

// askUnknown asks a person who can be asked about each required check of a list that the handset does
// not show and a person can see, and enters the answers. It returns errRefused if one of
// them is not answered with yes: the reset would not start.
func (s *statements) askUnknown(ctx context.Context, found report.Findings) error {
	if !s.person.CanAsk() {
		return nil
	}
	for _, f := range found {
		if !outlook.Askable(f) || s.overrides(f.ID) {
			continue
		}
		look := message.Say(locks.ByID(f.ID).Look)
		yes, err := s.askYes(ctx, "--attest "+f.ID, message.Say("ask.attest", "check", check.Title(f.ID)), f.Sentence(), look)
		if err == nil && yes {
			err = s.vouch(f.ID)
		} else if err == nil {
			err = fmt.Errorf("%w: %w", errRefused, errUnattested)
		}
		if err != nil {
			return err
		}
	}
	said, err := s.attestations()
	verify.Attest(&report.Accounts{}, found, said)
	return err
}

// imeiName is the file of the case with the IMEI that a person read off the handset or its
// box.
const imeiName = "imei"

// maxIMEITries is how often a person may mistype the IMEI.
const maxIMEITries = 3

// askIMEI asks a person for the IMEI of a handset that does not report it, or else whether
// it has none. A check without an answer stays unknown.
func (s *statements) askIMEI(ctx context.Context, f report.Finding) error {
	where := f.Advised()
	if v := s.identity.Vendor; v != nil && v.WhereIMEI != "" {
		where = message.Say(v.WhereIMEI)
	}
	s.say(f.Sentence())
	s.say(where)
	for range maxIMEITries {
		answer, err := s.person.Ask(ctx, Question{Flag: "--imei", Text: message.Say("ask.imei"), Stakes: []message.Sentence{f.Sentence(), where}})
		if err != nil {
			return err
		}
		if answer == "" {
			yes, err := s.askYes(ctx, "--attest "+f.ID, message.Say("ask.no-modem"))
			if err != nil || !yes {
				return err
			}
			return s.vouch(f.ID)
		}
		if numbers := verify.ReadIMEIs(answer); len(numbers) > 0 {
			s.opts.Claims.IMEI = numbers
			if s.kept == nil {
				return nil
			}
			return s.kept.Keep(imeiName, numbers)
		}
		s.say(message.Say("ask.imei.again"))
	}
	return nil
}

// askUnlinked asks whether the account's own web page still lists the handset, which only
// its owner can see. No answer stops nothing.
func (s *statements) askUnlinked(ctx context.Context, seen *report.Accounts, found report.Findings) error {
	f, ok := found.ByID(verify.CheckUnlinked)
	if !ok || f.Status != report.StatusUnknown {
		return nil
	}
	if !s.person.CanAsk() {
		s.say(f.Advised())
		return nil
	}
	yes, err := s.askYes(ctx, "--attest "+f.ID, message.Say("ask.unlinked"), message.Say(s.identity.Vendor.Unlink))
	if err != nil || !yes {
		return err
	}
	if err := s.vouch(f.ID); err != nil {
		return err
	}
	verify.Attest(seen, found, s.said)
	return nil
}
