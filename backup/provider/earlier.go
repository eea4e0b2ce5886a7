package provider

import (
	"encoding/json"
	"slices"
	"strings"

	"preship/backup/manifest"
	"preship/report"
	"preship/report/casedir"
	"preship/report/check"
	"preship/report/message"
)

// To sign out of an account removes its contacts from the handset. A second backup after
// that, for a new photo or message, would replace the saved contacts by fewer. So a kind
// without new rows stays as an earlier run saved it. A kind with new rows that lacks old
// ones is written beside the files of the earlier run.

// earlier holds the items that an earlier run saved.
type earlier struct {
	rows     []manifest.Rows
	counts   map[string]*int64
	findings report.Findings
}

// recallEarlier reads the earlier items from the case. A kind stays only as a complete run
// saved it; the rows of its items are known of every run.
func recallEarlier(c *casedir.Case) (e earlier) {
	m, err := manifest.Load(c.Root(), func(*manifest.Entry) error { return nil })
	if err != nil {
		return e
	}
	e.rows = m.Rows
	var b report.Backup
	if m.Complete && json.Unmarshal(c.Step(report.StepBackup).Data, &b) == nil {
		e.counts, e.findings = b.Items, b.Findings
	}
	return e
}

func (e earlier) of(table string) manifest.Rows { return rowsOf(e.rows, table) }

// rowsOf returns a table. A missing table counts as refused.
func rowsOf(all []manifest.Rows, table string) manifest.Rows {
	i := slices.IndexFunc(all, func(r manifest.Rows) bool { return r.Table == table })
	if i < 0 {
		return manifest.Rows{Table: table, Refused: true}
	}
	return all[i]
}

// stays reports whether a kind stays as an earlier run saved it, and returns the finding.
func (k *Keeper) stays(d *kind) (report.Finding, bool) {
	f, _ := k.earlier.findings.ByID(d.finding)
	if len(d.tables) == 0 || f.Status != report.StatusPass && f.Status != report.StatusWarn {
		return f, false
	}
	hidden, gone := false, 0
	for _, table := range d.tables {
		then, now := k.earlier.of(table), rowsOf(k.seen, table)
		if then.Refused || now.Without(then) > 0 {
			return f, false
		}
		hidden = hidden || now.Refused
		gone += then.Without(now)
	}
	// A renamed event keeps its token, so events are saved again as long as the handset
	// shows any.
	if !hidden && (gone == 0 || d.finding == check.BackupCalendar) || !k.intact(d) {
		return f, false
	}
	var parts []message.Sentence
	for _, item := range d.items {
		if n := k.earlier.counts[item]; n != nil {
			k.count(item, int(*n))
			parts = append(parts, counted(item, *n))
		}
	}
	saved := message.Join(message.Comma, parts...)
	f = report.Finding{ID: d.finding, Status: report.StatusPass, Method: report.MethodObserved}
	f.See(saved)
	if hidden {
		f.Status = report.StatusWarn
		f.Tell(message.Say("backup.items.earlier-gone", "what", message.Say(d.what), "counts", saved))
	} else {
		f.Tell(message.Say("backup.items.earlier-same", "what", message.Say(d.what), "counts", saved))
	}
	return f, true
}

// compare keeps the items of an earlier run if they have rows that the handset lacks now,
// or if their rows are not known.
func (k *Keeper) compare(d *kind, out *outcome) {
	fewer, unsure := false, false
	for _, table := range d.tables {
		then, now := k.earlier.of(table), rowsOf(k.seen, table)
		if now.Refused {
			continue
		}
		unknown := then.Refused || then.Bare != now.Bare
		fewer = fewer || !unknown && then.Without(now) > 0
		unsure = unsure || unknown && k.holds(table+".jsonl")
	}
	switch {
	case fewer:
		out.keepEarlier(leftHandset)
	case unsure:
		out.keepEarlier(mayHaveLeft)
	}
}

// holds reports whether an earlier run wrote an item.
func (st *itemStore) holds(name string) bool {
	st.mu.Lock()
	defer st.mu.Unlock()
	for _, it := range st.items {
		if it.Name() == name {
			return true
		}
	}
	return false
}

// setRows enters the rows that this run saw as those of a kind's items.
func (k *Keeper) setRows(d *kind) {
	k.mu.Lock()
	defer k.mu.Unlock()
	for _, table := range d.tables {
		k.made = slices.DeleteFunc(k.made, func(r manifest.Rows) bool { return r.Table == table })
		k.made = append(k.made, rowsOf(k.seen, table))
	}
}

// intact reports whether every file of a kind is on the disk as an earlier run wrote it.
func (st *itemStore) intact(d *kind) bool {
	st.mu.Lock()
	defer st.mu.Unlock()
	found := false
	for _, it := range st.items {
		name := strings.TrimPrefix(it.Name(), "raw/")
		if !slices.ContainsFunc(d.files, func(prefix string) bool { return strings.HasPrefix(name, prefix) }) {
			continue
		}
		if !itemOnDisk(st.store.Root(), &it) {
			return false
		}
		found = true
	}
	return found
}
