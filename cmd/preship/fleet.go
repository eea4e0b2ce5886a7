package main

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"

	"github.com/spf13/pflag"

	"preship/adb"
	"preship/adb/reset"
	"preship/cmd/preship/internal/console"
)

// fleetOptions are how prepare works on several handsets.
type fleetOptions struct {
	all   bool // that the adb server knows
	watch bool // also those that come later
	jobs  int  // how many copy at a time
}

// defaultJobs is how many handsets copy at a time: enough that a cable is never
// idle while one of them is hashed or answers slowly, and few enough that a
// spinning disk writes long runs.
const defaultJobs = 4

func (o *fleetOptions) add(f *pflag.FlagSet) {
	f.BoolVar(&o.all, "all", false, "prepare every handset that is connected, side by side, each with a case of its own in --out")
	f.BoolVar(&o.watch, "watch", false, "go on until ctrl-c, and also take each handset that is plugged in meanwhile")
	f.IntVar(&o.jobs, "jobs", defaultJobs, "with several handsets, how many copy their files at a time; all else is done side by side")
}

// many says whether several handsets are asked for.
func (o fleetOptions) many(g *globals) bool { return o.all || o.watch || len(g.serials) > 1 }

// check refuses what was said of one handset and would be taken for all.
func (o fleetOptions) check(g *globals, opts jobOptions) error {
	if o.jobs < 1 {
		return usagef("--jobs %d: say 1 or more", o.jobs)
	}
	for _, row := range []struct {
		given      bool
		flag, then string
	}{
		{o.all && len(g.serials) > 0, "--all", "it means every handset; leave --serial out"},
		{opts.out == "", "several handsets", "say with --out DIR in which folder their cases are kept"},
		{opts.dir != "", "--case", "it is one handset's; with --out DIR the cases there are gone on with"},
		{len(opts.claims.IMEI)+len(opts.claims.Box)+len(opts.claims.Sticker)+len(opts.claims.Receipt) > 0, "--imei…", "it is one handset's"},
		{opts.claims.SN != "", "--sn-box", "it is one handset's"},
		{len(opts.attest) > 0, "--attest", "its owner says it of one handset"},
		{opts.again, "--again", "it is for one handset's lost answer"},
		{g.junit != "" || g.ctrf != "", "--junit, --ctrf", "it is one file; take it from each case afterwards, with preship report"},
	} {
		if row.given {
			return usagef("%s: %s", row.flag, row.then)
		}
	}
	return nil
}

// fleet is several handsets prepared at the same time. Each is a member with a
// job, a case and a goroutine of its own; they share the adb server, the signing
// key, the disk, and the one person there is to be asked.
type fleet struct {
	env     *env
	globals *globals
	opts    jobOptions
	options fleetOptions
	client  *adb.Client
	key     *sealKey
	turns   *turns
	desk    chan struct{} // held by who is asking the person
	work    sync.WaitGroup

	mu      sync.Mutex
	members []*member // in the order they came
	view    view
}

// view shows a fleet. It is told of one thing at a time.
type view interface {
	event(m *member, ev event)
	// asking is called before a question is put, with what is at stake, and gives
	// the words to put it in; answered after it, with whether a line was typed.
	asking(m *member, stakes []string, question string) (prompt string)
	answered(typed bool)
	note(text string) // about no handset in particular
	close()
}

func runFleet(ctx context.Context, e *env, g *globals, opts jobOptions, options fleetOptions) error {
	if err := options.check(g, opts); err != nil {
		return err
	}
	if err := opts.absolute(); err != nil {
		return err
	}
	// One key for all: it is made, or unlocked, before anybody waits for it.
	first := newJob(e, g, opts)
	if err := first.canFinish(ctx); err != nil {
		return err
	}
	first.tellKey()
	client, err := g.server(ctx, e)
	if err != nil {
		return err
	}
	f := &fleet{
		env: e, globals: g, opts: opts, options: options, client: client, key: first.key,
		turns: newTurns(options.jobs), desk: make(chan struct{}, 1),
	}
	f.view = f.newView()
	var helpers sync.WaitGroup
	over := make(chan struct{})
	helpers.Go(func() { f.noteEnd(ctx, over) })
	gatherErr := f.gather(ctx)
	f.work.Wait()
	close(over)
	helpers.Wait()
	f.view.close()
	return f.end(ctx, gatherErr)
}

// newView is the way this fleet is shown: events for a script, a screen on a
// terminal, and lines everywhere else.
func (f *fleet) newView() view {
	switch {
	case f.globals.json:
		return &eventView{f.env.events()}
	case f.env.RedrawsErr():
		return newScreen(f)
	}
	return &lineView{env: f.env}
}

// join adds a handset. The caller holds mu.
func (f *fleet) join(info adb.DeviceInfo) *member {
	m := &member{serial: info.Serial, model: strings.ReplaceAll(info.Model, "_", " ")}
	for n := tailLen; ; n++ {
		m.tail = tailOf(info.Serial, n)
		same := func(o *member) bool { return o.tail == m.tail }
		if n >= len(info.Serial) || !slices.ContainsFunc(f.members, same) {
			break
		}
	}
	f.members = append(f.members, m)
	return m
}

// start begins, or begins again, the work on one member. The caller holds mu.
func (f *fleet) start(ctx context.Context, m *member) {
	m.begin()
	f.work.Go(func() {
		j := f.jobOf(m)
		err := f.prepare(ctx, m, j)
		f.finish(ctx, m, j, err)
	})
}

// take hands an event of a member's job to whoever watches.
func (f *fleet) take(m *member, ev event) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.tell(m, ev)
}

func (f *fleet) tell(m *member, ev event) {
	m.note(ev)
	f.view.event(m, ev)
}

// ask puts one member's question, when no other is being asked.
func (f *fleet) ask(ctx context.Context, m *member, stakes []string, flag, question string) (string, error) {
	f.mu.Lock()
	m.text = "waiting to be asked about"
	f.mu.Unlock()
	select {
	case f.desk <- struct{}{}:
	case <-ctx.Done():
		return "", ctx.Err()
	}
	defer func() { <-f.desk }()
	f.mu.Lock()
	m.text, m.hand = "to be confirmed", true
	prompt := f.view.asking(m, stakes, strings.TrimSpace(question))
	f.mu.Unlock()
	answer, err := f.env.ask(ctx, f.globals, flag, console.Escape(prompt))
	f.mu.Lock()
	m.hand = false
	f.view.answered(err == nil)
	f.mu.Unlock()
	return answer, err
}

// mayConfirm keeps one handset's answer from being used for another: one that
// names a second handset of this run as well names none.
func (f *fleet) mayConfirm(m *member, typed string) error {
	f.mu.Lock()
	defer f.mu.Unlock()
	for _, o := range f.members {
		if o != m && slices.ContainsFunc(o.tokens, func(t string) bool { return strings.EqualFold(t, strings.TrimSpace(typed)) }) {
			return fmt.Errorf("%w: %s is also the end of a number of %s; take another number of this one", reset.ErrNotConfirmed, typed, o.name())
		}
	}
	return nil
}

// errBroke is a fault of preship's own.
var errBroke = errors.New("preship itself broke here; please report it")
