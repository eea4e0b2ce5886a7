package qrcode

import (
	"errors"
	"fmt"
	"image/color"
	"strings"
	"testing"

	"github.com/boombuler/barcode/qr"
)

// TestEncodeAsAnotherLibraryDoes compares with a library, in every version.
func TestEncodeAsAnotherLibraryDoes(t *testing.T) {
	t.Parallel()
	for version := 1; version <= 40; version++ {
		t.Run(fmt.Sprint(version), func(t *testing.T) {
			t.Parallel()
			long := dataBytes(version) - 1 - countBits(version)/8
			if version == 10 {
				long-- // the header has four bits more than two bytes
			}
			text := strings.Repeat("PS-1 READY é€ {\"imei\":[]}.", 100)[:max(long, 1)]
			got, err := Encode(text)
			if err != nil {
				t.Fatal(err)
			}
			want, err := qr.Encode(text, qr.M, qr.Unicode)
			if err != nil {
				t.Fatal(err)
			}
			if len(got) != want.Bounds().Dx() {
				t.Fatalf("%d modules, want %d", len(got), want.Bounds().Dx())
			}
			for y, row := range got {
				for x, dark := range row {
					if dark != (want.At(x, y) == color.Black) {
						t.Fatalf("module %d,%d is dark: %t", x, y, dark)
					}
				}
			}
		})
	}
}

func TestEncodeTooLong(t *testing.T) {
	t.Parallel()
	if _, err := Encode(strings.Repeat("x", 2331)); err != nil {
		t.Error(err)
	}
	if _, err := Encode(strings.Repeat("x", 2332)); !errors.Is(err, ErrTooLong) {
		t.Errorf("got %v, want %v", err, ErrTooLong)
	}
}

func BenchmarkEncode(b *testing.B) {
	text := strings.Repeat("0123456789abcdef", 40)
	for b.Loop() {
		if _, err := Encode(text); err != nil {
			b.Fatal(err)
		}
	}
}
