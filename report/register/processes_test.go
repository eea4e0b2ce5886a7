package register

import (
	"bufio"
	"context"
	"fmt"
	"os"
	"os/exec"
	"strings"
	"sync"
	"testing"
	"time"

	"preship/report/casedir"
)

const (
	writeIn   = "REGISTER_TEST_WRITE_IN"
	processes = 8
	each      = 50
)

// writeCases is a process that begins cases and names each that is remembered.
func writeCases(dir string) int {
	for range each {
		c, err := casedir.CreateIn(dir, time.Now())
		if err == nil {
			err = c.Close()
		}
		if err == nil {
			err = Remember(context.Background(), c.Dir(), true, time.Now())
		}
		if err != nil {
			fmt.Fprintln(os.Stderr, err)
			return 1
		}
		fmt.Println(c.ID())
	}
	return 0
}

// writers starts n processes that write into the register of dir at once. Each
// is killed after it named kill cases, never with kill < 0; the cases they named
// is returned when all have ended.
func writers(t *testing.T, dir string, n, kill int) (told []string) {
	t.Helper()
	var mu sync.Mutex
	var all sync.WaitGroup
	for range n {
		cmd := exec.CommandContext(t.Context(), os.Args[0])
		cmd.Env = append(os.Environ(), writeIn+"="+dir)
		cmd.Stderr = os.Stderr
		out, err := cmd.StdoutPipe()
		must(t, err)
		must(t, cmd.Start())
		all.Go(func() {
			lines := bufio.NewScanner(out)
			for i := 1; lines.Scan(); i++ {
				mu.Lock()
				told = append(told, lines.Text())
				mu.Unlock()
				if i == kill {
					_ = cmd.Process.Kill()
				}
			}
			if err := cmd.Wait(); err != nil && kill < 0 {
				t.Errorf("a process ended with %v", err)
			}
		})
	}
	all.Wait()
	return told
}

func TestManyProcessesWriteAtOnce(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	told := writers(t, dir, processes, -1)
	wantRemembered(t, dir, told)
	if len(told) != processes*each {
		t.Errorf("%d cases were begun, want %d", len(told), processes*each)
	}
}

func TestKilledWhileWriting(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	var told []string
	for round := range 4 {
		told = append(told, writers(t, dir, 3, 1+2*round)...)
		wantRemembered(t, dir, told)
	}
}

// wantRemembered looks into the register without looking at the folders.
func wantRemembered(t *testing.T, dir string, told []string) {
	t.Helper()
	r := opened(t, dir)
	if r.Rebuilt() != nil {
		t.Errorf("the register was made again: %v", r.Rebuilt())
	}
	all, err := r.Cases(t.Context(), Filter{})
	must(t, err)
	var ids strings.Builder
	for _, e := range all {
		ids.WriteString(e.ID + " ")
	}
	for _, id := range told {
		if !strings.Contains(ids.String(), id) {
			t.Errorf("%s is lost; %d cases are remembered, %d were", id, len(all), len(told))
		}
	}
	var verdict string
	must(t, r.file.db.QueryRowContext(t.Context(), "PRAGMA integrity_check").Scan(&verdict))
	if verdict != "ok" {
		t.Errorf("the register is not whole: %s", verdict)
	}
}

func TestManyGoroutinesWriteAtOnce(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	var all sync.WaitGroup
	for range 16 {
		made := newCase(t, dir, nil)
		all.Go(func() {
			for range 4 {
				if err := Remember(t.Context(), made, true, time.Now()); err != nil {
					t.Error(err)
				}
			}
		})
	}
	all.Wait()
	got, err := opened(t, dir).Cases(t.Context(), Filter{})
	must(t, err)
	if len(got) != 16 {
		t.Errorf("%d cases, want 16", len(got))
	}
}
