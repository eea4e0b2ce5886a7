package main

import (
	"errors"
	"strconv"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"preship/cmd/preship/internal/job"
	"preship/report/message"
)

// wrongFlag returns a usage error of a flag, or a file or a variable, and what is wrong
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
func flagError(err error) error {
	var (
		unknown *pflag.NotExistError
		bare    *pflag.ValueRequiredError
		value   *pflag.InvalidValueError
		syntax  *pflag.InvalidSyntaxError
	)
	switch {
	case errors.As(err, &unknown):
		return job.Usage(message.Say("usage.flag.unknown", "flag", dashed(unknown.GetSpecifiedName(), unknown.GetSpecifiedShortnames())))
	case errors.As(err, &bare):
		return job.Usage(message.Say("usage.flag.no-value", "flag", dashed(bare.GetSpecifiedName(), bare.GetSpecifiedShortnames())))
	case errors.As(err, &syntax):
		return job.Usage(message.Say("usage.flag.syntax", "flag", syntax.GetSpecifiedFlag()))
	case errors.As(err, &value):
		return job.Usage(message.Say("usage.flag.value", "flag", "--"+value.GetFlag().Name, "value", quoted(value.GetValue()), "error", wanted(value)))
	}
	return wrongFlag("", err)
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
	return message.Of(err.Unwrap())
}

// argumentError is the error of arguments that a command does not take.
func argumentError(cmd *cobra.Command, args []string) error {
	if len(args) > 0 && cmd.HasAvailableSubCommands() {
		return job.Usage(message.Say("usage.command", "name", quoted(args[0]), "command", cmd.CommandPath()))
	}
	return job.Usage(message.Say("usage.arguments", "usage", cmd.UseLine()))
}
