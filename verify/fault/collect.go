package fault

import (
	"context"
	"slices"
	"time"

	"preship/adb/handset"
	"preship/adb/handset/dump"
	"preship/adb/handset/health"
	"preship/report"
	"preship/report/check"
	"preship/report/message"
)

// Options choose the questions and the texts that may be shown.
type Options struct {
	Parts    []string // of package symptom; nil is all of them
	AppNames bool     // the owner agreed that the names of their apps are shown
	Now      func() time.Time
}

// collector reads one part.
type collector struct {
	part string
	ask  func(ctx context.Context, c *collection)
}

// collectors are in the order of a report.
var collectors = []collector{
	{"system", askSystem},
	{"battery", askBattery},
	{"restarts", askRestarts},
	{"crashes", askCrashes},
	{"thermal", askThermal},
	{"storage", askStorage},
	{"radio", askRadio},
	{"sensors", askSensors},
	{"cameras", askCameras},
	{"touch", askTouch},
}

// Collect asks the handset of id by r. The error is of a handset that left, or of ctx; a
// handset that refuses a question leaves its part unknown, with the reason in a finding.
func Collect(ctx context.Context, r handset.Reader, id handset.Identity, opts Options) (report.Fault, error) {
	at := opts.Now().UTC().Truncate(time.Second)
	c := &collection{r: r, id: id, opts: opts, at: at, out: report.Fault{Collected: &at}}
	for _, one := range collectors {
		if opts.Parts != nil && !slices.Contains(opts.Parts, one.part) {
			continue
		}
		one.ask(ctx, c)
		if err := ctx.Err(); err != nil {
			return report.Fault{}, err
		}
	}
	return c.out, nil
}

// collection has the answers so far.
type collection struct {
	r    handset.Reader
	id   handset.Identity
	opts Options
	at   time.Time
	out  report.Fault

	features *answer[string]          // nil: not asked yet
	props    *answer[dump.Properties] // nil: not asked yet
	events   *answer[health.Events]   // nil: not asked yet
	hal      *answer[health.HAL]      // nil: not asked yet
}

// add adds a finding.
func (c *collection) add(id string, status report.Status, said message.Sentence, seen message.Sentence, refs ...string) {
	row, ok := check.ByID(id)
	if !ok {
		panic("fault: no check " + id) // IDs come from the table
	}
	f := report.Finding{ID: id, Status: status, Method: report.MethodObserved, At: c.at}
	for _, ref := range refs {
		if ref != "" && !slices.Contains(f.Evidence, ref) {
			f.Evidence = append(f.Evidence, ref)
		}
	}
	f.Tell(said)
	f.See(seen)
	if status == report.StatusWarn && row.Remedy != "" {
		f.Advise(message.Say(row.Remedy))
	}
	c.out.Findings = append(c.out.Findings, f)
}

// unknown adds a finding about something that the handset does not show, with the reason.
func (c *collection) unknown(id string, said message.ID, why message.Sentence, refs ...string) {
	c.add(id, report.StatusUnknown, message.Say(said), why, refs...)
}

func (c *collection) sdk() int {
	n := 0
	for _, d := range c.id.SDK.Value {
		if d < '0' || d > '9' || n > 1000 {
			return 0
		}
		n = n*10 + int(d-'0')
	}
	return n
}

func (c *collection) featureList(ctx context.Context) answer[string] {
	return once(&c.features, func() answer[string] { return ask(ctx, c, handset.ListFeatures.Must(), dump.ParseFeatures) })
}

func (c *collection) healthService(ctx context.Context) answer[health.HAL] {
	return once(&c.hal, func() answer[health.HAL] { return one(ctx, c, handset.HealthService.Must(), health.ParseHAL) })
}

func (c *collection) properties(ctx context.Context) answer[dump.Properties] {
	return once(&c.props, func() answer[dump.Properties] { return one(ctx, c, handset.GetProp.Must(), dump.ParseProperties) })
}

// once asks what several parts need, and keeps the answer.
func once[T any](kept **answer[T], ask func() answer[T]) answer[T] {
	if *kept == nil {
		a := ask()
		*kept = &a
	}
	return **kept
}
