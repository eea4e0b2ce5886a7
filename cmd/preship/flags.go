package main

import (
	"context"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"preship/adb"
	"preship/backup/agefile"
	"preship/cmd/preship/internal/after"
	"preship/cmd/preship/internal/desks"
	"preship/cmd/preship/internal/doctor"
	"preship/cmd/preship/internal/job"
	"preship/cmd/preship/internal/uptime"
	"preship/cmd/preship/internal/volume"
	"preship/report"
	"preship/report/imei"
	"preship/report/message"
	"preship/report/timestamp/authority"
)

// client is a client of the adb server the environment names. start lets it
// start one if no server answers.
func (g *globals) client(start bool) (*adb.Client, error) {
	client, err := adb.New(adb.Options{Addr: g.adbAddr, Start: start && g.adbAddr == ""})
	if err != nil {
		return nil, wrongFlag("", err)
	}
	return client, nil
}

// server is a client of an adb server that answers. One that preship had to start
// keeps running; preship stops no server.
func (g *globals) server(ctx context.Context, e *env) (*adb.Client, error) {
	client, err := g.client(true)
	if err != nil {
		return nil, err
	}
	started, err := client.Ensure(ctx)
	if err != nil {
		return nil, err
	}
	if started {
		e.Say(message.Say("connect.server-started"))
	}
	return client, nil
}

// serverFor is server, for a job.
func (g *globals) serverFor(e *env) func(context.Context) (*adb.Client, error) {
	return func(ctx context.Context) (*adb.Client, error) { return g.server(ctx, e) }
}

// duration is a flag that takes a time longer than 0.
type duration time.Duration

func (d *duration) Set(s string) error {
	v, err := time.ParseDuration(s)
	if err != nil || v <= 0 {
		return message.Error(message.Say("usage.duration"), nil)
	}
	*d = duration(v)
	return nil
}

func (d *duration) String() string {
	if *d == 0 {
		return ""
	}
	return time.Duration(*d).String()
}

func (d *duration) Type() string { return "DURATION" }

func addTimeout(f *pflag.FlagSet, d *time.Duration) {
	f.Var((*duration)(d), "timeout", "stop after this time, but not once a wipe is sent; exit code 1")
}

// urlFlag is a flag that takes the URL of an authority for time stamps.
type urlFlag string

func (u *urlFlag) Set(s string) error {
	if err := authority.CheckURL(s); err != nil {
		return err
	}
	*u = urlFlag(s)
	return nil
}

func (u *urlFlag) String() string { return string(*u) }
func (u *urlFlag) Type() string   { return "URL" }

func addTimestamp(f *pflag.FlagSet, url *string) {
	f.Var((*urlFlag)(url), "timestamp", "have this authority confirm the date (RFC 3161)")
}

// programFlag is a flag that takes a program, which must be there.
type programFlag struct {
	*after.Command
	name string
}

func (p *programFlag) Set(s string) (err error) {
	p.name = s
	p.Command, err = after.Find(s)
	return err
}

func (p *programFlag) String() string { return p.name }
func (p *programFlag) Type() string   { return "PROGRAM" }

func (g *globals) addAfter(f *pflag.FlagSet) {
	f.Var(&g.after, "after", "run this program when a case ends; see preship help scripts")
}

func addRegister(f *pflag.FlagSet, address *string) {
	f.StringVar(address, "register", "", "the register that desks share, a postgres:// address")
}

// openShared opens the register that desks share, if a flag or the environment names one.
func (e *env) openShared(flag string) error {
	address := desks.Address(flag)
	if address == "" {
		return nil
	}
	shared, err := desks.Open(address, e.Now)
	if err != nil {
		return wrongFlag("--register", err)
	}
	e.shared = shared
	return nil
}

func (e *env) closeShared() {
	if e.shared != nil {
		e.shared.Close()
	}
}

// imeiFlag is a flag that takes one whole IMEI. People and scanners put spaces,
// hyphens and slashes between its digits.
type imeiFlag string

func (i *imeiFlag) Set(s string) error {
	if *i != "" {
		return job.Usage(message.Say("usage.imei.one"))
	}
	digits := imei.Plain(s)
	switch {
	case len(digits) != 15 || !imei.Digits(digits):
		return job.Usage(message.Say("usage.imei.digits"))
	case !imei.LuhnOK(digits):
		return job.Usage(message.Say("usage.imei.check-digit"))
	}
	*i = imeiFlag(digits)
	return nil
}

func (i *imeiFlag) String() string { return string(*i) }
func (i *imeiFlag) Type() string   { return "IMEI" }

// asksHandset are the commands that use --serial. The others would ignore it and
// answer for every handset.
var asksHandset = []string{
	"prepare", "outlook", "identify", "fault", "backup", "accounts", "reset", "verify", "restore", "cases", "doctor", "handset",
}

// takesEmpty are flags for which an empty value means something.
var takesEmpty = []string{"listen", "adb-server"}

// checkHeard refuses flags that the command would ignore.
func checkHeard(cmd *cobra.Command) (err error) {
	path := strings.TrimPrefix(cmd.CommandPath(), cmd.Root().Name()+" ")
	cmd.Flags().Visit(func(f *pflag.Flag) {
		switch {
		case err != nil:
		case emptyValue(f) && !slices.Contains(takesEmpty, f.Name):
			err = job.Usage(message.Say("usage.flag.empty", "flag", "--"+f.Name))
		case f.Name == "serial" && !slices.Contains(asksHandset, path):
			err = job.Usage(message.Say("usage.flag.no-handset", "command", cmd.CommandPath()))
		}
	})
	return err
}

// emptyValue says whether a flag was given an empty value, as by a script whose
// variable is not set.
func emptyValue(f *pflag.Flag) bool {
	if list, ok := f.Value.(pflag.SliceValue); ok {
		all := list.GetSlice()
		return len(all) == 0 || slices.ContainsFunc(all, func(s string) bool { return strings.TrimSpace(s) == "" })
	}
	return strings.TrimSpace(f.Value.String()) == ""
}

// jobOptions are the options of a job as flags give them.
type jobOptions struct {
	job.Options
	encrypt encryptOptions
	wait    *pflag.Flag // --wait
}

// of completes the options of a job from the flags that every command has.
func (o *jobOptions) of(e *env, g *globals) job.Options {
	opts := o.Options
	e.Case = opts.Dir
	opts.Serial, opts.Language = g.serial, e.Language
	if o.wait != nil && o.wait.Changed { // its default is for a person, and too short for a handset that restarts
		opts.Away = opts.Wait
	}
	opts.Encrypt = func(ctx context.Context) (agefile.Encryption, *agefile.Key, error) {
		err := o.encrypt.read(ctx, e, g)
		return o.encrypt.encryption, o.encrypt.key, err
	}
	return opts
}

// host is this computer, as a job needs it.
func host(e *env, g *globals) job.Host {
	h := job.Host{
		Now: e.Now, Uptime: uptime.Now, ConfigDir: func() (string, error) { return configFolder(e) }, Free: e.freeIn, Tool: tool(),
		Server: g.serverFor(e), LinkSpeed: doctor.LinkSpeed,
		Key: e.keys(g).ForJob,
	}
	if e.shared != nil {
		h.Shared = e.shared
	}
	if g.junit != "" || g.ctrf != "" || g.policy != nil {
		h.Outputs = &g.outputs
	}
	if g.after.Command != nil {
		h.After = g.after.Run
	}
	return h
}

func tool() report.Tool {
	v := buildVersion()
	return report.Tool{Name: "preship", Version: v.Version, Commit: v.Commit, OS: v.OS}
}

// person is whoever a single step speaks with. With --json the answer is printed
// instead of messages.
func (e *env) person(g *globals) job.Person {
	if g.json {
		return e.Silent(g.noInput)
	}
	return e.Person(g.noInput)
}

func (e *env) freeIn(dir string) (int64, error) {
	if e.free != nil {
		return e.free(dir)
	}
	v, err := volume.Of(dir)
	if err != nil {
		err = message.Error(message.Say("backup.disk.free-space", "path", dir), err)
	}
	return v.Free, err
}

// addWait adds the flag that bounds every wait for a person. Its default depends
// on whether there is one.
func (o *jobOptions) addWait(f *pflag.FlagSet, e *env) {
	def := 30 * time.Second
	if e.InTTY {
		def = 15 * time.Minute
	}
	f.DurationVar(&o.Wait, "wait", def, "how long each wait for a person may take")
	o.wait = f.Lookup("wait")
}

func (o *jobOptions) addAttest(f *pflag.FlagSet) {
	f.StringArrayVar(&o.Attest, "attest", nil, "you, the owner, confirm this check; repeatable")
}

func (o *jobOptions) addOnline(f *pflag.FlagSet) {
	f.BoolVar(&o.Online.Ask, "online", false, "ask the maker's server about a lock; sends it the IMEI (unofficial, untried)")
	f.StringVar(&o.Online.URL, "online-url", "", "ask this server instead of the maker's")
}
