package reset

import (
	"context"
	"slices"
	"strconv"

	"preship/adb/handset"
	"preship/adb/handset/dump"
)

// maxSwipes is how often a page is scrolled on: no page of settings is longer.
const maxSwipes = 12

// scrolled is how far a page was scrolled while its button was looked for.
type scrolled struct {
	swipes int
	app    string
	before []dump.ScreenItem // what showed before the last swipe
	ended  bool              // the end of the page is reached
}

// still reports whether a screen may be the page that is being scrolled: it is of
// the same app, and asks for no secret.
func (d scrolled) still(s dump.Screen) bool {
	hidden := slices.ContainsFunc(s.Items, func(i dump.ScreenItem) bool { return i.Password })
	return d.swipes > 0 && s.Package == d.app && !hidden
}

// scroll moves a long page on, from its lower part to its upper one. It gives up
// where a swipe changes nothing, and says so once.
func (g *guide) scroll(ctx context.Context, s dump.Screen) error {
	d := &g.down
	if d.ended || s.Scrolls.Empty() {
		return nil
	}
	if d.swipes >= maxSwipes || d.swipes > 0 && slices.Equal(d.before, s.Items) {
		d.ended = true
		g.say("guide.not-found", "button", label(g.at.press, g.language))
		return nil
	}
	d.swipes, d.app, d.before = d.swipes+1, s.Package, s.Items
	x, height := (s.Scrolls.Min.X+s.Scrolls.Max.X)/2, s.Scrolls.Dy()
	from, to := s.Scrolls.Min.Y+height*3/4, s.Scrolls.Min.Y+height/4
	answer, err := handset.Ask(ctx, g.Reader, handset.SwipeScreen.Must(strconv.Itoa(x), strconv.Itoa(from), strconv.Itoa(x), strconv.Itoa(to)))
	g.refused(answer, err)
	return nil
}
