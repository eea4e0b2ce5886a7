// Package backup copies from a handset to the computer what the owner could lose, and
// proves the copy. It lists every file of shared storage, reads files over several sync
// streams, hashes them while it writes them, and compares each with the size and the
// SHA-256 that the handset reports. A run that is interrupted at any byte can be resumed,
// and [Check] reads a backup again without the handset.
//
// It refuses to call a file saved that it has not compared. A file that changed while it
// was read, that the handset refused, or that could not be proved gets a state and a reason.
// It never deletes from a handset or from an earlier backup, never follows a symlink, never
// reads a FIFO, socket or device node, and never writes outside of the case folder,
// whatever names the handset gives.
//
// It also asks the handset's providers for contacts, messages, the call log, calendar and
// settings, and copies the owner's apps. A provider's answer cannot be split by its text
// alone, and ends with status 0 even if the query was refused: rows are counted before and
// after, and text is asked for one column at a time. An empty result counts as "no rows"
// only if the provider rejects an unknown column. The answers are not evidence of the case,
// because evidence is sealed and handed on.
//
// A backup can be encrypted, to keys or with a passphrase: the disk then holds age files
// only. To check it, to resume it and to rely on it before a reset takes no secret; to open
// it takes the key. See [agefile.Encryption].
//
// [restore.Run] restores files, folders and apps and proves them, and opens the contacts
// for their owner to import. Android lets no computer write apps' data, messages or
// settings into a handset. Messages and calls are sent as files for an app to import, and
// counted on the handset before and after.
//
// The rooms: manifest is the list of a backup's entries, agefile encrypts, disk writes on
// the computer, plan keeps the state of every file, listing fills the plan, copying copies
// files and proves them, query asks the handset, provider saves contacts, messages, settings
// and apps, formats makes files for people of them, localbackup checks the handset's own
// backups, meter reports progress, restore writes back, unpack opens a backup into a folder,
// selection chooses a part. This package puts them in order, and says in findings how it
// ended.
//
// A backup is stored in the case folder:
//
//	backup/storage/emulated/0/…   shared storage, with the handset's own paths
//	backup/storage/emulated/999/… that of another user, such as dual apps
//	backup/storage/6132-3A29/…    an SD card
//	backup/data/app/…             the APKs of the owner's apps
//	backup/items/…                contacts.vcf, messages.html, calls.csv, calendar.ics
//	backup/items/messages.xml     messages, and calls.xml, for SMS Backup & Restore to import
//	backup/items/messages.zip     messages, and calls.json, for SMS Import / Export to import
//	backup/items/missing.jsonl    rows and parts of these that the handset did not give
//	backup/items/earlier-1.NAME   an item of an earlier run that a later run got only in part
//	backup/items/raw/NAME.jsonl   the rows they are made of, a row a line
//	backup/items/raw/…            the handset's answers, word for word
//	backup/journal.jsonl          one line for each proved file, to resume from
//	backup/parts/                 files being written; they do not count
//	backup/unproved/…             newer versions of proved files, not proved themselves
//	backup.manifest.json          every listed name, and its state
//
// The path of a copy is "backup" followed by the path on the handset, byte for byte. If the
// computer's file system cannot hold such a name, or a Windows machine may read that file
// system and cannot open it, the manifest has the path of the copy.
// A file that the disk refuses, or that is too large for its file system, is named in a
// finding, and the others are saved. A disk that refuses every file ends the run.
//
// # Proved copies stay
//
// A copy counts once size and SHA-256 agree, it is on the disk, and so is its line of the
// journal. A run that was killed resumes from the journal, and reads every copy back before
// it counts.
//
// A file that changed on the handset since an earlier run is written to backup/unproved. It
// replaces the version proved before only when its own line is on the disk. If it is never
// proved, because it changes during every read, because the handset reports a wrong size or
// hash, or because the handset does not return, it stays there: the manifest then has the
// path twice, once with the state of the new version and once as "kept".
//
// A file that the options leave out is listed as "left-out", and is a loss: see
// [Options]. A copy of an earlier run stays.
//
// A file that the handset no longer lists stays in the backup as "kept" too. Both are
// counted, named by a finding, and restored by [restore.Run].
//
// A large file whose stream is lost is resumed within the same run, by dd from the last
// whole MiB, if lstat still shows the same file; sync knows no offset. It is proved by the
// hash of the whole file. A file is given up after five lost connections without one more
// byte of it, or three silences, which are a minute. Until then it is tried after all
// others. A file at which the handset's sha256sum falls silent is asked for again after all
// others too, and given up after a minute of silence and the time that its size takes.
//
// # Encryption
//
// Each file is an age file of its own (age-encryption.org/v1), and so are items and raw
// answers. It is encrypted while it is received: its contents are hashed and compared with
// the handset's SHA-256 as always, and the encrypted file is hashed too, so that damage is
// found without a key. No part, item or other file holds the contents of the handset's
// files unencrypted.
//
// Names, sizes, times and the SHA-256 of contents are not encrypted, in the manifest and in
// the journal. With them one can find out whether a file one knows is in the backup. The
// seal of a report covers the manifest, which may be withheld: a random number in it keeps
// names from being guessed.
//
// A file's name ends in ".age". A folder whose own name ends in ".age" or ".age.dir" gets
// ".dir" appended, so that no file has the same path. Without these endings each name is
// the handset's. Names too long for that are cut, and the manifest has both names.
//
//	backup/encryption.json        the public keys it is encrypted to; no secret
//	backup/identity.age           with a passphrase: the key, encrypted with it
//
// The key of a passphrase is made for one backup, and takes one slow step to open rather
// than one for each file; `age --decrypt --identity backup/identity.age FILE` opens a file
// without preship. The first run decides the encryption. A later run cannot change it, so a
// backup is never encrypted in part.
//
// With one key, 5,000 files of 4 KB took 1.07 times as long as unencrypted ones on an
// emulated handset over a link without delay, with an SSH key 1.28 times, and files of
// 64 MB no longer: go test -run=^$ -bench=Encrypted ./backup.
//
// A handset's own local backups are checked while they are saved. Encrypted ones of an
// earlier run cannot be read without the key, so they are copied from the handset again.
//
// # Speed
//
// Whole backups, with the proof by hash on both sides, compared with other ways to copy
// the same tree, which prove nothing: `adb pull` (29.0.6) as shipped, `adb pull` with a
// server on a Unix socket, its fastest form, and `adb exec-out tar`. Measured against adbd
// 34.0.5 on Linux, not on a phone, over a link of 0.4 ms and 40 MB/s, everything on two
// processors, written to memory. A factor is how much longer the other way took. The
// factors of pull are from one run, those of tar are medians of four where they vary.
//
//	work                             backup              pull   pull, socket   tar
//	5,000 files of 4–200 KB, 50 dirs 38.6 MB/s           3.0×   1.7×           1.5×
//	4,000 files of 4–16 KB, 40 dirs  3,040 files/s       30×    5.7×           1.6×
//	20,000 files of 1 KB             8,900 files/s       69×    17×            0.63×
//	one file of 2 GiB                35.6 MB/s           0.97×
//	one file of 2 GiB, no limit      137 MB/s            0.15×
//	20,000 files, no limit           9,800 files/s, 34 MB of memory at most
//	200,000 files, no limit          10,900 files/s, 86 MB of memory at most
//
// The same with other work on both processors, one run each, large files four:
//
//	5,000 files of 4–200 KB, 50 dirs 27.5 MB/s           3.2×   2.4×           2.8×
//	4,000 files of 4–16 KB, 40 dirs  2,070 files/s       13×    7.3×           2.2×
//	20,000 files of 1 KB             6,850 files/s              28×            1.3×
//	one file of 2 GiB                25–34 MB/s          0.88–1.1×
//
// Written to a disk, where a file counts only once it is synced, and where pull and tar
// sync nothing: 4,000 files at 1,230 files/s, 15×, 2.9× and 0.85× (of two runs).
//
// These tables were made before small files were hashed in one answer and folders kept
// open, and were not made again as a whole. Those two changes were measured by themselves,
// with other work on both processors, as seconds of processor that preship, server, link and
// daemon took together, which other work changes less than the time. Medians: four runs,
// three in the second row, one for the first figure:
//
//	work                             before   now    tar
//	20,000 files of 1 KB             4.3      3.7    1.0
//	4,000 files of 4–16 KB, 40 dirs  2.5      1.7    1.0
//
// In memory, 4,000 files took tar 1.1 to 1.5 times as long as a whole run of `preship
// backup`, and 20,000 files 0.53 to 0.71 times. 20,000 tiny files in less time than tar
// were not reached where handset and computer share two processors: to list, read and hash
// them costs the handset's tools alone 0.9 s, nearly all that tar costs on both sides. On a
// disk, 4,000 files took tar 0.8 times as long now and 0.7 to 1.3 times before, three runs
// each with other work: too uneven to say more than that 1.0 was not shown.
//
// Small files as one stream, by `xargs -0 cat` and divided by their listed sizes, were tried
// and left out: 20,000 files took 3.5 s of processor in place of 3.7, and 4,000 of 4–16 KB
// 1.9 in place of 1.7. The daemon saves what cat costs, and so it does with dd or tar behind
// xargs. sha256sum writes each line by itself: 512 hashes in one answer cost 1.1 s for
// 20,000 files, line by line 2.5 s, through sort 1.3 s. To put files on the disk takes one
// syncfs for up to 2,048 files on Linux; elsewhere each is synced by itself.
//
// The link limits the first row: adb pull moves 13 MB/s of its 40, so nothing can be more
// than 40/13 = 3.1 times as fast as pull, or 40/22 = 1.8 times as fast as pull over the
// socket. A large file is read over one stream, as adb pull does. Where it takes a little
// longer, the two hashes used the processors that link, daemon and server run on as well.
// Without a limit the handset's own sha256sum is the limit, which adb pull does not run: it
// hashes 140 MB/s here, faster than USB 2 and slower than USB 3.
//
// The number of streams is fixed: to change it while a backup runs made no backup faster. 82 MB of photos, 5,000 files of 1 KB and four films of 32 MB, with
// other work on both processors, in MB/s, the best of two to five runs:
//
//	streams  1     2     3     4     6     8
//	photos   24.9  34.9  35.0  35.4  26.7  19.3
//	tiny     2.6   4.6   4.9   4.9   3.9   3.5
//	films    30.0  39.0  38.7  38.8  38.8  38.5
//
// One stream waits for each packet to be taken and does not fill the link; two to four
// streams do, and more streams are slower. Pieces of one large file over four shells, by
// dd, were no faster than one stream of sync.
//
//	PRESHIP_HANDSET=SERIAL SDCARD=FOLDER go test -run=^$ -bench=. -benchtime=1x ./backup
//
// where FOLDER is the empty folder that the handset shows as its shared storage.
package backup
