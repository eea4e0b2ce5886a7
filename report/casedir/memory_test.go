package casedir

import (
	"testing"
	"time"
)

func TestKeep(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	c, err := Create(dir, time.Date(2026, 11, 22, 9, 0, 0, 0, time.UTC))
	if err != nil {
		t.Fatal(err)
	}
	type memory struct{ Word string }
	if ok, err := c.Kept("before", &memory{}); ok || err != nil {
		t.Errorf("Kept of nothing = %v, %v, want false, nil", ok, err)
	}
	for _, word := range []string{"first", "second"} {
		if err := c.Keep("before", memory{word}); err != nil {
			t.Fatalf("Keep(%q): %v", word, err)
		}
	}
	if err := c.Close(); err != nil {
		t.Fatal(err)
	}
	c, err = Open(dir)
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	var got memory
	if ok, err := c.Kept("before", &got); !ok || err != nil || got.Word != "second" {
		t.Errorf("Kept after reopening = %v, %v, %q, want true, nil, second", ok, err, got.Word)
	}
	var wrong int
	if ok, err := c.Kept("before", &wrong); ok || err == nil {
		t.Errorf("Kept into another type = %v, %v, want an error", ok, err)
	}
}
