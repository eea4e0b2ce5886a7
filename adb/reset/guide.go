package reset

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"time"

	"preship/adb/handset"
	"preship/adb/handset/dump"
	"preship/adb/handset/mask"
	"preship/report/casedir"
	"preship/report/message"
)

// guide follows a person, or leads the handset, through the vendor's reset by
// reading its screen. It presses nothing unless drive is set, and never types.
type guide struct {
	*attempt
	language string
	drive    bool
	route    route

	blind int      // looks in a row that showed nothing
	at    *page    // the page shown last
	down  scrolled // how far down it was scrolled
	seen  []string // pages, in the order they came
	refs  []string // evidence of them

	stopped bool // the person was asked not to press the last button
}

// follow reads the screen until ctx ends, which is no error, or until a page
// comes from which the reset cannot continue.
func (g *guide) follow(ctx context.Context) error {
	tick := time.NewTicker(g.limits.Look)
	defer tick.Stop()
	for {
		if err := g.step(ctx); err != nil {
			return err
		}
		select {
		case <-ctx.Done():
			return nil
		case <-tick.C:
		}
	}
}

// step looks once. A screen that cannot be read, as while one page slides over
// another, is looked at again.
func (g *guide) step(ctx context.Context) error {
	start := *g.now()
	raw, screen, err := g.screen(ctx)
	if ctx.Err() != nil {
		return nil
	}
	if err != nil || len(screen.Items) == 0 {
		g.cannotSee()
		return nil
	}
	g.blind = 0
	p := pageShown(screen)
	if p != nil && p.name == aboutPage && !g.route.about {
		return nil // its settings name About phone, and the reset is elsewhere
	}
	if p == nil && g.down.still(screen) {
		p = g.at // its title may be above the top of the screen by now
	}
	if p == nil {
		return nil
	}
	if p != g.at {
		if p.last {
			if seen, err := g.recheckLast(ctx); err != nil || !seen {
				return err
			}
		}
		g.arrive(p, raw, start)
	}
	if p.stops {
		return fmt.Errorf("%w: %w", ErrFindDevice, message.Error(message.Say("error.nothing-wiped"), nil))
	}
	if !g.drive {
		return nil
	}
	if at, ok := p.button(screen); ok {
		return g.tap(ctx, p, at.X, at.Y)
	}
	if p.long {
		return g.scroll(ctx, screen)
	}
	return nil
}

// maxBlind is how many looks in a row may show nothing, each of which takes the handset
// a second or two.
const maxBlind = 4

// cannotSee gives the person the whole route, once, if the screen cannot be read.
func (g *guide) cannotSee() {
	if g.blind++; g.blind != maxBlind {
		return
	}
	g.say("guide.blind")
	g.route.show(g.attempt)
}

// recheckLast repeats the check before the last question. If preship presses, an error
// keeps it from pressing. If the person presses, they are asked not to, and the watch
// continues: they may have pressed already. If the check could not look, seen is
// false, and the next look at the screen tries again.
func (g *guide) recheckLast(ctx context.Context) (seen bool, err error) {
	err = g.Owner.Recheck(ctx)
	switch {
	case err == nil:
		return true, nil
	case ctx.Err() != nil:
		return false, nil
	case g.drive:
		return false, err
	case errors.Is(err, ErrSince):
		g.instruct("guide.stop", "why", message.Of(err))
		f := Since(err)
		f.At = *g.now()
		g.out.Findings = append(g.out.Findings, f)
		g.stopped = true
		return true, nil
	}
	return false, nil
}

// screen reads the screen. It is read every second and may show anything, so the
// answer is kept only where it is one of the reset's own pages.
func (g *guide) screen(ctx context.Context) ([]byte, dump.Screen, error) {
	reader := g.Screen
	if reader == nil {
		reader = g.Reader
	}
	answer, err := handset.Ask(ctx, reader, handset.ScreenText.Must())
	if err != nil {
		return nil, dump.Screen{}, err
	}
	s, err := dump.ParseScreen(answer.Stdout)
	return answer.Stdout, s, err
}

// arrive gives the instruction for a page, and keeps its text unless it asks for
// a secret. Text beside the vendor's own words is masked: a page may
// name who is signed in.
func (g *guide) arrive(p *page, raw []byte, start time.Time) {
	g.at, g.down = p, scrolled{}
	g.seen = append(g.seen, p.name)
	if p.last && g.stopped {
		return // the person was asked to go back
	}
	if p.press != "" {
		g.instruct(p.do, "button", label(p.press, g.language))
	} else {
		g.instruct(p.do)
	}
	if p.secret {
		return
	}
	line := handset.ScreenText
	ref, err := g.Owner.Record(casedir.Entry{
		Name: line.Name, Line: line.Line, Start: start, End: *g.now(), Exit: -1,
		Stdout: mask.Screen(raw, isWord), Masked: true,
	})
	if err == nil && ref != "" {
		g.refs = append(g.refs, ref)
	}
}

// tap presses a button. The one that erases is written down before, and is
// pressed once only, whatever the screen shows afterwards.
func (g *guide) tap(ctx context.Context, p *page, x, y int) error {
	if p.last {
		if g.pressed {
			return nil
		}
		if err := g.triggered(); err != nil {
			return message.Error(message.Say("error.nothing-wiped"), err)
		}
		g.pressed = true
	}
	answer, err := handset.Ask(ctx, g.Reader, handset.TapScreen.Must(strconv.Itoa(x), strconv.Itoa(y)))
	if g.refused(answer, err) {
		g.pressed = false
	}
	return nil
}

// refused reports whether the handset does not let this computer touch it, and
// leaves the touching to the person from then on.
func (g *guide) refused(answer handset.Answer, err error) bool {
	if err != nil || answer.Exit <= 0 && len(answer.Stderr) == 0 {
		return false
	}
	g.drive = false
	g.say("guide.touch-refused")
	return true
}

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
