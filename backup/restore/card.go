package restore

import (
	"context"
	"path"
	"slices"
	"strings"

	"preship/adb/handset"
	"preship/adb/handset/dump"
	"preship/backup/manifest"
	"preship/backup/query"
	"preship/report/message"
)

// cardMove sends the files of a saved card to another one. The zero value moves nothing.
type cardMove struct{ from, to string } // the folders of the cards on the handset

// load reads the manifest as this restore uses it: what another card takes has the paths of
// that card.
func (r *restorer) load(each func(*manifest.Entry) error) (*manifest.Manifest, error) {
	m, err := manifest.Load(r.saved.root, func(e *manifest.Entry) error {
		if rest, ok := strings.CutPrefix(e.OnHandset(), r.card.from); r.card.from != "" && ok && (rest == "" || rest[0] == '/') {
			one := *e
			one.Host, one.PathB64 = e.InCase(), nil
			one.SetPath([]byte(r.card.to + rest))
			e = &one
		}
		return each(e)
	})
	if err != nil {
		return nil, err
	}
	for i := range m.Roots {
		if m.Roots[i].Path == r.card.from {
			m.Roots[i].Path = r.card.to
		}
	}
	return m, nil
}

// isCard reports whether a storage is a card, and not a user's.
func isCard(root string) bool {
	return path.Dir(root) == "/storage" && root != manifest.UsersRoot
}

// findCard decides whether the files of a saved card that the handset lacks go to another
// card in it. Without an answer they stay, and a problem names the card.
func (r *restorer) findCard(ctx context.Context) error {
	if !r.wants(PartFiles) {
		return nil
	}
	var saved []*manifest.Entry
	add := func(root string) {
		if isCard(root) && len(saved) < manifest.MaxRoots && !slices.ContainsFunc(saved, func(e *manifest.Entry) bool { return e.Path == root }) {
			saved = append(saved, &manifest.Entry{Path: root})
		}
	}
	_, err := manifest.Load(r.saved.root, func(e *manifest.Entry) error {
		if restorable(e) {
			add(rootOf(e.OnHandset()))
		}
		return nil
	})
	if err != nil || len(saved) == 0 {
		return err
	}
	there, err := r.stat(ctx, saved)
	if err != nil {
		return err
	}
	var lacking []string
	for i, e := range saved {
		if there[i].Err != nil {
			lacking = append(lacking, e.Path)
		}
	}
	if len(lacking) != 1 {
		return nil
	}
	return r.offerCard(ctx, lacking[0], saved)
}

// offerCard offers the one card in the handset that is none of the saved ones, or the one
// that the options name.
func (r *restorer) offerCard(ctx context.Context, from string, saved []*manifest.Entry) error {
	cards, err := r.cards(ctx)
	if err != nil {
		return err
	}
	others := slices.DeleteFunc(cards, func(card string) bool {
		return slices.ContainsFunc(saved, func(e *manifest.Entry) bool { return path.Base(e.Path) == card })
	})
	named := r.options.Card
	switch {
	case named != "" && slices.Contains(others, named):
		r.card = cardMove{from, "/storage/" + named}
	case named == "" && len(others) == 1:
		r.otherCard = others[0]
		if r.options.AskCard == nil || r.options.DryRun {
			return nil
		}
		yes, err := r.options.AskCard(ctx, path.Base(from), others[0])
		if yes && err == nil {
			r.card = cardMove{from, "/storage/" + others[0]}
		}
		return err
	}
	return nil
}

// cards returns the numbers (UUID) of the cards in the handset.
func (r *restorer) cards(ctx context.Context) (list []string, err error) {
	a, err := query.Ask(ctx, r.link, handset.ListVolumes.Must())
	if err == nil {
		err = query.Refusal(a)
	}
	if err != nil {
		return nil, query.Ending(err)
	}
	volumes, err := dump.ParseVolumes(a.Stdout)
	if err != nil {
		return nil, nil //nolint:nilerr // no card is offered on a handset that does not list them
	}
	for _, v := range volumes {
		if v.Removable && v.Inside && v.UUID != "" {
			list = append(list, v.UUID)
		}
	}
	return list, nil
}

// lackingCard returns why the files of a card are not restored.
func (r *restorer) lackingCard() message.Sentence {
	if r.otherCard != "" {
		return message.Say("restore.problem.storage.card", "card", r.otherCard)
	}
	return message.Say("restore.problem.storage.absent")
}
