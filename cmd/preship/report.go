package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"

	"github.com/spf13/cobra"

	"preship/cmd/preship/internal/console"
	"preship/cmd/preship/internal/flagfile"
	"preship/cmd/preship/internal/job"
	"preship/cmd/preship/internal/sheet"
	"preship/cmd/preship/internal/verdict"
	"preship/report"
	"preship/report/casedir"
	"preship/report/message"
	"preship/report/seal"
	"preship/report/timestamp/authority"
)

func newReportCmd(e *env, g *globals) *cobra.Command {
	var opts jobOptions
	cmd := &cobra.Command{
		Use:   "report",
		Short: "Seal the report of a case, finished or not",
		RunE:  func(cmd *cobra.Command, _ []string) error { return runReport(cmd.Context(), e, g, opts) },
	}
	cmd.Flags().StringVar(&opts.Dir, "case", "", "the case to report on")
	addTimestamp(cmd.Flags(), &opts.Timestamp)
	g.addOutputs(cmd.Flags())
	cmd.AddCommand(newReportVerifyCmd(e, g), newReportShowCmd(e, g), newReportPackCmd(e, g), newReportCountersignCmd(e, g), newReportSchemaCmd(e))
	return cmd
}

func runReport(ctx context.Context, e *env, g *globals, opts jobOptions) error {
	j := job.New(host(e, g), e.Person(g.noInput), opts.of(e, g))
	defer j.Close()
	if err := j.Report(ctx); err != nil {
		return err
	}
	end := j.End()
	if g.json {
		if err := e.PrintJSON(end.Report); err != nil {
			return err
		}
	} else {
		verdict.End(e.Console, j)
	}
	e.Ruling(end.Ruling)
	if end.Unstamped != nil {
		return outcome(exitFailed)
	}
	return outcome(codeWithPolicy(end.Report.Verdict, end.Ruling))
}

func newReportShowCmd(e *env, g *globals) *cobra.Command {
	return &cobra.Command{
		Use:   "show DIR|ZIP",
		Short: "Verify a sealed report and print it",
		Args:  cobra.ExactArgs(1),
		RunE:  func(cmd *cobra.Command, args []string) error { return runReportShow(cmd.Context(), e, g, args[0]) },
	}
}

func runReportShow(ctx context.Context, e *env, g *globals, dir string) error {
	if info, err := os.Stat(dir); err != nil || !info.Mode().IsRegular() {
		if err := job.CheckFolder(dir); err != nil {
			return err
		}
	}
	vo, err := reportVerifyOptions{}.verifyOptions(ctx, e, g)
	if err != nil {
		return err
	}
	vo.At = e.Now()
	res, b, err := seal.Read(dir, vo)
	if err != nil {
		return err
	}
	if !res.OK {
		if err := verdict.Verified(e.Console, g.json, seal.Verified{Result: res}); err != nil {
			return err
		}
		return outcome(exitUnverified)
	}
	if g.json {
		return console.WriteJSON(e.Out, bytes.TrimSpace(b))
	}
	var r report.Report
	if err := json.Unmarshal(b, &r); err != nil {
		return fmt.Errorf("%s: report.json: %w", dir, err)
	}
	if err := verdict.Verified(e.Console, false, seal.Verified{Result: res}); err != nil {
		return err
	}
	if r.Handset != nil {
		sheet.Identity(e.Console, *r.Handset, nil)
	}
	for _, s := range r.Steps {
		e.Say(message.Say("verified.step", "step", report.StepTitle(s.Name), "state", s.State.Word()))
		e.Findings(s.Findings)
	}
	verdict.Report(e.Console, r, dir)
	return nil
}

func newReportSchemaCmd(e *env) *cobra.Command {
	return &cobra.Command{
		Use:       "schema [NAME]",
		Short:     "Print the JSON Schema of a file that preship writes, or list them",
		Args:      cobra.MaximumNArgs(1),
		ValidArgs: schemaNames(),
		RunE: func(_ *cobra.Command, args []string) error {
			if len(args) == 0 {
				for _, name := range schemaNames() {
					e.Printf("%s", name)
				}
				return nil
			}
			b, err := schemaNamed(args[0])
			if err != nil {
				return err
			}
			_, err = e.Out.Write(b)
			return err
		},
	}
}

func newReportCountersignCmd(e *env, g *globals) *cobra.Command {
	var opts reportVerifyOptions
	var url string
	cmd := &cobra.Command{
		Use:   "countersign DIR",
		Short: "Sign that you received this report and checked it",
		Long: "Verifies the report and adds countersign.sigstore.json beside the seal, which does not change. Anybody who trusts\n" +
			"both keys can check that both sides saw the same report. Everybody who receives it later can sign too: a receipt\n" +
			"covers the receipts before it.",
		Args: cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			vo, err := opts.verifyOptions(cmd.Context(), e, g)
			if err != nil {
				return err
			}
			key, err := e.keys(g).Load(cmd.Context())
			if err != nil {
				return err
			}
			vo.At = e.Now()
			res, err := seal.Countersign(args[0], key.Signer, vo, e.Now(), stamper(cmd.Context(), url))
			if err != nil {
				for _, p := range res.Problems {
					e.Print(message.Join(message.Colon, message.AsIs(res.Path), message.AsIs(p.File), p.Sentence()))
				}
				if errors.Is(err, seal.ErrUnverified) {
					e.Warn(said(err))
					return outcome(exitUnverified)
				}
				return err
			}
			return verdict.Verified(e.Console, g.json, seal.Verified{Result: res})
		},
	}
	cmd.Flags().StringVar(&opts.allowedSigners, "allowed-signers", "", "accept only these keys (allowed_signers of ssh-keygen)")
	addTimestamp(cmd.Flags(), &url)
	return cmd
}

// stamper asks the authority at a URL, if there is one.
func stamper(ctx context.Context, url string) seal.Stamper {
	if url == "" {
		return nil
	}
	return func(signature []byte) ([]byte, error) { return authority.Get(ctx, url, signature) }
}

type reportPackOptions struct {
	dir, file string
	seal.PackOptions
}

func newReportPackCmd(e *env, g *globals) *cobra.Command {
	var opts reportPackOptions
	cmd := &cobra.Command{
		Use:   "pack",
		Short: "Write the one file to send to the repair desk",
		Long: "Writes a ZIP file with the sealed files that a repair desk needs. The saved data, case.json and the names of your\n" +
			"files stay in the case. preship report verify reads it as it reads a folder.",
		Args: cobra.NoArgs,
		RunE: func(*cobra.Command, []string) error { return runReportPack(e, g, opts) },
	}
	f := cmd.Flags()
	f.StringVar(&opts.dir, "case", "", "the case to pack")
	f.StringVarP(&opts.file, "output", "o", "", "the ZIP file to write (default: in the case)")
	f.BoolVar(&opts.FileNames, "with-file-names", false, "include the list of your files, with their names")
	f.BoolVar(&opts.Bugreport, "with-bugreport", false, "include the bugreport, which holds logs and names of apps and networks")
	f.BoolVar(&opts.Recording, "with-recording", false, "include the recording of the screen")
	f.BoolVar(&opts.WithoutForm, "without-form", false, "leave out the form, the letter and the photos of the condition")
	return cmd
}

func runReportPack(e *env, g *globals, opts reportPackOptions) error {
	if opts.dir == "" {
		return job.Usage(message.Say("usage.case"))
	}
	if err := job.CheckFolder(opts.dir); err != nil {
		return err
	}
	look, err := casedir.Look(opts.dir)
	if err != nil {
		return err
	}
	path := filepath.Join(opts.dir, casedir.ParcelName(look.ID))
	if opts.file != "" {
		if err := flagfile.TryWrite(opts.file, "PK\x03\x04"); err != nil {
			return wrongFlag("--output", err)
		}
		path = opts.file
	}
	folder, err := os.OpenRoot(filepath.Dir(path))
	if err != nil {
		return err
	}
	defer folder.Close()
	packed, err := seal.PackFile(folder, filepath.Base(path), opts.dir, opts.PackOptions)
	if errors.Is(err, seal.ErrUnverified) {
		res, err := seal.Verify(opts.dir, seal.VerifyOptions{})
		if err := errors.Join(err, verdict.Verified(e.Console, g.json, seal.Verified{Result: res, Err: err})); err != nil {
			return err
		}
		return outcome(exitUnverified)
	}
	if err != nil {
		return err
	}
	if g.json {
		return e.PrintJSON(struct {
			Path string `json:"path"`
			seal.Packed
		}{path, packed})
	}
	e.Print(message.Say("outcome.parcel", "path", path))
	for _, name := range packed.Withheld {
		e.Say(message.Say("outcome.parcel.stays", "file", name))
	}
	if opts.FileNames {
		e.Say(message.Say("outcome.parcel.names"))
	}
	return nil
}
