package stream

import (
	"io"
	"testing"
	"testing/synctest"
	"time"
)

func TestSpeed(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		pace := Pacer{Speed: 100_000}
		began := time.Now()
		ended := make(chan struct{})
		for range 2 {
			go func() {
				s := pace.Limit(discarding{})
				_, _ = s.Write(make([]byte, 500_000))
				ended <- struct{}{}
			}()
		}
		<-ended
		<-ended
		// The last piece leaves when those before it have passed.
		if took := time.Since(began); took < 9*time.Second || took > 10*time.Second {
			t.Errorf("1 MB at 100 kB/s took %s", took)
		}
	})
}

// discarding is a stream that stays open.
type discarding struct{ io.Reader }

func (discarding) Write(p []byte) (int, error) { return len(p), nil }
func (discarding) Close() error                { return nil }
func (discarding) HungUp() <-chan struct{}     { return nil }
