package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"iter"
	"os"
	"path/filepath"
	"slices"

	"github.com/spf13/cobra"

	"preship/cmd/preship/internal/console"
	"preship/cmd/preship/internal/flagfile"
	"preship/cmd/preship/internal/signing"
	"preship/report/policy"
	"preship/report/seal"
)

type reportVerifyOptions struct {
	allowedSigners, revoked string
	recursive               bool
	csv                     string
	qr                      string
	imei                    imeiFlag
	sealedOnly              bool
	policy                  *policy.Policy
}

func newReportVerifyCmd(e *env, g *globals) *cobra.Command {
	var opts reportVerifyOptions
	cmd := &cobra.Command{
		Use:   "verify DIR|ZIP...",
		Short: "check that sealed reports are whole and unchanged, and who signed them",
		Long: "verify checks every file of each report, and says how much is known of who signed it. keys you trust are those of\n" +
			"preship key trust; with --allowed-signers only the keys of that file count. what is printed on paper can be checked\n" +
			"alone with --qr: that proves the paper, and none of the files.",
		RunE: func(cmd *cobra.Command, args []string) error {
			if opts.qr != "" {
				return runPaperVerify(cmd.Context(), e, g, args, opts)
			}
			return runReportVerify(cmd.Context(), e, g, args, opts)
		},
		Args: cobra.ArbitraryArgs,
	}
	f := cmd.Flags()
	f.StringVar(&opts.allowedSigners, "allowed-signers", "", "a file of the only keys that count, as ssh-keygen reads it")
	f.StringVar(&opts.revoked, "revoked", "", "a file of keys that do not count any more: a KRL, or public keys one a line")
	f.BoolVarP(&opts.recursive, "recursive", "r", false, "check every report in and below these folders")
	f.StringVar(&opts.csv, "csv", "", "also write one line a report into this file, for a spreadsheet")
	f.BoolVar(&opts.sealedOnly, "sealed-only", false, "leave out the saved data that lies beside a report on the owner's computer")
	f.StringVar(&opts.qr, "qr", "", "the text of the code on paper, or - to read one a line, as a scanner types them")
	addPolicy(f, &opts.policy)
	f.Var(&opts.imei, "imei", "the report, or the code on paper, has to be about the handset with this IMEI; exit code 5 where it is not")
	return cmd
}

// verifyOptions are what this installation trusts, and what the flags say.
func (o reportVerifyOptions) verifyOptions(ctx context.Context, e *env, g *globals) (vo seal.VerifyOptions, err error) {
	if store, storeErr := e.keys(g).Trusted(); storeErr == nil { // without a home there is nobody to trust
		if vo, err = store.Options(); err != nil {
			return vo, err
		}
	}
	if o.allowedSigners != "" {
		if vo.AllowedSigners, err = flagfile.Read(o.allowedSigners, signing.MaxKeyList); err != nil {
			return vo, usagef("--allowed-signers: %v", err)
		}
		vo.AllowedSigners = append([]byte{}, vo.AllowedSigners...) // an empty file allows nobody
	}
	if o.revoked != "" {
		if vo.Revoked, err = flagfile.Read(o.revoked, signing.MaxKeyList); err != nil {
			return vo, usagef("--revoked: %v", err)
		}
	}
	vo.Own, err = e.keys(g).Known(ctx)
	return vo, err
}

func runReportVerify(ctx context.Context, e *env, g *globals, paths []string, opts reportVerifyOptions) error {
	if len(paths) == 0 {
		return usagef("say which reports: DIR or ZIP; or --qr for what is printed on paper")
	}
	vo, err := opts.verifyOptions(ctx, e, g)
	if err != nil {
		return err
	}
	vo.At, vo.Policy, vo.IMEI = e.Now(), opts.policy, string(opts.imei)
	sum, closeCSV, err := openSummary(opts.csv)
	if err != nil {
		return err
	}
	var good, bad, unmet int
	var failed error
	err = seal.VerifyAll(ctx, packages(paths, opts.recursive), vo, func(v seal.Verified) error {
		if v.Err == nil && !opts.sealedOnly {
			if err := checkData(&v); err != nil {
				return err
			}
		}
		switch {
		case v.Err != nil:
			failed = errors.Join(failed, notThere(v))
		case v.OK:
			good++
			if v.Policy != nil && !v.Policy.Met {
				unmet++
			}
		default:
			bad++
		}
		if sum != nil {
			if err := sum.Add(v); err != nil {
				return err
			}
		}
		return tellVerified(e, g, v)
	})
	if err := errors.Join(err, closeCSV()); err != nil {
		return err
	}
	if good+bad == 0 && failed == nil {
		return fmt.Errorf("no report in %v", paths)
	}
	if good+bad > 1 && !g.json {
		e.Sayf("%d reports verify, %d do not", good, bad)
	}
	if bad > 0 {
		if failed != nil {
			e.Warnf("%v", failed)
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
	if err := flagfile.TryWrite(path); err != nil {
		return nil, nil, usagef("--csv: %v", err)
	}
	f, err := flagfile.Create(path)
	if err != nil {
		return nil, nil, usagef("--csv: %v", err)
	}
	sum, err := seal.NewTable(f)
	return sum, func() error { return errors.Join(sum.Close(), f.Close()) }, err
}

func tellVerified(e *env, g *globals, v seal.Verified) error {
	res := v.Result
	if v.Err != nil {
		if !g.json {
			return nil // told once, at the end
		}
		res.Problems = append(res.Problems, seal.Problem{What: v.Err.Error()})
	}
	if g.json {
		b, err := json.Marshal(res)
		if err != nil {
			return err
		}
		return console.WriteJSON(e.Out, b)
	}
	for _, p := range res.Problems {
		e.Printf("%s: %s: %s", res.Path, p.File, p.What)
	}
	if res.OtherHandset() {
		e.Warnf("%s is intact, and is not shown to be about the handset with IMEI %s: do not rely on it for that one", res.Path, res.IMEICheck.Given)
		return nil
	}
	if !res.OK {
		e.Warnf("%s does not verify: do not rely on it", res.Path)
		if noReport(res.Problems) {
			e.Sayf("  no report lies there: name the folder of a job, such as %s", filepath.Join(res.Path, "PS-…"))
		}
		return nil
	}
	verdict := string(res.Verdict)
	if res.Emulated {
		verdict += " (EMULATED, not a real handset)"
	}
	e.Printf("%s verifies: %s, signed by %s", res.Path, verdict, signerName(res.Signer, res.Principal))
	e.Sayf("  %s", res.Trust.Words())
	e.tellIMEI(res.IMEICheck)
	e.Ruling(res.Policy)
	for _, name := range res.Withheld {
		e.Sayf("  %s is withheld: it was left out or deleted, as personal data may be; its digest stays signed", name)
	}
	switch r := res.Retention; {
	case r == nil:
	case r.Deleted != nil:
		e.Sayf("  the data was deleted on %s by preship cases purge, after it was handed back on %s; the seal does not cover it", day(*r.Deleted), day(r.HandedBack))
	default:
		e.Sayf("  deleting the data began on %s and did not end; it is not looked at. preship cases purge goes on", day(*r.Deleting))
	}
	if c := res.Countersigned; c != nil {
		e.Sayf("  countersigned on %s by %s: %s", c.ReceivedOn.Format("2006-01-02"), signerName(c.Signer, c.Principal), string(c.Trust))
	}
	return nil
}

// notThere is why a report could not be looked at.
func notThere(v seal.Verified) error {
	if errors.Is(v.Err, fs.ErrNotExist) {
		return fmt.Errorf("%s: there is no such folder or file", v.Path)
	}
	return v.Err
}

// noReport says whether what does not verify was never a report.
func noReport(problems []seal.Problem) bool {
	missing := func(name string) bool {
		return slices.ContainsFunc(problems, func(p seal.Problem) bool { return p.File == name && p.Missing })
	}
	return missing("report.json") && missing("SHA256SUMS")
}

func signerName(fingerprint, principal string) string {
	if principal == "" {
		return fingerprint
	}
	return principal + " (" + fingerprint + ")"
}
