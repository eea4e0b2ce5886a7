package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"path/filepath"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"preship/cmd/preship/internal/console"
	"preship/cmd/preship/internal/flagfile"
	"preship/cmd/preship/internal/interview"
	"preship/cmd/preship/internal/job"
	"preship/report"
	"preship/report/casedir"
	"preship/report/intake"
	"preship/report/message"
)

type intakeOptions struct {
	dir, out string
	from     string
	set      []string // FIELD=VALUE
	photos   []string
	erase    bool
	template bool
}

func newIntakeCmd(e *env, g *globals) *cobra.Command {
	var opts intakeOptions
	cmd := &cobra.Command{
		Use:   "intake",
		Short: "Fill in the owner and the fault, and make the claim",
		Long: "Asks about the owner, the purchase and the fault, and writes claim.txt: the message to the maker or the seller. With\n" +
			"--out it begins a case before any handset is connected; preship prepare --case resumes it. Every answer is kept\n" +
			"at once, and the same command resumes at the next question. A form that contradicts the handset of the case is\n" +
			"refused. It never asks for a passcode.\n" +
			"--template prints an empty form for --from; for its schema see preship report schema intake\n" +
			"intake.json, claim.txt and fault.pdf are personal: --erase deletes them later, and the report still verifies.",
		RunE: func(cmd *cobra.Command, _ []string) error { return runIntake(cmd.Context(), e, g, opts) },
	}
	cmd.Flags().StringVar(&opts.dir, "case", "", "the case to fill in")
	cmd.Flags().StringVar(&opts.out, "out", "", "begin a new case in this folder")
	cmd.Flags().StringVar(&opts.from, "from", "", "a JSON or YAML file with the answers, or - for JSON on standard input")
	cmd.Flags().StringArrayVar(&opts.set, "set", nil, "FIELD=VALUE, one answer by its name in --template, such as ticket.rma=R-1")
	cmd.Flags().BoolVar(&opts.template, "template", false, "print an empty form as YAML, with a comment for each field")
	cmd.Flags().StringArrayVar(&opts.photos, "photo", nil, "a JPEG or PNG picture of its condition; what the camera wrote into it is left out")
	cmd.Flags().BoolVar(&opts.erase, "erase", false, "delete the personal files of the case")
	return cmd
}

func (o intakeOptions) check() error {
	answers := o.from != "" || len(o.set) > 0 || len(o.photos) > 0
	switch {
	case o.template && (o.dir != "" || o.out != "" || o.erase || answers):
		return job.Usage(message.Say("usage.intake.template"))
	case o.template:
		return nil
	case o.dir != "" && o.out != "":
		return job.Usage(message.Say("usage.case-or-out"))
	case o.erase && (answers || o.out != ""):
		return job.Usage(message.Say("usage.intake.two"))
	case o.dir == "" && o.out == "":
		return job.Usage(message.Say("usage.intake.folder"))
	}
	return nil
}

func runIntake(ctx context.Context, e *env, g *globals, opts intakeOptions) error {
	switch err := opts.check(); {
	case err != nil:
		return err
	case opts.template:
		_, err := io.WriteString(e.Out, intake.Template(e.Language))
		return err
	case opts.erase:
		if err := casedir.EraseIntake(opts.dir); err != nil {
			return err
		}
		e.Say(message.Say("form.erased"))
		return nil
	}
	asker := job.Interviewee(e.Person(g.noInput), "--from")
	file, err := opts.file(ctx, e) // first: a wrong file leaves no empty case
	if err != nil {
		return tellIntake(e, err)
	}
	if file == nil && len(opts.set) == 0 && !e.Person(g.noInput).CanAsk() {
		return console.Usage(&console.UnaskedError{Flag: "--from"})
	}
	c, err := opts.open(e)
	if err != nil {
		return err
	}
	e.again = "preship intake --case " + console.Quote(c.Dir())
	kept, err := fillIntake(ctx, c, asker, interview.Options{Now: e.Now, Language: e.Language}, file, opts)
	if err := errors.Join(err, c.Close()); err != nil {
		return tellIntake(e, err)
	}
	if kept.like.Status != report.StatusPass {
		e.Warn(kept.like.Sentence())
	}
	if g.json {
		return e.PrintJSON(kept.form)
	}
	e.Print(message.Say("form.kept", "case", c.ID(), "ticket", kept.form.Ticket.ID, "date", kept.form.Ticket.ShipBy))
	if kept.claim == nil {
		e.Sayf("  %s", message.Say("form.next", "case", console.Quote(c.Dir())))
		return nil
	}
	interview.Show(asker, kept.claim)
	e.Say(message.Say("form.claim", "file", filepath.Join(c.Dir(), casedir.ClaimName)))
	e.Say(message.Say("form.next.prepare", "case", console.Quote(c.Dir())))
	return nil
}

// open opens the case, or begins one in the folder of --out.
func (o intakeOptions) open(e *env) (*casedir.Case, error) {
	if o.out == "" {
		return casedir.Open(o.dir)
	}
	dir, err := filepath.Abs(o.out)
	if err != nil {
		return nil, err
	}
	c, err := casedir.CreateIn(dir, e.Now())
	if err == nil {
		e.Say(message.Say("form.begun", "folder", c.Dir()))
	}
	return c, err
}

// keptForm is a form that is in the case.
type keptForm struct {
	form  intake.Form
	like  report.Finding // whether it is about the handset
	claim []byte         // nil: the report makes it
}

// fillIntake fills the form of the case from a file, which is nil without a file, from
// --set, or else from the person.
func fillIntake(ctx context.Context, c *casedir.Case, asker interview.Asker, how interview.Options, file *intake.Form, opts intakeOptions) (kept keptForm, err error) {
	switch {
	case file != nil:
		kept.form, err = setFields(*file, opts.set)
	case len(opts.set) > 0:
		var draft casedir.Draft
		if draft, _, err = c.Draft(); err == nil {
			kept.form, err = setFields(draft.Form, opts.set)
		}
	default:
		kept.form, err = interview.Run(ctx, c, asker, how)
	}
	if err == nil {
		err = addPhotos(c, &kept.form, opts.photos)
	}
	if err == nil {
		kept.form, err = c.SetIntake(kept.form, how.Now())
	}
	if err == nil {
		kept.like, err = c.CompareIntake(kept.form)
	}
	if err == nil {
		kept.claim, err = interview.FirstClaim(c, kept.form, tool())
	}
	return kept, err
}

func addPhotos(c *casedir.Case, in *intake.Form, files []string) error {
	for _, file := range files {
		b, err := flagfile.Read(file, maxPhoto)
		if err != nil {
			return wrongFlag("--photo", err)
		}
		p, err := c.AddPhoto(b)
		if err != nil {
			return fmt.Errorf("%s: %w", file, err)
		}
		if !slices.Contains(in.Condition.Photos, p) {
			in.Condition.Photos = append(in.Condition.Photos, p)
		}
	}
	return nil
}

// tellIntake names each field that needs work, and makes it a wrong call.
func tellIntake(e *env, err error) error {
	wrong := (*intake.Error)(nil)
	if !errors.As(err, &wrong) {
		if errors.Is(err, intake.ErrIncomplete) {
			return wrongFlag("", err)
		}
		return err
	}
	for _, p := range wrong.Problems {
		e.Sayf("  %s: %s", p.Field, p.What)
	}
	return job.Usage(message.Say("usage.intake.problems", "count", len(wrong.Problems)))
}

const (
	maxForm  = 2 << 20  // of answers; a form has a few pages
	maxPhoto = 64 << 20 // package intake sets the real limit
)

// readAnswers reads the file of --from.
func readAnswers(ctx context.Context, e *env, from string) (b []byte, err error) {
	if from == "-" {
		err = e.ReadInput(ctx, message.Say("ask.input.answers"), func(in io.Reader) (err error) {
			b, err = io.ReadAll(io.LimitReader(in, maxForm))
			return err
		})
		if err != nil {
			return nil, err // b may still be written
		}
		return b, nil
	}
	return flagfile.Read(from, maxForm)
}

// file returns the form of --from, nil if it is not given.
func (o intakeOptions) file(ctx context.Context, e *env) (*intake.Form, error) {
	if o.from == "" {
		return nil, nil
	}
	in, err := readForm(ctx, e, o.from)
	if err != nil || o.out == "" {
		return &in, err
	}
	whole, err := setFields(in, o.set)
	if err != nil {
		return nil, err
	}
	whole.Fill(nil, "new")
	whole.Complete(e.Now())
	if problems := whole.Problems(e.Now(), nil); len(problems) > 0 {
		return nil, &intake.Error{Problems: problems}
	}
	return &in, nil
}

// readPreparedForm reads the form of prepare --intake, and names all that is wrong in it
// before anything is asked of a handset. The handset may fill in the model.
func readPreparedForm(ctx context.Context, e *env, file string, opts *job.Options) error {
	switch {
	case file == "":
		return nil
	case opts.NoIntake:
		return job.Usage(message.Say("usage.intake.both"))
	}
	in, err := readForm(ctx, e, file)
	if err != nil {
		return tellIntake(e, err)
	}
	whole := in
	whole.Fill(nil, "new")
	whole.Complete(e.Now())
	problems := slices.DeleteFunc(whole.Problems(e.Now(), nil), func(p intake.Problem) bool {
		return p.Field == "product.model" && whole.Product.Model == ""
	})
	if len(problems) > 0 {
		return tellIntake(e, &intake.Error{Problems: problems})
	}
	opts.Intake = &in
	return nil
}

// readForm reads a form from a file, or from standard input.
func readForm(ctx context.Context, e *env, from string) (intake.Form, error) {
	b, err := readAnswers(ctx, e, from)
	if err != nil {
		return intake.Form{}, wrongFlag("--from", err)
	}
	if b, err = flagfile.JSON(from, b); err != nil {
		return intake.Form{}, wrongFlag(from, err)
	}
	in, err := intake.Parse(b)
	in.Customer.Language = cmp.Or(in.Customer.Language, e.Language)
	return in, err
}

// setFields puts answers of the form FIELD=VALUE in a form.
func setFields(in intake.Form, answers []string) (intake.Form, error) {
	var problems []intake.Problem
	for _, answer := range answers {
		name, value, _ := strings.Cut(answer, "=")
		f, ok := intake.FieldNamed(name)
		if !ok {
			problems = append(problems, intake.Problem{Field: name, What: message.Say("intake.problem.unknown-field")})
			continue
		}
		if problem := f.Read(&in, value); !problem.Empty() {
			problems = append(problems, intake.Problem{Field: name, What: problem})
		}
	}
	if len(problems) > 0 {
		return in, &intake.Error{Problems: problems}
	}
	return in, nil
}
