package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"time"

	"github.com/spf13/cobra"

	"preship/adb/adbtest"
	"preship/adb/reset"
	"preship/cmd/preship/internal/console"
	"preship/cmd/preship/internal/job"
	"preship/report"
	"preship/report/message"
	"preship/report/seal"
	"preship/report/trust"
)

// demoProfile is an ordinary handset with an ordinary life on it.
const demoProfile = "redmi-note-10"

// demoWait bounds each wait for the emulated owner, who needs no time to think.
const demoWait = 30 * time.Second

type demoOptions struct {
	profile, out string
}

func newDemoCmd(e *env, g *globals) *cobra.Command {
	var opts demoOptions
	cmd := &cobra.Command{
		Use:   "demo",
		Short: "Run the whole job on an emulated handset",
		Long: "Runs prepare on an emulated handset with an emulated owner, who signs out when asked and skips the set-up\n" +
			"afterwards. The sealed report is real, and it is marked EMULATED.",
		RunE: func(cmd *cobra.Command, _ []string) error { return runDemo(cmd.Context(), e, g, opts) },
	}
	cmd.Flags().StringVar(&opts.profile, "profile", demoProfile, "the emulated handset; preship handset --list names them")
	_ = cmd.RegisterFlagCompletionFunc("profile", completeProfile) // it fails only for a flag that is not there
	cmd.Flags().StringVar(&opts.out, "out", "", "begin the case in this folder (default: a new temporary folder)")
	return cmd
}

func runDemo(ctx context.Context, e *env, g *globals, opts demoOptions) error {
	// A job does not start without a key, because it could not be sealed.
	key, err := e.keys(g).ForJob(ctx)
	if err != nil {
		return err
	}
	out := opts.out
	if out == "" {
		dir, err := os.MkdirTemp("", "preship-demo-")
		if err != nil {
			return err
		}
		out = dir
	}
	h, err := emulate(opts.profile, "helpful", "")
	if err != nil {
		return err
	}
	defer h.Close()
	s, err := adbtest.NewServer(adbtest.LocalAddr(), h)
	if err != nil {
		return err
	}
	defer s.Close()

	demo := *g
	demo.adbAddr, demo.serial, demo.noInput = s.Addr(), h.Serial(), true
	computer := host(e, &demo)
	computer.Key = func(context.Context) (*job.Key, error) { return key, nil }
	j := job.New(computer, e.Person(demo.noInput), job.Options{
		Serial: demo.serial, Out: out, Confirm: []string{reset.ConfirmEmulated}, Wait: demoWait, Language: e.Language,
	})
	err = j.Prepare(ctx)
	if j.End().Begun {
		e.writeStart(j)
		e.tellPrepared(j)
	}
	if err := errors.Join(err, j.Close()); err != nil {
		return err
	}
	return endDemo(ctx, e, g, j)
}

// deskOwners are the handsets of desk --demo: one whose owner helps, one with accounts that
// stay until the owner is asked on the page, and one with a photo that cannot be read.
var deskOwners = []struct {
	profile string
	signs   bool
	trouble []adbtest.Trouble
}{
	{demoProfile, true, nil},
	{"poco-x7-pro", false, nil},
	{"redmi-15", true, []adbtest.Trouble{{Kind: adbtest.TroubleDeny, Path: "/storage/emulated/0/DCIM/Camera/*.jpg"}}},
}

const (
	deskPause = 3 * time.Second // of an emulated owner, for who looks at the page
	deskSpeed = 600_000         // bytes a second, so that the copy can be seen
)

// emulatedDesk are the handsets of desk --demo, at an adb server of their own.
type emulatedDesk struct {
	addr     string
	handsets []*adbtest.Handset
	server   *adbtest.Server
}

func emulateDesk() (*emulatedDesk, error) {
	d := &emulatedDesk{}
	for _, row := range deskOwners {
		p, err := loadProfile(row.profile)
		if err != nil {
			return nil, err
		}
		owner := adbtest.OwnerHelpful()
		owner.Pause, owner.SignsOut = deskPause, row.signs
		d.handsets = append(d.handsets, adbtest.New(p, adbtest.WithOwner(owner), adbtest.WithTrouble(row.trouble...), adbtest.WithSpeed(deskSpeed)))
	}
	s, err := adbtest.NewServer(adbtest.LocalAddr(), d.handsets...)
	if err != nil {
		d.close()
		return nil, err
	}
	d.server, d.addr = s, s.Addr()
	return d, nil
}

// help lets the owner of the handset with a serial do all that is asked from now on.
func (d *emulatedDesk) help(serial string) {
	for _, h := range d.handsets {
		if h.Serial() == serial {
			h.SetOwner(adbtest.OwnerHelpful())
		}
	}
}

func (d *emulatedDesk) close() {
	if d.server != nil {
		d.server.Close()
	}
	for _, h := range d.handsets {
		h.Close()
	}
}

// endDemo verifies what the demo sealed, the way anybody would, and says where it is.
func endDemo(ctx context.Context, e *env, g *globals, j *job.Job) error {
	dir, end := j.Case().Dir(), j.End()
	own, err := e.keys(g).Own(ctx)
	if err != nil {
		return err
	}
	res, err := seal.Verify(dir, seal.VerifyOptions{Lists: trust.Lists{Own: own}})
	if err != nil {
		return err
	}
	if !res.OK {
		return fmt.Errorf("the report does not verify: %v", res.Problems)
	}
	e.Say(message.Say("demo.try", "case", console.Quote(dir)))
	if g.json {
		err = e.PrintJSON(struct {
			Case    string         `json:"case"`
			Verdict report.Verdict `json:"verdict"`
		}{dir, end.Report.Verdict})
	} else {
		e.Printf("%s", dir)
	}
	if err != nil {
		return err
	}
	return outcome(codeWithPolicy(end.Report.Verdict, end.Ruling))
}
