package provider

import (
	"crypto/sha256"
	"io"
	"slices"
	"strings"
	"sync"

	"preship/backup/manifest"
	"preship/backup/query"
	"preship/report/message"
)

// group names rows of one sort: by a word for files, which never changes, and by a
// sentence for people.
type group struct {
	word  string
	words message.ID
}

// unsaved is a row or part that is not saved.
type unsaved struct {
	manifest.Missing
	of group
}

// outcome collects the losses and notes of one kind while it is saved. It is safe for
// concurrent use.
type outcome struct {
	mu      sync.Mutex
	notes   []message.Sentence
	missing []unsaved
	totals  map[group]int // how many rows the handset has
	fewer   bool          // the handset lacks, or may lack, rows that an earlier run saved
}

func (o *outcome) note(s message.Sentence) {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.notes = append(o.notes, s)
}

// of adds to the number of rows of a group.
func (o *outcome) of(what group, n int) {
	o.mu.Lock()
	defer o.mu.Unlock()
	if o.totals == nil {
		o.totals = map[group]int{}
	}
	o.totals[what] = n
}

// miss enters a row that is not saved, or all rows of a group if id is "".
func (o *outcome) miss(what group, id, name string, why error) {
	named, said := message.Say(what.words), query.Reason(query.Thrown(why))
	o.mu.Lock()
	defer o.mu.Unlock()
	o.missing = append(o.missing, unsaved{manifest.Missing{
		What: what.word, ID: manifest.Display(id), Name: manifest.Display(name), Why: said.String(), Group: &named, Message: &said,
	}, what})
}

// The reasons to keep the items of an earlier run beside those of this run.
const (
	leftHandset message.ID = "backup.items.earlier-more"
	mayHaveLeft message.ID = "backup.items.earlier-maybe-more"
)

// keepEarlier enters why the items of an earlier run have, or may have, rows that this run
// cannot save.
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

// lacks reports whether a row is missing that an earlier run may have saved.
func (o *outcome) lacks() bool {
	o.mu.Lock()
	defer o.mu.Unlock()
	return len(o.missing) > 0 || o.fewer
}

// describe returns how many rows of each group are missing, and names the first.
func (o *outcome) describe() message.Sentence {
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

// reasons returns the different reasons of missing rows, for the evidence.
func (o *outcome) reasons() message.Sentence {
	var texts []string
	var all []message.Sentence
	for _, m := range o.missing {
		if !slices.Contains(texts, m.Why) && len(all) < manifest.MaxNamed {
			texts, all = append(texts, m.Why), append(all, message.Signed(m.Why, m.Message))
		}
	}
	return message.Join(message.Semicolon, all...)
}

// writeMade writes a file for people to read, made from rows. If rows of the kind are
// missing, the file of an earlier run is kept too.
func (st *itemStore) writeMade(out *outcome, name string, data []byte) error {
	return st.writeMadeBy(out, name, ready(data))
}

// writeMadeBy is writeMade of a file that make writes: it may be larger than the
// memory. If rows are missing, make is called twice, first to compare the file with that of
// an earlier run.
func (st *itemStore) writeMadeBy(out *outcome, name string, make func(io.Writer) error) error {
	if out.lacks() {
		sum := sha256.New()
		if err := make(sum); err != nil {
			return err
		}
		if err := st.setAside(name, sum.Sum(nil)); err != nil {
			return err
		}
	}
	return st.writeBy(name, make)
}

// writeMissing writes the list of missing rows of all kinds, over that of an earlier run.
func (st *itemStore) writeMissing(outcomes []outcome) error {
	var all []manifest.Missing
	for i := range outcomes {
		for _, m := range outcomes[i].missing {
			m.Kind = kinds[i].finding
			all = append(all, m.Missing)
		}
	}
	_, before := st.items[manifest.ItemsDir+"/"+manifest.MissingItem]
	_, encrypted := st.items[manifest.ItemsDir+"/"+manifest.MissingItem+manifest.EncryptedExt]
	if len(all) == 0 && !before && !encrypted {
		return nil
	}
	return writeLines(st, manifest.MissingItem, all)
}
