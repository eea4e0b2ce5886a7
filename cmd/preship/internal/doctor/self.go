package doctor

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"time"

	"golang.org/x/crypto/ssh"

	"preship/cmd/preship/internal/hold"
	"preship/report"
	"preship/report/seal"
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
			report.StatusFail, found + ", before this preship was built on " + built.Format(time.DateOnly),
			[]string{"set this computer's clock: the report tells when things happened"},
		}
	}
	if zone := f.Console.Getenv("TZ"); zone != "" && !strings.HasPrefix(zone, ":") {
		if _, err := time.LoadLocation(zone); err != nil {
			return result{report.StatusWarn, found + ", and TZ names no zone: " + zone, []string{"mend or unset TZ; the report has universal time beside it"}}
		}
	}
	return result{status: report.StatusPass, found: found}
}

func checkKey(ctx context.Context, f *facts) result {
	file, err := f.Keys.File()
	if err != nil {
		return result{report.StatusFail, err.Error(), []string{"choose another with --key"}}
	}
	key, err := f.Keys.Public(ctx)
	switch {
	case errors.Is(err, fs.ErrNotExist) && f.Keys.Named == "":
		return result{status: report.StatusPass, found: "none yet; made on first use at " + file}
	case errors.Is(err, seal.ErrKeyExposed):
		return result{report.StatusFail, err.Error(), []string{"others may have read it: chmod 600 " + file + ", or better make another with preship key new"}}
	case err != nil:
		return result{report.StatusFail, err.Error(), []string{"choose another with --key, or make one with preship key new"}}
	}
	found := fmt.Sprintf("%s %s", key.Type(), ssh.FingerprintSHA256(key))
	info, err := os.Stat(file)
	if err != nil {
		return result{status: report.StatusPass, found: found + ", held by ssh-agent"}
	}
	return result{status: report.StatusPass, found: fmt.Sprintf("%s at %s, since %s", found, file, info.ModTime().Format(time.DateOnly))}
}

// checkOthers tries the claims of other runs. A claim that can be taken was left by a
// run that was killed, and does not count.
func checkOthers(_ context.Context, f *facts) result {
	dir, err := f.ConfigDir()
	if err != nil {
		return result{report.StatusUnknown, err.Error(), nil}
	}
	claims, err := filepath.Glob(filepath.Join(dir, "busy", "*.lock"))
	if err != nil {
		return result{report.StatusUnknown, err.Error(), nil}
	}
	busy := map[string]bool{}
	for _, claim := range claims {
		if err := hold.Held(claim); err != nil {
			busy[err.Error()] = true
		}
	}
	if len(busy) == 0 {
		return result{status: report.StatusPass, found: "none is working"}
	}
	var found []string
	for text := range busy {
		found = append(found, text)
	}
	return result{report.StatusWarn, strings.Join(found, "; "), []string{"let it finish, or end it with ctrl-c: what it has proved is kept"}}
}

func checkTerminal(_ context.Context, f *facts) result {
	e := f.Console
	var has []string
	if e.InTTY {
		has = append(has, "questions can be asked")
	} else {
		has = append(has, "no terminal to ask on: give every answer as a flag")
	}
	switch {
	case e.Colour:
		has = append(has, fmt.Sprintf("progress in colour, %d columns", e.Width()))
	case e.ErrTTY:
		has = append(has, fmt.Sprintf("progress without colour, %d columns", e.Width()))
	}
	s := result{status: report.StatusPass, found: strings.Join(has, "; ")}
	if e.ErrTTY && runtime.GOOS != "windows" && !utf8Locale(e.Getenv) {
		s.status, s.next = report.StatusWarn, []string{"names of files in other scripts may look odd here: set LANG to a UTF-8 locale, such as C.UTF-8"}
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
