package provider

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"preship/backup/query"
)

func TestParseNetworks(t *testing.T) {
	t.Parallel()
	got, err := parseNetworks([]byte("Network Id      SSID                         Security type\n0            home net                              wpa2-psk\n"))
	if err != nil || len(got) != 1 || got[0].Name != "home net" {
		t.Errorf("got %v, error %v", got, err)
	}
	if _, err := parseNetworks([]byte("\nUnknown command: list-networks\n")); !errors.Is(err, query.ErrRefused) {
		t.Errorf("error %v, want errRefused", err)
	}
	if got := parseSettings("system", []byte("a=1\nb=x\ny=\nfoo bar\nc=\n")); fmt.Sprint(got) != "[{system a 1} {system b x} {system y \nfoo bar} {system c }]" {
		t.Errorf("settings %v", got)
	}
}

func FuzzParseSettings(f *testing.F) {
	f.Add([]byte("a=1\nb=x\ny=\nfoo bar\nc=\n"))
	f.Fuzz(func(t *testing.T, out []byte) {
		lines := 0
		for _, s := range parseSettings("system", out) {
			if !settingName().MatchString(s.Name) || s.Namespace != "system" {
				t.Errorf("setting %q", s.Name)
			}
			lines += 1 + strings.Count(s.Value, "\n")
		}
		if n := strings.Count(string(out), "\n") + 1; lines > n {
			t.Errorf("%d lines were made of %d", lines, n)
		}
	})
}

func FuzzParseNetworks(f *testing.F) {
	f.Add([]byte("Network Id      SSID                         Security type\n0            home  net                             wpa2-psk\n"))
	f.Add([]byte("No networks\n"))
	f.Fuzz(func(t *testing.T, out []byte) {
		list, err := parseNetworks(out)
		if err != nil {
			return
		}
		for _, n := range list {
			if strings.ContainsAny(n.Line, "\n") || !strings.Contains(n.Line, n.Name) {
				t.Errorf("network %+v", n)
			}
		}
	})
}
