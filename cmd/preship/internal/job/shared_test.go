package job

import (
	"context"
	"errors"
	"testing"

	"preship/report"
	"preship/report/register"
)

// sharedStub is a register of desks that answers as a test wants.
type sharedStub struct {
	claim    error
	released int
}

func (s *sharedStub) Remember(context.Context, string) error { return nil }

func (s *sharedStub) Claim(context.Context, report.Unit) (func() error, error) {
	return func() error { s.released++; return nil }, s.claim
}

// TestDesksShareHandsets: only a handset that another desk has stops a job; a register that
// does not answer is a warning, once.
func TestDesksShareHandsets(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		claim    error
		want     error
		warnings int
		released int
	}{
		"free":            {nil, nil, 0, 1},
		"another desk's":  {register.ErrElsewhere, register.ErrElsewhere, 0, 0},
		"does not answer": {errors.New("connection refused"), nil, 1, 0},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			warned := 0
			stub := &sharedStub{claim: tt.claim}
			host := aHost(t.TempDir())
			host.Shared = stub
			j := New(host, person{tell: func(ev Event) {
				if _, ok := ev.(Warned); ok {
					warned++
				}
			}}, Options{})
			unit := report.Unit{IMEI: []string{"868732053538038"}}
			for range 2 {
				if err := j.claims.amongDesks(unit); !errors.Is(err, tt.want) {
					t.Errorf("%v, want %v", err, tt.want)
				}
			}
			if err := j.Close(); err != nil {
				t.Error(err)
			}
			if warned != tt.warnings || stub.released != tt.released {
				t.Errorf("warned %d times and released %d, want %d and %d", warned, stub.released, tt.warnings, tt.released)
			}
		})
	}
}
