package verify

import (
	"context"
	"fmt"
	"iter"
	"reflect"
	"slices"
	"strings"
	"testing"

	"preship/adb/handset"
	"preship/adb/handset/locks"
	"preship/report"
	"preship/report/check"
)

const capture = "miui14_a12_sunny_global_qcom_locked"

// lockedHandsets are what a lock can look like beside locked: every check that does not
// pass there has an answer here that shows it.
func lockedHandsets(t *testing.T) map[string]answers {
	props := captures(t)[capture]
	inside := strings.NewReplacer("ABSENT,ABSENT", "LOADED,ABSENT", "[sys.oem_unlock_allowed]: [0]", "[sys.oem_unlock_allowed]: [1]").Replace(props)
	unlocked := strings.NewReplacer("[ro.boot.flash.locked]: [1]", "[ro.boot.flash.locked]: [0]", "[ro.secureboot.lockstate]: [locked]", "[ro.secureboot.lockstate]: [unlocked]",
		"[ro.boot.verifiedbootstate]: [green]", "[ro.boot.verifiedbootstate]: [orange]", "[ro.boot.vbmeta.device_state]: [locked]", "[ro.boot.vbmeta.device_state]: [unlocked]").Replace(props)
	all := map[string]answers{
		"bound": locked.but(map[string]string{lineProps: inside}),
		"managed, with a PIN, before Android 12": locked.but(map[string]string{
			lineProps: strings.Replace(props, "[ro.build.version.sdk]: [31]", "[ro.build.version.sdk]: [30]", 1), lineOwners: "-",
		}),
		"unlocked": locked.but(map[string]string{lineProps: unlocked, "which su": "/system/bin/su\n"}),
		"foreign":  locked.but(map[string]string{lineProps: strings.ReplaceAll(props, ":user/release-keys", ":userdebug/test-keys") + "[ro.modversion]: [x-20240101]\n"}),
		"in repair mode": locked.but(map[string]string{
			lineProps: props, lineImage: "1\n", lineRepair: "1\n", lineCurrent: "10\n",
			lineUserDump: strings.Replace(string(locked[lineUserDump].Stdout), "Current user: 0", "Current user: 10", 1),
		}),
		"another user's": locked.but(map[string]string{
			lineProps: props, lineImage: "\n", lineRepair: "null\n", lineCurrent: "10\n",
			lineUserDump: strings.Replace(string(locked[lineUserDump].Stdout), "Current user: 0", "Current user: 10", 1),
		}),
		"work profile": locked.but(map[string]string{
			lineProps: props, lineUsers: "Users:\n\tUserInfo{0:Owner:4c13} running\n\tUserInfo{11:Work:1030} running\n",
			lineAccounts: "User UserInfo{0:Owner:4c13}:\n  Accounts: 0\n\nUser UserInfo{11:Work:1030}:\n  Accounts: 1\n    Account {name=x, type=com.google}\n\n",
		}),
	}
	all["managed, with a PIN, before Android 12"][handset.LockScreen.Line] = handset.Answer{Stderr: []byte("Error while executing command: get-disabled\njava.lang.IllegalArgumentException: Credential can't be null or empty\n"), Exit: 255}
	return all
}

// alone is the limit of what one answer can prove: the checks that it can make pass when
// it lost something, with the reason why no other answer contradicts it. None of them is
// required.
var alone = map[string]string{
	locks.SD: "the list of volumes has neither a count nor an end, and nothing else that is asked names the card",
}

// drops are an answer with every line and every run of lines removed, and with every
// single digit and letter removed.
func drops(s string) iter.Seq2[string, string] {
	return func(each func(how, text string) bool) {
		seen := map[string]bool{}
		yield := func(how, text string) bool {
			if seen[text] { // of two equal letters or lines it does not matter which is gone
				return true
			}
			seen[text] = true
			return each(how, text)
		}
		lines := strings.SplitAfter(s, "\n")
		longest := min(len(lines), 12)
		for from := range lines {
			for to := from + 1; to <= min(len(lines), from+longest); to++ {
				if !yield(fmt.Sprintf("lines %d to %d removed", from+1, to), strings.Join(slices.Concat(lines[:from], lines[to:]), "")) {
					return
				}
			}
		}
		for at, c := range []byte(s) {
			letter := c >= '0' && c <= '9' || c|0x20 >= 'a' && c|0x20 <= 'z'
			if letter && !yield(fmt.Sprintf("%q at %d dropped", c, at), s[:at]+s[at+1:]) {
				return
			}
		}
	}
}

// watched remembers the lines that were asked.
type watched struct {
	answers
	lines map[string]bool
}

func (a *watched) Ask(ctx context.Context, line handset.Line) (handset.Answer, error) {
	a.lines[line.String()] = true
	return a.answers.Ask(ctx, line)
}

// A check that does not pass on the whole answers does not pass when one of them lost
// something.
func TestLocksOfAnswersThatLostSomething(t *testing.T) {
	t.Parallel()
	for name, whole := range lockedHandsets(t) {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, before, ok := replayed(t, name, whole)
			if !ok {
				t.Fatal("not identified")
			}
			identifies := &watched{answers: whole, lines: map[string]bool{}}
			id, err := handset.Identify(t.Context(), identifies)
			if err != nil {
				t.Fatal(err)
			}
			locking := &watched{answers: whole, lines: map[string]bool{}}
			if _, _, err := Locks(t.Context(), locking, id); err != nil {
				t.Fatal(err)
			}
			for line, a := range whole {
				if line == lineProps && string(a.Stdout) == captures(t)[capture] {
					continue // no lock of this handset is shown by its properties
				}
				for how, text := range drops(string(a.Stdout)) {
					m := whole.but(nil)
					m[line] = handset.Answer{Stdout: []byte(text), Stderr: a.Stderr, Exit: a.Exit, Ref: a.Ref}
					now := id
					if identifies.lines[line] {
						if now, err = handset.Identify(t.Context(), m); err != nil {
							continue
						}
					}
					if !locking.lines[line] && reflect.DeepEqual(now, id) {
						continue // nothing else reads the line: the findings are those of the whole answers
					}
					_, found := Identity(now, Claims{})
					_, held, err := Locks(t.Context(), m, now)
					if err != nil {
						t.Fatalf("%s: %v", name, err)
					}
					found = checked(t, line, append(found, held...))
					for _, f := range found {
						was, _ := report.Findings(before).ByID(f.ID)
						if f.Status == report.StatusPass && was.Status != report.StatusPass && alone[f.ID] == "" {
							t.Errorf("%s, %s: %s was %q and passed (%s)", line, how, f.ID, was.Status, f.Observed)
						}
					}
				}
			}
		})
	}
}

func TestOneAnswerDecidesNoRequiredLock(t *testing.T) {
	t.Parallel()
	for id, why := range alone {
		if row, ok := check.ByID(id); !ok || row.Required {
			t.Errorf("%s is required, and one answer decides it: %s", id, why)
		}
	}
}
