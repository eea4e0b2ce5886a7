package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"github.com/spf13/cobra"

	"preship/adb/adbtest"
	"preship/cmd/preship/internal/console"
	"preship/cmd/preship/internal/evidence"
	"preship/cmd/preship/internal/flagfile"
	"preship/cmd/preship/internal/job"
	"preship/cmd/preship/internal/record"
	"preship/report/message"
)

type handsetOptions struct {
	list      bool
	listen    string
	adbServer string
	owner     string
	trouble   string
	record    string
	auth      string
}

// handsetInfo is the first line of `preship handset --json`. A front that was
// not asked for is absent.
type handsetInfo struct {
	Profile   string `json:"profile"`
	Daemon    string `json:"daemon,omitempty"`
	ADBServer string `json:"adb_server,omitempty"`
	Serial    string `json:"serial"`
}

func newHandsetCmd(e *env, g *globals) *cobra.Command {
	var opts handsetOptions
	cmd := &cobra.Command{
		Use:   "handset PROFILE | handset --record FILE",
		Short: "Serve an emulated handset that a real adb can connect to",
		Long: "Serves an emulated handset until Ctrl-C: as adbd, for `adb connect`, and with --adb-server as an adb server\n" +
			"too. Every report made from it says that it is not real. PROFILE is one of --list, or a file that ends in .txtar.\n\n" +
			"--record writes such a file from a real handset, so that you can send us yours. It only reads, opens no file,\n" +
			"contact or message, and replaces IMEI, serials, accounts and names. The file is text: read it before you send it.",
		Args:              cobra.MaximumNArgs(1),
		ValidArgsFunction: completeProfile,
		RunE: func(cmd *cobra.Command, args []string) error {
			if opts.list {
				return runHandsetList(e, g)
			}
			if opts.record != "" {
				if len(args) != 0 {
					return job.Usage(message.Say("usage.handset.record"))
				}
				return runHandsetRecord(cmd.Context(), e, g, opts.record)
			}
			if cmd.Flags().Changed("serial") {
				return job.Usage(message.Say("usage.handset.serial"))
			}
			if len(args) != 1 {
				return job.Usage(message.Say("usage.handset.profile"))
			}
			return runHandset(cmd.Context(), e, g, args[0], opts)
		},
	}
	f := cmd.Flags()
	f.BoolVar(&opts.list, "list", false, "list the profiles")
	f.StringVar(&opts.listen, "listen", "127.0.0.1:0", "address for adbd; \"\" serves no adbd")
	f.StringVar(&opts.adbServer, "adb-server", "", "also serve an adb server here, such as 127.0.0.1:0")
	f.StringVar(&opts.owner, "owner", "helpful", "helpful, guided (also follows the vendor's reset) or idle")
	f.StringVar(&opts.record, "record", "", "record a real handset here, with other identifiers")
	f.StringVar(&opts.auth, "auth", "", "whether it asks its owner about each computer")
	f.StringVar(&opts.trouble, "trouble", "", "a file with the faults to emulate")
	return cmd
}

// completeProfile completes the name of a profile, or of a file with one.
func completeProfile(_ *cobra.Command, args []string, _ string) ([]string, cobra.ShellCompDirective) {
	if len(args) > 0 {
		return nil, cobra.ShellCompDirectiveNoFileComp
	}
	return adbtest.Profiles(), cobra.ShellCompDirectiveDefault
}

func runHandsetList(e *env, g *globals) error {
	if g.json {
		return e.PrintJSON(adbtest.Profiles())
	}
	var rows [][]any
	for _, name := range adbtest.Profiles() {
		p, err := adbtest.Load(name)
		if err != nil {
			return err
		}
		rows = append(rows, []any{name, p.Title})
	}
	e.Table(rows)
	return nil
}

// runHandsetRecord writes the profile of a real handset, once it is seen to be
// one that can be emulated.
func runHandsetRecord(ctx context.Context, e *env, g *globals, file string) error {
	client, err := g.server(ctx, e)
	if err != nil {
		return err
	}
	device, _, err := client.Pick(ctx, g.serial)
	if err != nil {
		return err
	}
	profile, err := record.Profile(ctx, device, &evidence.Recorder{Device: device, Now: e.Now})
	if err != nil {
		return err
	}
	p, err := adbtest.Parse(profileName(file), profile)
	if err != nil {
		return err
	}
	f, err := os.OpenFile(file, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o644)
	if err != nil {
		return wrongFlag("--record", err)
	}
	if _, err = f.Write(profile); err == nil {
		err = f.Sync()
	}
	if err = errors.Join(err, f.Close()); err != nil {
		return err
	}
	if g.json {
		return e.PrintJSON(map[string]string{"profile": file, "title": p.Title})
	}
	e.Printf("%s", file)
	e.Say(message.Say("emulated.recorded", "title", p.Title))
	e.Say(message.Say("emulated.recorded.next", "file", console.Quote(file)))
	return nil
}

func profileName(file string) string { return strings.TrimSuffix(filepath.Base(file), ".txtar") }

// maxProfile bounds a profile, and the file with the trouble it makes.
const maxProfile = 16 << 20

// loadProfile reads one of the profiles that come with preship, or a file.
func loadProfile(name string) (*adbtest.Profile, error) {
	if !strings.HasSuffix(name, ".txtar") {
		p, err := adbtest.Load(name)
		if err != nil {
			return nil, job.Usage(message.Say("usage.handset.no-profile", "name", quoted(name)))
		}
		return p, nil
	}
	b, err := flagfile.Read(name, maxProfile)
	if err != nil {
		return nil, wrongFlag("", err)
	}
	return adbtest.Parse(profileName(name), b)
}

func runHandset(ctx context.Context, e *env, g *globals, profile string, opts handsetOptions) error {
	p, err := loadProfile(profile)
	if err != nil {
		return err
	}
	if p, err = asking(p, opts.auth); err != nil {
		return err
	}
	h, err := emulateProfile(p, opts.owner, opts.trouble)
	if err != nil {
		return err
	}
	defer h.Close()
	info := handsetInfo{Profile: profile, Serial: h.Serial()}
	if opts.listen == "" && opts.adbServer == "" {
		return job.Usage(message.Say("usage.handset.nothing"))
	}
	if opts.listen != "" {
		d, err := adbtest.NewDaemon(h, opts.listen)
		if err != nil {
			return err
		}
		defer d.Close()
		info.Daemon = d.Addr()
	}
	if opts.adbServer != "" {
		s, err := adbtest.NewServer(opts.adbServer, h)
		if err != nil {
			return err
		}
		defer s.Close()
		info.ADBServer = s.Addr()
	}
	if err := announceHandset(e, g, info); err != nil {
		return err
	}
	<-ctx.Done()
	return nil
}

func announceHandset(e *env, g *globals, info handsetInfo) error {
	if g.json {
		b, err := json.Marshal(info)
		if err != nil {
			return err
		}
		return console.WriteJSON(e.Out, b)
	}
	if info.Daemon != "" {
		e.Printf("%s is at %s", info.Profile, info.Daemon)
		e.Sayf("  adb connect %s", info.Daemon)
		e.Sayf("  preship prepare --serial %s --out . --confirm=emulated", info.Daemon)
	}
	if info.ADBServer != "" {
		e.Printf("%s is %s at adb server %s", info.Profile, info.Serial, info.ADBServer)
		e.Sayf("  ADB_SERVER_SOCKET=tcp:%s preship prepare --out . --confirm=emulated", info.ADBServer)
	}
	e.Say(message.Say("emulated.end"))
	return nil
}

// emulate makes an emulated handset with its owner and its trouble.
func emulate(profile, owner, troubleFile string) (*adbtest.Handset, error) {
	p, err := loadProfile(profile)
	if err != nil {
		return nil, err
	}
	return emulateProfile(p, owner, troubleFile)
}

// asking is a profile whose adbd asks its owner for each computer, or does not.
func asking(p *adbtest.Profile, auth string) (*adbtest.Profile, error) {
	switch auth {
	case "":
		return p, nil
	case "on":
		return p.With("ro.adb.secure", "1"), nil
	case "off":
		return p.With("ro.adb.secure", "0"), nil
	}
	return nil, job.Usage(message.Say("usage.handset.auth", "value", quoted(auth)))
}

// wrongTrouble returns the error for a file of troubles.
func wrongTrouble(file string, err error) error {
	why := message.Of(err)
	if bad := (*adbtest.TroubleTextError)(nil); errors.As(err, &bad) {
		word := quoted(bad.Word)
		what := map[string]message.Sentence{
			"kind":  message.Say("emulated.trouble.kind", "word", word),
			"pair":  message.Say("emulated.trouble.pair", "word", word),
			"key":   message.Say("emulated.trouble.key", "word", word),
			"value": message.Say("emulated.trouble.value", "word", word),
			"lacks": message.Say("emulated.trouble.lacks", "word", word, "key", quoted(bad.Needs+"=")),
			"quote": message.Say("emulated.trouble.quote", "word", word),
		}[string(bad.Fault)]
		why = message.Join(message.Colon, message.Say("emulated.trouble.line", "line", strconv.Itoa(bad.Line)), what)
	}
	return message.Error(message.Join(message.Colon, message.AsIs("--trouble "+file), why), nil)
}

func emulateProfile(p *adbtest.Profile, owner, troubleFile string) (*adbtest.Handset, error) {
	o, ok := map[string]adbtest.Owner{"helpful": adbtest.OwnerHelpful(), "guided": adbtest.OwnerGuided(), "idle": adbtest.OwnerIdle()}[owner]
	if !ok {
		return nil, job.Usage(message.Say("usage.handset.owner", "value", quoted(owner)))
	}
	options := []adbtest.Option{adbtest.WithOwner(o)}
	if troubleFile != "" {
		b, err := flagfile.Read(troubleFile, maxProfile)
		if err != nil {
			return nil, wrongFlag("--trouble", err)
		}
		trouble, err := adbtest.ParseTrouble(bytes.NewReader(b))
		if err != nil {
			return nil, wrongTrouble(troubleFile, err)
		}
		options = append(options, adbtest.WithTrouble(trouble...))
	}
	return adbtest.New(p, options...), nil
}
