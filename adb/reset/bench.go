package reset

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"preship/adb"
	"preship/adb/handset"
	"preship/adb/handset/dump"
	"preship/report"
	"preship/report/check"
	"preship/report/message"
)

var (
	// ErrNotBench: it is a handset as it is sold, and is not reset this way.
	ErrNotBench = message.Error(message.Say("guide.error.not-bench"), nil)
	// ErrBenchRefused: the image cannot erase itself.
	ErrBenchRefused = message.Error(message.Say("error.emulator-cannot-erase"), nil)
)

// bench resets an emulator or a debuggable build by Android's test harness mode:
// it erases the data and comes back set up, with this computer still allowed, so
// that scripts can continue. It needs a partition that outlives the wipe, which not
// every emulator image has, and those refuse.
func bench(ctx context.Context, a *attempt) error {
	if err := a.askBench(ctx); err != nil {
		return err
	}
	if err := a.Owner.Recheck(ctx); err != nil {
		return err
	}
	if err := a.triggered(); err != nil {
		return message.Error(message.Say("error.nothing-wiped"), err)
	}
	a.say("guide.emulator")
	var refused error
	s, err := a.watch(ctx, a.limits.Leave, func(ctx context.Context) error {
		refused = a.harness(ctx)
		return refused
	})
	if refused != nil {
		a.find(check.ResetAnswer, report.StatusFail, "reset.emulator.refused", reason(refused, 300))
		a.advise("reset.emulator.remedy")
		return a.untrigger(refused)
	}
	return a.judge(ctx, s, err)
}

// benchName is the way's name in the report.
const benchName = "bench"

// harness sends the wipe. The connection may break before its answer is there, and a shell
// that reports no status may have begun it.
func (a *attempt) harness(ctx context.Context) error {
	answer, err := a.askFor(ctx, handset.TestHarness.Must())
	if err == nil && answer.Exit > 0 {
		said := dump.Printable(append(answer.Stderr, answer.Stdout...), 200)
		return fmt.Errorf("%w: %w", ErrBenchRefused, message.Error(message.Say("guide.error.says", "text", strconv.Quote(strings.TrimSpace(said))), nil))
	}
	if errors.Is(err, adb.ErrRefused) {
		return err
	}
	return nil
}

// benchAPI is the first Android version with test harness mode.
const benchAPI = 29

// fitsBench: the build names itself in its fingerprint. ro.debuggable alone says
// nothing: tools that root a handset set it on builds that are sold.
func fitsBench(id handset.Identity) (bool, message.Sentence) {
	api, _ := strconv.Atoi(id.SDK.Value)
	switch {
	case id.Vendor == nil || !slices.Contains(id.Vendor.ResetWays, "bench"):
		return false, message.Say("way.bench.vendor")
	case id.Kind != handset.KindEmulator && !debugBuild(id.Fingerprint.Value):
		return false, message.Say("way.bench.kind")
	case api < benchAPI:
		return false, message.Say("way.bench.android")
	}
	return true, message.Say("way.bench.fits")
}

func debugBuild(fingerprint string) bool {
	return strings.Contains(fingerprint, ":userdebug/") || strings.Contains(fingerprint, ":eng/")
}

// askBench asks the handset itself, right before the wipe, whether it is what
// the identity says: cables can be changed.
func (a *attempt) askBench(ctx context.Context) error {
	value := func(property string) string {
		answer, err := a.askFor(ctx, handset.GetProperty.Must(property))
		if err != nil || answer.Exit > 0 {
			return ""
		}
		return strings.TrimSpace(string(answer.Stdout))
	}
	if value("ro.boot.qemu") != "1" && value("ro.kernel.qemu") != "1" && !debugBuild(value("ro.build.fingerprint")) {
		return fmt.Errorf("%s: %w: %w", a.Device.Serial(), ErrNotBench, message.Error(message.Say("guide.error.not-sent"), nil))
	}
	if want := a.Identity.Serial.Value; want != "" && value("ro.serialno") != want {
		return fmt.Errorf("%s: %w", a.Device.Serial(), ErrOtherUnit)
	}
	return nil
}

// ask sends a row without blanks that is to succeed.
func (a *attempt) ask(ctx context.Context, row *handset.Command) error {
	answer, err := a.askFor(ctx, row.Must())
	if err == nil && answer.Exit > 0 {
		said := dump.Printable(append(answer.Stderr, answer.Stdout...), 200)
		return fmt.Errorf("%s: %w", row.Name, message.Error(message.Say("guide.error.says", "text", strconv.Quote(said)), nil))
	}
	return err
}

func (a *attempt) askFor(ctx context.Context, line handset.Line) (handset.Answer, error) {
	return handset.Ask(ctx, a.Reader, line)
}
