package signing

import (
	"context"
	"crypto/x509"
	"errors"
	"fmt"
	"io/fs"

	"preship/cmd/preship/internal/job"
	"preship/report/safefile"
	"preship/report/trust"
)

func usagef(format string, args ...any) error {
	return &job.UsageError{Text: fmt.Sprintf(format, args...)}
}

// keyError turns the error of an unusable key into a usage error that says what to
// do. An interruption is returned as it is.
func keyError(ctx context.Context, file string, err error) error {
	if err == nil {
		return nil
	}
	if ctx.Err() != nil {
		return ctx.Err()
	}
	if usage := (*job.UsageError)(nil); errors.As(err, &usage) {
		return usagef("signing key: %v", err)
	}
	return usagef("signing key: %s", keyTrouble(file, err))
}

// keyTrouble is one sentence: the file, its problem, and the next thing to do.
func keyTrouble(file string, err error) string {
	another := "choose another with --key, or make one with preship key new --key FILE"
	special := safefile.NotFileError(0)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return fmt.Sprintf("%s: there is no such file; make it with: preship key new --key %s", file, file)
	case errors.Is(err, fs.ErrPermission):
		return fmt.Sprintf("%s: this computer does not let you read or make it; %s", file, another)
	case errors.As(err, &special):
		return fmt.Sprintf("%s %v; %s", file, special, another)
	case errors.Is(err, trust.ErrKeyExposed):
		return fmt.Sprintf("%s: others on this computer can read it; run: chmod 600 %s, or %s", file, file, another)
	case errors.Is(err, x509.IncorrectPasswordError):
		return fmt.Sprintf("%s: the passphrase does not open it; give the right one, or %s", file, another)
	case errors.Is(err, trust.ErrPublicKey):
		return fmt.Sprintf("%s holds %v; give the private key, whose file has no .pub in its name", file, trust.ErrPublicKey)
	}
	return fmt.Sprintf("%v; %s", err, another)
}
