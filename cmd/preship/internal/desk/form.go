package desk

import (
	"encoding/json"
	"errors"
	"net/http"
	"path/filepath"
	"slices"
	"strings"

	"preship/cmd/preship/internal/desk/page"
	"preship/cmd/preship/internal/interview"
	"preship/report"
	"preship/report/casedir"
	"preship/report/intake"
	"preship/report/message"
)

// formFields are the questions of the form at a counter: first what a scanner reads, then
// what the claim needs.
var formFields = []string{
	"ticket.id", "product.imei_box", "product.model", "customer.name", "customer.phone", "customer.email", "customer.address",
	"fault.description", "purchase.seller", "purchase.from_maker", "purchase.date", "purchase.country",
}

// formView is the form of a case, with its errors.
func formView(id string, in *intake.Form, problems []message.Sentence) page.View {
	f := page.Form{Case: id, Problems: problems}
	for i, name := range formFields {
		field, ok := intake.FieldNamed(name)
		if !ok {
			continue
		}
		f.Fields = append(f.Fields, page.Field{
			Name: name, Ask: message.Say(field.Ask), Text: field.Text(in), Needed: field.Needed(), YesNo: field.YesNo(),
			Long: name == "fault.description" || name == "customer.address", Digits: name == "product.imei_box" || name == "customer.phone", First: i == 0,
		})
	}
	return page.View{Title: message.Say("desk.intake.title"), Here: page.Intake, Parts: []page.Part{{ID: "intake", Data: f}}}
}

func (s *Server) newForm(w http.ResponseWriter, r *http.Request) {
	s.show(w, r, http.StatusOK, formView("", &intake.Form{}, nil))
}

// form shows the form of a case as far as it is filled in.
func (s *Server) form(w http.ResponseWriter, r *http.Request) {
	c, err := s.openCase(r, r.PathValue("case"))
	if err != nil {
		s.cannot(w, r, err)
		return
	}
	defer c.Close()
	d, _, err := c.Draft()
	if err != nil {
		s.cannot(w, r, err)
		return
	}
	s.show(w, r, http.StatusOK, formView(c.ID(), &d.Form, nil))
}

// openCase opens the case with an ID. A job that runs on it holds it.
func (s *Server) openCase(r *http.Request, id string) (*casedir.Case, error) {
	e, err := s.find(r.Context(), id)
	if err != nil {
		return nil, err
	}
	return casedir.Open(filepath.Join(s.desk.o.Out, e.Path))
}

// cannot answers that a case cannot be used now, and why.
func (s *Server) cannot(w http.ResponseWriter, r *http.Request, err error) {
	if errors.Is(err, errNoCase) {
		s.missing(w, r)
		return
	}
	s.refused(w, r, http.StatusConflict, message.Of(err), false)
}

// savedField is the answer to a field that was left.
type savedField struct {
	Case    string `json:"case,omitempty"` // of a form that was begun with it
	Problem string `json:"problem,omitempty"`
}

// field checks one answer, and keeps it. The first one begins a case.
func (s *Server) field(w http.ResponseWriter, r *http.Request) {
	answer := func(a savedField) {
		w.Header().Set("Content-Type", "application/json")
		_ = json.NewEncoder(w).Encode(a)
	}
	problem := func(p message.Sentence) { answer(savedField{Problem: s.reader(r).Words(p)}) }
	field, known := intake.FieldNamed(r.PostForm.Get("name"))
	if !known || !slices.Contains(formFields, field.Name) {
		s.missing(w, r)
		return
	}
	text := strings.TrimSpace(r.PostForm.Get("value"))
	id := r.PostForm.Get("case")
	// Checked before the case is made: a slip leaves no folder.
	if p := s.putField(&intake.Form{}, nil, "new", field, text); id == "" && !p.Empty() {
		problem(p)
		return
	}
	if id == "" && text == "" {
		answer(savedField{})
		return
	}
	c, err := s.caseFor(r, id)
	if err != nil {
		problem(message.Of(err))
		return
	}
	defer c.Close()
	if p, err := s.keepField(c, field, text); err != nil || !p.Empty() {
		if err != nil {
			p = message.Of(err)
		}
		problem(p)
		return
	}
	answer(savedField{Case: c.ID()})
}

// caseFor opens the case with an ID, or begins one for an empty ID.
func (s *Server) caseFor(r *http.Request, id string) (*casedir.Case, error) {
	if id == "" {
		return casedir.CreateIn(s.desk.o.Out, s.desk.o.Host.Now())
	}
	return s.openCase(r, id)
}

// putField puts an answer into a form, and returns its error.
func (s *Server) putField(in *intake.Form, h *report.Handset, id string, field intake.Field, text string) message.Sentence {
	if problem := field.Read(in, text); !problem.Empty() {
		return problem
	}
	now, whole := s.desk.o.Host.Now(), *in
	whole.Fill(h, id)
	whole.Complete(now)
	for _, p := range whole.Problems(now, h) {
		if p.Field == field.Name {
			return p.What
		}
	}
	return message.Sentence{}
}

// keepField puts an answer into the form of a case. One with a problem is not kept.
func (s *Server) keepField(c *casedir.Case, field intake.Field, text string) (problem message.Sentence, err error) {
	d, _, err := c.Draft()
	if err != nil {
		return problem, err
	}
	h, err := c.Handset()
	if err != nil {
		return problem, err
	}
	if problem = s.putField(&d.Form, h, c.ID(), field, text); !problem.Empty() {
		return problem, nil
	}
	return problem, c.KeepDraft(d)
}

// formDone ends the form: missing answers are named, and a whole one makes the claim.
func (s *Server) formDone(w http.ResponseWriter, r *http.Request) {
	c, err := s.caseFor(r, r.PathValue("case"))
	if err != nil {
		s.cannot(w, r, err)
		return
	}
	defer c.Close()
	var problems []message.Sentence
	for _, name := range formFields { // a browser without script sends all of them here
		field, _ := intake.FieldNamed(name)
		if !r.PostForm.Has(name) {
			continue
		}
		p, err := s.keepField(c, field, strings.TrimSpace(r.PostForm.Get(name)))
		if err != nil {
			s.cannot(w, r, err)
			return
		}
		if !p.Empty() {
			problems = append(problems, p)
		}
	}
	d, _, err := c.Draft()
	if err != nil {
		s.cannot(w, r, err)
		return
	}
	if len(problems) == 0 {
		err = s.keepForm(c, d.Form, s.language(r))
	}
	if wrong := (*intake.Error)(nil); errors.As(err, &wrong) {
		for _, p := range wrong.Problems {
			problems = append(problems, p.What)
		}
		err = nil
	}
	switch {
	case err != nil:
		s.cannot(w, r, err)
	case len(problems) > 0:
		s.show(w, r, http.StatusUnprocessableEntity, formView(c.ID(), &d.Form, problems))
	default:
		http.Redirect(w, r, "/case/"+c.ID(), http.StatusSeeOther)
	}
}

// keepForm keeps a form that is filled in, and writes the claim.
func (s *Server) keepForm(c *casedir.Case, in intake.Form, language string) error {
	if in.Customer.Language == "" {
		in.Customer.Language = language
	}
	kept, err := c.SetIntake(in, s.desk.o.Host.Now())
	if err != nil {
		return err
	}
	_, err = interview.FirstClaim(c, kept, s.desk.o.Host.Tool)
	return err
}
