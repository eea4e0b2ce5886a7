package dump

import (
	"errors"
	"image"
	"strings"
	"testing"
	"unicode/utf8"
)

const warningScreen = `WARNING: linker: something
<?xml version='1.0' encoding='UTF-8' standalone='yes' ?><hierarchy rotation="0"><node index="0" text="" resource-id="" class="android.widget.FrameLayout" package="com.android.settings" enabled="true" bounds="[0,0][1080,2400]"><node index="0" text="All data &amp; more&#10;goes" resource-id="com.android.settings:id/warning_info" package="com.android.settings" enabled="true" password="false" bounds="[60,400][1020,540]" /><node index="1" text="下一步（3）" resource-id="com.android.settings:id/ok" enabled="false" password="false" bounds="[60,800][1020,940]" /><node text="" content-desc="Back" resource-id="" enabled="true" bounds="[-5,0][10,10]" /><node text="" resource-id="" password="true" enabled="true" bounds="nonsense" /></node></hierarchy>UI hierchary dumped to: /proc/self/fd/1
`

func TestParseScreen(t *testing.T) {
	t.Parallel()
	got, err := ParseScreen([]byte(warningScreen))
	if err != nil {
		t.Fatal(err)
	}
	want := []ScreenItem{
		{Text: "All data & more goes", ID: "com.android.settings:id/warning_info", Enabled: true, Bounds: image.Rect(60, 400, 1020, 540)},
		{Text: "下一步（3）", ID: "com.android.settings:id/ok", Bounds: image.Rect(60, 800, 1020, 940)},
		{Text: "Back", Enabled: true, Bounds: image.Rect(-5, 0, 10, 10)},
		{Enabled: true, Password: true},
	}
	if got.Package != "com.android.settings" || len(got.Items) != len(want) {
		t.Fatalf("got %+v, want package com.android.settings and %d items", got, len(want))
	}
	for i := range want {
		if got.Items[i] != want[i] {
			t.Errorf("item %d is %+v, want %+v", i, got.Items[i], want[i])
		}
	}
}

func TestParseScreenErrors(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name, in string
		want     error
	}{
		{"nothing", "", ErrNoHeading},
		{"the tool gave up", "ERROR: could not get idle state.\n", ErrNoHeading},
		{"cut", warningScreen[:400], ErrNoHeading},
		{"not XML", "<hierarchy><node text=></hierarchy>", ErrMalformed},
		{"too many", "<hierarchy>" + strings.Repeat("<node/>", maxScreenItems+1) + "</hierarchy>", ErrTooLarge},
		{"too long", "<hierarchy>" + strings.Repeat(" ", maxAnswer) + "</hierarchy>", ErrTooLarge},
	} {
		if _, err := ParseScreen([]byte(tt.in)); !errors.Is(err, tt.want) {
			t.Errorf("%s: error %v, want %v", tt.name, err, tt.want)
		}
	}
}

func FuzzParseScreen(f *testing.F) {
	f.Add([]byte(warningScreen))
	f.Add([]byte("<hierarchy><node text='\x1b[31m' bounds='[1,2][3,4]'/></hierarchy>"))
	f.Fuzz(func(t *testing.T, b []byte) {
		s, err := ParseScreen(b)
		if err != nil && len(s.Items) > 0 {
			t.Errorf("items beside error %v", err)
		}
		for _, i := range s.Items {
			if strings.ContainsAny(i.Text+i.ID, "\x00\x1b\n\r") || !utf8.ValidString(i.Text) {
				t.Errorf("item %q is not fit to be shown", i.Text)
			}
		}
	})
}
