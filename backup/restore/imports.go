package restore

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"path"
	"slices"
	"strings"
	"time"

	"preship/adb/handset"
	"preship/backup/manifest"
	"preship/backup/query"
	"preship/report/message"
)

// The states of an [Import].
const (
	ImportPresent  = "present"  // every saved row was there already
	ImportImported = "imported" // every saved row is there now
	ImportWaiting  = "waiting"  // the files are on the handset, and rows are missing there
	ImportUnknown  = "unknown"  // the handset does not say which rows it has
	ImportOffered  = "offered"  // a dry run: the files would be sent
)

// Import is a table whose rows an app on the handset has to write, from files that are sent
// there. A row counts as there by its time, because an import gives it a new number.
type Import struct {
	Table  string   `json:"table"` // sms, mms or calls
	Status string   `json:"status"`
	Files  []string `json:"files"`  // on the handset; empty when they were not needed
	Wanted int64    `json:"wanted"` // rows in the backup
	Before *int64   `json:"before"` // of these, on the handset; null if it does not answer
	After  *int64   `json:"after"`

	part  Part
	uri   string
	dates map[string]int64 // how many saved rows have this time
}

// done reports whether every saved row is on the handset.
func (i *Import) done() bool { return i.Status == ImportPresent || i.Status == ImportImported }

// imported lists the tables that an app on the handset has to write.
var imported = []struct {
	part       Part
	table, uri string
}{
	{PartMessages, "sms", "content://sms"},
	{PartMessages, "mms", "content://mms"},
	{PartCalls, "calls", "content://call_log/calls"},
}

// importFiles lists the items that are sent for an app to import.
var importFiles = []struct {
	part       Part
	item, path string
}{
	{PartMessages, "messages.xml", manifest.OwnerRoot + "/Download/messages-from-backup.xml"},
	{PartMessages, "messages.zip", manifest.OwnerRoot + "/Download/messages-from-backup.zip"},
	{PartCalls, "calls.xml", manifest.OwnerRoot + "/Download/calls-from-backup.xml"},
	{PartCalls, "calls.json", manifest.OwnerRoot + "/Download/calls-from-backup.json"},
}

// leftItem is the item that [Result].NotRestored names for a part, until all its rows are on
// the handset.
var leftItem = map[Part]string{PartMessages: "messages.html", PartCalls: "calls.csv"}

// imports sends the files with messages and calls, says how an app imports them, and counts
// the rows that are on the handset before and after.
func (r *restorer) imports(ctx context.Context) error {
	if err := r.countBefore(ctx); err != nil {
		return err
	}
	open := map[Part]bool{}
	for i := range r.result.Imports {
		if one := &r.result.Imports[i]; !one.done() {
			open[one.part] = true
		}
	}
	files, err := r.sendImports(ctx, open)
	if err != nil {
		return err
	}
	for i := range r.result.Imports {
		if one := &r.result.Imports[i]; !one.done() {
			one.Files = append(one.Files, files[one.part]...)
		}
	}
	if len(files) > 0 && !r.options.DryRun {
		r.sayImports(files)
		if err := r.askImported(ctx); err != nil {
			return err
		}
	}
	r.dropRestored()
	return nil
}

// sayImports says, step by step, how an app imports the files.
func (r *restorer) sayImports(files map[Part][]string) {
	var first, other []message.Sentence
	for _, name := range slices.Concat(files[PartMessages], files[PartCalls]) {
		if path.Ext(name) == ".xml" {
			first = append(first, message.AsIs(path.Base(name)))
		} else {
			other = append(other, message.AsIs(path.Base(name)))
		}
	}
	r.say(message.Say("restore.import.why"))
	r.say(message.Say("restore.import.app", "files", message.Join(message.Comma, first...)))
	r.say(message.Say("restore.import.other-app", "files", message.Join(message.Comma, other...)))
	r.say(message.Say("restore.import.default"))
	r.say(message.Say("restore.import.after"))
}

// countBefore reads the saved rows of each table and counts those on the handset.
func (r *restorer) countBefore(ctx context.Context) error {
	for _, row := range imported {
		it, ok := r.saved.item(row.table + ".jsonl")
		if !ok || !r.wants(row.part) {
			continue
		}
		one := Import{Table: row.table, Files: []string{}, part: row.part, uri: row.uri}
		var err error
		if one.dates, one.Wanted, err = r.savedDates(it); err != nil {
			r.problem(it.File, message.Of(err))
			continue
		}
		if one.Before, err = r.rowsThere(ctx, &one); err != nil {
			return err
		}
		one.After = one.Before
		switch {
		case one.Before == nil:
			one.Status = ImportUnknown
		case *one.Before == one.Wanted:
			one.Status = ImportPresent
		default:
			one.Status = ImportWaiting
		}
		if r.options.DryRun && !one.done() {
			one.Status = ImportOffered
		}
		r.result.Imports = append(r.result.Imports, one)
	}
	return nil
}

// savedDates returns how many saved rows have each time.
func (r *restorer) savedDates(it manifest.Item) (dates map[string]int64, rows int64, err error) {
	b, err := r.saved.read(it)
	if err != nil {
		return nil, 0, err
	}
	list, err := savedLines[struct {
		Date json.Number `json:"date"`
	}](b)
	dates = map[string]int64{}
	for _, row := range list {
		dates[dateOf(row.Date.String())]++
	}
	return dates, int64(len(list)), err
}

// dateOf returns a time as it is compared: a row without one is imported with 0.
func dateOf(s string) string {
	if s == "" {
		return "0"
	}
	return s
}

// rowsThere counts the saved rows that are on the handset. It returns nil if the handset
// refuses, or changes the table during the read.
func (r *restorer) rowsThere(ctx context.Context, of *Import) (*int64, error) {
	n, err := r.readThere(ctx, of)
	if errors.Is(err, query.ErrRefused) || errors.Is(err, query.ErrRows) {
		return nil, nil //nolint:nilerr // nil means that the rows are not known
	}
	return &n, err
}

func (r *restorer) readThere(ctx context.Context, of *Import) (n int64, err error) {
	a, err := r.askRows(ctx, handset.RowIDs, of.uri)
	if err != nil {
		return 0, err
	}
	ids, err := query.ParseIDs(a)
	if err != nil {
		return 0, fmt.Errorf("%w: %w", query.ErrRefused, err)
	}
	if len(ids) == 0 {
		return 0, nil
	}
	if a, err = r.askRows(ctx, handset.ContentRows, of.uri, "_id:date"); err != nil {
		return 0, err
	}
	rows, err := query.ParseNumbers(a.Stdout, []string{"date"}, ids)
	there := map[string]int64{}
	for _, columns := range rows {
		date := "0"
		if v := columns["date"]; v != nil {
			date = dateOf(*v)
		}
		if there[date]++; there[date] <= of.dates[date] {
			n++
		}
	}
	return n, err
}

// sendImports sends the files of open parts that the handset lacks, and proves them. It
// returns the paths of those on the handset.
func (r *restorer) sendImports(ctx context.Context, open map[Part]bool) (on map[Part][]string, err error) {
	on = map[Part][]string{}
	for _, row := range importFiles {
		it, ok := r.saved.item(row.item)
		if !ok || !open[row.part] {
			continue
		}
		e := it.Entry(row.path)
		e.MTime = time.Now().Unix()
		there, err := r.sendImport(ctx, e)
		if err != nil {
			return nil, err
		}
		if there {
			on[row.part] = append(on[row.part], row.path)
		}
	}
	return on, nil
}

// sendImport sends one file unless it is there already, and proves it.
func (r *restorer) sendImport(ctx context.Context, e *manifest.Entry) (there bool, err error) {
	stat, err := r.stat(ctx, []*manifest.Entry{e})
	if err != nil {
		return false, err
	}
	if stat[0].Err == nil && sameSize(stat[0].Info, e.Size) {
		if same, err := r.compare(ctx, []*manifest.Entry{e}); err != nil || same[0] {
			return err == nil, err
		}
	}
	free, known, err := r.free(ctx, manifest.OwnerRoot)
	if err != nil {
		return false, err
	}
	if known && e.Size+leftOver > free {
		r.problem(e.OnHandset(), message.Say("restore.problem.no-room", "needed", megabytes(e.Size), "free", megabytes(free)))
		return false, nil
	}
	if ok, err := r.push(ctx, e); err != nil || !ok || r.options.DryRun {
		return ok && err == nil, err
	}
	same, err := r.compare(ctx, []*manifest.Entry{e})
	if err == nil && !same[0] {
		r.problem(e.OnHandset(), message.Say("restore.problem.differs"))
	}
	return err == nil && same[0], err
}

// askImported waits, where somebody can be asked, until the app has imported the files, and
// counts again.
func (r *restorer) askImported(ctx context.Context) error {
	for r.options.Imported != nil {
		missing := int64(0)
		for i := range r.result.Imports {
			if one := &r.result.Imports[i]; one.Status == ImportWaiting {
				missing += one.Wanted - *one.After
			}
		}
		if missing == 0 {
			return nil
		}
		again, err := r.options.Imported(ctx, missing)
		if err != nil || !again {
			return err
		}
		if err := r.countAfter(ctx); err != nil {
			return err
		}
	}
	return nil
}

func (r *restorer) countAfter(ctx context.Context) error {
	for i := range r.result.Imports {
		one := &r.result.Imports[i]
		if one.done() {
			continue
		}
		n, err := r.rowsThere(ctx, one)
		if err != nil {
			return err
		}
		one.After = n
		switch {
		case n == nil:
			one.Status = ImportUnknown
		case *n == one.Wanted:
			one.Status = ImportImported
		default:
			one.Status = ImportWaiting
		}
	}
	return nil
}

// dropRestored takes the parts from NotRestored whose saved rows are all on the handset.
func (r *restorer) dropRestored() {
	for part, item := range leftItem {
		if r.wants(part) && r.allThere(part) {
			r.result.NotRestored = slices.DeleteFunc(r.result.NotRestored, func(n NotRestored) bool {
				return strings.TrimSuffix(path.Base(n.File), manifest.EncryptedExt) == item
			})
		}
	}
}

// allThere reports whether the backup has every table of a part, and the handset its rows.
func (r *restorer) allThere(part Part) bool {
	for _, row := range imported {
		it, saved := r.saved.items[row.table+".jsonl"]
		there := it.Size == 0 || slices.ContainsFunc(r.result.Imports, func(i Import) bool { return i.Table == row.table && i.done() })
		if row.part == part && (!saved || !there) {
			return false
		}
	}
	return true
}
