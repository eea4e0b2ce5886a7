// Package verify makes the checks of a job, each with a finding: who the handset is,
// which locks it has, and whether it is clean after the reset.
//
// [Identity] compares the handset with its papers, and the checks after the reset look for
// remains of the owner. A check without an answer is unknown, with the reason; it is never
// a pass. The package changes nothing on a handset, and copies no account name: it counts.
// It gives no verdict: package report does, over all steps.
//
// It imports adb/handset for the answers, report and report/check for the findings, and
// report/casedir to keep the answers as evidence. It knows no connection.
//
// # Signs of a new data partition
//
// After a reset AOSP writes these on the new partition, as its source shows. Each is a
// check of its own, or has the reason why it is no check. No sign alone shows that the old
// data is gone.
//
//	sys.boot.reason=reboot,factory_reset
//	    bootstat sets it where its own record is missing, until the next start. A wipe of
//	    that record alone does the same, and setting a handset up often restarts it.
//	settings global boot_count, settings secure android_id
//	    A wipe of the settings alone starts them again.
//	persist.sys.boot.reason.history
//	    Persistent properties are on the partition. Its times are by the handset's clock.
//	/data/misc/bootstat/factory_reset
//	    The time of the first start after a reset, as the time of the file. No check: the
//	    folder has mode 0700 and belongs to system, so the shell cannot read it.
//	ro.runtime.firstboot, sys.bootstat.first_boot_completed
//	    No check: the first is when the system server started since the last start, the
//	    second is 1 after every start. Neither is about a first start.
//	dumpsys user, "Created"
//	    No check: for user 0 it is always <unknown>.
package verify
