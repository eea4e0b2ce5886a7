package dump

import (
	"bytes"
	"encoding/xml"
	"errors"
	"fmt"
	"image"
	"io"
	"strconv"
	"strings"
)

// Screen is the page that a handset shows, as uiautomator sees it.
type Screen struct {
	Package string // of the app in front
	Items   []ScreenItem
	Scrolls image.Rectangle // where it can be scrolled; empty: it cannot be, or does not say
}

// ScreenItem is one thing on a screen. Every text is the handset's own, bounded
// and on one line.
type ScreenItem struct {
	Text     string
	ID       string // resource-id, such as "android:id/button1"
	Enabled  bool   // can be pressed, where it is a button
	Password bool   // a field whose contents are hidden
	Bounds   image.Rectangle
}

const (
	maxScreenItems = 2000
	MaxScreenText  = 200
)

// ParseScreen parses what "uiautomator dump" writes: one XML document, with
// lines of the tool's own around it. Items without a text, an ID or a hidden
// field are left out. The error is ErrNoHeading where no document is (the tool
// gives up on a screen that does not come to rest), ErrMalformed or ErrTooLarge.
func ParseScreen(b []byte) (Screen, error) {
	const end = "</hierarchy>"
	if len(b) > maxAnswer {
		return Screen{}, fmt.Errorf("screen: %w: %d bytes", ErrTooLarge, len(b))
	}
	from, to := bytes.Index(b, []byte("<hierarchy")), -1
	if from >= 0 { // the end is searched slowly, and only behind a beginning
		to = bytes.LastIndex(b[from:], []byte(end))
	}
	if to < 0 {
		return Screen{}, fmt.Errorf("screen: %w: %q", ErrNoHeading, Printable(b, 120))
	}
	var s Screen
	d := xml.NewDecoder(bytes.NewReader(b[from : from+to+len(end)]))
	for nodes := 0; ; {
		token, err := d.Token()
		switch {
		case errors.Is(err, io.EOF):
			return s, nil
		case err != nil:
			return Screen{}, fmt.Errorf("screen: %w: %s", ErrMalformed, Printable([]byte(err.Error()), 120))
		}
		start, ok := token.(xml.StartElement)
		if !ok || start.Name.Local != "node" {
			continue
		}
		if nodes++; nodes > maxScreenItems {
			return Screen{}, fmt.Errorf("screen: %w: more than %d nodes", ErrTooLarge, maxScreenItems)
		}
		s.add(start.Attr)
	}
}

func (s *Screen) add(attrs []xml.Attr) {
	var item ScreenItem
	var desc, pkg string
	scrolls := false
	for _, a := range attrs {
		switch a.Name.Local {
		case "text":
			item.Text = Printable([]byte(a.Value), MaxScreenText)
		case "content-desc":
			desc = Printable([]byte(a.Value), MaxScreenText)
		case "resource-id":
			item.ID = Printable([]byte(a.Value), MaxScreenText)
		case "package":
			pkg = Printable([]byte(a.Value), MaxScreenText)
		case "enabled":
			item.Enabled = a.Value == "true"
		case "password":
			item.Password = a.Value == "true"
		case "scrollable":
			scrolls = a.Value == "true"
		case "bounds":
			item.Bounds = parseBounds(a.Value)
		}
	}
	if item.Text == "" {
		item.Text = desc
	}
	if s.Package == "" {
		s.Package = pkg
	}
	if scrolls && area(item.Bounds) > area(s.Scrolls) {
		s.Scrolls = item.Bounds // the page's own list is larger than any inside it
	}
	if item.Text != "" || item.ID != "" || item.Password {
		s.Items = append(s.Items, item)
	}
}

func area(r image.Rectangle) int { return max(0, r.Dx()) * max(0, r.Dy()) }

// parseBounds reads "[left,top][right,bottom]"; the zero rectangle is anything else.
func parseBounds(s string) image.Rectangle {
	s, ok := strings.CutPrefix(s, "[")
	s, ok2 := strings.CutSuffix(s, "]")
	parts := strings.Split(strings.ReplaceAll(s, "][", ","), ",")
	if !ok || !ok2 || len(parts) != 4 {
		return image.Rectangle{}
	}
	var n [4]int
	for i, part := range parts {
		v, err := strconv.ParseInt(part, 10, 16)
		if err != nil {
			return image.Rectangle{}
		}
		n[i] = int(v)
	}
	return image.Rect(n[0], n[1], n[2], n[3])
}
