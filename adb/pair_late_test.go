package adb_test

import (
	"context"
	"errors"
	"io"
	"net"
	"strings"
	"testing"
	"testing/synctest"

	"preship/adb"
)

// A pairing that nothing answers ends by itself, and says where nothing answered.
func TestPairIsLate(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		here, there := net.Pipe()
		defer there.Close()
		go func() { _, _ = io.Copy(io.Discard, there) }()
		client, err := adb.New(adb.Options{Addr: "127.0.0.1:1", Dial: func(context.Context) (net.Conn, error) { return here, nil }})
		if err != nil {
			t.Fatal(err)
		}
		_, err = client.Pair(t.Context(), "192.0.2.7:40000", "123456")
		if !errors.Is(err, adb.ErrNotPaired) || !strings.Contains(err.Error(), "nothing at 192.0.2.7:40000 answered within") {
			t.Errorf("error %v", err)
		}
	})
}
