package main

import (
	"bufio"
	"context"
	"encoding/json"
	"io"
	"strings"

	"preship/cmd/preship/internal/console"
	"preship/report/seal"
)

// runPaperVerify checks codes scanned off paper.
func runPaperVerify(ctx context.Context, e *env, g *globals, args []string, opts reportVerifyOptions) error {
	if len(args) > 0 || opts.recursive || opts.csv != "" || opts.policy != nil || opts.sealedOnly {
		return usagef("--qr checks paper only; check the files by another call")
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
		return tellPaper(e, g, res)
	}
	if opts.qr == "-" {
		err = eachLine(e.In, check)
	} else {
		err = check(opts.qr)
	}
	if err == nil && bad {
		return outcome(exitUnverified)
	}
	return err
}

// eachLine gives fn the lines a scanner types; none at all is a wrong call.
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
		return usagef("no code was read from standard input")
	}
	return nil
}

func tellPaper(e *env, g *globals, res seal.PaperResult) error {
	if g.json {
		b, err := json.Marshal(res)
		if err != nil {
			return err
		}
		return console.WriteJSON(e.Out, b)
	}
	for _, p := range res.Problems {
		e.Printf("code: %s", p)
	}
	if !res.OK {
		e.Warnf("the code does not verify: do not rely on this paper")
		return nil
	}
	verdict := string(res.Token.Verdict)
	if res.Token.Emulated {
		verdict += " (EMULATED, not a real handset)"
	}
	e.Printf("code of %s verifies: %s, IMEI %s, signed by %s", res.Token.ID, verdict, strings.Join(res.Token.IMEI, ", "), signerName(res.Signer, res.Principal))
	e.Sayf("  paper only, files not checked. report.json has SHA-256 %s", res.Token.Report)
	e.Sayf("  %s", res.Trust.Words())
	e.tellIMEI(res.IMEICheck)
	return nil
}
