package desk

import (
	"context"
	"errors"
	"io/fs"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"preship/adb"
	"preship/backup/agefile"
	"preship/backup/manifest"
	"preship/backup/restore"
	"preship/cmd/preship/internal/desk/page"
	"preship/cmd/preship/internal/job"
	"preship/cmd/preship/internal/restoring"
	"preship/cmd/preship/internal/saved"
	"preship/report"
	"preship/report/message"
)

// giving is the restore of a case to the handset of a seat.
type giving struct {
	caseID, dir string
	only        []restore.Part
	key         *agefile.Key // nil: the backup is not encrypted
	look        bool         // it shows what would go where, and sends nothing

	would  []message.Sentence // of a look
	more   int                // of them that are not kept
	result *restore.Result    // nil: there is none
}

const (
	// maxWould is how many actions a look shows.
	maxWould = 200
	// importWait is how long a restore waits for the owner to import the contacts.
	importWait = 5 * time.Minute
)

// give starts a restore, or a look at one. It reports whether it began.
func (d *Desk) give(id string, g giving) (began bool) {
	d.change(func() {
		s := d.seat(func(s *seat) bool { return s.id == id })
		if s == nil || s.stop != nil || d.ctx == nil || d.ctx.Err() != nil {
			return
		}
		ctx, stop := context.WithCancel(d.ctx)
		s.begin(stop)
		s.said, s.giving, began = message.Say("desk.restore.sends"), &g, true
		if g.look {
			s.said = message.Say("desk.restore.looks")
		}
		d.work.Go(func() {
			defer stop()
			res, err := s.work(&g).Run(ctx)
			if err != nil && ctx.Err() != nil {
				err = job.ErrInterrupted
			}
			d.change(func() {
				s.finish(nil, err)
				if err == nil {
					g.result = &res
				}
			})
		})
	})
	return began
}

// work is the restore itself.
func (s *seat) work(g *giving) restoring.Work {
	yes := func(ctx context.Context, q message.Sentence) (bool, error) {
		answer, err := s.Ask(ctx, job.Question{Text: q})
		return answer == "yes", err
	}
	w := restoring.Work{
		Host: s.desk.o.Host, Serial: s.serial, Dir: g.dir, Person: s,
		Key: func(context.Context, *os.Root) (*agefile.Key, error) { return g.key, nil },
		Say: func(text message.Sentence) { s.Tell(job.Said{Text: text, OnHandset: !g.look}) },
		Other: func(ctx context.Context, _, _ report.Unit) (bool, error) {
			return yes(ctx, message.Say("restore.other-handset.ask"))
		},
		Options: restore.Options{
			Only: g.only, DryRun: g.look, ImportWait: min(s.desk.o.Wait, importWait),
			Would: func(a restore.Action) {
				if len(g.would) == maxWould {
					g.more++
					return
				}
				g.would = append(g.would, saved.Would(a))
			},
		},
	}
	if !g.look {
		w.Options.AskCard = func(ctx context.Context, saved, other string) (bool, error) {
			return yes(ctx, message.Say("restore.card.ask", "saved", saved, "other", other))
		}
		w.Options.Imported = func(ctx context.Context, missing int64) (bool, error) {
			return yes(ctx, message.Say("restore.import.ask", "count", missing))
		}
	}
	return w
}

// giveAgain begins the restore after its look, or once more.
func (d *Desk) giveAgain(id string) bool {
	d.mu.Lock()
	s := d.seat(func(s *seat) bool { return s.id == id })
	if s == nil || s.giving == nil {
		d.mu.Unlock()
		return false
	}
	g := giving{caseID: s.giving.caseID, dir: s.giving.dir, only: s.giving.only, key: s.giving.key}
	d.mu.Unlock()
	return d.give(id, g)
}

// close forgets how a restore went, and its key.
func (d *Desk) close(id string) (found bool) {
	d.change(func() {
		s := d.seat(func(s *seat) bool { return s.id == id })
		if found = s != nil && s.giving != nil && s.stop == nil; found {
			s.attempt = attempt{steps: map[string]report.StepState{}}
			d.work.Go(s.lookBack)
		}
	})
	return found
}

// restore reads which handset a case goes to, and begins with a look.
func (s *Server) restore(w http.ResponseWriter, r *http.Request) {
	e, err := s.find(r.Context(), r.PathValue("case"))
	if err != nil {
		s.missing(w, r)
		return
	}
	g := giving{caseID: e.ID, dir: filepath.Join(s.desk.o.Out, e.Path), look: true}
	for _, part := range r.PostForm["part"] {
		if slices.Contains(restore.Parts, restore.Part(part)) {
			g.only = append(g.only, restore.Part(part))
		}
	}
	if len(g.only) == 0 {
		s.showCase(w, r, e, message.Say("desk.restore.nothing"))
		return
	}
	if g.key, err = keyOf(g.dir, r.PostForm.Get("identity"), r.PostForm.Get("passphrase")); err != nil {
		s.showCase(w, r, e, message.Of(err))
		return
	}
	if !s.desk.give(r.PostForm.Get("handset"), g) {
		s.showCase(w, r, e, message.Say("desk.restore.no-handset"))
		return
	}
	http.Redirect(w, r, "/h/"+r.PostForm.Get("handset"), http.StatusSeeOther)
}

// keyOf returns what opens the backup of a case, nil if it is not encrypted.
func keyOf(dir, identity, passphrase string) (key *agefile.Key, err error) {
	root, err := os.OpenRoot(dir)
	if err != nil {
		return nil, err
	}
	defer root.Close()
	if !encrypted(root) {
		return nil, nil
	}
	switch {
	case identity != "":
		key, err = agefile.ParseKey(strings.NewReader(identity), func() ([]byte, error) { return []byte(passphrase), nil })
	case passphrase != "":
		key, err = agefile.PassphraseKey(root, []byte(passphrase))
	}
	if err == nil {
		err = key.Check(root)
	}
	return key, err
}

// encrypted reports whether the files of a case are encrypted.
func encrypted(root *os.Root) bool {
	_, err := root.Lstat(agefile.KeysName)
	return !errors.Is(err, fs.ErrNotExist)
}

// parts are the kinds of data that a restore gives back, with their words.
var parts = map[restore.Part]message.ID{
	restore.PartFiles: "desk.take.files", restore.PartApps: "backup.kind.apps", restore.PartContacts: "backup.kind.contacts",
	restore.PartMessages: "backup.kind.messages", restore.PartCalls: "backup.kind.calls",
}

// restoreForm is the form of a case that can be restored; nil: there is nothing to restore.
func (s *Server) restoreForm(dir string) *page.Restore {
	root, err := os.OpenRoot(dir)
	if err != nil {
		return nil
	}
	defer root.Close()
	if _, err := root.Lstat(manifest.Name); err != nil || saved.NeedsData(dir, root) != nil {
		return nil
	}
	f := &page.Restore{Encrypted: encrypted(root)}
	for _, part := range restore.Parts {
		f.Parts = append(f.Parts, page.Kind{Value: string(part), Label: message.Say(parts[part]), Take: true})
	}
	s.desk.mu.Lock()
	defer s.desk.mu.Unlock()
	for _, seat := range s.desk.seats {
		if seat.state == adb.StateDevice && !seat.running() {
			f.Handsets = append(f.Handsets, page.Choice{Value: seat.id, Label: message.AsIs(seat.name() + " · " + seat.serial)})
		}
	}
	return f
}

// givingNow is what a restore does, or how it ended.
func (s *seat) givingNow(n page.Now) page.Now {
	n.Safe = message.Say("desk.restore.safe")
	switch {
	case s.question != nil:
		n.What, n.Mood, n.Slim = message.Say("desk.now.waits-for-you"), page.Hand, true
	case s.running():
		n.What, n.Mood, n.Art, n.OnHandset = s.said, page.Busy, "give", s.hand || s.handWait()
		if s.stopping {
			n.What = message.Say("desk.restore.stopping")
		}
		if n.OnHandset {
			n.Mood = page.Hand
		}
		if s.hand && len(s.todo) > 1 && !s.stopping {
			n.Todo = s.todo
		}
	case s.giving.result == nil:
		n.What, n.Mood = message.Say("desk.restore.failed"), page.Bad
	case s.giving.look:
		n.What, n.Mood, n.Art = message.Say("desk.restore.looked"), page.Hand, "give"
	case restoring.Whole(*s.giving.result):
		n.What, n.Mood, n.Art, n.Safe = message.Say("desk.restore.done"), page.Good, "done", message.Sentence{}
	default:
		n.What, n.Mood, n.Safe = message.Say("desk.restore.partly"), page.Bad, message.Sentence{}
	}
	return n
}

// givingActions are what a person can do while a restore runs, and after it.
func (s *seat) givingActions(a page.Actions) page.Actions {
	if s.running() {
		a.Stop, a.StopMeans = !s.stopping, message.Say("desk.restore.stop.means")
		return a
	}
	a.Close = true
	switch res := s.giving.result; {
	case s.giving.look && res != nil:
		a.Give = message.Say("desk.restore.now")
	case !s.giving.look && (res == nil || !restoring.Whole(*res)):
		a.Give = message.Say("desk.restore.again")
	}
	return a
}

// given is what would go where, or how a restore went.
func (s *seat) given() page.Given {
	g := s.giving
	if g == nil || s.running() {
		return page.Given{}
	}
	out := page.Given{Shown: true, Would: g.would}
	if g.more > 0 {
		out.More = message.Say("desk.restore.more", "count", g.more)
	}
	if g.result != nil {
		out.Went, out.Rest = saved.Outcome(*g.result)
	}
	if s.err != nil {
		out.Error, out.Hints = message.Of(s.err), s.desk.o.Hints(s.err)
	}
	return out
}
