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

// attestations are the owner's words so far: those of this run, and those the
// case remembers of earlier ones.
func (j *Job) attestations() ([]verify.Attestation, error) {
	if j.kept != nil && j.said == nil {
		if _, err := j.kept.Kept(attestedName, &j.said); err != nil {
			return nil, err
		}
	}
	before := len(j.said)
	for _, id := range j.opts.Attest {
		if !slices.ContainsFunc(j.said, func(a verify.Attestation) bool { return a.Check == id }) {
			j.said = append(j.said, verify.Attestation{Check: id, At: j.host.Now().UTC()})
		}
	}
	if j.kept == nil || len(j.said) == before {
		return j.said, nil
	}
	return j.said, j.kept.Keep(attestedName, j.said)
}

// look asks what locks the handset, and takes its owner's word where it does not
// tell.
func (j *Job) look(ctx context.Context) (report.Accounts, report.Findings, error) {
	r := j.reader()
	locks, found, err := verify.Locks(ctx, r, j.identity)
	if err := r.whole(err); err != nil {
		return report.Accounts{}, nil, err
	}
	said, err := j.attestations()
	if err != nil {
		return locks, found, err
	}
	j.sayContradicted(verify.Attest(&locks, found, said))
	return locks, found, nil
}

// sayContradicted says of each check, once in a run, that the handset shows otherwise than
// the person attested.
func (j *Job) sayContradicted(ids []string) {
	for _, id := range ids {
		if slices.Contains(j.contradicted, id) {
			continue
		}
		j.contradicted = append(j.contradicted, id)
		j.say(message.Say("job.attested-otherwise", "check", id))
	}
}

// vouch writes down the person's word on a check.
func (j *Job) vouch(id string) error {
	if _, err := j.attestations(); err != nil {
		return err
	}
	j.said = append(j.said, verify.Attestation{Check: id, At: j.host.Now().UTC()})
	j.vouched = append(j.vouched, id)
	if j.kept == nil {
		return nil
	}
	return j.kept.Keep(attestedName, j.said)
}

// errUnattested: the handset does not show something that has to be known, and the person
// does not vouch for it.
var errUnattested = message.Error(message.Say("job.error.unattested"), nil)

// askUnknown asks a person who can be asked about each required check of a list that the handset does
// not show and a person can see, and enters the answers. It returns errRefused if one of
// them is not answered with yes: the reset would not start.
func (j *Job) askUnknown(ctx context.Context, found report.Findings) error {
	if !j.person.CanAsk() {
		return nil
	}
	for _, f := range found {
		if !outlook.Askable(f) || j.overrides(f.ID) {
			continue
		}
		look := message.Say(locks.ByID(f.ID).Look)
		yes, err := j.askYes(ctx, "--attest "+f.ID, message.Say("ask.attest", "check", check.Title(f.ID)), f.Told(), look)
		if err == nil && yes {
			err = j.vouch(f.ID)
		} else if err == nil {
			err = fmt.Errorf("%w: %w", errRefused, errUnattested)
		}
		if err != nil {
			return err
		}
	}
	said, err := j.attestations()
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
func (j *Job) askIMEI(ctx context.Context, f report.Finding) error {
	where := f.Advised()
	if v := j.identity.Vendor; v != nil && v.WhereIMEI != "" {
		where = message.Say(v.WhereIMEI)
	}
	j.say(f.Told())
	j.say(where)
	for range maxIMEITries {
		answer, err := j.person.Ask(ctx, Question{Flag: "--imei", Text: message.Say("ask.imei"), Stakes: []message.Sentence{f.Told(), where}})
		if err != nil {
			return err
		}
		if answer == "" {
			yes, err := j.askYes(ctx, "--attest "+f.ID, message.Say("ask.no-modem"))
			if err != nil || !yes {
				return err
			}
			return j.vouch(f.ID)
		}
		if numbers := verify.ReadIMEIs(answer); len(numbers) > 0 {
			j.opts.Claims.IMEI = numbers
			if j.kept == nil {
				return nil
			}
			return j.kept.Keep(imeiName, numbers)
		}
		j.say(message.Say("ask.imei.again"))
	}
	return nil
}

// askUnlinked asks whether the account's own web page still lists the handset, which only
// its owner can see. No answer stops nothing.
func (j *Job) askUnlinked(ctx context.Context, seen *report.Accounts, found report.Findings) error {
	f, ok := found.ByID(verify.CheckUnlinked)
	if !ok || f.Status != report.StatusUnknown {
		return nil
	}
	if !j.person.CanAsk() {
		j.say(f.Advised())
		return nil
	}
	yes, err := j.askYes(ctx, "--attest "+f.ID, message.Say("ask.unlinked"), message.Say(j.identity.Vendor.Unlink))
	if err != nil || !yes {
		return err
	}
	if err := j.vouch(f.ID); err != nil {
		return err
	}
	verify.Attest(seen, found, j.said)
	return nil
}
