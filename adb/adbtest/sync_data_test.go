package adbtest

import (
	"io"
	"strings"
	"testing"

	"preship/adb/internal/wire"
)

// TestSyncLargeData: adbd's buffer bounded a DATA record until Android 10.
func TestSyncLargeData(t *testing.T) {
	t.Parallel()
	const size = 4*wire.MaxSyncData + 1
	for profile, want := range map[string]string{"redmi-8a": "FAIL\x15\x00\x00\x00oversize data message", "redmi-k60": "OKAY\x00\x00\x00\x00"} {
		h := shipped(t, profile)
		p := peerOf(newServer(t, h), h)
		s, err := p.Open(t.Context(), "sync:")
		if err != nil {
			t.Fatal(err)
		}
		defer s.Close()
		sent := append(syncRecord(wire.IDSendV1, "/data/local/tmp/large,33188"), syncFile(strings.Repeat("x", size))...)
		go func() { _, _ = s.Write(sent) }()
		got := make([]byte, len(want))
		if _, err := io.ReadFull(s, got); err != nil || string(got) != want {
			t.Errorf("%s: answered %q, %v; want %q", profile, got, err, want)
		}
	}
}
