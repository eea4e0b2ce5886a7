// Package restore gives a backup back to a handset and proves it: files and folders
// with their times, the owner's apps, and the contacts for their owner to import.
//
// A copy is compared with the manifest before it is sent, and the handset's file with
// the manifest afterwards. A file that is there with other contents stays unchanged,
// unless the caller asks to overwrite it. Files go to their old paths under /storage
// and nowhere else, whatever the manifest says.
//
// Android takes messages and the call log from no computer. Their files are sent, proved,
// and imported by an app that the owner installs; an [Import] counts how many of the saved
// rows the handset has before and after. The calendar and settings are not restored;
// [Result] names the files to use instead.
//
// It reads the backup with backup/manifest, backup/agefile and backup/disk, and asks
// the handset with backup/query. It does not check whose handset it is.
package restore
