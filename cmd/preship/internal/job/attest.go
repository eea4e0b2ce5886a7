package job

import (
	"context"
	"slices"

	"preship/report"
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
	for _, id := range verify.Attest(&locks, found, said) {
		j.say(message.Say("job.attested-otherwise", "check", id))
	}
	return locks, found, nil
}
