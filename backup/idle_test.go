package backup

import "testing"

func TestIdle(t *testing.T) {
	t.Parallel()
	const root = "/storage/emulated/0/"
	for name, want := range map[string]bool{
		"DCIM/.thumbnails/123.jpg":                       true,
		"Pictures/.thumbnails/.database_uuid":            true,
		"Android/data/com.app/cache/a/picture.jpg":       true,
		"Android/data/com.app/code_cache/x":              true,
		"Android/data/com.app/files/logs/today.xlog":     true,
		"Android/data/com.app/files/run.log":             true,
		"some.app/log/1":                                 true,
		"MIUI/.cache/resources":                          true,
		".nomedia":                                       true,
		"DCIM/Camera/IMG_1.jpg":                          false,
		"DCIM/cache/IMG_1.JPG":                           false,
		"Download/notes.log":                             false,
		"Download/run.tmp":                               false,
		"Documents/logs/diary.txt":                       false,
		"Android/data/com.app/files/chats/1.opus":        false,
		"Android/data/com.app/files/voice":               false,
		"Android/data/com.app":                           false,
		"Android/media/com.whatsapp/Databases/m.crypt14": false,
		"Android/media/com.app/cache/m.crypt15":          false,
		"caches/x":                                       false,
		"Android/data/cache":                             false,
		"a":                                              false,
	} {
		if got := idle(root + name); got != want {
			t.Errorf("idle(%s) = %t, want %t", name, got, want)
		}
	}
}
