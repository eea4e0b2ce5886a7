package register_test

import (
	"testing"

	"preship/report/register"
	"preship/report/register/storetest"
)

func TestStores(t *testing.T) {
	t.Parallel()
	for name, open := range map[string]func(t testing.TB) (*register.Register, error){
		"file":   func(t testing.TB) (*register.Register, error) { return register.Open(t.Context(), t.TempDir()) },
		"memory": func(t testing.TB) (*register.Register, error) { return register.OpenInMemory(t.Context(), t.TempDir()) },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			storetest.Run(t, func(t testing.TB) register.Store {
				r, err := open(t)
				if err != nil {
					t.Fatal(err)
				}
				t.Cleanup(func() {
					if err := r.Close(); err != nil {
						t.Error(err)
					}
				})
				return register.StoreOf(r)
			})
		})
	}
}
