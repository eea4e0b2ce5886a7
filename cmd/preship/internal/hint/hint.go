// Package hint says what to do about an error, for the person at the keyboard.
//
// Errors are matched by errors.Is, never by their words. An error without a row has no
// hint.
package hint

import (
	"context"
	"errors"
	"io/fs"
	"syscall"

	"preship/adb"
	"preship/adb/link"
	"preship/adb/reset"
	"preship/backup"
	"preship/backup/agefile"
	"preship/backup/manifest"
	"preship/cmd/preship/internal/hold"
	"preship/cmd/preship/internal/job"
	"preship/cmd/preship/internal/saved"
	"preship/report/casedir"
	"preship/report/message"
)

// rows are the hints; the first row that matches counts.
var rows = []struct {
	err   error
	hints []message.ID
}{
	{job.ErrTimeUp, []message.ID{"hint.resume"}},
	{reset.ErrNoAssistant, []message.ID{"hint.recovery.reboot", "hint.recovery.other-way"}},
	{reset.ErrFormatFailed, []message.ID{"hint.format.failed"}},
	{reset.ErrFormatUnknown, []message.ID{"hint.format.unknown", "hint.format.again"}},
	{reset.ErrStayed, []message.ID{"hint.reset.stayed"}},
	{reset.ErrNotReset, []message.ID{"hint.reset.not-reset"}},
	{link.ErrLost, []message.ID{"hint.lost.plug-in", "hint.lost.server"}},
	{adb.ErrNoServer, []message.ID{"hint.server.start", "hint.server.demo"}},
	{adb.ErrStranger, []message.ID{"hint.server.stranger", "hint.server.hangs"}},
	{adb.ErrUnauthorized, []message.ID{"hint.unauthorized", "hint.broken-screen"}},
	{adb.ErrOffline, []message.ID{"hint.offline"}},
	{adb.ErrNoPermissions, []message.ID{"hint.no-permissions"}},
	{adb.ErrManyDevices, []message.ID{"hint.many-devices"}},
	{adb.ErrNoPairing, []message.ID{"hint.pairing.old-adb", "hint.pairing.cable"}},
	{adb.ErrNotPaired, []message.ID{"hint.pairing.code", "hint.same-network"}},
	{adb.ErrUnreachable, []message.ID{"hint.unreachable.address", "hint.unreachable.pair-first", "hint.same-network"}},
	{adb.ErrNoDevice, []message.ID{"hint.no-device.debugging", "hint.no-device.cable", "hint.broken-screen"}},
	{job.ErrInRecovery, []message.ID{"hint.recovery.reboot", "hint.in-recovery.answer"}},
	{adb.ErrNotReady, []message.ID{"hint.not-ready"}},
	{adb.ErrGone, []message.ID{"hint.gone"}},
	{adb.ErrTimeout, []message.ID{"hint.timeout"}},
	{agefile.ErrKeyNeeded, []message.ID{"hint.backup.key-needed"}},
	{agefile.ErrPlainBackup, []message.ID{"hint.backup.plain"}},
	{agefile.ErrOtherKey, []message.ID{"hint.backup.other-key"}},
	{agefile.ErrWrongKey, []message.ID{"hint.backup.wrong-key"}},
	{agefile.ErrKeyList, []message.ID{"hint.backup.key-list"}},
	{casedir.ErrOtherHandset, []message.ID{"hint.case.other-handset"}},
	{hold.ErrPage, []message.ID{"hint.busy.page"}},
	{hold.ErrBusy, []message.ID{"hint.busy"}},
	{casedir.ErrLocked, []message.ID{"hint.case.locked"}},
	{casedir.ErrUnfinished, []message.ID{"hint.case.unfinished"}},
	{saved.ErrDeleted, []message.ID{"hint.data-deleted.left", "hint.data-deleted.owner"}},
	{manifest.ErrNoBackup, []message.ID{"hint.backup.no-backup"}},
	{casedir.ErrNoData, []message.ID{"hint.case.no-data"}},
	{casedir.ErrNotCase, []message.ID{"hint.case.not-a-case"}},
	{backup.ErrNoSpace, []message.ID{"hint.no-space"}},
	{syscall.ENOSPC, []message.ID{"hint.disk-full"}},
	{context.DeadlineExceeded, []message.ID{"hint.too-long"}},
	{syscall.EROFS, []message.ID{"hint.read-only"}},
	{fs.ErrPermission, []message.ID{"hint.no-permission"}},
}

// For returns the hints for an error, in the order to try them; nil without a hint.
// resume is the command that resumes the work; empty is the same command again.
func For(err error, resume string) (hints []message.Sentence) {
	for _, row := range rows {
		if !errors.Is(err, row.err) {
			continue
		}
		for _, id := range row.hints {
			hints = append(hints, message.Say(id, "command", command(resume)))
		}
		return hints
	}
	return nil
}

// Interrupted is the hint for work that a person interrupted.
func Interrupted(resume string) message.Sentence {
	return message.Say("hint.interrupted", "command", command(resume))
}

func command(resume string) any {
	if resume == "" {
		return message.Say("hint.same-command")
	}
	return resume
}
