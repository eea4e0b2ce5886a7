package casedir

import (
	"os"
	"path/filepath"
	"testing"
	"time"
)

func newCase(t *testing.T) *Case {
	t.Helper()
	c, err := CreateIn(t.TempDir(), testTime)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { c.Close() })
	return c
}

func reopen(t *testing.T, c *Case) *Case {
	t.Helper()
	if err := c.Close(); err != nil {
		t.Fatal(err)
	}
	c, err := Open(c.Dir())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { c.Close() })
	return c
}

func sampleEntry(name, answer string) Entry {
	return Entry{Name: name, Line: name, Start: testTime, End: testTime.Add(time.Second), Stdout: []byte(answer)}
}

func record(t *testing.T, c *Case, e Entry) string {
	t.Helper()
	ref, err := c.Record(e)
	if err != nil {
		t.Fatal(err)
	}
	return ref
}

func readFile(t *testing.T, c *Case, name string) string {
	t.Helper()
	b, err := os.ReadFile(filepath.Join(c.Dir(), filepath.FromSlash(name)))
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

var testTime = time.Date(2026, 11, 22, 14, 3, 5, 0, time.UTC)
