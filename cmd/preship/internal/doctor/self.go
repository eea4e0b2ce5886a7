package doctor

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"time"

	"golang.org/x/crypto/ssh"

	"preship/cmd/preship/internal/hold"
	"preship/report"
	"preship/report/message"
	"preship/report/trust"
)

// FirstYear is the year of the first preship: a clock that says less is wrong.
const FirstYear = 2026

// clockSlack is how far behind its own build preship may find the clock: time
// zones are set wrong by hours, not by days.
const clockSlack = 24 * time.Hour

func checkClock(_ context.Context, f *facts) result {
	now := f.Console.Now()
	found := now.Format("2006-01-02 15:04 MST (-07:00)")
	built := f.machine.built
	if built.IsZero() {
		built = time.Date(FirstYear, time.January, 1, 0, 0, 0, 0, time.UTC)
	}
	if now.Before(built.Add(-clockSlack)) {
		return result{
			report.StatusFail, message.Say("doctor.clock.behind", "now", found, "built", built.Format(time.DateOnly)), next("doctor.clock.set"),
		}
	}
	if zone := f.Console.Getenv("TZ"); zone != "" && !strings.HasPrefix(zone, ":") {
		if _, err := time.LoadLocation(zone); err != nil {
			return result{report.StatusWarn, message.Say("doctor.clock.zone", "now", found, "zone", zone), next("doctor.clock.fix-zone")}
		}
	}
	return result{status: report.StatusPass, found: message.AsIs(found)}
}

func checkKey(ctx context.Context, f *facts) result {
	file, err := f.Keys.File()
	if err != nil {
		return result{report.StatusFail, message.Of(err), next("doctor.key.choose")}
	}
	key, err := f.Keys.Public(ctx)
	switch {
	case errors.Is(err, fs.ErrNotExist) && f.Keys.Named == "":
		return result{status: report.StatusPass, found: message.Say("doctor.key.none", "file", file)}
	case errors.Is(err, trust.ErrKeyExposed):
		return result{report.StatusFail, message.Of(err), []message.Sentence{message.Say("doctor.key.exposed", "file", file)}}
	case err != nil:
		return result{report.StatusFail, message.Of(err), next("doctor.key.make")}
	}
	found := fmt.Sprintf("%s %s", key.Type(), ssh.FingerprintSHA256(key))
	info, err := os.Stat(file)
	if err != nil {
		return result{status: report.StatusPass, found: message.Say("doctor.key.agent", "key", found)}
	}
	return result{status: report.StatusPass, found: message.Say("doctor.key.file", "key", found, "file", file, "date", info.ModTime().Format(time.DateOnly))}
}

// checkOthers tries the claims of other runs. A claim that can be taken was left by a
// run that was killed, and does not count.
func checkOthers(_ context.Context, f *facts) result {
	dir, err := f.ConfigDir()
	if err != nil {
		return result{report.StatusUnknown, message.Of(err), nil}
	}
	claims, err := filepath.Glob(filepath.Join(dir, "busy", "*.lock"))
	if err != nil {
		return result{report.StatusUnknown, message.Of(err), nil}
	}
	busy := map[string]error{}
	for _, claim := range claims {
		if err := hold.Held(claim); err != nil {
			busy[err.Error()] = err
		}
	}
	if len(busy) == 0 {
		return result{status: report.StatusPass, found: message.Say("doctor.others.none")}
	}
	var found []message.Sentence
	for _, text := range slices.Sorted(maps.Keys(busy)) {
		found = append(found, message.Of(busy[text]))
	}
	return result{report.StatusWarn, message.Join(message.Semicolon, found...), next("doctor.others.wait")}
}

func checkTerminal(_ context.Context, f *facts) result {
	e := f.Console
	var has []message.Sentence
	if e.InTTY {
		has = append(has, message.Say("doctor.terminal.asks"))
	} else {
		has = append(has, message.Say("doctor.terminal.no-asking"))
	}
	switch {
	case e.Colour:
		has = append(has, message.Say("doctor.terminal.colour", "columns", fmt.Sprint(e.Width())))
	case e.ErrTTY:
		has = append(has, message.Say("doctor.terminal.plain", "columns", fmt.Sprint(e.Width())))
	}
	s := result{status: report.StatusPass, found: message.Join(message.Semicolon, has...)}
	if e.ErrTTY && runtime.GOOS != "windows" && !utf8Locale(e.Getenv) {
		s.status, s.next = report.StatusWarn, next("doctor.terminal.locale")
	}
	return s
}

// utf8Locale follows setlocale(3): the first that is set counts.
func utf8Locale(getenv func(string) string) bool {
	for _, name := range []string{"LC_ALL", "LC_CTYPE", "LANG"} {
		if v := getenv(name); v != "" {
			v = strings.ToLower(v)
			return strings.HasSuffix(v, "utf-8") || strings.HasSuffix(v, "utf8")
		}
	}
	return false
}
