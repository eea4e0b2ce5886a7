package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"

	"github.com/spf13/cobra"

	"preship/report"
)

type reportVerifyOptions struct {
	allowedSigners string
}

func newReportVerifyCmd(e *env, g *globals) *cobra.Command {
	var opts reportVerifyOptions
	cmd := &cobra.Command{
		Use:   "verify DIR...",
		Short: "check that sealed reports are whole and unchanged, and who signed them",
		Args:  cobra.MinimumNArgs(1),
		RunE:  func(_ *cobra.Command, args []string) error { return runReportVerify(e, g, args, opts) },
	}
	cmd.Flags().StringVar(&opts.allowedSigners, "allowed-signers", "", "a file of keys you trust, as ssh-keygen reads it")
	return cmd
}

func runReportVerify(e *env, g *globals, dirs []string, opts reportVerifyOptions) error {
	vo := report.VerifyOptions{}
	if opts.allowedSigners != "" {
		b, err := os.ReadFile(opts.allowedSigners)
		if err != nil {
			return usagef("--allowed-signers: %v", err)
		}
		vo.AllowedSigners = b
	}
	if own, err := ownKey(e, g); err == nil {
		vo.Own = own
	}
	bad := false
	for _, dir := range dirs {
		res, err := report.Verify(dir, vo)
		if err != nil {
			return err
		}
		bad = bad || !res.OK
		if err := tellVerified(e, g, res); err != nil {
			return err
		}
	}
	if bad {
		return outcome(exitUnverified)
	}
	return nil
}

func tellVerified(e *env, g *globals, res report.Result) error {
	if g.json {
		b, err := json.Marshal(res)
		if err != nil {
			return err
		}
		return writeJSONLine(e.out, b)
	}
	for _, p := range res.Problems {
		e.print("%s: %s: %s", res.Path, p.File, p.What)
	}
	if !res.OK {
		e.warn("%s does not verify: do not rely on it", res.Path)
		return nil
	}
	e.print("%s verifies: %s, signed by %s", res.Path, string(res.Verdict), res.Signer)
	e.say("  %s", string(res.Trust))
	return nil
}

func newReportShowCmd(e *env, g *globals) *cobra.Command {
	return &cobra.Command{
		Use:   "show DIR",
		Short: "print what a sealed report says, after verifying it",
		Args:  cobra.ExactArgs(1),
		RunE:  func(_ *cobra.Command, args []string) error { return runReportShow(e, g, args[0]) },
	}
}

func runReportShow(e *env, g *globals, dir string) error {
	res, err := report.Verify(dir, report.VerifyOptions{})
	if err != nil {
		return err
	}
	if !res.OK {
		if err := tellVerified(e, g, res); err != nil {
			return err
		}
		return outcome(exitUnverified)
	}
	b, err := os.ReadFile(filepath.Join(dir, "report.json"))
	if err != nil {
		return err
	}
	if g.json {
		return writeJSONLine(e.out, bytes.TrimSpace(b))
	}
	var r report.Report
	if err := json.Unmarshal(b, &r); err != nil {
		return fmt.Errorf("%s: report.json: %w", dir, err)
	}
	if r.Handset != nil {
		e.printHandset(*r.Handset)
	}
	for _, s := range r.Steps {
		e.say("%s: %s", s.Name, string(s.State))
		e.tellFindings(s.Findings)
	}
	e.tellVerdict(r, dir)
	return nil
}
