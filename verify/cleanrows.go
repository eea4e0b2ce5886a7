package verify

import (
	"context"
	"fmt"

	"preship/adb/handset"
	"preship/report"
)

const again = "look at it on the handset; remove it there or reset again, then run preship verify"

// cleanRows is the table of checks after the reset.
var cleanRows = []cleanRow{
	{Check{
		"clean.same-unit", "it is the handset the job began with", true,
		"connect the handset of this case",
		"that its mainboard was not changed together with its numbers",
	}, nil, askSameUnit},
	{Check{
		"clean.repair-mode", "the handset shows its owner's space, and no temporary system", true,
		"leave repair mode on the handset, or switch to its owner's space; then run preship verify",
		"that a maker's own maintenance mode is off, where it shows no other user to a computer",
	}, nil, askRepairMode},
	{Check{
		"clean.accounts", "no user has an account", true,
		"sign the account out, then run preship verify; set the handset up without any account",
		"that no account is bound to the handset on the maker's server",
	}, nil, askAccounts},
	{Check{
		"clean.users", "there is no user but the owner", true,
		"remove the other users on the handset, or reset again",
		"",
	}, nil, askUsers},
	{Check{
		"clean.android-id", "the Android ID is another one", true,
		"the handset was not reset: run preship reset again, or reset it by hand",
		"that the old data cannot be recovered by a laboratory",
	}, nil, askAndroidID},
	{Check{
		"clean.files", "no files of the owner lie on shared storage", true,
		again,
		"that no files lie where the shell cannot look, such as apps' own folders; empty folders are not counted",
	}, nil, askFiles},
	{Check{
		"clean.apps", "no apps of the owner's are installed", false,
		"look at the list of apps; makers preinstall some that count as the owner's",
		"that nothing else was installed and removed since",
	}, nil, askApps},
	{Check{
		"clean.contacts", "there are no contacts", false,
		again,
		"more than the shell is shown: other users, and contacts on the SIM card",
	}, nil, askRows("contacts", contactsURI, func(b Before) *int { return b.Contacts })},
	{Check{
		"clean.messages", "there are no text messages", false,
		again,
		"drafts and unsent messages: the shell is shown inbox and sent only",
	}, nil, askRows("text messages", messagesURI, func(b Before) *int { return b.Messages })},
	{Check{
		"clean.find-device", "Find Device is off", false,
		"switch it off on the handset, or on the maker's account page",
		"that the maker's server holds no activation lock",
	}, handset.LockByID(handset.LockFindDevice).Vendors, askFindDevice},
	{Check{
		"clean.boot-count", "the handset has started only a few times since the reset", false,
		"",
		"anything by itself: the number is only consistent with a reset",
	}, nil, askBootCount},
	{Check{
		"clean.boot-history", "no restart is remembered from before the reset", false,
		"",
		"anything by itself: not every handset keeps the list, and its clock may have been wrong",
	}, nil, askBootHistory},
}

// cleanChecks are the rows' checks, and the one that sums them up.
func cleanChecks() []Check {
	var checks []Check
	for _, row := range cleanRows {
		checks = append(checks, row.Check)
	}
	return append(checks, Check{
		ID: CheckRung, Title: "how much is known of the reset", Required: true,
		Remedy:    "set the handset up without any account, turn USB debugging on and run preship verify",
		NotProved: "see the rung itself",
	})
}

func askSameUnit(_ context.Context, l *look) result {
	now := unitOf(l.id)
	var told []string
	matched, differs := 0, 0
	for _, n := range []struct {
		name          string
		before, after []string
	}{
		{"IMEI", l.before.Unit.IMEI, now.IMEI},
		{"S/N", one(l.before.Unit.SN), one(now.SN)},
		{"serial", one(l.before.Unit.Serial), one(now.Serial)},
	} {
		switch {
		case len(n.before) == 0 || len(n.after) == 0:
			told = append(told, n.name+" not known on both sides")
		case sameSet(n.before, n.after):
			matched++
			told = append(told, n.name+" as before")
		default:
			differs++
			told = append(told, n.name+" differs")
		}
	}
	res := result{observed: join(told), refs: []string{l.id.Serial.Ref, l.id.IMEIs.Ref}}
	if matched == 0 && differs == 0 {
		res.status, res.summary = report.StatusUnknown, report.Say("nothing tells this handset from another")
		return res
	}
	same := differs == 0
	l.out.SameUnit = &same
	res.status, res.summary = report.StatusPass, report.Say("it is the handset the job began with")
	if !same {
		res.status, res.summary = report.StatusFail, report.Say("it is not the handset the job began with")
	}
	return res
}

func askAccounts(_ context.Context, l *look) result {
	s := l.state
	refs := []string{s.Accounts.Ref, s.Users.Ref}
	if !s.Accounts.Known() {
		return unknown("the handset does not list its accounts", s.Accounts.Unknown, refs...)
	}
	total, unseen := 0, 0
	for _, u := range accountsOf(s) {
		if u.Accounts == nil {
			unseen++
		}
		for _, n := range u.Accounts {
			total += n
		}
	}
	observed := fmt.Sprintf("%d accounts of %d users", total, len(s.Accounts.Items))
	switch {
	case total > 0:
		l.out.Accounts = &total
		return result{report.StatusFail, report.Say("accounts are signed in: %d", total), observed, refs}
	case !s.Users.Known():
		return unknown("no account was seen, but the handset does not list all its users", s.Users.Unknown, refs...)
	case unseen > 0:
		return unknown("no account was seen, but another user of this handset may have one", fmt.Sprintf("accounts of %d users not shown", unseen), refs...)
	}
	l.out.Accounts = &total
	return result{report.StatusPass, report.Say("no user has an account"), observed, refs}
}

func askUsers(_ context.Context, l *look) result {
	users := l.state.Users
	if !users.Known() {
		return unknown("the handset does not list its users", users.Unknown, users.Ref)
	}
	n := len(users.Items)
	l.out.Users = &n
	if n > 1 {
		return result{report.StatusFail, report.Say("there are %d users", n), fmt.Sprint(n), []string{users.Ref}}
	}
	return result{report.StatusPass, report.Say("there is no user but the owner"), "user 0", []string{users.Ref}}
}

func askRepairMode(ctx context.Context, l *look) result {
	return askLock(ctx, l, handset.LockRepairMode)
}

func askFindDevice(ctx context.Context, l *look) result {
	return askLock(ctx, l, handset.LockFindDevice)
}

// askLock asks a lock of the table again, as a check after the reset.
func askLock(ctx context.Context, l *look, id string) result {
	s := handset.LockByID(id).Read(ctx, l, l.state)
	status := map[string]report.Status{handset.LockClear: report.StatusPass, handset.LockSet: report.StatusFail}[s.Status]
	if status == "" {
		status = report.StatusUnknown
	}
	return result{status, said(s), s.Observed, s.Refs}
}
