package locks

import (
	"context"
	"strconv"
	"strings"

	"preship/adb/handset"
	"preship/adb/handset/dump"
	"preship/report/message"
)

// imageRunning is 1 while a handset runs a system from a temporary image, as
// Android's repair mode does (AOSP, LockPatternUtils and gsid).
const imageRunning = "ro.gsid.image_running"

const (
	repairOff    message.ID = "lock.repair-mode.off"
	repairOn     message.ID = "lock.repair-mode.on"
	repairUntold message.ID = "lock.repair-mode.unknown"
	repairMaybe  message.ID = "lock.repair-mode.other-user"
	repairUser   message.ID = "lock.repair-mode.not-owner"
)

// readRepairMode asks whether the handset shows a temporary system or another
// user's space. It is off only where every sign was looked for and answered. The
// properties are asked again: a handset can restart into the mode while a job is
// under way.
func readRepairMode(ctx context.Context, r handset.Reader, s Answers) State {
	image := askFact(ctx, r, handset.GetProperty.Must(imageRunning), func(text string) (value string, why message.Sentence) {
		if text == "" {
			return "off", message.Sentence{} // a property that is not there
		}
		return repairFlag(text)
	})
	setting := askFact(ctx, r, handset.RepairMode.Must(), func(text string) (value string, why message.Sentence) {
		if text == "null" {
			return "off", message.Sentence{} // a setting that was never written
		}
		return repairFlag(text)
	})
	user := s.currentUser(ctx, r)
	refs := []string{image.Ref, setting.Ref, user.Ref, s.Users.Ref}
	for _, sign := range []struct {
		name string
		handset.Fact
	}{{imageRunning, image}, {"repair_mode_active", setting}} {
		if sign.Value == "on" {
			return State{Status: Set, Summary: repairOn, Refs: refs}.seen(message.Say("lock.seen.set", "name", sign.name))
		}
	}
	if user.Known() && user.Value != "0" {
		return State{Status: Set, Summary: repairUser, Refs: refs}.seen(message.Say("lock.seen.user", "user", user.Value))
	}
	for _, sign := range []handset.Fact{image, setting, user} {
		if !sign.Known() {
			return unknownLock(repairUntold, sign.Unknown, refs...)
		}
	}
	if s.vendor().MaintenanceApps != nil {
		if !s.Users.Known() {
			return unknownLock(repairUntold, s.Users.Unknown, refs...)
		}
		if stranger, ref := s.maintenanceUser(ctx, r); !stranger.Empty() {
			return unknownLock(repairMaybe, stranger, append(refs, ref)...)
		}
	}
	if a, err := ask(ctx, r, handset.DumpUser.Must()); err == nil {
		refs = append(refs, a.Ref)
		if other, err := dump.ParseCurrentUser(a.Stdout); err == nil && other != 0 {
			return unknownLock(repairUntold, message.Say("lock.why.current-users", "user", user.Value, "other", strconv.Itoa(other)), refs...)
		}
	}
	return State{Status: Clear, Summary: repairOff, Refs: refs}.seen(message.Say("lock.seen.no-repair-mode", "user", user.Value))
}

// askFact is askText for an answer that may be an empty line, as getprop prints for
// a property that is not there. An answer without a line is unknown.
func askFact(ctx context.Context, r handset.Reader, line handset.Line, read func(string) (value string, why message.Sentence)) handset.Fact {
	a, err := ask(ctx, r, line)
	if err != nil {
		return handset.Fact{Unknown: handset.Because(err)}
	}
	text, whole := strings.CutSuffix(string(a.Stdout[:min(len(a.Stdout), 4096)]), "\n")
	f := handset.Fact{Ref: a.Ref}
	switch {
	case a.Exit > 0 || text == "" && len(a.Stderr) > 0:
		f.Unknown = handset.Reason(line, a, handset.ErrRefused)
	case !whole:
		f.Unknown = handset.Reason(line, a, dump.ErrTruncated)
	default:
		if f.Value, f.Unknown = read(strings.TrimRight(text, "\r")); f.Value != "" {
			f.Source, f.Unknown = line.String(), message.Sentence{}
		}
	}
	return f
}

// repairFlag reads a number: above 0 the mode is on. Only "0" is off.
func repairFlag(text string) (value string, why message.Sentence) {
	switch n, err := strconv.Atoi(text); {
	case err != nil || n < 0 || n == 0 && text != "0":
		return "", message.Say("lock.why.no-number", "value", strconv.Quote(dump.Printable([]byte(text), 80)))
	case n > 0:
		return "on", message.Sentence{}
	}
	return "off", message.Sentence{}
}

// currentUser asks whose space the handset shows. A system too old for the
// question has no repair mode either.
func (s Answers) currentUser(ctx context.Context, r handset.Reader) handset.Fact {
	if sdk, err := strconv.Atoi(s.Identity.SDK.Value); err == nil && sdk < handset.CurrentUser.Since {
		return handset.Fact{Value: "0", Source: "Android without repair mode"}
	}
	return askFact(ctx, r, handset.CurrentUser.Must(), func(text string) (value string, why message.Sentence) {
		if n, err := strconv.Atoi(text); err == nil && n >= 0 && strconv.Itoa(n) == text {
			return text, message.Sentence{}
		}
		return "", message.Say("lock.why.answered", "command", strconv.Quote(handset.CurrentUser.Line), "value", strconv.Quote(dump.Printable([]byte(text), 80)))
	})
}

// maintenanceUser returns the user that may be the space of the maker's own
// maintenance mode: one without a known purpose, where the handset has the mode.
// The app alone is no sign, for it is there whether or not the mode is on.
func (s Answers) maintenanceUser(ctx context.Context, r handset.Reader) (stranger message.Sentence, ref string) {
	user := ""
	for _, u := range s.Users.Items {
		if u.Kind == dump.UserSecondary {
			user, stranger = strconv.Itoa(u.ID), message.Say("lock.why.user", "user", strconv.Itoa(u.ID))
		}
	}
	sdk, err := strconv.Atoi(s.Identity.SDK.Value)
	if stranger.Empty() || err != nil || sdk >= s.vendor().MaintenanceInside {
		return stranger, ""
	}
	for _, app := range s.vendor().MaintenanceApps {
		a, err := ask(ctx, r, handset.PackagePath.Must(app))
		if there := strings.HasPrefix(dump.FirstLine(a.Stdout), "package:/"); err != nil || there || a.Exit <= 0 || len(a.Stderr) > 0 {
			return message.Say("lock.why.user-app", "user", user, "app", app), a.Ref
		}
	}
	return message.Sentence{}, ""
}
