package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"slices"

	"github.com/spf13/cobra"

	"preship/cmd/preship/internal/console"
	"preship/cmd/preship/internal/flagfile"
	"preship/cmd/preship/internal/job"
	"preship/report"
	"preship/report/casedir"
	"preship/report/intake"
	"preship/report/message"
)

type intakeOptions struct {
	dir, from string
	photos    []string
	erase     bool
}

func newIntakeCmd(e *env, g *globals) *cobra.Command {
	var opts intakeOptions
	cmd := &cobra.Command{
		Use:   "intake",
		Short: "Fill in the owner and the fault, and make the claim",
		Long: "Asks what the maker or the seller needs to know: the owner, the purchase and the fault. The next report then holds\n" +
			"claim.txt, ready to paste or to read out, and the packing list. A form about another model or IMEI than the\n" +
			"handset of the case is refused. It never asks for a passcode. --from reads the answers from a file; for its\n" +
			"format see preship report schema intake\n" +
			"intake.json and claim.txt are personal: --erase deletes them later, and the report still verifies.",
		RunE: func(cmd *cobra.Command, _ []string) error { return runIntake(cmd.Context(), e, g, opts) },
	}
	cmd.Flags().StringVar(&opts.dir, "case", "", "the case this is about")
	cmd.Flags().StringVar(&opts.from, "from", "", "a JSON or YAML file with the answers, or - for JSON on standard input")
	cmd.Flags().StringArrayVar(&opts.photos, "photo", nil, "a JPEG or PNG picture of its condition; what the camera wrote into it is left out")
	cmd.Flags().BoolVar(&opts.erase, "erase", false, "delete the personal files of the case")
	return cmd
}

func runIntake(ctx context.Context, e *env, g *globals, opts intakeOptions) error {
	switch {
	case opts.dir == "":
		return job.Usage(message.Say("usage.case"))
	case opts.erase && (opts.from != "" || len(opts.photos) > 0):
		return job.Usage(message.Say("usage.intake.two"))
	case opts.erase:
		if err := casedir.EraseIntake(opts.dir); err != nil {
			return err
		}
		e.Say(message.Say("form.erased"))
		return nil
	}
	c, err := casedir.Open(opts.dir)
	if err != nil {
		return err
	}
	in, err := readIntake(ctx, e, g, c, opts.from)
	if err == nil {
		err = addPhotos(c, &in, opts.photos)
	}
	var like report.Finding
	if err == nil {
		in, err = c.SetIntake(in, e.Now())
	}
	if err == nil {
		like, err = c.CompareIntake(in)
	}
	if err := errors.Join(err, c.Close()); err != nil {
		return tellIntake(e, err)
	}
	if like.Status != report.StatusPass {
		e.Warn(like.Told())
	}
	if g.json {
		return e.PrintJSON(in)
	}
	e.Print(message.Say("form.kept", "case", c.ID(), "ticket", in.Ticket.ID, "date", in.Ticket.ShipBy))
	e.Sayf("  %s", message.Say("form.next", "case", console.Quote(opts.dir)))
	return nil
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

// readForm reads the answers of --from.
func readForm(e *env, from string) ([]byte, error) {
	if from == "-" {
		return io.ReadAll(io.LimitReader(e.In, maxForm))
	}
	return flagfile.Read(from, maxForm)
}

func readIntake(ctx context.Context, e *env, g *globals, c *casedir.Case, from string) (intake.Form, error) {
	if from == "" {
		before, _, err := c.Intake()
		if err != nil {
			return before, err
		}
		return before, askIntake(ctx, e, g, c, &before)
	}
	b, err := readForm(e, from)
	if err != nil {
		return intake.Form{}, wrongFlag("--from", err)
	}
	if b, err = flagfile.JSON(from, b); err != nil {
		return intake.Form{}, wrongFlag(from, err)
	}
	return intake.Parse(b)
}

// question is one line of the form. Its answer is put where set points; an empty
// answer keeps the present value.
type question struct {
	ask  message.ID
	need bool
	text *string
	flag *bool // asked as yes or no
}

func intakeQuestions(in *intake.Form) []question {
	return []question{
		{"form.ask.ticket", true, &in.Ticket.ID, nil},
		{"form.ask.rma", false, &in.Ticket.RMA, nil},
		{"form.ask.ship-by", false, &in.Ticket.ShipBy, nil},
		{"form.ask.name", true, &in.Customer.Name, nil},
		{"form.ask.address", true, &in.Customer.Address, nil},
		{"form.ask.phone", false, &in.Customer.Phone, nil},
		{"form.ask.email", false, &in.Customer.Email, nil},
		{"form.ask.language", false, &in.Customer.Language, nil},
		{"form.ask.model", true, &in.Product.Model, nil},
		{"form.ask.imei", false, &in.Product.IMEIBox, nil},
		{"form.ask.seller", true, &in.Purchase.Seller, nil},
		{"form.ask.from-maker", false, nil, &in.Purchase.FromMaker},
		{"form.ask.date", true, &in.Purchase.Date, nil},
		{"form.ask.country", true, &in.Purchase.Country, nil},
		{"form.ask.invoice", false, &in.Purchase.Document, nil},
		{"form.ask.fault", true, &in.Fault.Description, nil},
		{"form.ask.since", false, &in.Fault.Since, nil},
		{"form.ask.dropped", false, &in.Fault.DropOrLiquid, nil},
		{"form.ask.tried", false, &in.Fault.Tried, nil},
		{"form.ask.sim", false, nil, &in.Handed.SIMRemoved},
		{"form.ask.sd", false, nil, &in.Handed.SDRemoved},
		{"form.ask.case", false, nil, &in.Handed.CaseRemoved},
		{"form.ask.backup", true, &in.Backup.Made, nil},
		{"form.ask.consent", false, nil, &in.Consent.Wipe},
		{"form.ask.agreed-by", true, &in.Consent.By, nil},
		{"form.ask.prepared-by", true, &in.People.PerformedBy, nil},
	}
}

func askIntake(ctx context.Context, e *env, g *globals, c *casedir.Case, in *intake.Form) error {
	// What the handset knows better is asked again at once, while the box is at hand.
	told := map[*string]string{&in.Product.Model: "product.model", &in.Product.IMEIBox: "product.imei_box"}
	for _, q := range intakeQuestions(in) {
		for again := true; again; {
			if err := q.put(ctx, e, g); err != nil {
				return err
			}
			problems, err := c.Unlike(*in)
			if err != nil {
				return err
			}
			again = false
			for _, p := range problems {
				if q.text != nil && p.Field == told[q.text] {
					e.Sayf("  %s", p.What)
					again = true
				}
			}
		}
	}
	return nil
}

func (q question) put(ctx context.Context, e *env, g *globals) error {
	prompt := e.Words(message.Say(q.ask))
	switch {
	case q.flag != nil && *q.flag:
		prompt += fmt.Sprintf(" [%s]", e.Words(message.Say("form.yes")))
	case q.flag != nil:
		prompt += fmt.Sprintf(" [%s]", e.Words(message.Say("form.no")))
	case *q.text != "":
		prompt += fmt.Sprintf(" [%s]", console.Escape(*q.text))
	}
	for {
		answer, err := e.ask(ctx, g, "--from", prompt+":")
		if err != nil {
			return err
		}
		switch {
		case answer == "" && (q.flag != nil || *q.text != "" || !q.need):
			return nil
		case answer == "":
			e.Sayf("  %s", message.Say("form.needed"))
		case q.flag == nil:
			*q.text = answer
			return nil
		default:
			yes, ok := message.YesOrNo(answer)
			if ok {
				*q.flag = yes
				return nil
			}
			e.Sayf("  %s", message.Say("form.yes-or-no"))
		}
	}
}
