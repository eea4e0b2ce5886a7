package pattern

import (
	"strings"
	"testing"
)

var (
	digits  = New(`^[0-9]+$`)
	invalid = New(`a(`)
)

func TestNew(t *testing.T) {
	t.Parallel()
	if !digits().MatchString("12") || digits().MatchString("1a") {
		t.Error("the pattern is another one")
	}
	if once, again := digits(), digits(); once != again {
		t.Error("the pattern is compiled at each call")
	}
}

func TestCheck(t *testing.T) {
	t.Parallel()
	err := Check()
	if err == nil || !strings.Contains(err.Error(), `"a("`) || strings.Contains(err.Error(), "0-9") {
		t.Errorf("Check() = %v, want an error for a( only", err)
	}
	defer func() {
		if recover() == nil {
			t.Error("an invalid pattern is compiled")
		}
	}()
	invalid()
}
