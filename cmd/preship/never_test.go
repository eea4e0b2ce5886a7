package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"regexp"
	"strings"
	"testing"

	"preship/adb/handset"
)

// never is what no command and no service of preship may be, with the reason.
// The words are taken apart here, so that they are in no binary made of this.
var never = []struct{ word, why string }{
	{"wipe-" + "efs", "erases the partition that holds the IMEI"},
	{"format-" + "frp", "erases the factory reset protection"},
	{"MASTER_" + "CLEAR", "the broadcast is answered with success and does nothing"},
	{"FACTORY_" + "RESET", "the same, and as a page it leaves Find Device on"},
	{"wipe_" + "data", "is for a shell that is root"},
	{"erase " + "userdata", "is for an unlocked bootloader"},
}

// TestNeverInTheBinary looks through the program as it is built: a word that is
// not in it cannot be sent.
func TestNeverInTheBinary(t *testing.T) {
	t.Parallel()
	if testing.Short() {
		t.Skip("builds preship")
	}
	program, err := built()
	if err != nil {
		t.Fatal(err)
	}
	b, err := os.ReadFile(program)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Contains(b, []byte("format-data:")) || !bytes.Contains(b, []byte("iphonesubinfo")) {
		t.Fatal("the command table is not in the binary as text, so looking for words proves nothing")
	}
	for _, n := range never {
		if bytes.Contains(b, []byte(n.word)) {
			t.Errorf("%q is in the binary; it %s", n.word, n.why)
		}
	}
	out, err := exec.CommandContext(t.Context(), program, "commands", "--json").Output()
	if err != nil {
		t.Fatal(err)
	}
	neverInTheTable(t, out)
}

// blanks are what a row leaves to be filled in.
var blanks = regexp.MustCompile(`\{[a-z]+\}`)

// neverInTheTable: no row can be made to call any number of a service, or to
// write where it says that it reads.
func neverInTheTable(t *testing.T, table []byte) {
	t.Helper()
	var rows []struct {
		Name   string `json:"name"`
		Line   string `json:"line"`
		Writes bool   `json:"writes"`
	}
	if err := json.Unmarshal(table, &rows); err != nil || len(rows) < 20 {
		t.Fatalf("%d rows, %v", len(rows), err)
	}
	for _, r := range rows {
		for _, n := range never {
			if strings.Contains(strings.ToLower(r.Line), strings.ToLower(n.word)) {
				t.Errorf("%s: %q %s", r.Name, r.Line, n.why)
			}
		}
		first, _, _ := strings.Cut(r.Line, " ")
		switch {
		case strings.Contains(r.Line, "broadcast"):
			t.Errorf("%s sends a broadcast: %q", r.Name, r.Line)
		case blanks.MatchString(first):
			t.Errorf("%s can be any program: %q", r.Name, r.Line)
		case strings.HasPrefix(r.Line, "am start") && blanks.MatchString(r.Line):
			t.Errorf("%s can open any page: %q", r.Name, r.Line)
		}
	}
}

// TestServiceNumbersAreListed: the number of a service call is one of a list, so
// that no run of preship can try one after the other. On some ROMs the neighbour
// of the number that reads the IMEI writes it.
func TestServiceNumbersAreListed(t *testing.T) {
	t.Parallel()
	calls := 0
	for _, c := range handset.Commands {
		if !strings.HasPrefix(c.Line, "service ") {
			continue
		}
		calls++
		if c.Writes || len(c.Only["code"]) == 0 || len(c.Only["code"]) > 2 || !strings.Contains(c.Line, " call iphonesubinfo {code} ") {
			t.Errorf("%s: %q with numbers %q, want one service and at most two numbers of it", c.Name, c.Line, c.Only["code"])
		}
		sent := 0
		for number := range 200 {
			if _, err := c.With(fmt.Sprint(number), "0"); err == nil {
				sent++
			}
		}
		if sent != len(c.Only["code"]) {
			t.Errorf("%s: %d numbers can be sent, want those of its list: %q", c.Name, sent, c.Only["code"])
		}
	}
	if calls != 1 {
		t.Errorf("%d rows call a service, want 1", calls)
	}
}
