package verify

import (
	"context"
	"fmt"

	"preship/adb/handset/locks"
	"preship/report"
	"preship/report/check"
	"preship/report/message"
)

// cleanRows is the table of checks after the reset.
var cleanRows = []cleanRow{
	{check.CleanSameUnit, "clean.same-unit.name", nil, askSameUnit},
	{check.CleanRepairMode, "clean.repair-mode.name", nil, askRepairMode},
	{check.CleanAccounts, "clean.accounts.name", nil, askAccounts},
	{check.CleanUsers, "clean.users.name", nil, askUsers},
	{check.CleanAndroidID, "clean.android-id.name", nil, askAndroidID},
	{check.CleanFiles, "clean.files.name", nil, askFiles},
	{check.CleanApps, "clean.apps.name", nil, askApps},
	{check.CleanContacts, "clean.contacts.name", nil, askRows(contactRows, contactsURI, func(b Before) *int { return b.Contacts })},
	{check.CleanMessages, "clean.messages.name", nil, askRows(messageRows, messagesURI, func(b Before) *int { return b.Messages })},
	{check.CleanFindDevice, "clean.find-device.name", locks.ByID(locks.FindDevice).Vendors, askFindDevice},
	{check.CleanBootCount, "clean.boot-count.name", nil, askBootCount},
	{check.CleanBootReason, "clean.boot-reason.name", nil, askBootReason},
	{check.CleanBootHistory, "clean.boot-history.name", nil, askBootHistory},
}

func askSameUnit(_ context.Context, l *look) result {
	now := unitOf(l.id)
	var told []message.Sentence
	matched, differs := 0, 0
	for _, n := range []struct {
		name          message.Sentence
		before, after []string
	}{
		{message.AsIs("IMEI"), l.before.Unit.IMEI, now.IMEI},
		{message.AsIs("S/N"), one(l.before.Unit.SN), one(now.SN)},
		{message.Say("clean.seen.serial"), one(l.before.Unit.Serial), one(now.Serial)},
	} {
		switch {
		case len(n.before) == 0 || len(n.after) == 0:
			told = append(told, message.Say("clean.seen.number.unknown", "name", n.name))
		case sameSet(n.before, n.after):
			matched++
			told = append(told, message.Say("clean.seen.number.same", "name", n.name))
		default:
			differs++
			told = append(told, message.Say("clean.seen.number.other", "name", n.name))
		}
	}
	res := result{observed: message.Join(message.Comma, told...), refs: []string{l.id.Serial.Ref, l.id.IMEIs.Ref}}
	if matched == 0 && differs == 0 {
		res.status, res.summary = report.StatusUnknown, message.Say("clean.same-unit.unknown")
		return res
	}
	same := differs == 0
	l.out.SameUnit = &same
	res.status, res.summary = report.StatusPass, message.Say("clean.same-unit.same")
	if !same {
		res.status, res.summary = report.StatusFail, message.Say("clean.same-unit.other")
	}
	return res
}

func askAccounts(_ context.Context, l *look) result {
	s := l.state
	refs := []string{s.Accounts.Ref, s.Users.Ref}
	if !s.Accounts.Known() {
		return unknown("clean.accounts.not-listed", s.Accounts.Unknown, refs...)
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
	observed := message.Say("clean.seen.accounts", "count", total, "users", message.Say("lock.seen.users", "count", len(s.Accounts.Items)))
	switch {
	case total > 0:
		l.out.Accounts = &total
		return result{report.StatusFail, message.Say("clean.accounts.signed-in", "count", total), observed, refs}
	case !s.Users.Known():
		return unknown("clean.accounts.users-not-listed", s.Users.Unknown, refs...)
	case unseen > 0:
		return unknown("clean.accounts.other-user", message.Say("clean.seen.hidden-accounts", "count", unseen), refs...)
	}
	l.out.Accounts = &total
	return result{report.StatusPass, message.Say("clean.accounts.clear"), observed, refs}
}

func askUsers(_ context.Context, l *look) result {
	users := l.state.Users
	if !users.Known() {
		return unknown("clean.users.not-listed", users.Unknown, users.Ref)
	}
	n := len(users.Items)
	l.out.Users = &n
	if n > 1 {
		return result{report.StatusFail, message.Say("clean.users.others", "count", n), message.AsIs(fmt.Sprint(n)), []string{users.Ref}}
	}
	return result{report.StatusPass, message.Say("clean.users.clear"), message.Say("clean.seen.user", "user", "0"), []string{users.Ref}}
}

func askRepairMode(ctx context.Context, l *look) result {
	return askLock(ctx, l, locks.RepairMode)
}

func askFindDevice(ctx context.Context, l *look) result {
	return askLock(ctx, l, locks.FindDevice)
}

// askLock asks a lock of the table again, as a check after the reset.
func askLock(ctx context.Context, l *look, id string) result {
	s := locks.ByID(id).Read(ctx, l, l.state)
	status := map[string]report.Status{locks.Clear: report.StatusPass, locks.Set: report.StatusFail}[s.Status]
	if status == "" {
		status = report.StatusUnknown
	}
	return result{status, s.Says(), s.Saw(), s.Refs}
}
