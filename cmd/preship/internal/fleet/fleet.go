package fleet

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"sync"

	"preship/adb"
	"preship/adb/reset"
	"preship/cmd/preship/internal/console"
	"preship/cmd/preship/internal/job"
	"preship/cmd/preship/internal/worklist"
	"preship/report/message"
	"preship/report/register"
)

// DefaultJobs is how many handsets copy at a time: enough that a cable is never idle
// while one of them is hashed or answers slowly, and few enough that a spinning disk
// writes long runs.
const DefaultJobs = 4

// Options say which handsets are prepared, and how.
type Options struct {
	All     bool     // every handset that the adb server knows
	Watch   bool     // also those that come later, until the context ends
	Serials []string // those that were named
	Jobs    int      // how many copy at a time; 1 or more
	// Worklist gives the ticket and the papers of each handset; nil is an empty list.
	Worklist *worklist.List
	Job      job.Options
	JSON     bool // events instead of lines or a screen
	NoInput  bool

	Codes Codes
	// Guide returns what a person does about a handset in a state other than ready.
	Guide func(adb.State) message.Sentence
	// Sealed writes what goes beside a sealed report, while its case is open. Its error
	// fails no job.
	Sealed func(*job.Job) error
	// Hints returns what a person does about an error, a line each.
	Hints func(error) []message.Sentence
}

// Codes are the exit codes of the command.
type Codes interface {
	Of(err error) int
	// Reason is the code that a script reads; "" for nil.
	Reason(err error) string
	// OfEnd is the code of a job that came to its end.
	OfEnd(end job.End) int
	// Worst returns the one of several codes that the command ends with.
	Worst(codes []int) int
}

// fleet is several handsets prepared at the same time. Each is a member with a job, a
// case and its own goroutine; they share the adb server, the signing key, the
// disk, and the one person who can be asked.
type fleet struct {
	console *console.Console
	host    job.Host
	options Options
	client  *adb.Client
	cases   *register.Finder
	turns   *Turns
	desk    chan struct{} // held by who is asking the person
	work    sync.WaitGroup

	mu      sync.Mutex
	members []*member // in the order they came
	view    view
}

// view is what a person or a script sees of a fleet. The fleet's lock guards it.
type view interface {
	tell(m *member, ev job.Event)
	done(m *member)
	// asking is called before a question, with the messages above it, and returns the
	// prompt. answered is called after it; typed says whether a line was typed.
	asking(m *member, stakes []message.Sentence, question message.Sentence) (prompt string)
	answered(typed bool)
	note(message.Sentence) // about no handset in particular
	close()
}

// Run prepares the handsets and returns the exit code of it all. The error means that
// no job was started.
func Run(ctx context.Context, c *console.Console, host job.Host, options Options) (code int, err error) {
	if err := options.Job.Absolute(); err != nil {
		return 0, err
	}
	// One key for all: it is made, or unlocked, before anybody waits for it.
	key, load := (*job.Key)(nil), host.Key
	host.Key = func(ctx context.Context) (_ *job.Key, err error) {
		if key == nil {
			key, err = load(ctx)
		}
		return key, err
	}
	first := job.New(host, c.Person(options.NoInput), options.Job)
	if err := first.CanFinish(ctx); err != nil {
		return 0, err
	}
	first.TellKey()
	client, err := host.Server(ctx)
	if err != nil {
		return 0, err
	}
	host.Server = func(context.Context) (*adb.Client, error) { return client, nil }
	f := &fleet{
		console: c, host: host, options: options, client: client, cases: register.NewFinder(options.Job.Out),
		turns: NewTurns(options.Jobs), desk: make(chan struct{}, 1),
	}
	f.view = f.newView()
	var helpers sync.WaitGroup
	over := make(chan struct{})
	helpers.Go(func() { f.noteEnd(ctx, over) })
	gatherErr := f.gather(ctx)
	following, stop := context.WithCancel(ctx)
	helpers.Go(func() { f.follow(following) })
	f.work.Wait()
	stop()
	close(over)
	helpers.Wait()
	f.view.close()
	return f.end(gatherErr)
}

// newView is the way this fleet is shown: events for a script, a screen on a
// terminal, and lines everywhere else.
func (f *fleet) newView() view {
	switch {
	case f.options.JSON:
		return newEventView(f)
	case f.console.RedrawsErr():
		return newScreen(f)
	}
	return &lineView{f}
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
		j, err := f.prepare(ctx, m)
		f.finish(ctx, m, j, err)
	})
}

// take hands an event of a member's job to whoever watches.
func (f *fleet) take(m *member, ev job.Event) {
	f.mu.Lock()
	defer f.mu.Unlock()
	m.note(ev, f.host.Now())
	f.view.tell(m, ev)
}

// ask puts one member's question, when no other is being asked.
func (f *fleet) ask(ctx context.Context, m *member, q job.Question) (string, error) {
	if f.options.NoInput {
		return "", console.Usage(&console.UnaskedError{Flag: q.Flag})
	}
	f.mu.Lock()
	m.text, m.asking = message.Say("fleet.queued"), true
	f.mu.Unlock()
	select {
	case f.desk <- struct{}{}:
	case <-ctx.Done():
		return "", ctx.Err()
	}
	defer func() { <-f.desk }()
	f.mu.Lock()
	m.text, m.hand = message.Say("fleet.to-confirm"), true
	prompt := f.view.asking(m, q.Stakes, q.Text)
	f.mu.Unlock()
	answer, err := f.console.Ask(ctx, q.Flag, console.Escape(prompt))
	f.mu.Lock()
	m.hand, m.asking = false, false
	f.view.answered(err == nil)
	f.mu.Unlock()
	return answer, console.Usage(err)
}

// mayConfirm refuses a typed confirmation that also fits another handset of this run.
func (f *fleet) mayConfirm(m *member, typed string) error {
	f.mu.Lock()
	defer f.mu.Unlock()
	for _, o := range f.members {
		if o != m && slices.ContainsFunc(o.tokens, func(t string) bool { return strings.EqualFold(t, strings.TrimSpace(typed)) }) {
			return fmt.Errorf("%w: %w", reset.ErrNotConfirmed, message.Error(message.Say("fleet.two-fit", "typed", typed, "handset", o.name()), nil))
		}
	}
	return nil
}

// errBroke is a fault of preship's own.
var errBroke = message.Error(message.Say("fleet.broke"), nil)
