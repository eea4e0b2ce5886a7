package message

import (
	"errors"
	"fmt"
	"io/fs"
	"syscall"
	"testing"
)

func TestOf(t *testing.T) {
	t.Parallel()
	first, second := Error(Say(Comma, itemsArg, []string{"a", "b"}), nil), Error(Say(Comma, itemsArg, []string{"c", "d"}), nil)
	for _, tt := range []struct {
		name   string
		err    error
		en, zh string
	}{
		{"nil", nil, "", ""},
		{"no sentence", errors.New("x: y"), "x: y", "x: y"},
		{"sentence", first, "a, b", "a，b"},
		{"one around another", Error(Say(Comma, itemsArg, []string{"c", "d"}), first), "c, d: a, b", "c，d：a，b"},
		{"one around a text", Error(Say(Comma, itemsArg, []string{"c", "d"}), errors.New("x: y")), "c, d: x: y", "c，d：x: y"},
		{"wrapped", fmt.Errorf("x: y: %w", first), "x: y: a, b", "x: y：a，b"},
		{"wrapped twice", fmt.Errorf("x: %w", fmt.Errorf("y: %w", first)), "x: y: a, b", "x：y：a，b"},
		{"at the beginning", fmt.Errorf("%w: x", first), "a, b: x", "a，b：x"},
		{"two", fmt.Errorf("%w: %w", first, second), "a, b: c, d", "a，b：c，d"},
		{"two and a text", fmt.Errorf("%w: %w: x", first, second), "a, b: c, d: x", "a，b：c，d：x"},
		{"of a kind", fmt.Errorf("x: %w", Kind(Say(Comma, itemsArg, []string{"c", "d"}), first)), "x: c, d", "x：c，d"},
		{"between two texts", fmt.Errorf("x: %w: y", first), "x: a, b: y", "x：a，b：y"},
		{"with a detail", fmt.Errorf("x: %w", Detail(first, Say(Comma, itemsArg, []string{"c", "d"}))), "x: a, b: c, d", "x：a，b：c，d"},
		{"in the middle", fmt.Errorf("x (%w)", first), "x (a, b)", "x (a, b)"},
		{"joined", errors.Join(first, second), "a, b\nc, d", "a, b\nc, d"},
		{"of the system", fmt.Errorf("write x: %w", syscall.ENOSPC), "write x: no space left on device", "write x：磁盘空间不足"},
		{"of a file that is in use", &fs.PathError{Op: "remove", Path: "x", Err: syscall.EBUSY}, "remove x: device or resource busy", "无法删除 x：设备或资源正忙"},
	} {
		s := Of(tt.err)
		if got := s.String(); got != tt.en {
			t.Errorf("%s: English %q, want %q", tt.name, got, tt.en)
		}
		if got, known := s.In("zh"); got != tt.zh || !known {
			t.Errorf("%s: Chinese %q, %t, want %q", tt.name, got, known, tt.zh)
		}
	}
	if err := Detail(first, Say(Comma)); !errors.Is(err, first) {
		t.Error("an error with a detail is not of its kind")
	}
	if err := Kind(Say(Comma), first); !errors.Is(err, first) {
		t.Error("an error of a kind is not of it")
	}
	if err := Error(Say(Comma), syscall.ENOSPC); !errors.Is(err, syscall.ENOSPC) || !errors.Is(fmt.Errorf("x: %w", first), first) {
		t.Error("an error of a sentence does not wrap")
	}
}
