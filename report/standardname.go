package report

import (
	"slices"

	"preship/report/pattern"
)

// standardFolders are on every handset.
var standardFolders = []string{
	"Alarms", "Android", "Audiobooks", "DCIM", "Documents", "Download", "MIUI", "Movies", "Music", "Notifications", "Pictures",
	"Podcasts", "Recordings", "Ringtones",
}

// usualExtensions is a pattern of the extensions of usual files.
const usualExtensions = `\.(?:jpe?g|png|gif|webp|heic|dng|mp4|3gp|mkv|mov|mp3|m4a|aac|amr|ogg|opus|wav|flac|pdf|docx?|xlsx?|pptx?|odt|txt|zip|rar|7z|apk|vcf|ics|json|xml|html?|db|bak|crypt1[245]|nomedia)`

var usualExtension = pattern.New(`(?i)^` + usualExtensions + `$`)

// StandardFolder reports whether a folder at the top of an owner's storage is on every
// handset, so that its name says nothing about the owner.
func StandardFolder(name string) bool { return slices.Contains(standardFolders, name) }

// UsualExtension reports whether ext, with its dot, is the extension of usual files.
// Any other text behind a dot may be part of a name.
func UsualExtension(ext string) bool { return usualExtension().MatchString(ext) }
