package backup

import (
	"path"
	"slices"
	"strings"
)

// idleFolders are folders that apps write to while the handset is not used, and whose
// files the owner does not need.
var idleFolders = []string{"cache", ".cache", "code_cache", "log", "logs", ".log", ".logs", "tmp", ".tmp"}

// idleEndings are the endings of such files in other folders of apps.
var idleEndings = []string{".log", ".xlog", ".tmp", ".trace"}

// ownerEndings are the endings of files that people keep. A file with such an ending is
// the owner's in every folder except those that the system itself empties.
var ownerEndings = []string{
	".jpg", ".jpeg", ".png", ".gif", ".webp", ".heic", ".heif", ".avif", ".bmp", ".tif", ".tiff", ".dng", ".raw", ".svg",
	".mp4", ".mov", ".mkv", ".3gp", ".avi", ".webm", ".m4v", ".ts",
	".mp3", ".m4a", ".aac", ".ogg", ".opus", ".wav", ".flac", ".amr", ".mid",
	".pdf", ".doc", ".docx", ".xls", ".xlsx", ".ppt", ".pptx", ".odt", ".ods", ".odp", ".txt", ".md", ".rtf", ".csv", ".epub", ".html",
	".zip", ".rar", ".7z", ".tar", ".gz", ".vcf", ".ics", ".eml", ".db", ".sqlite", ".json", ".xml", ".bak", ".key", ".gpx", ".apk",
}

// idle reports whether a file of shared storage is a log, a cache or a thumbnail, which
// apps write all the time. It reports false in doubt: an idle file may be erased without a
// copy.
func idle(name string) bool {
	folders := strings.Split(path.Dir(name), "/")
	base := path.Base(name)
	if slices.Contains(folders, ".thumbnails") || base == ".nomedia" || base == ".database_uuid" {
		return true // the media index makes it from saved files
	}
	own := appFolder(folders)
	if len(own) > 0 && (own[0] == "cache" || own[0] == "code_cache") {
		return true // the system itself empties an app's cache
	}
	ending := strings.ToLower(path.Ext(base))
	if slices.Contains(ownerEndings, ending) || strings.HasPrefix(ending, ".crypt") {
		return false
	}
	called := func(f string) bool { return slices.Contains(idleFolders, strings.ToLower(f)) }
	return slices.ContainsFunc(folders, called) || own != nil && slices.Contains(idleEndings, ending)
}

// appFolder returns the folders after Android/data/PACKAGE, empty for that folder itself;
// nil means that folders are elsewhere.
func appFolder(folders []string) []string {
	for i := range len(folders) - 2 {
		if folders[i] == "Android" && folders[i+1] == "data" {
			return append([]string{}, folders[i+3:]...)
		}
	}
	return nil
}
