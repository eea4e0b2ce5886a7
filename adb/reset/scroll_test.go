package reset

import (
	"image"
	"strings"
	"testing"
	"testing/synctest"

	"preship/adb/handset"
	"preship/adb/handset/dump"
)

// long is About phone, of which a part shows: the parts above and below are not in
// what the handset says.
func long(rows int, scrolled int, button string) dump.Screen {
	texts := []string{"About phone"}
	for range rows {
		texts = append(texts, strings.Repeat("row ", len(texts)))
	}
	texts = append(texts, button)
	s := show(texts[min(scrolled, len(texts)-1):min(scrolled+5, len(texts))]...)
	s.Scrolls = image.Rect(0, 200, 1000, 2200)
	return s
}

// paged is a phone with a long page, which each swipe moves on by four rows.
func paged(rows int, button string) (p *phone, swipes *int) {
	swipes = new(int)
	p, _ = showing(func(taps int) dump.Screen {
		if taps > 0 {
			return show("nothing of the reset")
		}
		return long(rows, 4**swipes, button)
	}, func(*phone, int) handset.Answer { return handset.Answer{} })
	ask := p.onAsk
	p.onAsk = func(p *phone, line string) (handset.Answer, error) {
		if strings.HasPrefix(line, "input swipe ") {
			*swipes++
			return handset.Answer{}, nil
		}
		return ask(p, line)
	}
	return p, swipes
}

// The button is below the end of the screen, and the title above its top by
// the time it is reached.
func TestLongPageIsScrolled(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p, swipes := paged(11, "Factory reset")
		var told []string
		_, _ = wayTo(t, "settings").Run(t.Context(), driven(t, p, &saves{}, &told))
		if *swipes != 2 && *swipes != 3 || p.count("input swipe 500 1700 500 700 500") != *swipes {
			t.Errorf("%d swipes, sent %q, want some in the middle, from the lower part up", *swipes, p.sent)
		}
		taps := 0
		for _, line := range p.sent {
			if strings.HasPrefix(line, "input tap ") {
				taps++
			}
		}
		if taps != 1 {
			t.Errorf("sent %q, want the button pressed", p.sent)
		}
	})
}

// A page that has no such button is scrolled to its end, and the person is asked to press.
func TestLongPageWithoutTheButton(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p, swipes := paged(11, "Legal information")
		var told []string
		_, _ = wayTo(t, "settings").Run(t.Context(), driven(t, p, &saves{}, &told))
		if *swipes < 3 || *swipes > 5 || p.count("input tap 500 140") != 0 {
			t.Errorf("%d swipes, sent %q", *swipes, p.sent)
		}
		if n := strings.Count(strings.Join(told, "\n"), "was not found on the page"); n != 1 {
			t.Errorf("said %d times that the button is not there: %q", n, told)
		}
	})
}

// Driving was not asked for: the page is left as it is.
func TestLongPageIsLeftAlone(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p, swipes := paged(11, "Factory reset")
		var told []string
		j := driven(t, p, &saves{}, &told)
		j.Drive = false
		_, _ = wayTo(t, "settings").Run(t.Context(), j)
		if *swipes != 0 {
			t.Errorf("%d swipes on a page that its owner goes through", *swipes)
		}
	})
}
