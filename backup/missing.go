package backup

import (
	"fmt"
	"slices"
	"strings"
	"sync"

	"preship/backup/manifest"
	"preship/report"
)

// outcome collects what went wrong while one kind was saved. It is safe for
// concurrent use.
type outcome struct {
	mu      sync.Mutex
	notes   []string
	missing []manifest.Missing
	totals  map[string]int // by What: how many there are
	fewer   bool           // the handset lacks rows that an earlier run saved, or may lack some
}

func (o *outcome) note(format string, args ...any) {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.notes = append(o.notes, fmt.Sprintf(format, args...))
}

// of enters how many there are of a group.
func (o *outcome) of(what string, n int) {
	o.mu.Lock()
	defer o.mu.Unlock()
	if o.totals == nil {
		o.totals = map[string]int{}
	}
	o.totals[what] = n
}

// miss enters one that is not saved, or all where id is "".
func (o *outcome) miss(what, id, name string, why error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.missing = append(o.missing, manifest.Missing{What: what, ID: manifest.Display(id), Name: manifest.Display(name), Why: reasonOf(why)})
}

// Why what an earlier run made is kept beside what this run makes.
const (
	leftHandset = "an earlier run saved more, which is no longer on the handset; it is kept in the files whose names begin with earlier-"
	mayHaveLeft = "an earlier run may have saved more, which is no longer on the handset; it is kept in the files whose names begin with earlier-"
)

// keepEarlier says why what an earlier run made has, or may have, rows that this
// run cannot save.
func (o *outcome) keepEarlier(why string) {
	o.note("%s", why)
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
func (o *outcome) told() report.Sentence {
	var order []string
	ids := map[string][]string{}
	for _, m := range o.missing {
		if ids[m.What] == nil {
			order = append(order, m.What)
		}
		ids[m.What] = append(ids[m.What], m.ID)
	}
	groups := make([]report.Sentence, len(order))
	for i, what := range order {
		list := ids[what]
		if slices.Contains(list, "") {
			groups[i] = report.Say("%s: all of them", report.Say(what))
			continue
		}
		named := strings.Join(list[:min(len(list), manifest.MaxNamed)], ", ")
		if len(list) > manifest.MaxNamed {
			named += ", …"
		}
		groups[i] = report.Say("%s: %d of %d (%s)", report.Say(what), len(list), max(o.totals[what], len(list)), named)
	}
	return report.Join("; ", groups...)
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
func (k *keeper) writeMade(out *outcome, name string, data []byte) error {
	if out.lacks() {
		if err := k.setAside(name, data); err != nil {
			return err
		}
	}
	return k.write(name, data)
}

// writeMissing lists what all kinds miss, over the list of an earlier run.
func (k *keeper) writeMissing(outcomes []outcome) error {
	var all []manifest.Missing
	for i := range outcomes {
		for _, m := range outcomes[i].missing {
			m.Kind = kinds[i].finding
			all = append(all, m)
		}
	}
	_, before := k.items[manifest.ItemsDir+"/"+manifest.MissingItem]
	_, sealed := k.items[manifest.ItemsDir+"/"+manifest.MissingItem+manifest.EncryptedExt]
	if len(all) == 0 && !before && !sealed {
		return nil
	}
	return writeLines(k, manifest.MissingItem, all)
}
