package central

import (
	"bytes"
	"context"
	"fmt"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"go.uber.org/goleak"

	"preship/report/safefile/safefiletest"
)

func TestMain(m *testing.M) {
	code := safefiletest.InMemory(m).Run()
	if cluster.stop != nil {
		cluster.stop()
	}
	if err := goleak.Find(); code == 0 && err != nil {
		fmt.Fprintln(os.Stderr, err)
		code = 1
	}
	os.Exit(code)
}

// cluster is one PostgreSQL server for all tests, made by the first.
var cluster struct {
	once sync.Once
	dir  string // its socket is in it
	why  string // why there is none
	stop func()

	mu sync.Mutex
	n  int
}

// database returns the address of an empty database of a real server.
func database(t testing.TB) string {
	t.Helper()
	cluster.once.Do(startCluster)
	if cluster.why != "" {
		if os.Getenv("PRESHIP_REQUIRE_TOOLS") == "1" {
			t.Fatal(cluster.why)
		}
		t.Skip(cluster.why)
	}
	cluster.mu.Lock()
	cluster.n++
	name := fmt.Sprintf("desks%d", cluster.n)
	cluster.mu.Unlock()
	run(t, on("postgres"), "CREATE DATABASE "+name)
	return on(name)
}

// on returns the address of a database of the cluster.
func on(name string) string {
	return "postgres:///" + name + "?user=desk&host=" + url.QueryEscape(cluster.dir)
}

// run runs SQL past the package.
func run(t testing.TB, address, sql string, args ...any) {
	t.Helper()
	conn, err := pgx.Connect(t.Context(), address)
	must(t, err)
	defer conn.Close(context.Background())
	_, err = conn.Exec(t.Context(), sql, args...)
	must(t, err)
}

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func startCluster() {
	postgres, initdb := tool("postgres"), tool("initdb")
	if postgres == "" || initdb == "" {
		cluster.why = "PostgreSQL is not installed"
		return
	}
	parent := ""
	if runtime.GOOS != "windows" {
		// Short enough for the name of a socket, and open to an ordinary user.
		parent = "/tmp"
		if disk := filepath.Dir(os.TempDir()); disk == "/dev/shm" { // see safefiletest
			parent = disk
		}
	}
	dir, err := os.MkdirTemp(parent, "preship-pg")
	if err != nil {
		cluster.why = err.Error()
		return
	}
	cluster.dir = dir
	data := filepath.Join(dir, "data")
	as := ordinary(dir)
	var said bytes.Buffer
	setUp := exec.Command(initdb, "-D", data, "-U", "desk", "-A", "trust", "--no-sync", "--no-instructions")
	setUp.SysProcAttr, setUp.Stdout, setUp.Stderr = as, &said, &said
	if err := setUp.Run(); err != nil {
		cluster.why = fmt.Sprintf("initdb: %v: %s", err, &said)
		return
	}
	server := exec.Command(postgres, "-D", data, "-k", dir, "-h", "", "-F", "-c", "full_page_writes=off")
	server.SysProcAttr, server.Dir = as, dir
	if err := server.Start(); err != nil {
		cluster.why = err.Error()
		return
	}
	over := make(chan struct{})
	go func() { defer close(over); _ = server.Wait() }()
	cluster.stop = func() {
		_ = server.Process.Signal(syscall.SIGQUIT)
		<-over
		_ = os.RemoveAll(dir)
	}
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	for {
		conn, err := pgx.Connect(ctx, on("postgres"))
		if err == nil {
			_ = conn.Close(ctx)
			return
		}
		select {
		case <-over:
			cluster.why = "postgres ended at once"
			return
		case <-ctx.Done():
			cluster.why = err.Error()
			return
		case <-time.After(20 * time.Millisecond): // it has no other way to say that it is up
		}
	}
}

// tool finds a program of PostgreSQL; Debian keeps them out of PATH.
func tool(name string) string {
	if path, err := exec.LookPath(name); err == nil {
		return path
	}
	found, _ := filepath.Glob("/usr/lib/postgresql/*/bin/" + name)
	if len(found) == 0 {
		return ""
	}
	return found[len(found)-1]
}

// ordinary is a user other than root, as whom PostgreSQL refuses to run.
func ordinary(dir string) *syscall.SysProcAttr {
	if runtime.GOOS == "windows" || os.Getuid() != 0 {
		return nil
	}
	const nobody = 65534
	_ = os.Chown(dir, nobody, nobody)
	return asUser(nobody)
}
