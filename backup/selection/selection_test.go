package selection

import (
	"errors"
	"path"
	"testing"
)

func TestPath(t *testing.T) {
	t.Parallel()
	const camera = "/storage/emulated/0/DCIM/Camera/IMG_1.JPG"
	for _, tt := range []struct {
		only, exclude []string
		path          string
		want          bool
	}{
		{path: camera, want: true},
		{only: []string{"files"}, path: camera, want: true},
		{only: []string{"contacts"}, path: camera},
		{exclude: []string{"files"}, path: camera},
		{only: []string{"DCIM/"}, path: camera, want: true},
		{only: []string{"dcim/camera"}, path: camera, want: true},
		{only: []string{"/DCIM"}, path: camera},
		{only: []string{"/sdcard/DCIM"}, path: camera, want: true},
		{only: []string{"/sdcard"}, path: "/storage/emulated/999/DCIM/x.jpg"},
		{only: []string{"/sdcardx/DCIM"}, path: camera},
		{only: []string{"/storage/*/0/DCIM"}, path: camera, want: true},
		{only: []string{"*.jpg"}, path: camera, want: true},
		{only: []string{"DC/"}, path: camera},
		{exclude: []string{"*.mp4"}, path: camera, want: true},
		{exclude: []string{"*.mp4", "**/Camera/**"}, path: camera},
		{only: []string{"/**/IMG_?.jpg"}, path: camera, want: true},
		{only: []string{"/storage/**/Movies"}, path: camera},
		{only: []string{"DCIM/"}, exclude: []string{"Camera/"}, path: camera},
		{only: []string{"DCIM/"}, exclude: []string{"Camera/"}, path: "/storage/emulated/0/DCIM/a.jpg", want: true},
		{exclude: []string{"WhatsApp/Media/"}, path: "/storage/6132-3A29/WhatsApp/Media/x", want: false},
		{only: []string{"bad\xff*"}, path: "/storage/emulated/0/bad\xff.txt", want: true},
	} {
		s, err := Parse(tt.only, tt.exclude)
		if got := s.Path(tt.path); err != nil || got != tt.want {
			t.Errorf("only %q, exclude %q: %s: %t, %v; want %t", tt.only, tt.exclude, tt.path, got, err, tt.want)
		}
	}
}

func TestKind(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		only, exclude []string
		want          bool // of contacts
	}{
		{want: true},
		{only: []string{"contacts", "files"}, want: true},
		{only: []string{"DCIM/"}},
		{exclude: []string{"contacts"}},
		{exclude: []string{"*.mp4", "calls"}, want: true},
	} {
		s, err := Parse(tt.only, tt.exclude)
		if got := s.Kind(Contacts); err != nil || got != tt.want || s.Everything() != (tt.only == nil && tt.exclude == nil) {
			t.Errorf("only %q, exclude %q: %t, %v", tt.only, tt.exclude, got, err)
		}
	}
	for name, want := range map[string]Kind{
		"contacts.vcf": Contacts, "earlier-1.contacts.vcf": Contacts, "raw/mms.parts.rows.txt": Messages, "mms/17.jpg": Messages,
		"calls.csv": Calls, "calendar.ics": Calendar, "apps.jsonl": Apps, "wifi.jsonl": Settings, "blocked.jsonl": Settings,
	} {
		if got := OfItem(name); got != want {
			t.Errorf("%s is of %s, want %s", name, got, want)
		}
	}
}

func TestParseRefuses(t *testing.T) {
	t.Parallel()
	if _, err := Parse([]string{"photo"}, nil); !errors.Is(err, ErrRule) {
		t.Errorf("a word that is no kind: %v", err)
	}
	if _, err := Parse(nil, []string{"DCIM/[a"}); !errors.Is(err, path.ErrBadPattern) {
		t.Errorf("a bad pattern: %v", err)
	}
}
