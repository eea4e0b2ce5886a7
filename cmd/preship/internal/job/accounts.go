package job

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"preship/adb/handset"
	"preship/adb/handset/locks"
	"preship/adb/link"
	"preship/cmd/preship/internal/amount"
	"preship/cmd/preship/internal/evidence"
	"preship/cmd/preship/internal/outlook"
	"preship/report"
	"preship/report/check"
	"preship/report/message"
	"preship/report/wait"
	"preship/verify"
)

// lookAgainEvery is how often a handset is asked whether an account is gone: a
// person who signs out should see preship notice while still looking at it.
const lookAgainEvery = time.Second

// Accounts looks for what locks the handset and, if a case is named, keeps it there.
func (j *Job) Accounts(ctx context.Context) (report.Accounts, error) {
	j.brief = true
	err := errors.Join(j.opts.checkAttest(), j.opts.Online.check())
	if err == nil {
		err = j.openNamedCase()
	}
	if err != nil {
		return report.Accounts{}, err
	}
	err = j.runStep(ctx, stepNamed(report.StepAccounts))
	return j.locks, err
}

func (j *Job) accounts(ctx context.Context) (any, report.Findings, error) {
	if err := j.known(ctx); err != nil {
		return nil, nil, err
	}
	if j.whole && j.person.CanAsk() {
		// What the handset does not show is asked before anybody signs out.
		r := &evidence.Recorder{Device: j.device, Now: j.host.Now}
		seen, findings, err := verify.Locks(ctx, r, j.identity)
		if err := r.Whole(err); err != nil {
			return nil, nil, err
		}
		said, err := j.attestations()
		if err != nil {
			return nil, nil, err
		}
		verify.Attest(&seen, findings, said)
		if err := j.askUnknown(ctx, findings); err != nil {
			return seen, findings, err
		}
	}
	if err := j.waitForOwner(ctx); err != nil {
		return nil, nil, err
	}
	seen, findings, err := j.look(ctx)
	if err != nil {
		return nil, nil, err
	}
	if !j.brief {
		if err := j.askUnlinked(ctx, &seen, findings); err != nil {
			return nil, nil, err
		}
	}
	findings = append(findings, j.askOnline(ctx, j.handset)...)
	seen.Findings = findings
	j.locks = seen
	return seen, findings, nil
}

// known makes sure that this run has read who the connected handset is.
func (j *Job) known(ctx context.Context) error {
	if err := j.connect(ctx); err != nil {
		return err
	}
	if j.handset.Serial != "" {
		return nil
	}
	_, _, err := j.identify(ctx)
	return err
}

// waitForOwner opens the page of each lock that its owner can remove, and looks again
// until all are removed or the time is up. A lock that another person has to remove is
// shown at once and not waited for. Its looks are not evidence; the look after them is.
func (j *Job) waitForOwner(ctx context.Context) error {
	if j.opts.Wait <= 0 {
		return nil
	}
	ctx, cancel := context.WithTimeout(ctx, j.opts.Wait)
	defer cancel()
	over := func() {}
	defer func() { over() }()
	look := &evidence.Recorder{Device: j.device, Now: j.host.Now, Link: j.patient}
	asked := map[string]bool{}
	for {
		seen, _, err := verify.Locks(ctx, look, j.identity)
		if err != nil {
			return j.unlessTimeUp(ctx, err)
		}
		if slices.ContainsFunc(seen.Locks, func(l report.Lock) bool { return l.Status == report.StatusFail && locks.Firm(l.ID) }) {
			return nil // nothing that is asked for here would be done on the owner's own system
		}
		if len(asked) == 0 {
			j.sayOthers(seen)
		}
		before := len(asked)
		waiting, err := j.askOwner(ctx, seen, asked)
		if err != nil || !waiting {
			return j.unlessTimeUp(ctx, err)
		}
		if before == 0 && len(asked) > 0 {
			over = j.waits.Show(wait.Wait{Row: wait.SignOut, Limit: j.opts.Wait})
		}
		select {
		case <-ctx.Done():
			return j.unlessTimeUp(ctx, ctx.Err())
		case <-time.After(lookAgainEvery):
		}
	}
}

// sayOthers says which locks need another person than the owner, who may take days.
func (j *Job) sayOthers(seen report.Accounts) {
	for _, l := range seen.Locks {
		if by := outlook.RemovedBy(l); by != "" && l.Status == report.StatusFail {
			who := message.Say(by)
			if j.advised[l.ID] == l.Remove {
				j.say(message.Say("job.others.short", "check", check.Title(l.ID), "who", who))
				continue
			}
			j.say(message.Say("job.others", "who", who, "remove", removal(l)))
		}
	}
}

// removal says how a lock is taken off.
func removal(l report.Lock) message.Sentence { return message.Signed(l.Remove, l.RemoveMessage) }

// unlessTimeUp drops an error that only says that the owner was not waited for
// any longer: the look that follows shows the remaining locks.
func (j *Job) unlessTimeUp(ctx context.Context, err error) error {
	if err != nil && context.Cause(ctx) == context.DeadlineExceeded {
		j.say(message.Say("job.wait-over", "time", amount.Span(j.opts.Wait)))
		return nil
	}
	return err
}

// askOwner asks for what the owner must do about the first lock that is left,
// and opens its page; one thing at a time, since signing out often removes more
// than one lock. It says whether anything is left to wait for.
func (j *Job) askOwner(ctx context.Context, seen report.Accounts, asked map[string]bool) (waiting bool, err error) {
	for _, l := range seen.Locks {
		page := pageOf(l.ID, j.identity)
		if l.Status != report.StatusFail || page == nil || outlook.RemovedBy(l) != "" {
			continue
		}
		if asked[l.ID] {
			return true, nil
		}
		_, err := handset.Ask(ctx, j.reader(), page.Must())
		if err != nil && link.Broken(err) {
			return true, j.patient.Mend(ctx, err) // and the page is opened then
		}
		asked[l.ID] = true
		j.instruct(removal(l))
		if err != nil {
			return true, fmt.Errorf("opening the page for %s: %w", l.ID, err)
		}
		return true, nil
	}
	return false, nil
}

// pageOf returns the row that opens a lock's page on this handset; nil if it has no page.
func pageOf(id string, who handset.Identity) *handset.Command {
	l := locks.ByID(id)
	if l == nil || who.Vendor == nil {
		return nil
	}
	return l.PageOn(who.Vendor)
}
