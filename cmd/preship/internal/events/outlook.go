package events

import (
	"slices"

	"preship/cmd/preship/internal/console"
	"preship/cmd/preship/internal/outlook"
	"preship/report/message"
)

// Item is a blocker, a loss, or something to do.
type Item struct {
	ID          string            `json:"id"` // of the check that it is about; else the name of a step
	Text        string            `json:"text"`
	Message     *message.Sentence `json:"message,omitempty"`
	Next        string            `json:"next,omitempty"` // what to do about it
	NextMessage *message.Sentence `json:"next_message,omitempty"`
	// Flag accepts a loss as it is now, or answers the question beforehand.
	Flag string `json:"flag,omitempty"`
}

// Looked returns the event of an outlook.
func Looked(o outlook.Outlook) Event {
	ev := Event{Event: "outlook", Found: []Item{}, Blockers: itemsOf(o.Blockers), Losses: itemsOf(o.Losses), Todo: itemsOf(o.Todo)}
	for _, s := range append(slices.Clone(o.Found), o.Way) {
		if s.Empty() {
			continue
		}
		ev.Found = append(ev.Found, Item{ID: string(s.ID()), Text: console.Escape(s.String()), Message: &s})
	}
	if o.Takes > 0 {
		seconds := int64(o.Takes.Seconds())
		ev.Seconds = &seconds
	}
	return ev
}

func itemsOf(all []outlook.Item) *[]Item {
	items := make([]Item, 0, len(all))
	for _, i := range all {
		item := Item{ID: i.ID, Text: console.Escape(i.Says.String()), Message: &i.Says, Flag: i.Flag}
		if !i.Next.Empty() {
			item.Next, item.NextMessage = console.Escape(i.Next.String()), &i.Next
		}
		items = append(items, item)
	}
	return &items
}
