package signing

import (
	"context"
	"crypto/x509"
	"errors"
	"io/fs"

	"preship/cmd/preship/internal/job"
	"preship/report/message"
	"preship/report/safefile"
	"preship/report/trust"
)

// keyError turns the error of an unusable key into a usage error that says what to
// do. An interruption is returned unchanged.
func keyError(ctx context.Context, file string, err error) error {
	if err == nil {
		return nil
	}
	if ctx.Err() != nil {
		return ctx.Err()
	}
	if usage := (*job.UsageError)(nil); errors.As(err, &usage) {
		return job.Usage(message.Join(message.Colon, message.Say("key.signing"), message.Of(err)))
	}
	return job.Usage(message.Join(message.Colon, message.Say("key.signing"), keyTrouble(file, err)))
}

// keyTrouble is one sentence: the file, its problem, and the next thing to do.
func keyTrouble(file string, err error) message.Sentence {
	another := message.Say("key.trouble.another")
	special := safefile.NotFileError(0)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return message.Say("key.trouble.missing", "file", file)
	case errors.Is(err, fs.ErrPermission):
		return message.Say("key.trouble.permission", "file", file, "another", another)
	case errors.As(err, &special):
		return message.Say("key.trouble.special", "file", file, "what", special.Sentence(), "another", another)
	case errors.Is(err, trust.ErrKeyExposed):
		return message.Say("key.trouble.exposed", "file", file, "another", another)
	case errors.Is(err, x509.IncorrectPasswordError):
		return message.Say("key.trouble.passphrase", "file", file, "another", another)
	case errors.Is(err, trust.ErrPublicKey):
		return message.Say("key.trouble.public", "file", file)
	}
	return message.Say("key.trouble.other", "error", message.Of(err), "another", another)
}
