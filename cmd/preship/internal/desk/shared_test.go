package desk

import (
	"context"
	"errors"
	"net/http"
	"strings"
	"testing"
	"time"

	"preship/report"
	"preship/report/casedir"
	"preship/report/register"
)

// chain is a register that desks share, with a case of another desk.
type chain struct {
	far  register.Entry
	kept []register.Row
	err  error
}

func (*chain) Name() string { return "counter 1" }

func (c *chain) Store(context.Context, string) (register.Store, error) { return c, c.err }

func (*chain) Remember(context.Context, string) error { return nil }

func (*chain) Claim(context.Context, report.Unit) (func() error, error) {
	return func() error { return nil }, nil
}

func (*chain) Known(context.Context) (map[string]register.Known, error) { return nil, nil }

func (c *chain) Keep(_ context.Context, changed []register.Row, _ []string) error {
	c.kept = append(c.kept[:0], changed...)
	return nil
}

func (*chain) Forget(context.Context) error { return nil }

func (c *chain) Cases(_ context.Context, f register.Filter) (all []register.Entry, err error) {
	if f == (register.Filter{}) || strings.EqualFold(f.Ticket, c.far.Ticket) {
		all = append(all, c.far)
	}
	if f == (register.Filter{}) {
		for _, r := range c.kept {
			all = append(all, r.Entry)
		}
	}
	return all, nil
}

func (*chain) Close() error { return nil }

// With a shared register the cases of all desks are found. Those of other desks name their
// desk and folder, and none of their files is handed out here.
func TestCasesOfAllDesks(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	c, err := casedir.CreateIn(r.o.Out, time.Now())
	if err != nil {
		t.Fatal(err)
	}
	id := c.ID()
	if err := c.Close(); err != nil {
		t.Fatal(err)
	}
	const far = "PS-20261101-FARAWY"
	shared := &chain{far: register.Entry{ID: far, Path: far, Desk: "counter 7", Folder: "/srv/cases", Ticket: "R-77", IMEI: []string{}}}
	r.o.Shared = desksShared{shared}
	b := r.browser(t)
	for _, query := range []string{"", "r-77", far} {
		status, body := b.get("/cases?q=" + query)
		if status != http.StatusOK || !strings.Contains(body, "counter 7") || !strings.Contains(body, "/srv/cases/"+far) || strings.Contains(body, `href="/case/`+far) {
			t.Errorf("%q: %d %s", query, status, body)
		}
	}
	for _, path := range []string{"/case/" + far, "/case/" + far + "/report", "/intake/" + far} {
		if status, _ := b.get(path); status != http.StatusNotFound {
			t.Errorf("%s: %d", path, status)
		}
	}
	shared.err = errors.New("the database does not answer")
	if status, body := b.get("/cases"); status != http.StatusOK || !strings.Contains(body, "the database does not answer") || !strings.Contains(body, `href="/case/`+id) || strings.Contains(body, far) {
		t.Errorf("cut off: %d %s", status, body)
	}
}

// desksShared is a chain whose Close ends the connection, not a list.
type desksShared struct{ *chain }

func (desksShared) Close() {}
