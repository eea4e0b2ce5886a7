package provider

import (
	"slices"
	"strings"
	"sync"

	"preship/backup/manifest"
	"preship/report/message"
)

// group is what rows of a kind are: a word that files have and that never changes, and
// the words for people.
type group struct {
	word  string
	words message.ID
}

// unsaved is something that is not saved.
type unsaved struct {
	manifest.Missing
	of group
}

// outcome collects what went wrong while one kind was saved. It is safe for
// concurrent use.
type outcome struct {
	mu      sync.Mutex
	notes   []message.Sentence
	missing []unsaved
	totals  map[group]int // how many there are
	fewer   bool          // the handset lacks rows that an earlier run saved, or may lack some
}

func (o *outcome) note(s message.Sentence) {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.notes = append(o.notes, s)
}

// of enters how many there are of a group.
func (o *outcome) of(what group, n int) {
	o.mu.Lock()
	defer o.mu.Unlock()
	if o.totals == nil {
		o.totals = map[group]int{}
	}
	o.totals[what] = n
}

// miss enters one that is not saved, or all where id is "".
func (o *outcome) miss(what group, id, name string, why error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.missing = append(o.missing, unsaved{manifest.Missing{What: what.word, ID: manifest.Display(id), Name: manifest.Display(name), Why: reasonOf(why)}, what})
}

// Why what an earlier run made is kept beside what this run makes.
const (
	leftHandset message.ID = "backup.items.earlier-more"
	mayHaveLeft message.ID = "backup.items.earlier-maybe-more"
)

// keepEarlier says why what an earlier run made has, or may have, rows that this
// run cannot save.
func (o *outcome) keepEarlier(why message.ID) {
	o.note(message.Say(why))
	o.mu.Lock()
	defer o.mu.Unlock()
	o.fewer = true
}

// keeps reports whether keepEarlier was called.
func (o *outcome) keeps() bool {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.fewer
}

// lacks reports whether anything is missing so far that an earlier run may have.
func (o *outcome) lacks() bool {
	o.mu.Lock()
	defer o.mu.Unlock()
	return len(o.missing) > 0 || o.fewer
}

// told names what is missing: for each group how many, and which.
func (o *outcome) told() message.Sentence {
	var order []group
	ids := map[group][]string{}
	for _, m := range o.missing {
		if ids[m.of] == nil {
			order = append(order, m.of)
		}
		ids[m.of] = append(ids[m.of], m.ID)
	}
	groups := make([]message.Sentence, len(order))
	for i, what := range order {
		list := ids[what]
		if slices.Contains(list, "") {
			groups[i] = message.Say("backup.missing.all", "what", message.Say(what.words))
			continue
		}
		named := strings.Join(list[:min(len(list), manifest.MaxNamed)], ", ")
		if len(list) > manifest.MaxNamed {
			named += ", …"
		}
		groups[i] = message.Say("backup.missing.some", "what", message.Say(what.words), "count", len(list), "total", max(o.totals[what], len(list)), "names", named)
	}
	return message.Join(message.Semicolon, groups...)
}

// reasons are the different reasons why things are missing, for the evidence.
func (o *outcome) reasons() string {
	var all []string
	for _, m := range o.missing {
		if !slices.Contains(all, m.Why) && len(all) < manifest.MaxNamed {
			all = append(all, m.Why)
		}
	}
	return strings.Join(all, "; ")
}

// writeMade writes a file made from rows for people to read. If anything of the kind
// is missing, the file of an earlier run is kept too.
func (k *Keeper) writeMade(out *outcome, name string, data []byte) error {
	if out.lacks() {
		if err := k.setAside(name, data); err != nil {
			return err
		}
	}
	return k.write(name, data)
}

// writeMissing lists what all kinds miss, over the list of an earlier run.
func (k *Keeper) writeMissing(outcomes []outcome) error {
	var all []manifest.Missing
	for i := range outcomes {
		for _, m := range outcomes[i].missing {
			m.Kind = kinds[i].finding
			all = append(all, m.Missing)
		}
	}
	_, before := k.items[manifest.ItemsDir+"/"+manifest.MissingItem]
	_, sealed := k.items[manifest.ItemsDir+"/"+manifest.MissingItem+manifest.EncryptedExt]
	if len(all) == 0 && !before && !sealed {
		return nil
	}
	return writeLines(k, manifest.MissingItem, all)
}
