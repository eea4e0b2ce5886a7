package central

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"preship/report"
	"preship/report/message"
	"preship/report/register"
	"preship/report/register/storetest"

	"github.com/jackc/pgx/v5/pgconn"
)

var testTime = time.Date(2026, 11, 22, 14, 3, 5, 0, time.UTC)

func connected(t testing.TB, address string) *Server {
	t.Helper()
	s, err := Connect(t.Context(), address)
	must(t, err)
	t.Cleanup(s.Close)
	return s
}

// TestAddress: what nobody on the way may read or answer.
func TestAddress(t *testing.T) {
	t.Parallel()
	for address, want := range map[string]error{
		"postgres:///cases?host=/run/postgresql":                           nil,
		"postgres://desk@localhost/cases":                                  nil,
		"postgres://desk@127.0.0.1:5433/cases?sslmode=disable":             nil,
		"postgres://desk@register.example/cases?sslmode=verify-full":       nil,
		"postgresql://desk@register.example/cases?sslmode=verify-ca":       nil,
		"postgres://desk@register.example/cases":                           ErrPlain, // falls back to plain text
		"postgres://desk@register.example/cases?sslmode=disable":           ErrPlain,
		"postgres://desk@register.example/cases?sslmode=prefer":            ErrPlain,
		"postgres://desk@register.example/cases?sslmode=require":           ErrPlain, // anybody's certificate
		"postgres://desk@localhost,register.example/cases?sslmode=disable": ErrPlain,
		"postgres://desk@192.0.2.7/cases?sslmode=allow":                    ErrPlain,
		"mysql://desk@localhost/cases":                                     ErrAddress,
		"register.example":                                                 ErrAddress,
		"postgres://desk:se%cret@localhost/cases":                          ErrAddress,
		"postgres://desk:secret@localhost:notaport/cases":                  ErrAddress,
		"": ErrAddress,
	} {
		err := Check(address)
		if !errors.Is(err, want) || want == nil && err != nil {
			t.Errorf("%s: %v, want %v", address, err, want)
		}
		if err != nil && strings.Contains(err.Error(), "secret") {
			t.Errorf("%s: %v shows the password", address, err)
		}
	}
}

func TestUnreachable(t *testing.T) {
	t.Parallel()
	_, err := Connect(t.Context(), "postgres://desk:secret@127.0.0.1:1/cases")
	if !errors.Is(err, ErrUnreachable) || strings.Contains(err.Error(), "secret") {
		t.Errorf("%v, want %v without the password", err, ErrUnreachable)
	}
}

// TestWordsOfTheDatabase: an error of PostgreSQL is said in the person's language, with its
// own words as a detail.
func TestWordsOfTheDatabase(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct{ code, text, want string }{
		{"53100", "could not extend file", "no se puede leer o escribir la lista de casos: no queda espacio en el disco (detalle técnico: could not extend file)"},
		{"42501", "permission denied for table cases", "el registro compartido no lo permite (detalle técnico: permission denied for table cases)"},
		{"XX000", "tuple concurrently updated", "no se puede leer o escribir la lista de casos (detalle técnico: tuple concurrently updated)"},
	} {
		err := failed(fmt.Errorf("list: %w", &pgconn.PgError{Severity: "ERROR", Code: tt.code, Message: tt.text}))
		if said, _ := message.Of(err).In("es"); said != tt.want {
			t.Errorf("%s: %q, want %q", tt.code, said, tt.want)
		}
	}
}

// TestMigrationsAtOnce: desks that start in the same second make the tables once.
func TestMigrationsAtOnce(t *testing.T) {
	t.Parallel()
	address := database(t)
	errs := make(chan error)
	for range 8 {
		go func() {
			s, err := Connect(t.Context(), address)
			if err == nil {
				s.Close()
			}
			errs <- err
		}()
	}
	for range 8 {
		if err := <-errs; err != nil {
			t.Error(err)
		}
	}
	run(t, address, "UPDATE preship.version SET version = version + 1")
	if _, err := Connect(t.Context(), address); !errors.Is(err, ErrNewer) {
		t.Errorf("tables of a later version open with %v, want %v", err, ErrNewer)
	}
}

// TestLeastRights: a role with the rights of the package's documentation does everything,
// and one without them gets words.
func TestLeastRights(t *testing.T) {
	t.Parallel()
	address := database(t)
	role := "r" + strings.TrimPrefix(strings.Split(address, "?")[0], "postgres:///")
	own := strings.Replace(address, "user=desk", "user="+role, 1)
	run(t, address, "CREATE ROLE "+role+" LOGIN")
	if _, err := Connect(t.Context(), own); !errors.Is(err, ErrNotAllowed) {
		t.Errorf("without rights: %v, want %v", err, ErrNotAllowed)
	}
	connected(t, address)
	if _, err := Connect(t.Context(), own); !errors.Is(err, ErrNotAllowed) {
		t.Errorf("without rights to the tables: %v, want %v", err, ErrNotAllowed)
	}
	for _, grant := range []string{"USAGE ON SCHEMA preship", "SELECT ON preship.version", "SELECT, INSERT, UPDATE, DELETE ON preship.cases, preship.imeis, preship.work"} {
		run(t, address, "GRANT "+grant+" TO "+role)
	}
	s := connected(t, own)
	must(t, s.Folder("a", "/cases").Keep(t.Context(), []register.Row{{Path: "PS-1", Entry: register.Entry{ID: "PS-1", IMEI: []string{"356938035643809"}}}}, nil))
	c, err := s.Claim(t.Context(), "a", report.Unit{Serial: "7f3c21a9"}, testTime)
	must(t, err)
	must(t, c.Release())
	must(t, s.Folder("a", "/cases").Forget(t.Context()))
}

// TestClaim: one handset, two desks.
func TestClaim(t *testing.T) {
	t.Parallel()
	s := connected(t, database(t))
	phone := report.Unit{Serial: "7f3c21a9", IMEI: []string{"356938035643809", "490154203237518"}, SN: "12345/X"}
	mine, err := s.Claim(t.Context(), "Lyon 3", phone, testTime)
	must(t, err)
	for name, tt := range map[string]struct {
		u    report.Unit
		busy bool
	}{
		"the same":                     {phone, true},
		"its second IMEI alone":        {report.Unit{IMEI: []string{"490154203237518"}}, true},
		"its serial number alone":      {report.Unit{SN: "12345/X", Serial: "other"}, true},
		"another, with its adb serial": {report.Unit{Serial: "7f3c21a9", IMEI: []string{"868732053538038"}}, false},
		"without any number":           {report.Unit{}, false},
	} {
		c, err := s.Claim(t.Context(), "Nice 1", tt.u, testTime)
		if errors.Is(err, register.ErrElsewhere) != tt.busy || !tt.busy && err != nil {
			t.Errorf("%s: %v, want it taken: %v", name, err, tt.busy)
		}
		if tt.busy && (err == nil || !strings.Contains(err.Error(), "Lyon 3") || !strings.Contains(err.Error(), "2026-11-22 14:03 UTC")) {
			t.Errorf("%s: %v does not say who, and since when", name, err)
		}
		if err == nil {
			must(t, c.Release())
		}
	}
	must(t, mine.Release())
	again, err := s.Claim(t.Context(), "Nice 1", phone, testTime)
	must(t, err)
	// A process that is killed: its connection ends, and no word was said.
	must(t, again.conn.PgConn().Conn().Close())
	ended(t, s, again)
	last, err := s.Claim(t.Context(), "Lyon 3", phone, testTime)
	must(t, err)
	must(t, last.Release())
}

// TestWork: the list says who has a handset now, and nothing of who had it.
func TestWork(t *testing.T) {
	t.Parallel()
	s := connected(t, database(t))
	phone := report.Unit{Serial: "7f3c21a9", IMEI: []string{"356938035643809"}, SN: "12345/X"}
	must(t, s.Folder("Nice 1", "/cases").Keep(t.Context(), []register.Row{
		{Path: "PS-1", Entry: register.Entry{ID: "PS-1", IMEI: phone.IMEI, SN: phone.SN}},
		{Path: "PS-2", Entry: register.Entry{ID: "PS-2", IMEI: []string{"490154203237518"}, Serial: "7f3c21a9"}},
	}, nil))
	works := func(want string) {
		t.Helper()
		all, err := s.Cases(t.Context(), register.Filter{})
		must(t, err)
		got := ""
		for _, e := range all {
			if e.Work != nil {
				got += e.ID + " " + e.Work.Desk + " " + e.Work.Since.Format(time.RFC3339)
			}
		}
		if got != want {
			t.Errorf("at work: %q, want %q", got, want)
		}
	}
	works("")
	c, err := s.Claim(t.Context(), "Lyon 3", phone, testTime)
	must(t, err)
	works("PS-1 Lyon 3 2026-11-22T14:03:05Z")
	must(t, c.Release())
	works("")
	killed, err := s.Claim(t.Context(), "Lyon 3", phone, testTime)
	must(t, err)
	must(t, killed.conn.PgConn().Conn().Close())
	ended(t, s, killed)
	works("") // its row is left, its lock is not
}

// ended waits until the server has noticed that a claim's session is over.
func ended(t testing.TB, s *Server, c *Claim) {
	t.Helper()
	for deadline := time.Now().Add(time.Minute); time.Now().Before(deadline); {
		var n int
		must(t, s.pool.QueryRow(t.Context(), "SELECT count(*) FROM pg_stat_activity WHERE pid = $1", c.conn.PgConn().PID()).Scan(&n))
		if n == 0 {
			return
		}
	}
	t.Fatal("the session does not end")
}

// BenchmarkSearch is 50,000 cases of 20 desks.
func BenchmarkSearch(b *testing.B) {
	s := connected(b, database(b))
	for desk := range 20 {
		var rows []register.Row
		for i := range 2500 {
			n := desk*2500 + i
			rows = append(rows, register.Row{Path: fmt.Sprint("PS-", n), Stamp: "x", Entry: register.Entry{
				ID: fmt.Sprint("PS-", n), IMEI: []string{fmt.Sprintf("35693803%07d", n), fmt.Sprintf("86873205%07d", n)}, Serial: fmt.Sprintf("serial%06d", n),
				SN: fmt.Sprintf("%05d/X", n), Ticket: fmt.Sprintf("T-%d", n), Updated: testTime.Add(time.Duration(n) * time.Minute),
			}})
		}
		must(b, s.Folder(fmt.Sprint("desk ", desk), "/cases").Keep(b.Context(), rows, nil))
	}
	_, err := s.pool.Exec(b.Context(), "ANALYZE preship.cases; ANALYZE preship.imeis")
	must(b, err)
	for name, f := range map[string]register.Filter{
		"IMEI": {IMEI: "356938030031234"}, "end of an IMEI": {IMEI: "031234"}, "end of a serial": {Serial: "031234"},
		"ticket": {Ticket: "t-31234"}, "date": {Since: testTime.Add(49_950 * time.Minute)},
	} {
		b.Run(name, func(b *testing.B) {
			for b.Loop() {
				all, err := s.Cases(b.Context(), f)
				must(b, err)
				if len(all) == 0 || len(all) > 50 {
					b.Fatalf("%d cases", len(all))
				}
			}
		})
	}
}

func TestStore(t *testing.T) {
	t.Parallel()
	storetest.Run(t, func(t testing.TB) register.Store {
		return connected(t, database(t)).Folder("Lyon 3", "/cases")
	})
}
