// Package provider saves the data of a handset that is in no file: contacts, messages,
// the call log, the calendar, settings, and the list of the owner's apps.
//
// A [Keeper] asks the handset's content providers for the rows, and writes them as
// items of the backup: rows as JSON lines, the raw answers, and files for people to
// read (vCard, iCalendar, HTML, CSV) and for apps to import. Attachments are read back from
// the disk for these, one at a time. Rows are counted before and after they are read.
// An empty result counts as "no rows" only if the provider rejects an unknown column.
// If a provider throws at one row, the rows are asked for in smaller parts, and only
// the rows it throws at are missing.
//
// A kind with missing rows is not called saved: its finding names them, and
// items/missing.jsonl lists them. The items of an earlier run are never lost: they are kept
// beside newer ones, or stay if the handset shows fewer rows than before.
//
// [SeenRows] and [NewRows] find rows that came after a backup.
package provider
