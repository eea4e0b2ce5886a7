package handset

import (
	"strings"
	"testing"
)

// A list whose command failed is unknown, however complete it looks: the command
// may have ended before it had printed all of it.
func TestListOfAFailedCommand(t *testing.T) {
	t.Parallel()
	lists := map[string]struct {
		known func(Identity, State) (bool, string)
		locks []string // that rest on the list
	}{
		ListUsers.Line:              {func(_ Identity, s State) (bool, string) { return s.Users.Known(), s.Users.Unknown }, []string{LockSecondSpace}},
		DumpAccounts.Line:           {func(_ Identity, s State) (bool, string) { return s.Accounts.Known(), s.Accounts.Unknown }, []string{LockMiAccount, LockGoogleAccount, LockFRP}},
		ListVolumes.Line:            {func(id Identity, _ State) (bool, string) { return id.Volumes.Known(), id.Volumes.Unknown }, []string{LockSD}},
		DumpBattery.Line:            {func(id Identity, _ State) (bool, string) { return id.Battery.Known(), id.Battery.Unknown }, nil},
		DiskFree.Must("/data").text: {func(id Identity, _ State) (bool, string) { return id.Disk.Known(), id.Disk.Unknown }, nil},
		ListOwners.Line:             {nil, []string{LockOwner}},
	}
	for line, list := range lists {
		for exit, known := range map[int]bool{0: true, -1: true, 1: false, 137: false} {
			a := clean[line]
			a.Exit = exit
			phone := clean.with(answers{line: a})
			id, err := Identify(t.Context(), phone)
			if err != nil {
				t.Fatal(err)
			}
			if list.known != nil {
				got, why := list.known(id, Look(t.Context(), phone, id))
				if got != known || !known && line != DiskFree.Must("/data").text && !strings.Contains(why, "exit status") {
					t.Errorf("%q with exit status %d: known %t (%s), want %t", line, exit, got, why, known)
				}
			}
			states := readAll(t, phone)
			for _, lock := range list.locks {
				if state := states[lock]; (state.Status == LockClear) != known || !known && state.Status != LockUnknown {
					t.Errorf("%q with exit status %d: %s is %s (%s)", line, exit, lock, state.Status, state.Observed)
				}
			}
		}
	}
}
