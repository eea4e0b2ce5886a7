package main

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"preship/cmd/preship/internal/faultform"
	"preship/cmd/preship/internal/flagfile"
	"preship/cmd/preship/internal/job"
	"preship/cmd/preship/internal/sheet"
	"preship/report"
	"preship/report/casedir"
	"preship/report/message"
	"preship/report/symptom"
)

type faultOptions struct {
	jobOptions
	kind    string
	answers []string // QUESTION=ANSWER
	tests   []string // TEST=RESULT
	photos  []string
	extras  job.Extras
}

func newFaultCmd(e *env, g *globals) *cobra.Command {
	var opts faultOptions
	cmd := &cobra.Command{
		Use:   "fault",
		Short: "Describe the fault, and read the handset's own record of it",
		Long: "Asks a few questions about the fault, and reads the handset's records about it: battery wear, restarts, crashes, heat,\n" +
			"storage, network, sensors. Without --record and --bugreport it only reads. Do it before the reset, which destroys these records.\n" +
			"With --case it goes into the report. Apps that you installed are counted, and named only with --app-names.",
		RunE: func(cmd *cobra.Command, _ []string) error { return runFault(cmd.Context(), e, g, opts) },
	}
	f := cmd.Flags()
	f.StringVar(&opts.Dir, "case", "", "keep the answers in this case")
	f.StringVar(&opts.kind, "kind", "", "the kind of fault: "+symptom.IDs())
	f.StringArrayVar(&opts.answers, "answer", nil, "QUESTION=ANSWER, one answer beforehand, such as often=always")
	f.StringArrayVar(&opts.tests, "test", nil, "TEST=pass, fail or not-done: a test done by hand, such as speaker=fail")
	f.StringArrayVar(&opts.photos, "photo", nil, "a JPEG or PNG picture of the fault, which the report shows")
	f.BoolVar(&opts.extras.Screenshot, "screenshot", false, "take a picture of the handset's screen for the report")
	f.BoolVar(&opts.extras.Recording, "record", false, "keep a recording of the screen in the case (10 s)")
	f.BoolVar(&opts.extras.Bugreport, "bugreport", false, "keep a bugreport in the case (2 to 10 minutes)")
	f.BoolVar(&opts.AppNames, "app-names", false, "name the apps that crashed")
	opts.addWait(f, e)
	addTimeout(f, &opts.Timeout)
	return cmd
}

// given returns what the flags say of the fault.
func (o faultOptions) given(now time.Time) (report.Fault, error) {
	f := report.Fault{}.With(report.Fault{})
	if o.kind != "" {
		k, ok := faultform.Kind(o.kind)
		if !ok {
			return f, job.Usage(message.Say("usage.fault.kind", "value", o.kind, "kinds", symptom.IDs()))
		}
		f.Kind = k.ID
	}
	if len(o.answers) > 0 && f.Kind == "" {
		return f, job.Usage(message.Say("usage.fault.no-kind"))
	}
	kind, _ := symptom.ByID(f.Kind)
	for _, a := range o.answers {
		id, text, _ := strings.Cut(a, "=")
		q, ok := symptom.QuestionNamed(id)
		answer, said := q.Read(text)
		if !ok || !said || !slices.Contains(kind.Questions, id) {
			return f, job.Usage(message.Say("usage.fault.answer", "questions", strings.Join(kind.Questions, ", ")))
		}
		f.Answers = append(f.Answers, answer)
	}
	for _, t := range o.tests {
		id, result, _ := strings.Cut(t, "=")
		if !slices.Contains(symptom.Tests, id) || !slices.Contains(symptom.Results, result) {
			return f, job.Usage(message.Say("usage.fault.test", "tests", strings.Join(symptom.Tests, ", ")))
		}
		faultform.SetTest(&f, report.FaultTest{Test: id, Result: result, At: now.UTC().Truncate(time.Second)})
	}
	if o.Dir == "" && (len(o.photos) > 0 || o.extras != job.Extras{}) {
		return f, job.Usage(message.Say("usage.fault.case"))
	}
	return f, nil
}

func runFault(ctx context.Context, e *env, g *globals, opts faultOptions) error {
	f, err := opts.given(e.Now())
	if err != nil {
		return err
	}
	var photos [][]byte // read first: a wrong file asks nothing of a handset
	for _, file := range opts.photos {
		b, err := flagfile.Read(file, maxPhoto)
		if err != nil {
			return wrongFlag("--photo", err)
		}
		photos = append(photos, b)
	}
	j := job.New(host(e, g), e.person(g), opts.of(e, g))
	defer j.Close()
	err = j.Within(ctx, func(ctx context.Context) error {
		f, err = j.Fault(ctx, f, opts.extras)
		return err
	})
	if err == nil {
		err = pictures{j.Case(), e.person(g), &f}.keepAll(ctx, opts.photos, photos)
	}
	if err != nil {
		return err
	}
	if g.json {
		return e.PrintJSON(f)
	}
	sheet.Fault(e.Console, f)
	if c := j.Case(); c != nil {
		e.Say(message.Say("fault.kept", "case", c.Dir()))
	}
	return nil
}

// pictures takes the photos of a fault into its case.
type pictures struct {
	kept   *casedir.Case // nil: nothing is kept
	person job.Person
	fault  *report.Fault
}

// keepAll keeps the photos that flags named, or asks for some if there are none. A person
// who can answer says yes to each.
func (p pictures) keepAll(ctx context.Context, files []string, photos [][]byte) error {
	if p.kept == nil {
		return nil
	}
	for i, b := range photos {
		if err := p.keep(ctx, files[i], b); err != nil {
			return fmt.Errorf("%s: %w", files[i], err)
		}
	}
	for len(files) == 0 && p.person.CanAsk() {
		file, err := p.person.Ask(ctx, job.Question{Flag: "--photo", Text: message.Say("fault.picture.path")})
		if err != nil || file == "" {
			return err
		}
		b, err := flagfile.Read(file, maxPhoto)
		if err == nil {
			err = p.keep(ctx, file, b)
		}
		if ctx.Err() != nil {
			return err
		}
		if err != nil {
			p.person.Tell(job.Warned{Text: message.Of(err)}) // a mistyped path is asked again
		}
	}
	return nil
}

func (p pictures) keep(ctx context.Context, file string, b []byte) error {
	if p.person.CanAsk() {
		answer, err := p.person.Ask(ctx, job.Question{Flag: "--photo", Text: message.Say("fault.picture.ask", "file", file)})
		if yes, plain := message.YesOrNo(answer); err != nil || !plain || !yes {
			return err
		}
	}
	photo, err := p.kept.AddPhoto(b)
	if err != nil {
		return err
	}
	*p.fault = p.fault.With(report.Fault{Pictures: []report.FaultPicture{{Photo: photo}}})
	return p.kept.KeepFault(*p.fault)
}
