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

// importer brings the files from which an app on the handset imports calls and messages.
type importer struct{ *session }

// imports sends the files with messages and calls, says how an app imports them, and counts
// the rows that are on the handset before and after.
func (im *importer) imports(ctx context.Context) error {
	if err := im.countBefore(ctx); err != nil {
		return err
	}
	open := map[Part]bool{}
	for i := range im.result.Imports {
		if one := &im.result.Imports[i]; !one.done() {
			open[one.part] = true
		}
	}
	files, err := im.sendImports(ctx, open)
	if err != nil {
		return err
	}
	for i := range im.result.Imports {
		if one := &im.result.Imports[i]; !one.done() {
			one.Files = append(one.Files, files[one.part]...)
		}
	}
	if len(files) > 0 && !im.options.DryRun {
		im.sayImports(files)
		if err := im.askImported(ctx); err != nil {
			return err
		}
	}
	im.dropRestored()
	return nil
}

// sayImports says, step by step, how an app imports the files.
func (im *importer) sayImports(files map[Part][]string) {
	var first, other []message.Sentence
	for _, name := range slices.Concat(files[PartMessages], files[PartCalls]) {
		if path.Ext(name) == ".xml" {
			first = append(first, message.AsIs(path.Base(name)))
		} else {
			other = append(other, message.AsIs(path.Base(name)))
		}
	}
	im.say(message.Say("restore.import.why"))
	im.say(message.Say("restore.import.app", "files", message.Join(message.Comma, first...)))
	im.say(message.Say("restore.import.other-app", "files", message.Join(message.Comma, other...)))
	im.say(message.Say("restore.import.default"))
	im.say(message.Say("restore.import.after"))
}

// countBefore reads the saved rows of each table and counts those on the handset.
func (im *importer) countBefore(ctx context.Context) error {
	for _, row := range imported {
		it, ok := im.saved.item(row.table + ".jsonl")
		if !ok || !im.wants(row.part) {
			continue
		}
		one := Import{Table: row.table, Files: []string{}, part: row.part, uri: row.uri}
		var err error
		if one.dates, one.Wanted, err = im.savedDates(it); err != nil {
			im.problem(it.File, message.Of(err))
			continue
		}
		if one.Before, err = im.rowsThere(ctx, &one); err != nil {
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
		if im.options.DryRun && !one.done() {
			one.Status = ImportOffered
		}
		im.result.Imports = append(im.result.Imports, one)
	}
	return nil
}

// savedDates returns how many saved rows have each time.
func (im *importer) savedDates(it manifest.Item) (dates map[string]int64, rows int64, err error) {
	b, err := im.saved.read(it)
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
func (im *importer) rowsThere(ctx context.Context, of *Import) (*int64, error) {
	n, err := im.readThere(ctx, of)
	if errors.Is(err, query.ErrRefused) || errors.Is(err, query.ErrRows) {
		return nil, nil //nolint:nilerr // nil means that the rows are not known
	}
	return &n, err
}

func (im *importer) readThere(ctx context.Context, of *Import) (n int64, err error) {
	a, err := im.askRows(ctx, handset.RowIDs, of.uri)
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
	if a, err = im.askRows(ctx, handset.ContentRows, of.uri, "_id:date"); err != nil {
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
func (im *importer) sendImports(ctx context.Context, open map[Part]bool) (on map[Part][]string, err error) {
	on = map[Part][]string{}
	for _, row := range importFiles {
		it, ok := im.saved.item(row.item)
		if !ok || !open[row.part] {
			continue
		}
		e := it.Entry(row.path)
		e.MTime = time.Now().Unix()
		there, err := im.sendImport(ctx, e)
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
func (im *importer) sendImport(ctx context.Context, e *manifest.Entry) (there bool, err error) {
	stat, err := im.stat(ctx, []*manifest.Entry{e})
	if err != nil {
		return false, err
	}
	if stat[0].Err == nil && sameSize(stat[0].Info, e.Size) {
		if same, err := im.compare(ctx, []*manifest.Entry{e}); err != nil || same[0] {
			return err == nil, err
		}
	}
	free, known, err := im.free(ctx, manifest.OwnerRoot)
	if err != nil {
		return false, err
	}
	if known && e.Size+leftOver > free {
		im.problem(e.OnHandset(), message.Say("restore.problem.no-room", "needed", megabytes(e.Size), "free", megabytes(free)))
		return false, nil
	}
	if ok, err := im.push(ctx, e); err != nil || !ok || im.options.DryRun {
		return ok && err == nil, err
	}
	same, err := im.compare(ctx, []*manifest.Entry{e})
	if err == nil && !same[0] {
		im.problem(e.OnHandset(), message.Say("restore.problem.differs"))
	}
	return err == nil && same[0], err
}

// askImported waits, where somebody can be asked, until the app has imported the files, and
// counts again.
func (im *importer) askImported(ctx context.Context) error {
	for im.options.Imported != nil {
		missing := int64(0)
		for i := range im.result.Imports {
			if one := &im.result.Imports[i]; one.Status == ImportWaiting {
				missing += one.Wanted - *one.After
			}
		}
		if missing == 0 {
			return nil
		}
		again, err := im.options.Imported(ctx, missing)
		if err != nil || !again {
			return err
		}
		if err := im.countAfter(ctx); err != nil {
			return err
		}
	}
	return nil
}

func (im *importer) countAfter(ctx context.Context) error {
	for i := range im.result.Imports {
		one := &im.result.Imports[i]
		if one.done() {
			continue
		}
		n, err := im.rowsThere(ctx, one)
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
func (im *importer) dropRestored() {
	for part, item := range leftItem {
		if im.wants(part) && im.allThere(part) {
			im.result.NotRestored = slices.DeleteFunc(im.result.NotRestored, func(n NotRestored) bool {
				return strings.TrimSuffix(path.Base(n.File), manifest.EncryptedExt) == item
			})
		}
	}
}

// allThere reports whether the backup has every table of a part, and the handset its rows.
func (im *importer) allThere(part Part) bool {
	for _, row := range imported {
		it, saved := im.saved.items[row.table+".jsonl"]
		there := it.Size == 0 || slices.ContainsFunc(im.result.Imports, func(i Import) bool { return i.Table == row.table && i.done() })
		if row.part == part && (!saved || !there) {
			return false
		}
	}
	return true
}
