package main

import (
	"embed"
	"fmt"
	"io/fs"
	"slices"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"preship/cmd/preship/internal/console"
	"preship/cmd/preship/internal/job"
	"preship/report/check"
	"preship/report/message"
	"preship/report/schema"
)

// ownSchemas are the schemas of what only this program writes; those of the
// report and its parts are in package report.
//
//go:embed schema/*.json
var ownSchemas embed.FS

const (
	eventSchema   = "urn:preship:event:v1"
	failureSchema = "urn:preship:failure:v1"
)

// schemaNames lists all schemas there are.
func schemaNames() []string {
	names := schema.Names()
	entries, err := fs.ReadDir(ownSchemas, "schema")
	if err != nil {
		panic(err) // the folder is part of the program
	}
	for _, e := range entries {
		names = append(names, strings.TrimSuffix(e.Name(), ".json"))
	}
	slices.Sort(names)
	return names
}

func schemaNamed(name string) ([]byte, error) {
	if b, err := schema.Of(name); err == nil {
		return b, nil
	}
	if !slices.Contains(schemaNames(), name) {
		return nil, job.Usage(message.Say("usage.schema", "name", quoted(name)))
	}
	return ownSchemas.ReadFile("schema/" + name + ".json")
}

// answers is what `--json` prints, by command.
var answers = []struct {
	command string
	schema  string // of preship report schema; "" is no schema
	what    string
}{
	{"prepare", "event", "one line an event, see below"},
	{"outlook", "event", "one event outlook, see below; prepare --look prints the same"},
	{"identify", "identify", "who the handset is"},
	{"backup", "backup", "what was saved and proved"},
	{"accounts", "accounts", "what locks the handset, by account type and lock"},
	{"reset", "", "what was seen of the reset: reset in the schema report"},
	{"verify", "", "what was seen after it: clean in the schema report, and policy where one was given"},
	{"report", "report", "the report as it was sealed"},
	{"report show", "report", "the same, once it verifies"},
	{"report verify", "verified", "one line a report"},
	{"backup verify", "", "files, bytes, kept, read, encrypted, opened, not_saved, left_out, lacking, problems: [{file, what}]; retention, where cases purge deleted the data"},
	{"backup open", "", "to, files, present, written, bytes, folders, kept, not_saved, undated, renamed: [{path, file}], problems: [{file, what}]"},
	{"restore", "", "schema, dry_run, files, present, pushed, proved, bytes, not_saved, kept, undated, folders, apps, contacts: {status: present, imported, unknown or offered}, imports: [{table: sms, mms or calls, status: present, imported, waiting, unknown or offered, files, wanted, before, after}], media_scan, local_backups, not_restored, missing: [{kind, what, id, name, why}], problems: [{file, what}], actions: [{do, what, bytes, kept}] of a dry run"},
	{"cases", "", "a list of {id, path, gone, problem, imei, sn, serial, model, market_name, codename, emulated, started, updated, " +
		"steps, sealed, verdict, signer, ticket, locks, backup {held, bytes, handed_back, deleting, deleted, deleted_by, archived}, work {desk, since}, stand, next}"},
	{"cases purge", "", "dry_run, cases: [{id, path, bytes, handed_back, deleted, statement, problem}], bytes"},
	{"cases archive", "", "address, cases: [{id, path, files, packs, kept, bytes, whole, freed, problem}]"},
	{"cases fetch", "", "a list of {id, folder, files, there, bytes, whole, problem}"},
	{"cases report", "", "cases, verdicts: how many of each, since; the CSV has the columns id, ticket, model, imei_tail, verdict, stand, started, updated, data, bytes, handed_back, deleted, locks, desk"},
	{"cases check", "checked", "what was read of packages, data and archives, and what is not as it was written"},
	{"devices", "", "a list of serial, state, detail, model, product, usb, next, then; with --watch one line a change"},
	{"connect", "", "paired, guid, handset"},
	{"doctor", "", "a list of name, status, found, next"},
	{"commands", "", "a list of name, line, writes, why"},
	{"handset", "", "profile, daemon, adb_server, serial: the first line, then it serves"},
	{"demo", "", "case, verdict"},
	{"version", "", "version, commit, time, go, os, arch"},
}

// eventKind is one kind of line of `preship prepare --json`. Every line has event
// and at as well, and serial and case where several handsets were asked for.
type eventKind struct {
	name   string
	when   string
	fields []string // all it may have
}

var eventKinds = []eventKind{
	{"begin", "the case is open", []string{"case"}},
	{"outlook", "before anything is asked: blockers end the job with exit code 3; a list of id, text, message, next, flag each", []string{"found", "blockers", "losses", "todo", "seconds"}},
	{"step", "a step begins (state running) or ended", []string{"step", "state", "error"}},
	{"progress", "during a backup, a few times a second; proved counts files", []string{"step", "text", "files", "bytes", "proved"}},
	{"wait", "a wait begins (state begin), lasts (running) or is over (done); text and message say why", []string{"state", "wait", "text", "message"}},
	{"say", "a message for a person: its English, and its ID with arguments", []string{"text", "message"}},
	{"finding", "the answer to a check, after its step", []string{"step", "finding"}},
	{"policy", "the ruling of --policy", []string{"policy"}},
	{"done", "the last line of a handset, always; message is what error says", []string{"case", "verdict", "exit", "error", "reason", "message", "flag"}},
	{"summary", "the last line where several handsets were asked for", []string{"handsets", "exit"}},
}

// newScriptsTopic is `preship help scripts`: a page and no command.
func newScriptsTopic(*env, *globals) *cobra.Command {
	return &cobra.Command{Use: "scripts", Short: "The contract for scripts: exit codes, JSON, events and policies", Long: scriptsHelp()}
}

func newChecksTopic(*env, *globals) *cobra.Command {
	return &cobra.Command{Use: "checks", Short: "List every check by the ID that findings and policies use"}
}

// newFlagsTopic is `preship help flags`: every flag of every command.
func newFlagsTopic(*env, *globals) *cobra.Command {
	return &cobra.Command{Use: "flags", Short: "List every flag of every command, also the rare ones"}
}

// writeLong writes the long text of a command that is made when it is read: the names of
// the checks and of the ways take the catalogue, which no command reads to start.
func writeLong(cmd *cobra.Command, words helpWords) {
	if cmd.Long != "" {
		return
	}
	switch strings.TrimPrefix(cmd.CommandPath(), "preship ") {
	case "checks":
		cmd.Long = checksHelp()
	case "flags":
		cmd.Long = flagsHelp(cmd.Root(), words)
	case "reset":
		cmd.Long = resetHelp()
	}
}

func flagsHelp(root *cobra.Command, words helpWords) string {
	var b strings.Builder
	b.WriteString(words.say("help.page.all") + "\n")
	var common []helpRow
	root.PersistentFlags().VisitAll(func(f *pflag.Flag) { common = append(common, helpRow{"", flagName(f), flagMeans(root, f, words)}) })
	b.WriteString(columns(common, helpColumns))
	for _, cmd := range allCommands(root) {
		if rows, _ := flagTable(cmd, false, words); len(rows) > 0 && !cmd.Hidden {
			b.WriteString("\n" + cmd.CommandPath() + "\n" + strings.ReplaceAll("\n"+columns(rows, helpColumns-2), "\n", "\n  ")[1:])
		}
	}
	return b.String()
}

func checksHelp() string {
	var b strings.Builder
	b.WriteString("A finding is the answer to one check: pass, warn, fail, unknown or skipped. unknown is never pass.\n" +
		"! marks a check that must be known before a handset may be posted.\n\n")
	for _, row := range check.Rows {
		must := " "
		if row.Required {
			must = "!"
		}
		fmt.Fprintf(&b, "  %s %-30s %s\n", must, row.ID, check.Title(row.ID))
	}
	return b.String()
}

func scriptsHelp() string {
	var b strings.Builder
	b.WriteString(scriptsIntro + "\n" + exitCodeHelp())
	b.WriteString("\nWhat --json prints, and its schema (preship report schema NAME):\n")
	for _, a := range answers {
		fmt.Fprintf(&b, "  %-14s %-9s %s\n", a.command, a.schema, a.what)
	}
	b.WriteString("\nThe events of prepare, one JSON object a line, each with event and at (RFC 3339, UTC), and with\nserial and case for several handsets (--all, --watch, --serial twice):\n")
	for _, k := range eventKinds {
		fmt.Fprintf(&b, "  %-9s %s: %s\n", k.name, k.when, strings.Join(k.fields, ", "))
	}
	b.WriteString(scriptsFailure)
	for _, code := range []exitCode{exitFailed, exitUsage, exitNotReady, exitNoHandset, exitInterrupted} {
		b.WriteString(console.Wrap(fmt.Sprintf("  %-4d", code)+strings.Join(reasonsOf(code), ", "), helpColumns) + "\n")
	}
	b.WriteString(scriptsPolicy + policyExample + scriptsRest)
	b.WriteString("\nFor several handsets the exit code is that of the worst: " + worstFirst() + ".\n")
	return b.String()
}

// reasonsOf lists the reasons with an exit code, each once.
func reasonsOf(code exitCode) (reasons []string) {
	for _, row := range errorRows {
		if row.code == code && !slices.Contains(reasons, row.reason) {
			reasons = append(reasons, row.reason)
		}
	}
	switch code {
	case exitUsage:
		reasons = append(reasons, reasonUsage, reasonUnanswered)
	case exitFailed:
		reasons = append(reasons, reasonOther)
	}
	return reasons
}

const scriptsIntro = `This contract holds within a major version of preship. Fields and events may be added: skip those you do not know.
No field or event is removed or changes its meaning. Words for people, on standard error, may change.

Answers go to standard output, everything else to standard error. The exit code says how it ended: 0 means
that everything was done and verified. With --no-input preship asks no questions: it fails with exit code 2
and names the flag that answers. preship help checks lists the checks.

  preship prepare --out DIR --confirm=XXXXXX --no-input --json

--confirm takes the last six characters of the IMEI or serial of the handset to erase, or the word emulated if every
handset is an emulator or emulated.
`

const scriptsFailure = `
A command that ends before it has an answer prints one object with --json: exit, reason, error, message, flag (schema
failure). prepare has them in its event done, and summary has exit, reason and error for each handset. flag is the flag
that answers what could not be asked. Reasons by exit code:

`

const scriptsPolicy = `
A policy asks for more than the verdict. prepare, verify, report and report verify take --policy FILE, in YAML or JSON.
It does not change a report. If it is not met, the exit code is 3 and standard error has one line for each rule that
does not hold. A rule for an unknown check is an error with exit code 2, before anything is done. A check that was never
asked does not meet a rule. Everything but schema may be left out:

`

// policyExample is in the help, and a test reads it as a policy.
const policyExample = `  schema: urn:preship:policy:v1
  name: front desk
  kind: device            # or emulator
  rung: format-answered   # or higher, of: attested, came-back-unauthorized, format-answered, observed-clean
  backup_proved: true     # saved and proved, not refused by name
  max_age: 72h            # since the job ended
  checks:                 # * ends a beginning; the longest ID decides about a check
    - id: account.*
      require: pass       # or warn: pass or warn; ignore: anything
      method: observed    # seen, not attested; inferred: also inferred
      if_asked: true      # a skipped check meets the rule
    - id: account.others
      require: ignore
`

const scriptsRest = `
The verdict must be READY as well. For benches, kind: emulator with any_verdict: true leaves the exit code to the rules
if every step is done. A failed job has exit code 1 with any policy.

--junit FILE and --ctrf FILE write the checks for build servers, one test a check. fail is failed, and so is unknown if
the check is required; skipped and other unknowns are skipped. A policy is a suite of its own.

--after PROGRAM of prepare and desk runs a program when a case ends, once an end, also of --all: with PRESHIP_VERDICT,
PRESHIP_CASE (its ID), PRESHIP_CASE_DIR, PRESHIP_TICKET, PRESHIP_REPORT_JSON, PRESHIP_REPORT_PDF, PRESHIP_PARCEL and
PRESHIP_REPORT_SHA256 in its environment, empty where there is none. It gets no arguments, and a minute. The case is free
meanwhile. If it fails, preship warns, and runs it again if the case ends with the same report; the exit code stays.

--timeout 20m stops prepare, backup, reset, verify and restore as Ctrl-C does: the case is kept, prepare seals it as
INCOMPLETE, the exit code is 1, and the same command resumes (prepare with --case). The limit does not apply after a
wipe is sent: a handset that is being erased is not left alone. --wait limits each wait for a person.

--register postgres://... and archives in s3://... take a build with their clients, of 36 MB instead of 30:
go install -tags desks ./cmd/preship. Archives in a folder take none.
`
