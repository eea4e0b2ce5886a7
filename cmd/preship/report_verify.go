package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"iter"
	"os"

	"github.com/spf13/cobra"

	"preship/cmd/preship/internal/flagfile"
	"preship/cmd/preship/internal/job"
	"preship/cmd/preship/internal/signing"
	"preship/cmd/preship/internal/verdict"
	"preship/report/message"
	"preship/report/policy"
	"preship/report/seal"
	"preship/report/timestamp"
)

type reportVerifyOptions struct {
	allowedSigners, revoked string
	timeRoots               string
	recursive               bool
	csv                     string
	qr                      string
	imei                    imeiFlag
	sealedOnly              bool
	requireTrust            bool
	policy                  *policy.Policy
}

func newReportVerifyCmd(e *env, g *globals) *cobra.Command {
	var opts reportVerifyOptions
	cmd := &cobra.Command{
		Use:   "verify DIR|ZIP...",
		Short: "Check that reports are unchanged, and who signed them",
		Long: "Checks every file of each report, and shows how much is known about its signer. You trust the keys of preship key\n" +
			"trust; with --allowed-signers only the keys of that file count. --qr checks only the code printed on paper: it proves\n" +
			"the paper, not the files. Deletion statements are checked too: in the report, beside it as ID.deletion.sigstore.json,\n" +
			"or alone.",
		RunE: func(cmd *cobra.Command, args []string) error {
			if opts.qr != "" {
				return runPaperVerify(cmd.Context(), e, g, args, opts)
			}
			return runReportVerify(cmd.Context(), e, g, args, opts)
		},
		Args: cobra.ArbitraryArgs,
	}
	f := cmd.Flags()
	f.StringVar(&opts.allowedSigners, "allowed-signers", "", "accept only these keys (allowed_signers of ssh-keygen)")
	f.StringVar(&opts.revoked, "revoked", "", "a file of revoked keys: a KRL, or one public key a line")
	f.StringVar(&opts.timeRoots, "timestamp-roots", "", "certificates of time-stamp authorities you trust, in PEM")
	f.BoolVarP(&opts.recursive, "recursive", "r", false, "check every report in and below these folders")
	f.StringVar(&opts.csv, "csv", "", "also write one line a report into this file, for a spreadsheet")
	f.BoolVar(&opts.sealedOnly, "sealed-only", false, "do not check the saved data beside a report")
	f.BoolVar(&opts.requireTrust, "require-trust", false, "exit code 5 unless a key that you trust signed it")
	f.StringVar(&opts.qr, "qr", "", "the text of the code on paper, or - to read one a line")
	addPolicy(f, &opts.policy)
	f.Var(&opts.imei, "imei", "exit code 5 unless it is about this IMEI")
	return cmd
}

// verifyOptions are what this installation trusts, and what the flags say.
func (o reportVerifyOptions) verifyOptions(ctx context.Context, e *env, g *globals) (vo seal.VerifyOptions, err error) {
	if store, storeErr := e.keys(g).Trusted(); storeErr == nil { // without a home there are no trusted keys
		if vo.Lists, err = store.Lists(); err != nil {
			return vo, err
		}
	}
	if o.allowedSigners != "" {
		if vo.AllowedSigners, err = flagfile.Read(o.allowedSigners, signing.MaxKeyList); err != nil {
			return vo, wrongFlag("--allowed-signers", err)
		}
		vo.AllowedSigners = append([]byte{}, vo.AllowedSigners...) // an empty file allows no key
	}
	if o.revoked != "" {
		if vo.AlsoRevoked, err = flagfile.Read(o.revoked, signing.MaxKeyList); err != nil {
			return vo, wrongFlag("--revoked", err)
		}
	}
	if o.timeRoots != "" {
		if vo.TimeRoots, err = flagfile.Read(o.timeRoots, signing.MaxKeyList); err != nil {
			return vo, wrongFlag("--timestamp-roots", err)
		}
		if _, err := timestamp.ParseRoots(vo.TimeRoots); err != nil {
			return vo, wrongFlag("--timestamp-roots", err)
		}
	}
	vo.Pages, vo.Tool = job.Pages(), tool()
	vo.Own, err = e.keys(g).Known(ctx)
	return vo, err
}

func runReportVerify(ctx context.Context, e *env, g *globals, paths []string, opts reportVerifyOptions) error {
	if len(paths) == 0 {
		return job.Usage(message.Say("usage.report.none"))
	}
	vo, err := opts.verifyOptions(ctx, e, g)
	if err != nil {
		return err
	}
	vo.At, vo.Policy, vo.IMEI, vo.RequireTrust = e.Now(), opts.policy, string(opts.imei), opts.requireTrust
	sum, closeCSV, err := openSummary(opts.csv)
	if err != nil {
		return err
	}
	var good, bad, unmet, doubtful int
	var failed error
	var all []seal.Verified
	err = seal.VerifyAll(ctx, packages(paths, opts.recursive), vo, func(v seal.Verified) error {
		if v.Err == nil && !opts.sealedOnly {
			if err := verdict.CheckData(&v); err != nil {
				return err
			}
		}
		all = append(all, v)
		return nil
	})
	seal.Relate(all)
	for _, v := range all {
		switch {
		case v.Err != nil:
			failed = errors.Join(failed, verdict.NotThere(v))
		case v.OK:
			good++
			if verdict.Doubtful(v.Result) {
				doubtful++
			}
			if v.Policy != nil && !v.Policy.Met {
				unmet++
			}
		default:
			bad++
		}
		if sum != nil {
			err = errors.Join(err, sum.Add(v))
		}
		err = errors.Join(err, verdict.Verified(e.Console, g.json, v))
	}
	if err := errors.Join(err, closeCSV()); err != nil {
		return err
	}
	if good+bad == 0 && failed == nil {
		return message.Error(message.Say("verified.error.nothing", "paths", paths), nil)
	}
	switch {
	case g.json || good+bad < 2:
	case doubtful > 0:
		e.Say(message.Say("verified.counts.doubtful", "good", fmt.Sprint(good-doubtful), "doubtful", fmt.Sprint(doubtful), "bad", fmt.Sprint(bad)))
	default:
		e.Say(message.Say("verified.counts", "good", fmt.Sprint(good), "bad", fmt.Sprint(bad)))
	}
	if bad > 0 {
		if failed != nil {
			e.Warn(said(failed))
		}
		return outcome(exitUnverified)
	}
	if failed == nil && unmet > 0 {
		return outcome(exitNotReady)
	}
	return failed
}

func packages(paths []string, recursive bool) iter.Seq2[string, error] {
	return func(yield func(string, error) bool) {
		for _, path := range paths {
			info, err := os.Stat(path)
			if !recursive || err != nil || !info.IsDir() {
				if !yield(path, err) {
					return
				}
				continue
			}
			for found, err := range seal.FindPackages(path) {
				if !yield(found, err) {
					return
				}
			}
		}
	}
}

// openSummary begins the CSV file, where one was asked for.
func openSummary(path string) (*seal.Table, func() error, error) {
	if path == "" {
		return nil, func() error { return nil }, nil
	}
	if err := flagfile.TryWrite(path, "path,"); err != nil {
		return nil, nil, wrongFlag("--csv", err)
	}
	f, err := flagfile.Create(path)
	if err != nil {
		return nil, nil, wrongFlag("--csv", err)
	}
	sum, err := seal.NewTable(f)
	return sum, func() error { return errors.Join(sum.Close(), f.Close()) }, err
}

// runPaperVerify checks codes scanned off paper.
func runPaperVerify(ctx context.Context, e *env, g *globals, args []string, opts reportVerifyOptions) error {
	if len(args) > 0 || opts.recursive || opts.csv != "" || opts.policy != nil || opts.sealedOnly || opts.requireTrust || opts.timeRoots != "" {
		return job.Usage(message.Say("usage.report.paper"))
	}
	vo, err := opts.verifyOptions(ctx, e, g)
	if err != nil {
		return err
	}
	vo.IMEI = string(opts.imei)
	bad := false
	check := func(text string) error {
		res := seal.VerifyToken(text, vo)
		bad = bad || !res.OK
		return verdict.Paper(e.Console, g.json, res)
	}
	if opts.qr == "-" {
		err = e.ReadInput(ctx, message.Say("ask.input.codes"), func(in io.Reader) error { return eachLine(in, check) })
	} else {
		err = check(opts.qr)
	}
	if err == nil && bad {
		return outcome(exitUnverified)
	}
	return err
}

// eachLine gives fn the lines a scanner types; no line is a usage error.
func eachLine(in io.Reader, fn func(string) error) error {
	lines, n := bufio.NewScanner(in), 0
	for lines.Scan() {
		if lines.Text() == "" {
			continue
		}
		n++
		if err := fn(lines.Text()); err != nil {
			return err
		}
	}
	if err := lines.Err(); err != nil {
		return err
	}
	if n == 0 {
		return job.Usage(message.Say("usage.report.no-code"))
	}
	return nil
}
