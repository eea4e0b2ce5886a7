package verify

import (
	"context"
	"slices"
	"sort"

	"preship/adb/handset"
	"preship/adb/handset/locks"
	"preship/report"
	"preship/report/message"
)

// Locks asks what would keep a repairer out, and what should not travel with
// the handset, for all its users. A user whose accounts the shell is not shown
// has nil accounts, and the checks that rest on them are unknown.
//
// The error is ctx's: what the handset does not say is a finding.
func Locks(ctx context.Context, r handset.Reader, id handset.Identity) (report.Accounts, []report.Finding, error) {
	state := locks.Look(ctx, r, id)
	fs := newFindings()
	out := report.Accounts{Users: accountsOf(state), Locks: []report.Lock{}}
	for _, l := range locks.All {
		if !l.Concerns(id) {
			continue
		}
		s := l.Read(ctx, r, state)
		f := fs.lock(l, s, id)
		remove := message.Say(l.Removal(id, s))
		out.Locks = append(out.Locks, report.Lock{ID: l.ID, Status: f.Status, Method: f.Method, Remove: remove.String(), RemoveMessage: &remove})
	}
	fs.linked(id)
	return out, fs.list, ctx.Err()
}

// RepairMode asks whether the handset shows its owner's data, or a temporary
// system or another user's space in its place.
func RepairMode(ctx context.Context, r handset.Reader, id handset.Identity) report.Finding {
	l := locks.ByID(locks.RepairMode)
	return *newFindings().lock(l, l.Read(ctx, r, locks.LookUsers(ctx, r, id)), id)
}

// lock makes a finding of the state of a lock: a lock that holds the handset is a
// fail, one that its owner should only know of is a warning.
func (fs *findings) lock(l *locks.Lock, s locks.State, id handset.Identity) *report.Finding {
	status := report.StatusUnknown
	switch s.Status {
	case locks.Clear:
		status = report.StatusPass
	case locks.Set:
		status = report.StatusWarn
		if l.Weight == locks.Holds {
			status = report.StatusFail
		}
	}
	f := fs.see(l.ID, status, s.Says(), s.Saw(), s.Refs...)
	if s.Inferred {
		f.Method = report.MethodInferred
	}
	switch {
	case f.Remedy == "":
	case status == report.StatusUnknown && l.Look != "":
		f.Advise(message.Say("finding.look-and-attest", "look", message.Say(l.Look), "check", l.ID))
	default:
		f.Advise(message.Say(l.Removal(id, s)))
	}
	return f
}

// accountsOf counts each user's accounts by type. It is nil when they could not
// be read; a user listed elsewhere but not here has nil accounts.
func accountsOf(s locks.Answers) []report.UserAccounts {
	if !s.Accounts.Known() {
		return nil
	}
	users := []report.UserAccounts{}
	for _, u := range s.Accounts.Items {
		users = append(users, report.UserAccounts{ID: u.User.ID, Accounts: u.Types()})
	}
	for _, u := range s.Users.Items {
		seen := func(a report.UserAccounts) bool { return a.ID == u.ID }
		if !slices.ContainsFunc(users, seen) {
			users = append(users, report.UserAccounts{ID: u.ID})
		}
	}
	sort.Slice(users, func(i, j int) bool { return users[i].ID < users[j].ID })
	return users
}
