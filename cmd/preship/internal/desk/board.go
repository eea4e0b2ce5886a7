package desk

import (
	"sort"

	"preship/cmd/preship/internal/desk/page"
	"preship/report"
	"preship/report/message"
)

// cards are the handsets, those that need a hand first. The caller holds the lock.
func (d *Desk) cards() []page.Card {
	type ranked struct {
		page.Card
		rank int
	}
	var all []ranked
	for _, s := range d.seats {
		c, rank := s.card()
		all = append(all, ranked{c, rank})
	}
	sort.SliceStable(all, func(i, j int) bool { return all[i].rank < all[j].rank })
	cards := make([]page.Card, len(all))
	for i, r := range all {
		cards[i] = r.Card
	}
	return cards
}

// card is a handset on the board, and its rank: what needs a hand has the lowest.
func (s *seat) card() (c page.Card, rank int) {
	n := s.now()
	c = page.Card{ID: s.id, Name: s.name(), Tail: s.imeiTail(), Serial: s.serial, Ticket: s.ticket, Mood: n.Mood, What: n.What}
	if s.step.Name != "" && s.running() {
		c.Step = report.StepTitle(s.step.Name)
	}
	switch {
	case s.giving != nil && !s.running():
		rank = 3
	case !s.held().Empty():
		rank = 5
	case s.ended && !s.running():
		c.What, rank = s.verdictWord(), 6
		if s.failed() {
			c.Badge, rank = message.Say("desk.badge.look"), 3
		}
	case s.question != nil:
		c.Badge, c.What, rank = message.Say("desk.badge.answer"), s.question.how.says, 1
	case n.Mood == page.Hand:
		c.Badge, rank = message.Say("desk.badge.hand"), 2
	case !s.running():
		rank = 4
	default:
		rank = 5
		if p := s.progressed(); p.Total > 0 {
			c.Done, c.Total, c.What = p.Done, p.Total, p.Text
		}
	}
	return c, rank
}
