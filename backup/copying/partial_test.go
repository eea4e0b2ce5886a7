package copying

import (
	"crypto/sha256"
	"errors"
	"os"
	"slices"
	"testing"

	"preship/adb"
	"preship/adb/link"
	"preship/backup/disk"
	"preship/backup/meter"
	"preship/backup/plan"
	"preship/report/message"
)

func newRound(t *testing.T, p *plan.Plan) *round {
	t.Helper()
	return &round{
		Copier: &Copier{Plan: p, Link: link.New(nil, link.Options{}), Meter: meter.New(func(meter.Progress) {})},
		queue:  newQueue(p, nil), strikes: new(link.Strikes[uint32]), stalls: map[uint32]int{}, fromStart: map[uint32]bool{},
	}
}

// A partial file that grows between breaks is never given up, and one that does not is.
func TestGrowingFileIsNotGivenUp(t *testing.T) {
	t.Parallel()
	root, err := os.OpenRoot(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	defer root.Close()
	s, err := disk.OpenStore(root, nil)
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	for _, why := range []error{adb.ErrClosed, adb.ErrTimeout} {
		for _, grows := range []bool{true, false} {
			p := plan.New()
			i := listed(t, p, "/sdcard/film.mp4", 1<<30, 0o660)
			r := newRound(t, p)
			part, err := s.Begin(1<<30, true, sha256.New())
			if err != nil {
				t.Fatal(err)
			}
			held := &partial{file: i, part: part}
			for n := 0; n < 20 && p.State(i) == plan.StateListed; n++ {
				if n == 0 || grows && n%2 == 0 {
					if _, err := part.Write([]byte("x")); err != nil {
						t.Fatal(err)
					}
				}
				if err := r.setAside(held, why); err != nil {
					t.Fatal(err)
				}
			}
			if given := p.State(i) != plan.StateListed; given == grows {
				t.Errorf("%v, grows %t: given up %t because of %q", why, grows, given, p.Reason(i))
			}
			if grows {
				if err := part.Discard(); err != nil {
					t.Error(err)
				}
			}
		}
	}
}

// A second read proves a copy only with the same length and the same bytes.
func TestSecondRead(t *testing.T) {
	t.Parallel()
	const copied = "a photo"
	for _, tt := range []struct {
		name, read string
		err        error
		proved     bool
		why        message.ID
	}{
		{"the same", copied, nil, true, ""},
		{"other bytes", "A photo", nil, false, "backup.why.other-sum"},
		{"cut off", "a pho", nil, false, "backup.why.second-read"},
		{"longer", "a photograph", nil, false, "backup.why.second-read"},
		{"refused", copied, errors.New("read failed: I/O error"), false, "backup.why.no-second-read"},
	} {
		p := plan.New()
		i := listed(t, p, "/sdcard/a.jpg", int64(len(copied)), 0o660)
		p.CopySum(i, sha256.Sum256([]byte(copied)))
		s := &reread{round: newRound(t, p), files: []uint32{i}, hash: sha256.New()}
		w, err := s.Open(0)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := w.Write([]byte(tt.read)); err != nil {
			t.Fatal(err)
		}
		if err := s.Done(0, tt.err); err != nil {
			t.Fatal(err)
		}
		var why []message.ID
		p.Reason(i).Reword(func(id message.ID) message.ID { why = append(why, id); return id })
		if (len(s.proved) == 1) != tt.proved || (len(why) == 0) != tt.proved || !tt.proved && !slices.Contains(why, tt.why) {
			t.Errorf("%s: proved %d because of %q, want %t and %q", tt.name, len(s.proved), why, tt.proved, tt.why)
		}
		if p.State(i) != plan.StateSaved || !tt.proved && !p.Doubtful(i) {
			t.Errorf("%s: %v, doubtful %t", tt.name, p.State(i), p.Doubtful(i))
		}
	}
}
