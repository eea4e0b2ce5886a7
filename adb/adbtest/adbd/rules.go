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

// ParseRule reads [norebind:]LOCAL;REMOTE. one is nil for anything else.
func ParseRule(spec string) (one *Rule, noRebind bool) {
	spec, noRebind = strings.CutPrefix(spec, "norebind:")
	local, remote, _ := strings.Cut(spec, ";")
	if local == "" || remote == "" || strings.Contains(remote, ";") || remote[0] == '*' {
		return nil, noRebind
	}
	return &Rule{Local: local, Remote: remote}, noRebind
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
	i := slices.IndexFunc(r.list, one.sharesPort)
	switch {
	case i >= 0 && noRebind:
		return errRebind
	case i < 0 && len(r.list) == maxRules:
		return errFull
	}
	r.drop(one.sharesPort)
	if err := bind(); err != nil {
		return err
	}
	r.list = append(r.list, one)
	return nil
}

func (one *Rule) sharesPort(other *Rule) bool { return other.Local == one.Local }

// Drop removes the rules for which which returns true.
func (r *Rules) Drop(which func(*Rule) bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.drop(which)
}

func (r *Rules) drop(which func(*Rule) bool) {
	r.list = slices.DeleteFunc(r.list, func(one *Rule) bool {
		drop := which(one)
		if drop && one.End != nil {
			one.End()
		}
		return drop
	})
}

// Kill removes the rule of a port. It is an error if there is no such rule.
func (r *Rules) Kill(local string) error {
	one := r.find(local)
	if one == nil {
		return errors.New("listener '" + local + "' not found")
	}
	r.Drop(one.sharesPort)
	return nil
}

// find returns the rule of a port, nil without one.
func (r *Rules) find(local string) *Rule {
	r.mu.Lock()
	defer r.mu.Unlock()
	if i := slices.IndexFunc(r.list, (&Rule{Local: local}).sharesPort); i >= 0 {
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
