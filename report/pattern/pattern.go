package pattern

import (
	"errors"
	"fmt"
	"regexp"
	"regexp/syntax"
	"sync"
)

// all are the patterns of the program. New runs while packages are initialized, which
// happens one after the other.
var all []string

// New returns a function that compiles the pattern at its first call and returns the
// same expression at each. It is for variables of packages, and must not be called later.
// Inlined, each pattern would make the program 2 KB larger.
//
//go:noinline
func New(pattern string) func() *regexp.Regexp {
	all = append(all, pattern)
	return sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(pattern) })
}

// Check returns an error for each pattern of the program that is invalid.
func Check() error {
	var errs []error
	for _, p := range all {
		if _, err := syntax.Parse(p, syntax.Perl); err != nil {
			errs = append(errs, fmt.Errorf("pattern %q: %w", p, err))
		}
	}
	return errors.Join(errs...)
}
