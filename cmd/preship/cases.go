package main

import (
	"context"
	"errors"
	"io"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"preship/backup/archive"
	"preship/backup/meter"
	"preship/cmd/preship/internal/audit"
	"preship/cmd/preship/internal/cases"
	"preship/cmd/preship/internal/console"
	"preship/cmd/preship/internal/flagfile"
	"preship/cmd/preship/internal/job"
	"preship/report"
	"preship/report/message"
	"preship/report/register"
	"preship/report/seal"
	"preship/report/trust"
)

type casesOptions struct {
	out                  string
	imei, since, verdict string
	ticket               string
	limit                int
	csv                  string
	rebuild              bool
	register             string
}

// casesShown is as much of a table as a person looks through.
const casesShown = 50

func newCasesCmd(e *env, g *globals) *cobra.Command {
	var opts casesOptions
	cmd := &cobra.Command{
		Use:   "cases",
		Short: "List the cases in a folder: handset, state and next step",
		Long: "Lists the cases in and below a folder, the latest first, with the next step of each. --imei takes a scanned IMEI\n" +
			"or its last six digits; --serial takes adb's or the retail serial number, or its last six. The list is kept in\n" +
			"register.db beside the cases, and is made again from the folders if it is lost.",
		RunE: func(cmd *cobra.Command, _ []string) error {
			if opts.csv == "-" && g.json {
				return job.Usage(message.Say("usage.cases.csv"))
			}
			if !cmd.Flags().Changed("limit") && (g.json || opts.csv != "") {
				opts.limit = 0
			}
			return runCases(cmd.Context(), e, g, opts)
		},
	}
	cmd.PersistentFlags().StringVar(&opts.out, "out", ".", "the folder that holds the cases")
	f := cmd.Flags()
	f.StringVar(&opts.imei, "imei", "", "only the handset with this IMEI, or these last digits")
	f.StringVar(&opts.ticket, "ticket", "", "only the cases with this ticket number")
	f.StringVar(&opts.since, "since", "", "only cases since a date, 2026-11-01, or span, 7d")
	f.StringVar(&opts.verdict, "verdict", "", "only READY, NOT-READY, FAILED, INCOMPLETE or none (not sealed)")
	f.IntVar(&opts.limit, "limit", casesShown, "how many to list; 0, and with --json or --csv, lists all")
	f.StringVar(&opts.csv, "csv", "", "write the list as CSV into this file; - prints it")
	addRegister(f, &opts.register)
	f.BoolVar(&opts.rebuild, "rebuild", false, "make the list again from every folder")
	cmd.AddCommand(newCasesHandedBackCmd(e, g, &opts.out), newCasesPurgeCmd(e, g, &opts.out),
		newCasesArchiveCmd(e, g, &opts.out), newCasesFetchCmd(e, g, &opts.out), newCasesCheckCmd(e, g, &opts.out),
		newCasesReportCmd(e, g, &opts.out))
	return cmd
}

// casesIn returns a folder of cases.
func (e *env) casesIn(g *globals, dir string) *cases.Folder {
	return &cases.Folder{Console: e.Console, Dir: dir, Ask: func(ctx context.Context, flag string, question message.Sentence) (string, error) {
		return e.ask(ctx, g, flag, e.Words(question))
	}}
}

func runCases(ctx context.Context, e *env, g *globals, opts casesOptions) error {
	f, err := opts.filter(e.Now(), g.serial)
	if err != nil {
		return err
	}
	folder := e.casesIn(g, opts.out)
	if err := e.openShared(opts.register); err != nil {
		return err
	}
	defer e.closeShared()
	folder.Shared = e.shared
	all, err := folder.List(ctx, f, opts.rebuild)
	if err != nil {
		return err
	}
	shown := all
	if opts.limit > 0 && len(all) > opts.limit {
		shown = all[:opts.limit]
	}
	if g.json {
		return console.PrintJSONList(e.Console, folder.Described(shown))
	}
	if opts.csv != "" {
		return writeCSV(e, folder, opts.csv, shown)
	}
	folder.Table(shown)
	switch {
	case len(all) == 0 && f == register.Filter{}:
		e.Say(message.Say("cases.empty", "folder", console.Quote(opts.out)))
	case len(all) == 0:
		e.Say(message.Say("cases.no-match", "folder", console.Quote(opts.out)))
	case len(shown) < len(all):
		e.Say(message.Say("cases.more", "count", len(all)-len(shown)))
	}
	return nil
}

// writeCSV writes the list of cases into a file, or on standard output for "-".
func writeCSV(e *env, folder *cases.Folder, path string, all []register.Entry) error {
	if path == "-" {
		return folder.CSV(e.Out, all)
	}
	if err := flagfile.TryWrite(path, "id,"); err != nil {
		return wrongFlag("--csv", err)
	}
	f, err := flagfile.Create(path)
	if err != nil {
		return wrongFlag("--csv", err)
	}
	return errors.Join(folder.CSV(f, all), f.Close())
}

func (o casesOptions) filter(now time.Time, serial string) (f register.Filter, err error) {
	if o.limit < 0 {
		return f, job.Usage(message.Say("usage.cases.limit", "limit", strconv.Itoa(o.limit)))
	}
	f.Serial, f.Ticket = strings.TrimSpace(serial), strings.TrimSpace(o.ticket)
	if o.imei != "" {
		if f.IMEI, err = register.ParseIMEI(o.imei); err != nil {
			return f, wrongFlag("--imei", err)
		}
	}
	if o.since != "" {
		if f.Since, err = register.ParseSince(o.since, now); err != nil {
			return f, wrongFlag("--since", err)
		}
	}
	if o.verdict != "" {
		v, ok := verdictNamed(o.verdict)
		if !ok {
			return f, job.Usage(message.Say("usage.cases.verdict", "verdict", quoted(o.verdict)))
		}
		f.Verdict = &v
	}
	return f, nil
}

// verdictNamed reads a verdict as people type it.
func verdictNamed(s string) (report.Verdict, bool) {
	word := strings.NewReplacer("-", " ", "_", " ").Replace(strings.ToUpper(s))
	if word == "NONE" {
		return "", true
	}
	all := []report.Verdict{report.VerdictReady, report.VerdictNotReady, report.VerdictFailed, report.VerdictIncomplete}
	return report.Verdict(word), slices.Contains(all, report.Verdict(word))
}

func newCasesHandedBackCmd(e *env, g *globals, out *string) *cobra.Command {
	return &cobra.Command{
		Use:   "handed-back CASE...",
		Short: "Record that the owner has the data; purge may delete it",
		Long: "Records, outside the seal, that the owner has the saved data. Nothing is deleted: preship cases purge does that\n" +
			"later. A job is marked only if it is finished and its sealed report verifies. CASE is an ID or a folder.",
		Args: cobra.MinimumNArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			return e.casesIn(g, *out).HandBack(cmd.Context(), args, g.json)
		},
	}
}

func newCasesPurgeCmd(e *env, g *globals, out *string) *cobra.Command {
	var opts cases.PurgeOptions
	var url string
	cmd := &cobra.Command{
		Use:   "purge",
		Short: "Delete data that was handed back; the reports stay",
		Long: "Deletes the saved data of cases that were handed back, and nothing else: first the keys of encrypted data, then the\n" +
			"data. Then it checks that they are gone, and signs a deletion statement, which preship report verify checks. The sealed report and\n" +
			"the list of saved files stay. A case keeps its data if its job is not finished, its report does not verify, or\n" +
			"another preship works on it. Deleting does not erase the bytes: they may stay on an SSD, in snapshots and in copies.",
		RunE: func(cmd *cobra.Command, _ []string) error {
			if cmd.Flags().Changed("older-than") && len(opts.HandedBack) > 0 {
				return job.Usage(message.Say("usage.purge.two"))
			}
			opts.JSON, opts.Tool, opts.Stamp = g.json, tool(), stamper(cmd.Context(), url)
			opts.Signer = func(ctx context.Context) (trust.Signer, error) {
				key, err := e.keys(g).ForJob(ctx)
				if err != nil {
					return trust.Signer{}, err
				}
				return key.Signer, nil
			}
			whole, err := e.casesIn(g, *out).Purge(cmd.Context(), opts)
			if err == nil && !whole {
				return outcome(exitNotReady)
			}
			return err
		},
	}
	f := cmd.Flags()
	f.StringVar(&opts.OlderThan, "older-than", cases.KeepFor, "only data handed back at least this long ago: 12h, 30d, 8w")
	f.StringArrayVar(&opts.HandedBack, "handed-back", nil, "a case whose data the owner has: mark it, and delete the data now")
	f.BoolVar(&opts.DryRun, "dry-run", false, "only show what would be deleted")
	f.BoolVar(&opts.Yes, "yes", false, "delete without asking")
	addTimestamp(f, &url)
	return cmd
}

func newCasesArchiveCmd(e *env, g *globals, out *string) *cobra.Command {
	var opts cases.ArchiveOptions
	var to []string
	cmd := &cobra.Command{
		Use:   "archive [CASE]...",
		Short: "Keep finished cases, encrypted, in a bucket or on another disk",
		Long: "Writes cases whose job is finished, and whose backup is complete, to s3://BUCKET/PREFIX or into a folder, and reads all\n" +
			"of it back. Without a CASE it takes every case that is not archived yet. Each case is encrypted with its own key,\n" +
			"which the secret key to --encrypt-to opens; if you lose that key, the archive is lost. An interrupted run\n" +
			"resumes. --free deletes the data here afterwards; preship cases fetch brings it back.\n" +
			"For a bucket, set the usual variables: AWS_PROFILE or AWS_ACCESS_KEY_ID, AWS_REGION, AWS_ENDPOINT_URL.",
		Args: cobra.ArbitraryArgs,
		RunE: func(cmd *cobra.Command, args []string) (err error) {
			if opts.To == "" {
				return job.Usage(message.Say("cases.archive.to", "error", message.Of(archive.ErrAddress)))
			}
			if opts.Keys, err = recipients(to); err != nil {
				return err
			}
			if len(opts.Keys) == 0 {
				return job.Usage(message.Say("cases.archive.keys"))
			}
			opts.Cases, opts.JSON, opts.Progress = args, g.json, e.progress(g)
			all, err := e.casesIn(g, *out).Archive(cmd.Context(), opts)
			if err == nil && !all {
				return outcome(exitNotReady)
			}
			return err
		},
	}
	f := cmd.Flags()
	f.StringVar(&opts.To, "to", "", "where the archive is: s3://BUCKET/PREFIX, or a folder")
	f.StringArrayVar(&to, "encrypt-to", nil, "the chain's public key: age1…, ssh-ed25519 …, or a file of them; repeatable")
	f.StringVar(&opts.Retain, "retain", "", "forbid its deletion for this long, if the bucket can: 90d")
	f.BoolVar(&opts.Free, "free", false, "delete the data here once the archive has been read back")
	f.BoolVar(&opts.Yes, "yes", false, "delete without asking")
	return cmd
}

func newCasesFetchCmd(e *env, g *globals, out *string) *cobra.Command {
	var keys keyOptions
	cmd := &cobra.Command{
		Use:   "fetch CASE...",
		Short: "Bring the data of archived cases back",
		Long: "Fetches the data of cases from the archive into their folders, and compares it with the sealed list of files. The\n" +
			"archive keeps it. CASE is an ID or a folder, or an address such as s3://BUCKET/PREFIX/PS-…, which brings the\n" +
			"whole case back into --out. An interrupted run resumes.",
		Args: cobra.MinimumNArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			key, err := keys.archiveKey(cmd.Context(), e, g)
			if err != nil {
				return err
			}
			all, err := e.casesIn(g, *out).Fetch(cmd.Context(), cases.FetchOptions{Cases: args, Key: key, JSON: g.json, Progress: e.progress(g)})
			if err == nil && !all {
				return outcome(exitNotReady)
			}
			return err
		},
	}
	cmd.Flags().StringVarP(&keys.identity, "identity", "i", "", "the chain's age identity file or SSH private key")
	return cmd
}

// progress returns what shows how far a long work is. A zero progress ends it.
func (e *env) progress(g *globals) func(meter.Progress) {
	person := e.person(g)
	return func(p meter.Progress) { person.Tell(job.Progress{Progress: p, Over: p == meter.Progress{}}) }
}

func newCasesCheckCmd(e *env, g *globals, out *string) *cobra.Command {
	var sample, seed string
	cmd := &cobra.Command{
		Use:   "check",
		Short: "Read a sample of packages, data and archives again",
		Long: "Verifies a sample of the sealed packages, and compares a sample of the saved files and of the archives with what was\n" +
			"written. It names each damaged or missing file, and exits with 5. At least one of each kind is read. It needs no key\n" +
			"and changes nothing. Run it every day by a timer: testdata/examples has one for systemd and one for Windows.",
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			s, err := audit.ParseSample(sample, seed)
			switch {
			case errors.Is(err, audit.ErrSeed):
				return wrongFlag("--seed", err)
			case err != nil:
				return wrongFlag("--sample", err)
			}
			vo, err := reportVerifyOptions{}.verifyOptions(cmd.Context(), e, g)
			if err != nil {
				return err
			}
			vo.At, vo.Pages = e.Now(), seal.Pages{} // a page that was not changed is not drawn again
			res, err := e.casesIn(g, *out).Check(cmd.Context(), cases.CheckOptions{Sample: s, Verify: vo, JSON: g.json})
			switch {
			case err != nil:
				return err
			case len(res.Problems) > 0:
				return outcome(exitUnverified)
			case len(res.Unchecked) > 0:
				return outcome(exitFailed)
			}
			return nil
		},
	}
	f := cmd.Flags()
	f.StringVar(&sample, "sample", "1%", "how much is read")
	f.StringVar(&seed, "seed", "", "read the same sample as the check that printed this seed")
	return cmd
}

func newCasesReportCmd(e *env, g *globals, out *string) *cobra.Command {
	var like casesOptions
	var pdf string
	cmd := &cobra.Command{
		Use:   "report",
		Short: "Write a batch of cases as CSV or PDF, for your books",
		Long: "Writes one row a case: ID, ticket, model, the end of the IMEI, verdict, dates, where the data is, and locks that were\n" +
			"not seen to be off. The list comes from the register and is not signed: the sealed report of a case is what counts.",
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			return runCasesReport(cmd.Context(), e, g, *out, like, pdf)
		},
	}
	f := cmd.Flags()
	f.StringVar(&like.since, "since", "", "only cases since a date, 2026-11-01, or span, 7d")
	f.StringVar(&like.verdict, "verdict", "", "only READY, NOT-READY, FAILED, INCOMPLETE or none (not sealed)")
	f.StringVar(&like.csv, "csv", "", "write the rows as CSV into this file; - prints them")
	f.StringVar(&pdf, "pdf", "", "write the rows as PDF into this file")
	addRegister(f, &like.register)
	return cmd
}

func runCasesReport(ctx context.Context, e *env, g *globals, out string, like casesOptions, pdf string) error {
	switch {
	case like.csv == "" && pdf == "":
		return job.Usage(message.Say("usage.cases.report"))
	case (like.csv == "-" || pdf == "-") && g.json:
		return job.Usage(message.Say("usage.cases.csv"))
	}
	filter, err := like.filter(e.Now(), "")
	if err != nil {
		return err
	}
	o := cases.ReportOptions{Filter: filter, Language: e.Language}
	if like.csv != "" && pdf != "" && flagfile.SameFile(like.csv, pdf) {
		return job.Usage(message.Say("usage.cases.report.one-file"))
	}
	var files []string
	for _, f := range []struct {
		flag, path, begins string
		to                 *func(func(io.Writer) error) error
	}{{"--csv", like.csv, "id,ticket,", &o.CSV}, {"--pdf", pdf, "%PDF", &o.PDF}} {
		switch f.path {
		case "":
			continue
		case "-":
			*f.to = func(write func(io.Writer) error) error { return write(e.Out) }
			continue
		}
		if err := flagfile.TryWrite(f.path, f.begins); err != nil {
			return wrongFlag(f.flag, err)
		}
		files = append(files, console.Quote(f.path))
		*f.to = func(write func(io.Writer) error) error {
			file, err := flagfile.Create(f.path)
			if err != nil {
				return wrongFlag(f.flag, err)
			}
			return errors.Join(write(file), file.Close())
		}
	}
	if err := e.openShared(like.register); err != nil {
		return err
	}
	defer e.closeShared()
	folder := e.casesIn(g, out)
	folder.Shared = e.shared
	res, err := folder.Report(ctx, o)
	switch {
	case err != nil:
		return err
	case g.json:
		return e.PrintJSON(res)
	}
	e.Say(res.Sentence(files))
	return nil
}
