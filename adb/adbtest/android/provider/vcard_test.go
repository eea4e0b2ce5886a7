package provider

import (
	"strings"
	"testing"
)

func TestVCardBreaksLongLines(t *testing.T) {
	t.Parallel()
	if got := vcardLine("FN", strings.Repeat("李", 12), "李"); !strings.Contains(got, "=\r\n=") {
		t.Errorf("a long line is not broken: %q", got)
	}
}
