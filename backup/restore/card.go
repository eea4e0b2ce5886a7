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
func (st *storages) load(each func(*manifest.Entry) error) (*manifest.Manifest, error) {
	m, err := manifest.Load(st.saved.root, func(e *manifest.Entry) error {
		if rest, ok := strings.CutPrefix(e.OnHandset(), st.card.from); st.card.from != "" && ok && (rest == "" || rest[0] == '/') {
			one := *e
			one.Host, one.PathB64 = e.InCase(), nil
			one.SetPath([]byte(st.card.to + rest))
			e = &one
		}
		return each(e)
	})
	if err != nil {
		return nil, err
	}
	for i := range m.Roots {
		if m.Roots[i].Path == st.card.from {
			m.Roots[i].Path = st.card.to
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
func (st *storages) findCard(ctx context.Context) error {
	if !st.wants(PartFiles) {
		return nil
	}
	var saved []*manifest.Entry
	add := func(root string) {
		if isCard(root) && len(saved) < manifest.MaxRoots && !slices.ContainsFunc(saved, func(e *manifest.Entry) bool { return e.Path == root }) {
			saved = append(saved, &manifest.Entry{Path: root})
		}
	}
	_, err := manifest.Load(st.saved.root, func(e *manifest.Entry) error {
		if restorable(e) {
			add(rootOf(e.OnHandset()))
		}
		return nil
	})
	if err != nil || len(saved) == 0 {
		return err
	}
	there, err := st.stat(ctx, saved)
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
	return st.offerCard(ctx, lacking[0], saved)
}

// offerCard offers the one card in the handset that is none of the saved ones, or the one
// that the options name.
func (st *storages) offerCard(ctx context.Context, from string, saved []*manifest.Entry) error {
	cards, err := st.cards(ctx)
	if err != nil {
		return err
	}
	others := slices.DeleteFunc(cards, func(card string) bool {
		return slices.ContainsFunc(saved, func(e *manifest.Entry) bool { return path.Base(e.Path) == card })
	})
	named := st.options.Card
	switch {
	case named != "" && slices.Contains(others, named):
		st.card = cardMove{from, "/storage/" + named}
	case named == "" && len(others) == 1:
		st.otherCard = others[0]
		if st.options.AskCard == nil || st.options.DryRun {
			return nil
		}
		yes, err := st.options.AskCard(ctx, path.Base(from), others[0])
		if yes && err == nil {
			st.card = cardMove{from, "/storage/" + others[0]}
		}
		return err
	}
	return nil
}

// cards returns the numbers (UUID) of the cards in the handset.
func (st *storages) cards(ctx context.Context) (list []string, err error) {
	a, err := query.Ask(ctx, st.link, handset.ListVolumes.Must())
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
func (st *storages) lackingCard() message.Sentence {
	if st.otherCard != "" {
		return message.Say("restore.problem.storage.card", "card", st.otherCard)
	}
	return message.Say("restore.problem.storage.absent")
}
