package backup

import (
	"path"
	"slices"
	"strings"
)

// idleFolders are folders that apps write into whether or not anybody touches the
// handset, and that nobody misses what is in.
var idleFolders = []string{"cache", ".cache", "code_cache", "log", "logs", ".log", ".logs", "tmp", ".tmp"}

// idleEndings are files of that kind, wherever an app keeps them.
var idleEndings = []string{".log", ".xlog", ".tmp", ".trace"}

// kept are the endings of what people keep. A file that ends so is its owner's in
// any folder but those that the system itself empties.
var kept = []string{
	".jpg", ".jpeg", ".png", ".gif", ".webp", ".heic", ".heif", ".avif", ".bmp", ".tif", ".tiff", ".dng", ".raw", ".svg",
	".mp4", ".mov", ".mkv", ".3gp", ".avi", ".webm", ".m4v", ".ts",
	".mp3", ".m4a", ".aac", ".ogg", ".opus", ".wav", ".flac", ".amr", ".mid",
	".pdf", ".doc", ".docx", ".xls", ".xlsx", ".ppt", ".pptx", ".odt", ".ods", ".odp", ".txt", ".md", ".rtf", ".csv", ".epub", ".html",
	".zip", ".rar", ".7z", ".tar", ".gz", ".vcf", ".ics", ".eml", ".db", ".sqlite", ".json", ".xml", ".bak", ".key", ".gpx", ".apk",
}

// idle reports whether a file of shared storage is a log, a cache or a thumbnail,
// which change all the time. In doubt it is not: what is taken for such a file
// can be erased without having been saved.
func idle(name string) bool {
	folders := strings.Split(path.Dir(name), "/")
	base := path.Base(name)
	if slices.Contains(folders, ".thumbnails") || base == ".nomedia" || base == ".database_uuid" {
		return true // made by the media index from what is saved
	}
	own := appFolder(folders)
	if len(own) > 0 && (own[0] == "cache" || own[0] == "code_cache") {
		return true // the system itself empties an app's cache
	}
	ending := strings.ToLower(path.Ext(base))
	if slices.Contains(kept, ending) || strings.HasPrefix(ending, ".crypt") {
		return false
	}
	called := func(f string) bool { return slices.Contains(idleFolders, strings.ToLower(f)) }
	return slices.ContainsFunc(folders, called) || own != nil && slices.Contains(idleEndings, ending)
}

// appFolder is what follows Android/data/PACKAGE; nil for any other place, and
// not nil, though perhaps empty, inside it.
func appFolder(folders []string) []string {
	for i := range len(folders) - 2 {
		if folders[i] == "Android" && folders[i+1] == "data" {
			return append([]string{}, folders[i+3:]...)
		}
	}
	return nil
}
