package desk

import (
	"bufio"
	"context"
	"errors"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"strings"

	"preship/cmd/preship/internal/desk/page"
	"preship/cmd/preship/internal/verdict"
	"preship/report"
	"preship/report/deletion"
	"preship/report/message"
	"preship/report/seal"
	"preship/report/trust"
)

// maxPackage bounds a package that is sent to be checked. It has a few megabytes, and some
// photos.
const maxPackage = 256 << 20

func (s *Server) check(w http.ResponseWriter, r *http.Request) { s.showCheck(w, r, nil) }

func (s *Server) showCheck(w http.ResponseWriter, r *http.Request, result *page.Result) {
	s.show(w, r, http.StatusOK, page.View{
		Title: message.Say("desk.check.title"), Here: page.Check, Parts: []page.Part{{ID: "check", Data: page.Checked{Result: result}}},
	})
}

// checkPackage checks a ZIP file, or a deletion statement, that was dropped on the page. It
// is not kept.
func (s *Server) checkPackage(w http.ResponseWriter, r *http.Request) {
	result, err := s.verify(r)
	if err != nil {
		why := message.Of(err)
		if large := (*http.MaxBytesError)(nil); errors.As(err, &large) {
			why = message.Say("desk.refused.large")
		}
		result = page.Result{Mood: page.Bad, Headline: message.Say("desk.check.unread"), Lines: []message.Sentence{why}}
	}
	s.writeResult(w, r, result)
}

// writeResult writes the result alone, for the page's script.
func (s *Server) writeResult(w http.ResponseWriter, r *http.Request, result page.Result) {
	html, err := page.WritePart(s.reader(r), page.Part{ID: "checked", Data: page.Checked{Result: &result}})
	if err != nil {
		http.Error(w, "preship", http.StatusInternalServerError)
		return
	}
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	_, _ = io.WriteString(w, html)
}

// maxChecks bounds the packages that are checked at once; more wait.
const maxChecks = 2

func (s *Server) verify(r *http.Request) (page.Result, error) {
	select {
	case s.checks <- struct{}{}:
		defer func() { <-s.checks }()
	case <-r.Context().Done():
		return page.Result{}, r.Context().Err()
	}
	dir, err := os.MkdirTemp("", "preship-check-")
	if err != nil {
		return page.Result{}, err
	}
	defer os.RemoveAll(dir)
	body := bufio.NewReader(r.Body)
	name := filepath.Join(dir, "package.zip")
	if first, _ := body.Peek(1); string(first) == "{" {
		name = filepath.Join(dir, deletion.FileName)
	}
	f, err := os.OpenFile(name, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600)
	if err != nil {
		return page.Result{}, err
	}
	_, err = io.Copy(f, body)
	if err := errors.Join(err, f.Close()); err != nil {
		return page.Result{}, err
	}
	o, err := s.trust(r.Context())
	if err != nil {
		return page.Result{}, err
	}
	res, err := seal.Verify(name, o)
	if err != nil {
		return page.Result{}, err
	}
	return verified(res), nil
}

func (s *Server) trust(ctx context.Context) (seal.VerifyOptions, error) { return s.desk.o.Trust(ctx) }

// verified is a result in words for a clerk: may the parcel be accepted, who says so, and
// about which handset.
func verified(res seal.Result) page.Result {
	if !res.OK {
		out := page.Result{Mood: page.Bad, Headline: message.Say("desk.check.bad"), Lines: []message.Sentence{message.Say("desk.check.bad.do")}}
		for _, p := range res.Problems {
			out.Lines = append(out.Lines, message.Join(message.Colon, fileName(p.File), p.Sentence()))
		}
		return out
	}
	if res.Statement {
		return deleted(res.Deletions[0])
	}
	out := page.Result{Mood: page.Good, Headline: message.Say("desk.check.good")}
	out.Lines = append(out.Lines, about(res.ID, res.IMEI, res.Verdict, res.Emulated)...)
	out = signedBy(out, res.Trust, res.Signer, res.Principal)
	out.Lines = append(out.Lines, verdict.Deletions(res)...)
	return out
}

// deleted is a deletion statement alone: who deleted what when, and whether its key is known.
func deleted(d seal.Deleted) page.Result {
	out := page.Result{Mood: page.Good, Headline: verdict.Statement(d, deletion.BesideName(d.Stated.CaseID))}
	if !d.Key.Trusted() {
		out.Mood = page.Hand
	}
	out.Lines = append([]message.Sentence{d.Trust.Words()}, verdict.Stated(d)...)
	return out
}

func fileName(name string) message.Sentence {
	if name == "" {
		return message.Sentence{}
	}
	return message.AsIs(name)
}

// about says which handset it is, and how its job ended.
func about(id string, imei []string, v report.Verdict, emulated bool) []message.Sentence {
	word := v.Word()
	if emulated {
		word = message.Say("outcome.emulated", "verdict", word)
	}
	lines := []message.Sentence{message.Say("desk.check.verdict", "verdict", word, "case", id)}
	if len(imei) > 0 {
		lines = append(lines, message.Say("desk.check.imei", "imei", strings.Join(imei, ", ")))
	}
	return lines
}

// signedBy adds whose key it is. A key that this computer does not know is no proof of who
// signed: the result is then not good.
func signedBy(out page.Result, level trust.Level, fingerprint, principal string) page.Result {
	name := fingerprint
	if principal != "" {
		name = principal + " (" + fingerprint + ")"
	}
	out.Lines = append(out.Lines, message.Say("desk.check.signer", "signer", name), level.Words())
	if level != trust.Own && level != trust.Allowed {
		out.Mood, out.Headline = page.Hand, message.Say("desk.check.stranger")
		out.Lines = append(out.Lines, message.Say("desk.check.stranger.do"))
	}
	return out
}

// checkPaper checks the text of the code on a paper.
func (s *Server) checkPaper(w http.ResponseWriter, r *http.Request) {
	result := page.Result{Mood: page.Bad, Headline: message.Say("desk.check.paper.bad")}
	o, err := s.trust(r.Context())
	if err != nil {
		result.Lines = []message.Sentence{message.Of(err)}
		s.writeResult(w, r, result)
		return
	}
	res := seal.VerifyToken(strings.TrimSpace(r.PostForm.Get("code")), o)
	if res.OK {
		result = page.Result{Mood: page.Good, Headline: message.Say("desk.check.paper.good")}
		result.Lines = append(about(res.Token.ID, res.Token.IMEI, res.Token.Verdict, res.Token.Emulated), message.Say("desk.check.paper.only"))
		result = signedBy(result, res.Trust, res.Signer, res.Principal)
	} else {
		result.Lines = res.Sentences
	}
	if r.Header.Get("Accept") == "application/json" {
		s.writeResult(w, r, result)
		return
	}
	s.showCheck(w, r, &result)
}
