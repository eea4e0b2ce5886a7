package central

import (
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"net"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"preship/report"
	"preship/report/casedir"
	"preship/report/register"
)

// cable is a network between desks and the database that can be cut.
type cable struct {
	listener net.Listener
	to       string

	mu    sync.Mutex
	cut   bool
	conns []net.Conn
}

// wired returns the address of a database behind a cable.
func wired(t *testing.T, address string) (*cable, string) {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	must(t, err)
	c := &cable{listener: l, to: filepath.Join(cluster.dir, ".s.PGSQL.5432")}
	var done sync.WaitGroup
	done.Go(func() {
		for {
			conn, err := l.Accept()
			if err != nil {
				return
			}
			done.Go(func() { c.carry(conn) })
		}
	})
	t.Cleanup(func() {
		_ = l.Close()
		c.set(true)
		done.Wait()
	})
	name := strings.TrimPrefix(strings.Split(address, "?")[0], "postgres:///")
	return c, fmt.Sprintf("postgres://desk@%s/%s?sslmode=disable", l.Addr(), name)
}

func (c *cable) carry(near net.Conn) {
	far, err := net.Dial("unix", c.to)
	if err != nil {
		_ = near.Close()
		return
	}
	c.mu.Lock()
	if c.cut {
		_, _ = near.Close(), far.Close()
	}
	c.conns = append(c.conns, near, far)
	c.mu.Unlock()
	var both sync.WaitGroup
	for _, way := range [][2]net.Conn{{near, far}, {far, near}} {
		both.Go(func() {
			_, _ = io.Copy(way[0], way[1])
			_, _ = way[0].Close(), way[1].Close()
		})
	}
	both.Wait()
}

// set cuts the cable, or mends it.
func (c *cable) set(cut bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.cut = cut; cut {
		for _, conn := range c.conns {
			_ = conn.Close()
		}
		c.conns = nil
	}
}

// newCase makes a case about a handset in a folder.
func newCase(t *testing.T, dir, serial string) string {
	t.Helper()
	c, err := casedir.CreateIn(dir, testTime)
	must(t, err)
	must(t, c.Bind(report.Unit{Serial: serial, IMEI: []string{"356938035643809"}}))
	must(t, c.Close())
	return c.Dir()
}

// TestDeskCutOff: a desk works on without the database, does not ask it for each step, and
// catches up with everything.
func TestDeskCutOff(t *testing.T) {
	t.Parallel()
	address := database(t)
	net, through := wired(t, address)
	now := time.Now().Add(time.Hour)
	desk := &Desk{Address: through, DeskName: "Lyon 3", Now: func() time.Time { return now }}
	t.Cleanup(desk.Close)
	dir := t.TempDir()
	must(t, desk.Remember(t.Context(), newCase(t, dir, "serial-1")))
	release, err := desk.Claim(t.Context(), report.Unit{Serial: "serial-1"})
	must(t, err)
	net.set(true)
	if err := desk.Remember(t.Context(), newCase(t, dir, "serial-2")); !errors.Is(err, ErrUnreachable) {
		t.Fatalf("cut off: %v, want %v", err, ErrUnreachable)
	}
	_ = release()
	net.set(false)
	third := newCase(t, dir, "serial-3")
	if err := desk.Remember(t.Context(), third); !errors.Is(err, ErrUnreachable) {
		t.Errorf("asked again at once: %v", err)
	}
	if _, err := desk.Claim(t.Context(), report.Unit{Serial: "serial-3"}); !errors.Is(err, ErrUnreachable) || errors.Is(err, register.ErrElsewhere) {
		t.Errorf("claims with %v", err)
	}
	now = now.Add(2 * pause)
	must(t, desk.Remember(t.Context(), third))
	all, err := connected(t, address).Cases(t.Context(), register.Filter{})
	must(t, err)
	serials := map[string]string{}
	for _, e := range all {
		serials[e.Serial] = e.Desk + " " + e.Folder
	}
	if len(all) != 3 || serials["serial-1"] != "Lyon 3 "+dir || serials["serial-2"] == "" || serials["serial-3"] == "" {
		t.Errorf("%d cases of %v, want three", len(all), serials)
	}
}

// TestTwentyDesks: desks work on cases while connections break at random; in the end every
// case is there, and once.
func TestTwentyDesks(t *testing.T) {
	t.Parallel()
	const desks, each = 20, 6
	address := database(t)
	net, through := wired(t, address)
	broken := make(chan struct{})
	server := connected(t, address)
	go func() {
		defer close(broken)
		random := rand.New(rand.NewPCG(20, 6))
		for range 60 {
			if random.IntN(4) == 0 {
				net.set(true)
				net.set(false)
			}
			// As an administrator would, or a server that restarts.
			_, _ = server.pool.Exec(t.Context(), "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid() AND random() < 0.3")
		}
	}()
	var work sync.WaitGroup
	for n := range desks {
		dir := t.TempDir()
		work.Go(func() {
			var mu sync.Mutex
			now := time.Now().Add(time.Hour)
			desk := &Desk{Address: through, DeskName: fmt.Sprint("desk ", n), Now: func() time.Time {
				mu.Lock()
				defer mu.Unlock()
				now = now.Add(time.Second)
				return now
			}}
			defer desk.Close()
			var last string
			for i := range each {
				last = newCase(t, dir, fmt.Sprintf("serial-%d-%d", n, i))
				_ = desk.Remember(t.Context(), last) // may fail: it is cut off
				_ = desk.Remember(t.Context(), last)
			}
			<-broken
			desk.mu.Lock()
			desk.failed = time.Time{}
			desk.mu.Unlock()
			err := desk.Remember(t.Context(), last)
			if err != nil {
				// A connection that broke before the end is noticed by its next use.
				desk.mu.Lock()
				desk.failed = time.Time{}
				desk.mu.Unlock()
				err = desk.Remember(t.Context(), last)
			}
			if err != nil {
				t.Errorf("desk %d: %v", n, err)
			}
		})
	}
	work.Wait()
	all, err := server.Cases(t.Context(), register.Filter{})
	must(t, err)
	seen := map[string]int{}
	for _, e := range all {
		seen[e.Serial]++
		if e.Gone {
			t.Errorf("%s is called gone", e.Serial)
		}
	}
	for n := range desks {
		for i := range each {
			if serial := fmt.Sprintf("serial-%d-%d", n, i); seen[serial] != 1 {
				t.Errorf("%s is there %d times", serial, seen[serial])
			}
		}
	}
}
