package main

import (
	"context"
	"crypto/tls"
	"encoding/json"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"preship/adb"
	"preship/cmd/preship/internal/advice"
	"preship/cmd/preship/internal/console"
	desks "preship/cmd/preship/internal/desk"
	"preship/cmd/preship/internal/desk/guard"
	"preship/cmd/preship/internal/flagfile"
	"preship/cmd/preship/internal/hint"
	"preship/cmd/preship/internal/job"
	"preship/cmd/preship/internal/starthere"
	"preship/report/message"
	"preship/report/seal"
)

type deskOptions struct {
	out, listen   string
	noOpen, demo  bool
	cert, certKey string
	passwordFile  string
	register      string
	password      string
	wait          time.Duration
}

// deskWait is how long a job of the desk page waits for something to be done on a handset.
const deskWait = 15 * time.Minute

func newDeskCmd(e *env, g *globals) *cobra.Command {
	var opts deskOptions
	cmd := &cobra.Command{
		Use:   "desk",
		Short: "Do the job in a browser: one handset, or several",
		Long: "Serves a page on this computer and opens it: the same job with the same guards, with pictures, and with a board for\n" +
			"several handsets. Also cases, the intake form, and a check of packages that were sent. Only this computer reaches\n" +
			"the page, by a link that opens once; elsewhere it needs TLS and a password. Ctrl-C ends it, and cases resume.",
		RunE: func(cmd *cobra.Command, _ []string) error { return runDesk(cmd.Context(), e, g, opts) },
	}
	f := cmd.Flags()
	f.StringVar(&opts.out, "out", "", "the folder for cases (default with --demo: a new temporary folder)")
	f.StringVar(&opts.listen, "listen", "127.0.0.1:0", "address for the page")
	f.BoolVar(&opts.noOpen, "no-open", false, "do not open the browser")
	f.BoolVar(&opts.demo, "demo", false, "with three emulated handsets")
	f.StringVar(&opts.cert, "tls-cert", "", "the certificate of an address that others reach, as PEM")
	f.StringVar(&opts.certKey, "tls-key", "", "the key of the certificate, as PEM")
	f.StringVar(&opts.passwordFile, "password-file", "", "a file with the password of the page")
	addRegister(f, &opts.register)
	g.addAfter(f)
	f.DurationVar(&opts.wait, "wait", deskWait, "how long each wait for a person may take")
	return cmd
}

// check refuses flags that do not fit, and reads the password.
func (o *deskOptions) check() error {
	elsewhere := !guard.Loopback(o.listen)
	switch {
	case o.out == "" && !o.demo:
		return job.Usage(message.Say("usage.desk.out"))
	case o.wait < 0:
		return job.Usage(message.Say("usage.wait", "time", o.wait.String()))
	case (o.cert == "") != (o.certKey == ""), elsewhere && o.cert == "":
		return job.Usage(message.Say("usage.desk.tls", "address", o.listen))
	case elsewhere && o.passwordFile == "":
		return job.Usage(message.Say("usage.desk.password", "address", o.listen))
	case o.passwordFile == "":
		return nil
	}
	b, err := flagfile.Read(o.passwordFile, 1<<10)
	if err != nil {
		return wrongFlag("--password-file", err)
	}
	o.password, _, _ = strings.Cut(string(b), "\n")
	if o.password = strings.TrimSuffix(o.password, "\r"); len(o.password) < minPassword {
		return job.Usage(message.Say("usage.desk.password-short", "count", minPassword))
	}
	return nil
}

// minPassword is how many bytes the password of the page has at least.
const minPassword = 10

func (o *deskOptions) certificate() (*tls.Certificate, error) {
	if o.cert == "" {
		return nil, nil
	}
	cert, err := tls.LoadX509KeyPair(o.cert, o.certKey)
	if err != nil {
		return nil, wrongFlag("--tls-cert", err)
	}
	return &cert, nil
}

func runDesk(ctx context.Context, e *env, g *globals, opts deskOptions) error {
	if err := opts.check(); err != nil {
		return err
	}
	cert, err := opts.certificate()
	if err != nil {
		return err
	}
	if opts.out == "" {
		if opts.out, err = os.MkdirTemp("", "preship-desk-"); err != nil {
			return err
		}
	}
	if opts.out, err = filepath.Abs(opts.out); err != nil {
		return err
	}
	if err := e.openShared(opts.register); err != nil {
		return err
	}
	defer e.closeShared()
	around := *g
	owner := func(string) {}
	if opts.demo {
		emulated, err := emulateDesk()
		if err != nil {
			return err
		}
		defer emulated.close()
		around.adbAddr, owner = emulated.addr, emulated.help
	}
	o, err := deskFor(ctx, e, &around, opts)
	if err != nil {
		return err
	}
	if opts.demo {
		o.Owner = owner
	}
	return serveDesk(ctx, e, g, opts, cert, o)
}

// deskFor returns what the desk needs of this computer. The signing key is loaded now: no
// handset waits for its passphrase.
func deskFor(ctx context.Context, e *env, g *globals, opts deskOptions) (desks.Options, error) {
	computer := host(e, g)
	computer.Page = true
	key, err := computer.Key(ctx)
	if err != nil {
		return desks.Options{}, err
	}
	computer.Key = func(context.Context) (*job.Key, error) { return key, nil }
	first := job.New(computer, e.Person(g.noInput), job.Options{Out: opts.out, Wait: opts.wait})
	if err := first.CanFinish(ctx); err != nil {
		return desks.Options{}, err
	}
	first.TellKey()
	client, err := computer.Server(ctx)
	if err != nil {
		return desks.Options{}, err
	}
	computer.Server = func(context.Context) (*adb.Client, error) { return client, nil }
	o := desks.Options{
		Out: opts.out, Language: e.Language, Host: computer, Client: client, Shared: e.shared, Wait: opts.wait, Demo: opts.demo,
		Guide: func(s adb.State) message.Sentence { return advice.For(s).First },
		Hints: func(err error) []message.Sentence { return hint.For(err, "") },
		Sealed: func(j *job.Job, language string) error {
			sealed := j.End().Report
			return starthere.Write(j.Case(), &sealed, language)
		},
		Trust: func(ctx context.Context) (seal.VerifyOptions, error) {
			return reportVerifyOptions{}.verifyOptions(ctx, e, g)
		},
		Keys: e.keys(g),
	}
	if guard.Loopback(opts.listen) {
		o.Open = openFile
	}
	if e.shared != nil { // the list of all desks is in it, also before the first case here
		return o, os.MkdirAll(opts.out, 0o700)
	}
	return o, nil
}

// serveDesk serves the page until the context ends.
func serveDesk(ctx context.Context, e *env, g *globals, opts deskOptions, cert *tls.Certificate, o desks.Options) error {
	dir, err := configFolder(e)
	if err != nil {
		return err
	}
	sessions, err := desks.SessionKey(dir)
	if err != nil {
		return err
	}
	o.Memory = desks.OpenMemory(dir, opts.out)
	on, err := desks.ListenAgain(ctx, opts.listen, cert, o.Memory)
	if errors.Is(err, desks.ErrNameless) {
		return job.Usage(message.Say("usage.desk.nameless"))
	}
	if err != nil {
		return wrongFlag("--listen", err)
	}
	s := desks.NewServer(desks.New(o), desks.Access{
		Hosts: on.Hosts, TLS: on.TLS, Key: sessions, Password: opts.password,
		Used: func(path string) { e.Say(message.Say("desk.link.again", "url", on.URL(path))) },
	})
	url := on.URL(s.Link())
	if g.json {
		b, err := json.Marshal(map[string]string{"url": url})
		if err == nil {
			err = console.WriteJSON(e.Out, b)
		}
		if err != nil {
			return errors.Join(err, on.Close())
		}
	}
	e.Say(message.Say("desk.link", "url", url))
	e.Say(message.Say("desk.folder", "folder", opts.out))
	if guard.Loopback(opts.listen) && !opts.noOpen && openFile(url) != nil {
		e.Say(message.Say("desk.unopened"))
	}
	if err := s.Serve(ctx, on); err != nil {
		return err
	}
	return ctx.Err()
}

// errNoScreen: there is no program to open a page with.
var errNoScreen = errors.New("no screen")

// openFile opens a page or a file with the program that the system has for it.
func openFile(what string) error {
	name, args := "xdg-open", []string{what}
	switch runtime.GOOS {
	case "darwin":
		name = "open"
	case "windows":
		name, args = "rundll32", []string{"url.dll,FileProtocolHandler", what}
	default:
		if os.Getenv("DISPLAY") == "" && os.Getenv("WAYLAND_DISPLAY") == "" {
			return errNoScreen
		}
	}
	cmd := exec.Command(name, args...)
	if err := cmd.Start(); err != nil {
		return err
	}
	go func() { _ = cmd.Wait() }() // it may stay open as long as the browser
	return nil
}
