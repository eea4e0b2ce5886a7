package main

import (
	"context"
	"time"

	"github.com/spf13/pflag"

	"preship/backup/agefile"
	"preship/cmd/preship/internal/job"
	"preship/cmd/preship/internal/volume"
	"preship/report"
)

// jobOptions are the options of a job as flags give them.
type jobOptions struct {
	job.Options
	encrypt encryptOptions
}

// of completes the options of a job from the flags that every command has.
func (o *jobOptions) of(e *env, g *globals) job.Options {
	opts := o.Options
	opts.Serial, opts.Language = g.serial, e.Language
	opts.Encrypt = func(ctx context.Context) (agefile.Encryption, *agefile.Key, error) {
		err := o.encrypt.read(ctx, e, g)
		return o.encrypt.encryption, o.encrypt.key, err
	}
	return opts
}

// host is this computer, as a job needs it.
func host(e *env, g *globals) job.Host {
	h := job.Host{
		Now: e.Now, ConfigDir: func() (string, error) { return configFolder(e) }, Free: e.freeIn, Tool: tool(),
		Server: g.serverFor(e),
		Key:    e.keys(g).ForJob,
	}
	if g.outputs != (outputs{}) {
		h.Outputs = &g.outputs
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
	return v.Free, err
}

// addWait adds the flag that bounds every wait for a person. Its default depends
// on whether there is one.
func (o *jobOptions) addWait(f *pflag.FlagSet, e *env) {
	def := 30 * time.Second
	if e.InTTY {
		def = 15 * time.Minute
	}
	f.DurationVar(&o.Wait, "wait", def, "how long to wait for a person to do something on the handset")
}

func (o *jobOptions) addAttest(f *pflag.FlagSet) {
	f.StringArrayVar(&o.Attest, "attest", nil, "say as the owner that this check, by its ID, is in order where the handset does not tell (printed on the report)")
}

func (o *jobOptions) addOnline(f *pflag.FlagSet) {
	f.BoolVar(&o.Online.Ask, "online", false, "also ask the maker's server whether an account locks this handset; sends it the IMEI (unofficial, untried)")
	f.StringVar(&o.Online.URL, "online-url", "", "ask this address instead of the maker's")
}
