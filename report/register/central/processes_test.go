package central

import (
	"bufio"
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"preship/report/imei"
)

// tagged is preship as desks of a chain have it, built once.
var tagged = sync.OnceValues(func() (string, error) {
	dir, err := os.MkdirTemp("", "preship-desks-")
	if err != nil {
		return "", err
	}
	file := filepath.Join(dir, "preship.exe")
	if out, err := exec.Command("go", "build", "-tags=desks", "-ldflags=-s -w", "-o", file, "preship/cmd/preship").CombinedOutput(); err != nil {
		return "", fmt.Errorf("go build: %w\n%s", err, out)
	}
	return file, nil
})

// TestDesksAsProcesses: each desk prepares its own handset with the program as it is
// built, is killed at random moments, and loses the database at others. In the end all desks
// see the case of every desk, once, ready, and found by the numbers of the handset.
//
// PRESHIP_DESKS is the number of desks; twenty take two minutes.
func TestDesksAsProcesses(t *testing.T) {
	t.Parallel()
	if testing.Short() {
		t.Skip("takes a job for each desk")
	}
	desks, err := strconv.Atoi(cmp.Or(os.Getenv("PRESHIP_DESKS"), "3"))
	must(t, err)
	address := database(t)
	connected(t, address) // the tables
	program, err := tagged()
	must(t, err)
	t.Cleanup(func() { _ = os.RemoveAll(filepath.Dir(program)) })
	profile, err := os.ReadFile("../../../testdata/handsets/redmi-note-10.txtar")
	must(t, err)
	net, through := wired(t, address)
	stop := make(chan struct{})
	var cuts sync.WaitGroup
	cuts.Go(func() {
		random := rand.New(rand.NewPCG(20, 7))
		for {
			select {
			case <-stop:
				net.set(false)
				return
			case <-time.After(time.Duration(100+random.IntN(900)) * time.Millisecond):
				net.set(random.IntN(3) == 0)
			}
		}
	})
	all := make([]*deskProcess, desks)
	var work sync.WaitGroup
	for n := range all {
		all[n] = &deskProcess{t: t, n: n, program: program, home: t.TempDir(), register: through}
		work.Go(func() {
			if err := all[n].prepare(profile); err != nil {
				t.Errorf("desk %d: %v", n, err)
			}
		})
	}
	work.Wait()
	close(stop)
	cuts.Wait()
	kills := 0
	for _, d := range all {
		kills += d.killed
		_, err := d.cases() // catches up with the writes it missed while it was cut off
		must(t, err)
	}
	if kills == 0 {
		t.Error("no desk was killed")
	}
	for _, d := range all {
		d.seesAll(all)
	}
}

// deskProcess is one desk: a folder, a handset on its cable, and its own name.
type deskProcess struct {
	t                       *testing.T
	n                       int
	program, home, register string
	killed                  int
}

func (d *deskProcess) name() string { return fmt.Sprintf("desk %02d", d.n) }
func (d *deskProcess) out() string  { return filepath.Join(d.home, "cases") }

// imei returns the IMEI of the desk's handset.
func (d *deskProcess) imei() string {
	for check := range 10 {
		if all := fmt.Sprintf("8687320535%04d%d", d.n, check); imei.LuhnOK(all) {
			return all
		}
	}
	panic("no check digit")
}

func (d *deskProcess) command(ctx context.Context, server string, args ...string) *exec.Cmd {
	cmd := exec.CommandContext(ctx, d.program, args...)
	cmd.Env = append(os.Environ(), "HOME="+d.home, "XDG_CONFIG_HOME="+d.home, "LC_ALL=C", "ADB_SERVER_SOCKET=tcp:"+server,
		"PRESHIP_REGISTER="+d.register, "PRESHIP_DESK="+d.name())
	return cmd
}

// prepare prepares the handset of the desk: killed at two random moments, and resumed.
func (d *deskProcess) prepare(profile []byte) error {
	file := filepath.Join(d.home, "handset.txtar")
	own := strings.NewReplacer("868732053538038", d.imei(), "868732053538046", d.imei(), "c9a0a2a6", fmt.Sprintf("c9a0%04d", d.n))
	if err := os.WriteFile(file, []byte(own.Replace(string(profile))), 0o600); err != nil {
		return err
	}
	if err := os.Mkdir(d.out(), 0o700); err != nil {
		return err
	}
	handset := d.command(context.Background(), "none", "handset", file, "--listen=", "--adb-server=127.0.0.1:0", "--owner=helpful", "--json")
	said, err := handset.StdoutPipe()
	if err != nil {
		return err
	}
	if err := handset.Start(); err != nil {
		return err
	}
	defer func() {
		_ = handset.Process.Kill()
		_ = handset.Wait() // it was killed
	}()
	var at struct {
		Server string `json:"adb_server"`
	}
	if err := json.NewDecoder(said).Decode(&at); err != nil {
		return err
	}
	random := rand.New(rand.NewPCG(uint64(d.n), 1))
	for try := range 3 {
		kill := 0
		if try < 2 {
			kill = 1 + random.IntN(40)
		}
		said, err := d.run(at.Server, kill)
		switch {
		case err == nil:
			return nil
		case errors.Is(err, errKilled):
			d.killed++
		default:
			return fmt.Errorf("%w\n%s", err, said)
		}
	}
	return errors.New("the job does not come to its end")
}

var errKilled = errors.New("killed")

// run runs the job, and kills it at an event before the reset; 0 lets it end. What a killed
// reset leaves is the subject of other tests.
func (d *deskProcess) run(server string, kill int) (said []byte, err error) {
	cmd := d.command(context.Background(), server, "prepare", "--out", d.out(), "--confirm=emulated", "--no-input", "--json")
	var problems bytes.Buffer
	cmd.Stderr = &problems
	out, err := cmd.StdoutPipe()
	if err != nil {
		return nil, err
	}
	if err := cmd.Start(); err != nil {
		return nil, err
	}
	lines := bufio.NewScanner(out)
	lines.Buffer(nil, 1<<20)
	killed, last := false, ""
	for n := 1; lines.Scan(); n++ {
		last = lines.Text()
		if strings.Contains(last, `"step":"reset"`) {
			kill = 0
		}
		if n == kill {
			killed = true
			_ = cmd.Process.Kill()
		}
	}
	if err = cmd.Wait(); killed && err != nil {
		return nil, errKilled
	}
	return append(problems.Bytes(), last...), err
}

// caseOf is what `preship cases --json` says of a case.
type caseOf struct {
	ID, Desk, Stand string
	IMEI            []string
	Backup          struct{ Held bool }
}

// cases returns what the desk sees of all desks.
func (d *deskProcess) cases(args ...string) (all []caseOf, err error) {
	cmd := d.command(context.Background(), "none", append([]string{"cases", "--out", d.out(), "--json"}, args...)...)
	var problems bytes.Buffer
	cmd.Stderr = &problems
	out, err := cmd.Output()
	if err == nil {
		err = json.Unmarshal(out, &all)
	}
	if err != nil || problems.Len() > 0 {
		return nil, fmt.Errorf("%s: %w: %s", d.name(), err, problems.Bytes())
	}
	return all, nil
}

// seesAll: every case on a disk is in the list once, with its desk and its backup, and no
// other is.
func (d *deskProcess) seesAll(desks []*deskProcess) {
	d.t.Helper()
	all, err := d.cases()
	must(d.t, err)
	seen := map[string]caseOf{}
	for _, c := range all {
		if _, twice := seen[c.ID]; twice {
			d.t.Errorf("%s sees %s twice", d.name(), c.ID)
		}
		seen[c.ID] = c
	}
	count := 0
	for _, other := range desks {
		folders, err := filepath.Glob(filepath.Join(other.out(), "PS-*"))
		must(d.t, err)
		ready := 0
		for _, folder := range folders {
			c, ok := seen[filepath.Base(folder)]
			if !ok || c.Desk != other.name() {
				d.t.Errorf("%s sees %s of %s as %+v", d.name(), folder, other.name(), c)
			}
			if c.Stand == "ready" && c.Backup.Held {
				ready++
			}
			count++
		}
		if ready != 1 {
			d.t.Errorf("%s sees %d finished cases of %s, want 1", d.name(), ready, other.name())
		}
	}
	if len(all) != count {
		d.t.Errorf("%s sees %d cases, and there are %d", d.name(), len(all), count)
	}
	other := desks[(d.n+1)%len(desks)]
	for _, args := range [][]string{{"--imei", other.imei()}, {"--imei", other.imei()[9:], "--verdict", "ready"}} {
		found, err := d.cases(args...)
		if err != nil || len(found) == 0 || found[0].Desk != other.name() {
			d.t.Errorf("%s finds %+v by %q, %v", d.name(), found, args, err)
		}
	}
}
