// Package restore gives a backup back to a handset and proves it: files and folders
// with their times, the owner's apps, and the contacts for their owner to import.
//
// A copy is compared with the manifest before it is sent, and the handset's file with
// the manifest afterwards. A file that is there with other contents stays as it is,
// unless the caller asks to overwrite it. Files go to their old paths under /storage
// and nowhere else, whatever the manifest says.
//
// Messages, the call log, the calendar and settings are not restored, because Android
// takes them from no computer; [Result] names the files to use instead.
//
// It reads the backup with backup/manifest, backup/agefile and backup/disk, and asks
// the handset with backup/query. It does not check whose handset it is.
package restore
