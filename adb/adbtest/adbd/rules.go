package adbd

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
)

// Rule is one rule of adb forward or of adb reverse: what comes to the port Local goes
// to the service Remote at the other end.
type Rule struct {
	Local, Remote string
	Name          string // before the rule in a list
	By            Caller // the connection that set up a reverse rule
	End           func() // called once when the rule is dropped; may be nil
}

// ParseRule reads [norebind:]LOCAL;REMOTE.
func ParseRule(spec string) (one *Rule, noRebind, ok bool) {
	spec, noRebind = strings.CutPrefix(spec, "norebind:")
	local, remote, ok := strings.Cut(spec, ";")
	ok = ok && local != "" && remote != "" && !strings.Contains(remote, ";") && remote[0] != '*'
	return &Rule{Local: local, Remote: remote}, noRebind, ok
}

// Rules are the rules of one direction, one for each local port. The zero value is
// ready for use, and safe for concurrent use.
type Rules struct {
	mu   sync.Mutex
	list []*Rule
}

const maxRules = 256

var (
	errRebind = errors.New("cannot rebind existing socket")
	errFull   = errors.New("cannot bind listener: Too many open files")
)

// Add adds a rule, after bind has opened its port. bind may set the port that it chose.
// The rule replaces one of the same port, unless noRebind is set.
func (r *Rules) Add(one *Rule, noRebind bool, bind func() error) error {
	r.mu.Lock()
	defer r.mu.Unlock()
	i := slices.IndexFunc(r.list, func(have *Rule) bool { return have.Local == one.Local })
	switch {
	case i >= 0 && noRebind:
		return errRebind
	case i >= 0:
		r.list[i].end()
		r.list = slices.Delete(r.list, i, i+1)
	case len(r.list) == maxRules:
		return errFull
	}
	if err := bind(); err != nil {
		return err
	}
	r.list = append(r.list, one)
	return nil
}

// Drop removes the rules for which which returns true. It returns false if there is
// no such rule.
func (r *Rules) Drop(which func(*Rule) bool) bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	before := len(r.list)
	r.list = slices.DeleteFunc(r.list, func(one *Rule) bool {
		drop := which(one)
		if drop {
			one.end()
		}
		return drop
	})
	return len(r.list) < before
}

func (one *Rule) end() {
	if one.End != nil {
		one.End()
	}
}

// find returns the rule of a port, nil without one.
func (r *Rules) find(local string) *Rule {
	r.mu.Lock()
	defer r.mu.Unlock()
	if i := slices.IndexFunc(r.list, func(one *Rule) bool { return one.Local == local }); i >= 0 {
		return r.list[i]
	}
	return nil
}

// String lists the rules, one a line.
func (r *Rules) String() string {
	r.mu.Lock()
	defer r.mu.Unlock()
	var b strings.Builder
	for _, one := range r.list {
		fmt.Fprintf(&b, "%s %s %s\n", one.Name, one.Local, one.Remote)
	}
	return b.String()
}
