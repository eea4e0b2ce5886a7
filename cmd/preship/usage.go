package main

import (
	"errors"
	"strconv"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"preship/cmd/preship/internal/job"
	"preship/report/message"
)

// wrongFlag returns a usage error of a flag, or a file or a variable, and the reason
// with it. flag may be empty.
func wrongFlag(flag string, err error) error {
	if flag == "" {
		return job.Usage(message.Of(err))
	}
	return job.Usage(message.Join(message.Colon, message.AsIs(flag), message.Of(err)))
}

// quoted returns what a person typed, in quotes, for a sentence.
func quoted(typed string) string { return strconv.Quote(typed) }

// flagError says what pflag says of a flag, in words of the message files.
func flagError(cmd *cobra.Command, err error) error {
	var (
		unknown *pflag.NotExistError
		bare    *pflag.ValueRequiredError
		value   *pflag.InvalidValueError
		syntax  *pflag.InvalidSyntaxError
	)
	switch {
	case errors.As(err, &unknown):
		return unknownFlag(cmd, unknown)
	case errors.As(err, &bare):
		return job.Usage(message.Say("usage.flag.no-value", "flag", dashed(bare.GetSpecifiedName(), bare.GetSpecifiedShortnames())))
	case errors.As(err, &syntax):
		return job.Usage(message.Say("usage.flag.syntax", "flag", syntax.GetSpecifiedFlag()))
	case errors.As(err, &value):
		return job.Usage(message.Say("usage.flag.value", "flag", "--"+value.GetFlag().Name, "value", quoted(value.GetValue()), "error", wanted(value)))
	}
	return wrongFlag("", err)
}

// unknownFlag is the usage error for a flag that is not there. It names the flags that
// are spelled alike.
func unknownFlag(cmd *cobra.Command, err *pflag.NotExistError) error {
	name := err.GetSpecifiedName()
	flag := dashed(name, err.GetSpecifiedShortnames())
	flags := &cobra.Command{SuggestionsMinimumDistance: 2} // Cobra finds similar names of commands
	cmd.Flags().VisitAll(func(f *pflag.Flag) {
		flags.AddCommand(&cobra.Command{Use: f.Name, Run: func(*cobra.Command, []string) {}})
	})
	if like := flags.SuggestionsFor(name); len(name) > 1 && len(like) > 0 && len(like) < 4 {
		return job.Usage(message.Say("usage.flag.like", "flag", flag, "like", "--"+strings.Join(like, ", --")))
	}
	return job.Usage(message.Say("usage.flag.unknown", "flag", flag))
}

// noSuchCommand is the usage error for a name that is no command below cmd. It names
// the commands that are spelled alike.
func noSuchCommand(cmd *cobra.Command, name string) error {
	for cmd.HasParent() && !cmd.HasSubCommands() {
		cmd = cmd.Parent()
	}
	cmd.SuggestionsMinimumDistance = 2
	var like []string
	for _, other := range cmd.SuggestionsFor(name) {
		like = append(like, cmd.CommandPath()+" "+other)
	}
	if len(like) > 0 {
		return job.Usage(message.Say("usage.command.like", "name", quoted(name), "like", strings.Join(like, ", ")))
	}
	return job.Usage(message.Say("usage.command", "name", quoted(name), "command", cmd.CommandPath()))
}

// dashed is a flag as it is typed.
func dashed(name, shorthands string) string {
	if shorthands != "" {
		return "-" + name
	}
	return "--" + name
}

// wanted says what a flag takes that was given another value.
func wanted(err *pflag.InvalidValueError) message.Sentence {
	switch err.GetFlag().Value.Type() {
	case "int":
		return message.Say("usage.number")
	case "bool":
		return message.Say("usage.yes-no")
	case "duration":
		return message.Say("usage.duration")
	}
	if language := (message.ErrLanguage{}); errors.As(err, &language) {
		return message.Say("usage.language", "name", quoted(language.Name), "languages", message.Languages())
	}
	return said(err.Unwrap())
}

// argumentError is the error of arguments that a command does not take.
func argumentError(cmd *cobra.Command, args []string) error {
	if len(args) > 0 && cmd.HasAvailableSubCommands() {
		return noSuchCommand(cmd, args[0])
	}
	return job.Usage(message.Say("usage.arguments", "usage", cmd.UseLine()))
}
