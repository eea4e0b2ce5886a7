// Package backup copies what the owner can lose from a handset to the
// computer and proves the copy: every file of shared storage is listed, read
// over pipelined sync streams, hashed while it is written, and compared with the
// size and the SHA-256 the handset itself reports. It can be cut off at any byte
// and continued, and [Check] reads a backup back without the handset.
//
// It refuses to call anything saved that it has not compared: what changed while
// it was read, what the handset would not give, what could not be proved is kept
// apart and named with its reason. It never deletes from a handset or from an
// earlier backup, never follows a symlink, never reads a FIFO, socket or device
// node, and never lets a name the handset made up reach outside the case folder.
//
// Beside files it asks the handset's providers for contacts, messages, the call
// log, calendar and settings, and reads the owner's apps. A query's answer cannot
// be split by its text alone, and ends with status 0 even if it was refused: rows are
// counted before and after, and text is asked for one column at a time. An empty result
// counts as "no rows" only if the provider rejects an unknown column. The answers are
// not evidence of the case, because evidence is sealed and handed on.
//
// A backup can be encrypted, to keys or with a passphrase: the disk then holds age files
// only. Checking it, resuming it and relying on it before a reset need no secret; opening
// it needs the key. See [agefile.Encryption].
//
// [restore.Run] gives files, folders and apps back and proves them, and opens the
// contacts for their owner to import. No computer may write apps' data, messages
// or settings into a handset, so nothing here claims to.
//
// The rooms: manifest lists the entries, agefile encrypts, disk writes on the computer,
// plan decides what to copy and keeps its state, query asks the handset, provider saves
// contacts, messages, settings and apps, localbackup looks into the handset's own
// backups, meter reports progress, restore writes back. Listing and copying files is here.
//
// A backup is stored in the case folder:
//
//	backup/storage/emulated/0/…   shared storage, with the handset's own paths
//	backup/storage/emulated/999/… that of another user, such as dual apps
//	backup/storage/6132-3A29/…    an SD card
//	backup/data/app/…             the APKs of the owner's apps
//	backup/items/…                contacts.vcf, messages.html, calls.csv, calendar.ics
//	backup/items/NAME.jsonl       the rows they are made of, a row a line
//	backup/items/missing.jsonl    rows and parts of these that the handset did not give
//	backup/items/earlier-1.NAME   what an earlier run saved and a later one did not get whole
//	backup/items/raw/…            what the handset answered, word for word
//	backup/journal.jsonl          one line a proved file, to continue from
//	backup/parts/                 files being written; nothing there counts
//	backup/unproved/…             newer versions of proved files, not proved themselves
//	backup.manifest.json          everything listed, and what became of it
//
// A file lies at "backup" followed by its path on the handset, byte for byte,
// unless the computer's file system cannot hold such a name; the manifest then
// says where it lies.
//
// # What was proved stays
//
// A copy counts once size and hash agree, it is on the disk, and a line of the
// journal on the disk says so. Killed at any moment before, a backup goes on from
// the journal, and reads every copy back before it believes it.
//
// A file that changed on the handset since is written apart, and takes the place
// of the version proved before only when its own line is on the disk. One that is
// never proved, because it changes whenever it is read, because the handset lies
// about it or never comes back, stays apart: the manifest then has the path twice,
// once as what became of the new version and once as "kept".
//
// A file that is gone from the handset at a later run stays in the backup, as
// "kept" too. Both are counted, named by a finding, and given back by [restore.Run].
//
// A large file whose stream is lost goes on where it stopped, within one run, by
// dd from the last whole MiB, if lstat still shows the same file; sync knows no
// offset. Whatever was put together so is proved by the hash of all of it. A file
// is given up after the connection was lost five times without one more byte of
// it, and is tried after all others meanwhile.
//
// # Encryption
//
// Each file is an age file of its own (age-encryption.org/v1), and so are items
// and raw answers. It is made on the way from the handset: what is in it is hashed
// and compared with the handset's own SHA-256 as always, and so that damage is
// found without a key, the encrypted file is hashed too. No part, item or other
// file ever holds what a file of the handset's does.
//
// Not encrypted are names, sizes, times and the SHA-256 of contents, in the
// manifest and in the journal; whoever has those can tell whether a file they know
// is among them. The seal of a report covers the manifest, which may be withheld: a
// random number in it keeps names from being guessed.
//
// A file's name ends in ".age". A folder whose own name ends in ".age", or in
// ".age.dir", has ".dir" added, so that no file takes its place. Undone, each gives
// the handset's name back; names too long for that are cut, and the manifest says
// which they are.
//
//	backup/encryption.json        to whom: public keys, and nothing secret
//	backup/identity.age           with a passphrase: the key, encrypted with it
//
// The key of a passphrase is made for one backup and costs one slow step to open,
// not one for each file; `age --decrypt --identity backup/identity.age FILE` opens
// a file without preship. To whom a backup is encrypted is settled by its first
// run; one that is begun is never half encrypted, and never encrypted to others.
//
// With one key, 5,000 files of 4 KB took 1.07 times as long as plain ones on an
// emulated handset without a link to wait for, with an SSH key 1.28 times, and
// files of 64 MB no longer: go test -run=^$ -bench=Encrypted ./backup.
//
// A handset's own local backups are looked into while they are saved. Encrypted
// ones of an earlier run cannot be, and are read from the handset once more.
//
// # Speed
//
// Whole backups, proof by hash on both sides included, beside other ways to copy
// the same tree, which prove nothing: `adb pull` (29.0.6) as shipped, `adb pull`
// by way of a server on a Unix socket, its strongest form, and `adb exec-out tar`.
// Measured against adbd 34.0.5 on Linux, not a phone, over a link of 0.4 ms and
// 40 MB/s, everything on two processors, written to memory. A factor is how much
// longer the other way took; those of pull are of one run, of tar medians of four
// where the spread matters.
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
// Written to a disk, where a file counts only once it is on it and pull and tar
// wait for nothing: 4,000 files at 1,230 files/s, 15×, 2.9× and 0.85× (of two runs).
//
// The first row is bound by the link: adb pull moves 13 MB/s of its 40 there, and
// nothing can be more than 40/13 = 3.1 times as fast, or 40/22 = 1.8 times as fast
// as by way of the socket. A large file comes over one stream, as adb pull reads
// it; where it takes a little longer the two hashes took the processors that the
// link, the daemon and the server here run on as well. Without a limit it is bound
// by the handset's own sha256sum, which adb pull does without: the one measured
// here hashes 140 MB/s, faster than USB 2 and slower than USB 3.
//
// The number of streams is fixed, for nothing was gained by changing it while a
// backup runs. 82 MB of photos, 5,000 files of 1 KB and four films of 32 MB, with
// other work on both processors, in MB/s, the best of two to five runs:
//
//	streams  1     2     3     4     6     8
//	photos   24.9  34.9  35.0  35.4  26.7  19.3
//	tiny     2.6   4.6   4.9   4.9   3.9   3.5
//	films    30.0  39.0  38.7  38.8  38.8  38.5
//
// One stream waits for each packet to be taken and does not fill the link; two to
// four do, and more only cost. Pieces of one large file over four shells, by dd, were
// tried and were no faster than one stream of sync.
//
//	PRESHIP_HANDSET=SERIAL SDCARD=FOLDER go test -run=^$ -bench=. -benchtime=1x ./backup
//
// where FOLDER is what the handset shows as its shared storage, otherwise empty.
package backup
