package mask

import (
	"bytes"
	"testing"
)

// A screen that breaks off, or is no XML, is kept as nothing: it may name anybody.
func TestMaskScreenOfOtherText(t *testing.T) {
	t.Parallel()
	for _, in := range []string{
		`<hierarchy><node text="Jordan Example" <</hierarchy>`,
		`<hierarchy><node text="Jordan Example"></other></hierarchy>`,
		`<hierarchy><node text="Jordan &nonsense; Example"/></hierarchy>`,
		`<node text="Jordan Example"/>`,
		`Jordan Example`,
		`</hierarchy>Jordan Example<hierarchy`,
	} {
		if got := Screen([]byte(in), func(string) bool { return false }); bytes.Contains(got, []byte("Jordan")) {
			t.Errorf("%q was kept as %q", in, got)
		}
	}
}
