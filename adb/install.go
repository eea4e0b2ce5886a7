package adb

import (
	"context"
	"errors"
	"fmt"
	"io"
	"regexp"
	"strconv"
	"strings"
	"time"

	"preship/report/message"
)

// APK is one file of an app: its base, or a split.
type APK struct {
	Name string // within the session, such as "base.apk"
	Size int64
	Open func() (io.ReadCloser, error) // called once
}

// InstallOptions says how to install.
type InstallOptions struct {
	Replace  bool             // an app that is there already, keeping its data
	User     string           // "" is the device's choice: all users
	Progress func(sent int64) // of all files; nil: not called
}

// InstallError is the device's refusal of an app.
type InstallError struct {
	Step string // create, write or commit
	Code string // such as INSTALL_FAILED_USER_RESTRICTED; "" if it gave no code
	Text string // its whole answer
}

func (e *InstallError) Error() string { return fmt.Sprintf("install %s: %s", e.Step, e.Text) }

// Is reports whether target is ErrRefused.
func (e *InstallError) Is(target error) bool { return target == ErrRefused }

// Install installs one app from its base and its splits, as one session of the
// package installer: all of them, or after an error nothing. The files are
// streamed and never stored on the device's storage as they are. ctx bounds the
// time, since a device may verify for minutes; a refusal is an *InstallError.
func (d *Device) Install(ctx context.Context, apks []APK, o InstallOptions) error {
	features, err := d.Features(ctx)
	if err != nil {
		return err
	}
	s := &installSession{dev: d, service: installService(features), options: o}
	if err := s.create(ctx, apks); err != nil {
		return err
	}
	err = s.fill(ctx, apks)
	if err == nil {
		_, err = s.ask(ctx, "commit", "install-commit", s.id)
	}
	if err != nil {
		s.abandon(ctx)
	}
	return err
}

// installService returns the service that reaches the package installer: by adbd itself where it
// can, which is Android 11 and later, by cmd from Android 7 on, else by pm.
func installService(f Features) func(args ...string) string {
	switch {
	case f.Has(FeatureABBExec):
		return func(args ...string) string { return "abb_exec:package\x00" + strings.Join(args, "\x00") }
	case f.Has(FeatureCmd):
		return func(args ...string) string { return "exec:cmd package " + quoteAll(args) }
	}
	return func(args ...string) string { return "exec:pm " + quoteAll(args) }
}

// plainWord is what a shell takes as it stands.
var plainWord = regexp.MustCompile(`^[A-Za-z0-9_./:@%+=,-]+$`)

func quoteAll(args []string) string {
	quoted := make([]string, len(args))
	for i, arg := range args {
		if quoted[i] = arg; !plainWord.MatchString(arg) {
			quoted[i] = "'" + strings.ReplaceAll(arg, "'", `'\''`) + "'"
		}
	}
	return strings.Join(quoted, " ")
}

// installSession is a session of the package installer.
type installSession struct {
	dev     *Device
	service func(args ...string) string
	options InstallOptions
	id      string
	sent    int64
}

var sessionCreated = regexp.MustCompile(`^Success: created install session \[(\d{1,10})\]`)

func (s *installSession) create(ctx context.Context, apks []APK) error {
	args := []string{"install-create"}
	if s.options.Replace {
		args = append(args, "-r")
	}
	if s.options.User != "" {
		args = append(args, "--user", s.options.User)
	}
	total := int64(0)
	for _, a := range apks {
		total += a.Size
	}
	text, err := s.ask(ctx, "create", append(args, "-S", strconv.FormatInt(total, 10))...)
	if err != nil {
		return err
	}
	m := sessionCreated.FindStringSubmatch(text)
	if m == nil {
		return fmt.Errorf("%s: install-create: %w", s.dev.serial, message.Detail(ErrProtocol, message.Say("error.detail.line", "line", fmt.Sprintf("%.80q", text))))
	}
	s.id = m[1]
	return nil
}

// fill streams all files.
func (s *installSession) fill(ctx context.Context, apks []APK) error {
	for _, a := range apks {
		if err := s.write(ctx, a); err != nil {
			return err
		}
	}
	return nil
}

func (s *installSession) write(ctx context.Context, a APK) error {
	r, err := a.Open()
	if err != nil {
		return err
	}
	defer r.Close()
	conn, err := s.dev.Open(ctx, s.service("install-write", "-S", strconv.FormatInt(a.Size, 10), s.id, a.Name, "-"))
	if err != nil {
		return err
	}
	defer conn.Close()
	n, err := io.CopyN(io.MultiWriter(conn, s), r, a.Size)
	switch {
	case err == io.EOF:
		return fmt.Errorf("install write %s: %w: %d of %d bytes", a.Name, io.ErrUnexpectedEOF, n, a.Size)
	case err != nil && !errors.Is(err, ErrClosed):
		return err
	}
	// A device that closed early says why.
	_, answerErr := s.answer(conn, "write")
	if answerErr == nil && err != nil {
		return s.dev.diagnose(ctx, err)
	}
	return answerErr
}

// Write counts the bytes sent.
func (s *installSession) Write(p []byte) (int, error) {
	s.sent += int64(len(p))
	if s.options.Progress != nil {
		s.options.Progress(s.sent)
	}
	return len(p), nil
}

// ask runs one command of the installer that takes no data.
func (s *installSession) ask(ctx context.Context, step string, args ...string) (string, error) {
	conn, err := s.dev.Open(ctx, s.service(args...))
	if err != nil {
		return "", err
	}
	defer conn.Close()
	return s.answer(conn, step)
}

const maxInstallText = 64 << 10

var installCode = regexp.MustCompile(`\[?(INSTALL_[A-Z_]+)`)

// answer reads the answer of the installer. Silence is no success.
func (s *installSession) answer(conn *Conn, step string) (string, error) {
	conn.SetIdle(0) // verifying an app takes as long as it takes
	b, err := io.ReadAll(io.LimitReader(conn, maxInstallText))
	if err != nil {
		return "", err
	}
	text := strings.TrimSpace(string(b))
	switch {
	case strings.HasPrefix(text, "Success"):
		return text, nil
	case text == "":
		return "", fmt.Errorf("%s: install-%s: %w", s.dev.serial, step, message.Detail(ErrClosed, message.Say("error.detail.no-answer")))
	}
	e := &InstallError{Step: step, Text: text}
	if m := installCode.FindStringSubmatch(text); m != nil {
		e.Code = m[1]
	}
	return "", e
}

const abandonTimeout = 10 * time.Second

// abandon frees what a session that failed holds on the device, also when it was
// the context that ended it.
func (s *installSession) abandon(ctx context.Context) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), abandonTimeout)
	defer cancel()
	_, _ = s.ask(ctx, "abandon", "install-abandon", s.id)
}
