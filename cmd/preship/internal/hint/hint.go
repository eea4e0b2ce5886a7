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
)

// rows are the hints; the first row that matches counts.
var rows = []struct {
	err  error
	hint []string
}{
	{job.ErrTimeUp, []string{
		"nothing proved is lost: the same command goes on from here",
	}},
	{reset.ErrNoAssistant, []string{
		"on the handset: choose Reboot in its menu, or hold the power key until it restarts. nothing was erased",
		"then run the same command again, or go another way: --way settings, --way by-hand",
	}},
	{reset.ErrFormatFailed, []string{
		"on the handset: choose Wipe data in the recovery's menu, or Reboot; then run preship reset again on the same case",
	}},
	{reset.ErrFormatUnknown, []string{
		"look at the handset's screen. choose Reboot in its menu and run the same command again: it looks whether the data is gone, and sends nothing twice",
		"if it waits in its recovery and is known not to be erased, --again sends the wipe once more, after another confirmation",
	}},
	{reset.ErrStayed, []string{
		"look at the handset's screen. if it asks something, answer it; then run the same command again: it goes on where it stopped",
	}},
	{reset.ErrNotReset, []string{
		"its data is still there. run preship reset again on the same case; it asks for a confirmation anew",
	}},
	{link.ErrLost, []string{
		"plug the handset in again, look whether its screen asks anything, and run the same command: what was proved is kept, and it goes on from there",
		"if the error names the adb server, start that first: adb start-server",
	}},
	{adb.ErrNoServer, []string{
		"preship talks to handsets through adb. install Android's platform-tools, or start its server: adb start-server",
		"to see preship work without a handset: preship demo",
	}},
	{adb.ErrStranger, []string{
		"preship doctor names that program. end it, or give adb another port in ANDROID_ADB_SERVER_PORT",
		"if it is an adb that hangs: adb kill-server, then this again",
	}},
	{adb.ErrUnauthorized, []string{
		"unlock the handset. it asks \"allow USB debugging?\": tick \"always allow from this computer\" and accept, then run this again",
	}},
	{adb.ErrOffline, []string{
		"unplug the cable, wait a moment, plug it in again; if that does not help, restart the handset",
	}},
	{adb.ErrNoPermissions, []string{
		"this computer may not open the USB device. on Linux install the udev rules (package android-sdk-platform-tools-common) and plug it in again",
	}},
	{adb.ErrManyDevices, []string{"name one of them with --serial, or unplug the others"}},
	{adb.ErrNoPairing, []string{
		"its adb is older than wireless debugging. install platform-tools 30 or newer, and run: adb kill-server, then this again",
		"or plug the handset in: with a cable, nothing needs pairing",
	}},
	{adb.ErrNotPaired, []string{
		"the code and its address last only while the handset shows them: open \"pair device with pairing code\" again and use the new ones",
		"the handset and this computer must be in the same network, one that lets its members talk (many guest networks do not)",
	}},
	{adb.ErrUnreachable, []string{
		"on the handset: developer options, wireless debugging; use the address and port that page shows. the port changes each time it is switched on",
		"a handset that was never paired with this computer has to be first: preship connect --help",
		"the handset and this computer must be in the same network, one that lets its members talk",
	}},
	{adb.ErrNoDevice, []string{
		"on the handset: settings, about phone, tap the OS version seven times; then additional settings, developer options, USB debugging",
		"use a cable that carries data, choose \"file transfer\" when the handset asks, and run: preship devices",
	}},
	{adb.ErrNotReady, []string{"bring the handset back to its home screen and run this again; preship devices shows its state"}},
	{adb.ErrGone, []string{"the handset left in the middle. plug it in again and run the same command: what was proved is kept"}},
	{adb.ErrTimeout, []string{"the handset stopped answering. check the cable and its screen, then run the same command again"}},
	{agefile.ErrKeyNeeded, []string{"give its secret key with --identity FILE, or its passphrase with --passphrase"}},
	{agefile.ErrPlainBackup, []string{"it goes on as it was begun. for an encrypted backup begin a new case with --out, and delete this one when that is proved"}},
	{agefile.ErrOtherKey, []string{"run it without --encrypt-to and --passphrase: it goes on with the key it was begun with. for another key begin a new case with --out"}},
	{agefile.ErrWrongKey, []string{"nothing was changed. try the other keys you have; for a passphrase look at capitals and the keyboard's language"}},
	{agefile.ErrKeyList, []string{"put backup/encryption.json and backup/identity.age back from where you keep a copy, or begin a new case with --out"}},
	{casedir.ErrOtherHandset, []string{"this case belongs to another handset. plug that one in, or begin a new case with --out"}},
	{hold.ErrBusy, []string{"nothing was changed on it. wait until that is done, or end it first"}},
	{casedir.ErrLocked, []string{"another preship works on this case. wait for it, or end it first"}},
	{casedir.ErrUnfinished, []string{"its data may still be needed. end the job first: preship prepare --case and its folder. what was given up for good is for a person to delete"}},
	{saved.ErrDeleted, []string{
		"what stays is the sealed report and the list of what was saved: preship report show and preship backup list, with this folder",
		"the files themselves are with their owner, to whom they were handed back",
	}},
	{manifest.ErrNoBackup, []string{"name the folder of a job, the one that holds case.json; preship cases --out lists those of a desk"}},
	{casedir.ErrNoData, []string{"there is nothing to hand back or to delete: preship cases shows which cases hold data"}},
	{casedir.ErrNotCase, []string{"name the folder of a job, the one that holds case.json"}},
	{backup.ErrNoSpace, []string{"free some space on this computer's disk and run the same command: what was proved is kept. or begin anew on another disk with --out"}},
	{syscall.ENOSPC, []string{"this computer's disk is full. free some space, or choose another disk with --out, and run it again"}},
	{context.DeadlineExceeded, []string{"it took too long. check the handset's screen and cable, then run the same command again"}},
	{syscall.EROFS, []string{"that disk is read-only here. choose another folder with --out"}},
	{fs.ErrPermission, []string{"this computer does not let preship write there. choose another folder with --out"}},
}

// For returns the hints for an error, in the order to try them; nil if there are none.
func For(err error) []string {
	for _, row := range rows {
		if errors.Is(err, row.err) {
			return row.hint
		}
	}
	return nil
}
