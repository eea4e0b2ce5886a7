package guard

import (
	"io"
	"net"
	"testing"
)

func TestLimit(t *testing.T) {
	t.Parallel()
	inner, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	l := Limit(inner)
	defer l.Close()
	accepted := make(chan net.Conn, maxConnsFrom+1)
	go func() {
		for {
			c, err := l.Accept()
			if err != nil {
				close(accepted)
				return
			}
			accepted <- c
		}
	}()
	dial := func() net.Conn {
		t.Helper()
		c, err := net.Dial("tcp", inner.Addr().String())
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { _ = c.Close() })
		return c
	}
	var served []net.Conn
	for range maxConnsFrom {
		dial()
		c := <-accepted
		t.Cleanup(func() { _ = c.Close() })
		served = append(served, c)
	}
	if n, err := dial().Read(make([]byte, 1)); n != 0 || err == nil {
		t.Errorf("one more than %d is served: %d bytes, %v", maxConnsFrom, n, err)
	}
	for range 2 { // closing it twice counts once
		_ = served[0].Close()
	}
	next := dial()
	c := <-accepted
	defer c.Close()
	if _, err := c.Write([]byte("x")); err != nil {
		t.Error(err)
	}
	if _, err := io.ReadFull(next, make([]byte, 1)); err != nil {
		t.Errorf("after one was closed the next is not served: %v", err)
	}
}
