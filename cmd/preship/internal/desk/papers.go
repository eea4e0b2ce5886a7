package desk

import (
	"context"
	"errors"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"preship/cmd/preship/internal/cases"
	"preship/cmd/preship/internal/desk/page"
	"preship/report"
	"preship/report/casedir"
	"preship/report/message"
	"preship/report/pattern"
	"preship/report/register"
	"preship/report/safefile"
)

// paper is a file of a case that the page hands out. A case is named by its ID, and a file
// by its word here: no request names a path.
type paper struct {
	word  string
	file  string // in the folder of the case; empty: the parcel file
	title message.ID
	kind  string // its media type
	save  bool   // it is saved, not shown
}

const parcelWord = "parcel"

var papers = []paper{
	{parcelWord, "", "desk.file.parcel", "application/zip", true},
	{"report", "report.html", "desk.file.report", "text/html; charset=utf-8", false},
	{"report-pdf", "report.pdf", "desk.file.report-pdf", "application/pdf", false},
	{"fault", "fault.pdf", "desk.file.fault", "application/pdf", false},
	{"label", "label.pdf", "desk.file.label", "application/pdf", false},
	{"claim", casedir.ClaimName, "desk.file.claim", "text/plain; charset=utf-8", false},
}

func (p paper) name(caseID string) string {
	if p.file == "" {
		return casedir.ParcelName(caseID)
	}
	return p.file
}

// filesOf lists the files that a case has.
func filesOf(dir string) (files []page.File) {
	id := filepath.Base(dir)
	for _, p := range papers {
		if info, err := os.Lstat(filepath.Join(dir, p.name(id))); err == nil && info.Mode().IsRegular() {
			files = append(files, page.File{Path: "/case/" + id + "/" + p.word, Title: message.Say(p.title), Save: p.save})
		}
	}
	return files
}

func hasStart(dir string) bool {
	info, err := os.Lstat(filepath.Join(dir, casedir.StartName))
	return err == nil && info.Mode().IsRegular()
}

// caseForm is the form of the ID of a case.
var caseForm = pattern.New(`^PS-[0-9]{8}-[0-9A-Z]{6}$`)

// errNoCase: the folder has no case with that ID.
var errNoCase = errors.New("desk: no such case")

// find returns the case with an ID, of this folder.
func (s *Server) find(ctx context.Context, id string) (register.Entry, error) {
	if !caseForm().MatchString(id) {
		return register.Entry{}, errNoCase
	}
	here := s.source(nil)
	here.Shared = nil
	all, err := here.List(ctx, register.Filter{}, false)
	if err != nil {
		return register.Entry{}, err
	}
	at := slices.IndexFunc(all, func(e register.Entry) bool { return e.ID == id && !e.Gone })
	if at < 0 {
		return register.Entry{}, errNoCase
	}
	return all[at], nil
}

// source is where the cases of the page come from. Warn takes what could not be used.
func (s *Server) source(warn func(message.Sentence)) *cases.Source {
	o, nothing := s.desk.o, func(message.Sentence) {}
	if warn == nil {
		warn = nothing
	}
	return &cases.Source{Dir: o.Out, Shared: o.Shared, Now: o.Host.Now, Say: nothing, Warn: warn}
}

// root opens the folder of a case, and no folder outside that of the cases.
func (s *Server) root(e register.Entry) (*os.Root, error) {
	out, err := os.OpenRoot(s.desk.o.Out)
	if err != nil {
		return nil, err
	}
	defer out.Close()
	return out.OpenRoot(e.Path)
}

// file hands out a file of a case.
func (s *Server) file(w http.ResponseWriter, r *http.Request) {
	at := slices.IndexFunc(papers, func(p paper) bool { return p.word == r.PathValue("file") })
	e, err := s.find(r.Context(), r.PathValue("case"))
	if err != nil || at < 0 {
		s.missing(w, r)
		return
	}
	p := papers[at]
	root, err := s.root(e)
	if err != nil {
		s.missing(w, r)
		return
	}
	defer root.Close()
	f, err := safefile.OpenRegular(root, p.name(e.ID))
	if err != nil {
		s.missing(w, r)
		return
	}
	defer f.Close()
	how := "inline"
	if p.save {
		how = "attachment"
	}
	h := w.Header()
	h.Set("Content-Type", p.kind)
	h.Set("Content-Disposition", how+`; filename="`+p.name(e.ID)+`"`)
	h.Set("Content-Security-Policy", "default-src 'none'; style-src 'unsafe-inline'; img-src data:; frame-ancestors 'none'; base-uri 'none'; form-action 'none'; sandbox")
	if p.kind == "application/pdf" {
		h.Del("Content-Security-Policy") // a browser's viewer of PDF files is a page with scripts of its own
	}
	http.ServeContent(w, r, "", time.Time{}, f)
}

// open opens START-HERE of a case with the program of this computer.
func (s *Server) open(w http.ResponseWriter, r *http.Request) {
	e, err := s.find(r.Context(), r.PathValue("case"))
	dir := filepath.Join(s.desk.o.Out, e.Path)
	if err != nil || s.desk.o.Open == nil || !hasStart(dir) {
		s.missing(w, r)
		return
	}
	if err := s.desk.o.Open(filepath.Join(dir, casedir.StartName)); err != nil {
		s.refused(w, r, http.StatusServiceUnavailable, message.Say("desk.open.failed", "path", filepath.Join(dir, casedir.StartName)), false)
		return
	}
	done(w, r, "/case/"+e.ID)
}

// shownCases is as much of a list as a person looks through.
const shownCases = 100

// cases lists the cases that fit the typed or scanned text.
func (s *Server) cases(w http.ResponseWriter, r *http.Request) {
	query := strings.TrimSpace(r.URL.Query().Get("q"))
	l := page.List{Query: query}
	from := s.source(func(warned message.Sentence) { l.Problem = warned })
	found, err := search(r.Context(), from, query)
	if err != nil {
		l.Problem = message.Of(err)
	}
	if len(found) > shownCases {
		l.More = message.Say("cases.more", "count", len(found)-shownCases)
		found = found[:shownCases]
	}
	for _, e := range found {
		l.Cases = append(l.Cases, row(from, e))
	}
	s.show(w, r, http.StatusOK, page.View{
		Title: message.Say("desk.cases.title"), Here: page.Cases, Class: "wide", Parts: []page.Part{{ID: "cases", Data: l}},
	})
}

// search finds cases by an ID, a ticket, an IMEI or its end, a serial number, or a date. With
// a shared register it finds those of all desks.
func search(ctx context.Context, from *cases.Source, query string) ([]register.Entry, error) {
	if query == "" {
		return from.List(ctx, register.Filter{}, false)
	}
	if id := strings.ToUpper(query); caseForm().MatchString(id) {
		all, err := from.List(ctx, register.Filter{}, false)
		return slices.DeleteFunc(all, func(e register.Entry) bool { return e.ID != id }), err
	}
	filters := []register.Filter{{Ticket: query}, {Serial: query}}
	if number, err := register.ParseIMEI(query); err == nil {
		filters = append(filters, register.Filter{IMEI: number})
	}
	if since, err := register.ParseSince(query, from.Now()); err == nil {
		filters = append(filters, register.Filter{Since: since})
	}
	var all []register.Entry
	for _, f := range filters {
		found, err := from.List(ctx, f, false)
		if err != nil {
			return nil, err
		}
		for _, e := range found {
			if !slices.ContainsFunc(all, func(o register.Entry) bool { return o.Path == e.Path && o.Desk == e.Desk && o.Folder == e.Folder }) {
				all = append(all, e)
			}
		}
	}
	return all, nil
}

func row(from *cases.Source, e register.Entry) page.Row {
	where, _ := from.Standing(e)
	row := page.Row{ID: e.ID, Path: e.Path, Handset: nameOf(e), IMEI: strings.Join(e.IMEI, " "), Ticket: e.Ticket, State: where}
	switch {
	case from.Elsewhere(e): // its files are on that computer
		row.ID, row.Path = "", filepath.Join(e.Folder, e.Path)
	case e.Gone:
		row.ID = ""
	}
	if !e.Updated.IsZero() {
		row.Date = e.Updated.Local().Format("2006-01-02 15:04")
	}
	if e.Verdict != "" {
		row.Verdict = verdictOf(e)
	}
	return row
}

func nameOf(e register.Entry) string {
	if e.MarketName != "" {
		return e.MarketName
	}
	return e.Model
}

func verdictOf(e register.Entry) message.Sentence {
	if e.Emulated != nil && *e.Emulated {
		return message.Say("outcome.emulated", "verdict", e.Verdict.Word())
	}
	return e.Verdict.Word()
}

// oneCase shows a case and its files.
func (s *Server) oneCase(w http.ResponseWriter, r *http.Request) {
	e, err := s.find(r.Context(), r.PathValue("case"))
	if err != nil {
		s.missing(w, r)
		return
	}
	s.showCase(w, r, e, message.Sentence{})
}

// showCase shows a case, and why it could not be restored.
func (s *Server) showCase(w http.ResponseWriter, r *http.Request, e register.Entry, problem message.Sentence) {
	dir := filepath.Join(s.desk.o.Out, e.Path)
	where, _ := cases.Standing(s.desk.o.Out, e)
	c := page.Case{
		ID: e.ID, Handset: nameOf(e), IMEI: strings.Join(e.IMEI, " "), Ticket: e.Ticket, Folder: dir, State: where,
		Files: filesOf(dir), Open: s.desk.o.Open != nil && hasStart(dir),
		Intake: !e.Sealed, Resume: e.Stand() == register.StandOpen || e.Stand() == register.StandNotReady,
	}
	if e.Verdict != "" {
		c.Verdict, c.Mood = verdictOf(e), page.Bad
		if e.Verdict == report.VerdictReady {
			c.Mood = page.Good
		}
	}
	c.Restore, c.Problem = s.restoreForm(dir), problem
	status := http.StatusOK
	if !problem.Empty() {
		status = http.StatusUnprocessableEntity
	}
	s.show(w, r, status, page.View{Title: message.AsIs(e.ID), Here: page.Cases, Parts: []page.Part{{ID: "case", Data: c}}})
}
