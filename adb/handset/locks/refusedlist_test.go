package locks

import (
	"strings"
	"testing"

	"preship/adb/handset"
	"preship/report/message"
)

// A list whose command failed is unknown, however complete it looks: the command
// may have ended before it had printed all of it.
func TestListOfAFailedCommand(t *testing.T) {
	t.Parallel()
	lists := map[string]struct {
		known func(handset.Identity, Answers) (bool, message.Sentence)
		locks []string // that rest on the list
	}{
		handset.ListUsers.Line: {func(_ handset.Identity, s Answers) (bool, message.Sentence) { return s.Users.Known(), s.Users.Unknown }, []string{SecondSpace}},
		handset.DumpAccounts.Line: {func(_ handset.Identity, s Answers) (bool, message.Sentence) {
			return s.Accounts.Known(), s.Accounts.Unknown
		}, []string{MiAccount, GoogleAccount, FRP}},
		handset.ListVolumes.Line: {func(id handset.Identity, _ Answers) (bool, message.Sentence) {
			return id.Volumes.Known(), id.Volumes.Unknown
		}, []string{SD}},
		handset.DumpBattery.Line: {func(id handset.Identity, _ Answers) (bool, message.Sentence) {
			return id.Battery.Known(), id.Battery.Unknown
		}, nil},
		handset.DiskFree.Must("/data").String(): {func(id handset.Identity, _ Answers) (bool, message.Sentence) { return id.Disk.Known(), id.Disk.Unknown }, nil},
		handset.ListOwners.Line:                 {nil, []string{Owner}},
	}
	for line, list := range lists {
		for exit, known := range map[int]bool{0: true, -1: true, 1: false, 137: false} {
			a := clean[line]
			a.Exit = exit
			phone := clean.with(answers{line: a})
			id, err := handset.Identify(t.Context(), phone)
			if err != nil {
				t.Fatal(err)
			}
			if list.known != nil {
				got, why := list.known(id, Look(t.Context(), phone, id))
				if got != known || !known && line != handset.DiskFree.Must("/data").String() && !strings.Contains(why.String(), "exit status") {
					t.Errorf("%q with exit status %d: known %t (%s), want %t", line, exit, got, why, known)
				}
			}
			states := readAll(t, phone)
			for _, lock := range list.locks {
				if state := states[lock]; (state.Status == Clear) != known || !known && state.Status != Unknown {
					t.Errorf("%q with exit status %d: %s is %s (%s)", line, exit, lock, state.Status, state.Observed)
				}
			}
		}
	}
}
