package reset

import (
	"errors"
	"testing"
	"testing/synctest"

	"preship/adb/handset"
	"preship/report"
	"preship/report/check"
	"preship/report/message"
)

// benchAnswers are those of an emulator of this unit.
func benchAnswers(_ *phone, line string) (handset.Answer, error) {
	answers := map[string]string{"getprop ro.boot.qemu": "1\n", "getprop ro.serialno": "c9a0a2a6\n"}
	return handset.Answer{Stdout: []byte(answers[line])}, nil
}

// An update waits for its restart, and the recovery is of the new build: the
// processor number still shows that the handset is the same one.
func TestRecoveryOfAnotherBuild(t *testing.T) {
	for _, version := range []string{"V14.0.10.0.SKGMIXM\n", "unknown\n", ""} {
		synctest.Test(t, func(t *testing.T) {
			p := newPhone()
			p.answers["getversion:"] = version
			got, err := wayTo(t, "recovery").Run(t.Context(), newJob(t, p, &saves{}))
			if err != nil || statusOf(got, check.ResetUnit) != report.StatusPass || p.count("format-data:") != 1 {
				t.Errorf("build %q: %s is %q, error %v, sent %q; want pass and one wipe", version, check.ResetUnit, statusOf(got, check.ResetUnit), err, p.sent)
			}
		})
	}
}

// Every handset of a model has the same build, so an equal build proves nothing.
func TestEqualBuildProvesNothing(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p := newPhone()
		p.answers["getdevice:"], p.answers["getsn:"] = "unknown\n", "unknown\n"
		j := newJob(t, p, &saves{})
		j.Identity.CPUID = handset.Fact{Unknown: message.English("permission denied")}
		got, err := wayTo(t, "recovery").Run(t.Context(), j)
		if !errors.Is(err, ErrOtherUnit) || statusOf(got, check.ResetUnit) != report.StatusUnknown || p.count("format-data:") != 0 {
			t.Errorf("%s is %q, error %v, sent %q; want unknown, %v and no wipe", check.ResetUnit, statusOf(got, check.ResetUnit), err, p.sent, ErrOtherUnit)
		}
	})
}
