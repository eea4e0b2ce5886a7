package desk

import (
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"sync"
	"time"

	"preship/cmd/preship/internal/desk/page"
)

// hub lets the open pages know that something changed.
type hub struct {
	mu   sync.Mutex
	subs []*listener // the oldest first
}

// listener is a page that listens.
type listener struct {
	changed chan struct{} // gets a value after changes
	pushed  chan struct{} // closed when newer pages took its place
}

// maxStreams bounds the pages that listen at once. A desk has a few windows and browsers;
// who opens more takes the place of the oldest.
const maxStreams = 48

func (h *hub) tell() {
	h.mu.Lock()
	defer h.mu.Unlock()
	for _, l := range h.subs {
		select {
		case l.changed <- struct{}{}:
		default: // the page knows already that it must look
		}
	}
}

// join adds a page. The caller leaves.
func (h *hub) join() (l *listener, leave func()) {
	l = &listener{changed: make(chan struct{}, 1), pushed: make(chan struct{})}
	h.mu.Lock()
	defer h.mu.Unlock()
	if len(h.subs) >= maxStreams {
		close(h.subs[0].pushed)
		h.subs = slices.Delete(h.subs, 0, 1)
	}
	h.subs = append(h.subs, l)
	return l, func() {
		h.mu.Lock()
		defer h.mu.Unlock()
		h.subs = slices.DeleteFunc(h.subs, func(o *listener) bool { return o == l })
	}
}

const (
	// calm is the least time between two looks of a page: a copy reports hundreds of times
	// a second.
	calm = 100 * time.Millisecond
	// alive is how often a stream says that it lives; a page finds out by it that the
	// computer is gone or asleep.
	alive = 15 * time.Second
)

// live streams the parts of a page that changed, as server-sent events, until the browser
// leaves or the server ends.
func (s *Server) live(w http.ResponseWriter, r *http.Request) {
	reader := s.reader(r)
	query := r.URL.Query()
	listening, leave := s.desk.hub.join()
	defer leave()
	w.Header().Set("Content-Type", "text/event-stream")
	fmt.Fprint(w, "retry: 1000\n\n") // a lost page asks again after a second
	control := http.NewResponseController(w)
	sent := map[string]string{} // nothing yet: the page may be of an earlier run
	tick := time.NewTicker(alive)
	defer tick.Stop()
	for {
		_ = control.SetWriteDeadline(time.Now().Add(alive)) // a browser that reads nothing holds nobody
		view, ok := s.liveView(query.Get("at"), query.Get("id"))
		if !ok {
			fmt.Fprint(w, "event: gone\ndata: \n\n")
			_ = control.Flush()
			return
		}
		for _, part := range view.Parts {
			html, err := page.WritePart(reader, part)
			if before, was := sent[part.ID]; err != nil || was && html == before {
				continue
			}
			sent[part.ID] = html
			b, err := json.Marshal(struct {
				ID      string `json:"id"`
				Version string `json:"version"`
				HTML    string `json:"html"`
			}{part.ID, page.Version(html), html})
			if err == nil {
				fmt.Fprintf(w, "event: part\ndata: %s\n\n", b)
			}
		}
		if err := control.Flush(); err != nil {
			return
		}
		if !s.awaitChange(r, w, control, listening, tick) {
			return
		}
	}
}

// awaitChange waits for a change. It reports false if the stream is over.
func (s *Server) awaitChange(r *http.Request, w http.ResponseWriter, control *http.ResponseController, l *listener, tick *time.Ticker) bool {
	pause := time.NewTimer(calm)
	defer pause.Stop()
	select {
	case <-pause.C:
	case <-r.Context().Done():
		return false
	case <-s.ended:
		return false
	}
	for {
		select {
		case <-l.changed:
			return true
		case <-l.pushed:
			_ = control.SetWriteDeadline(time.Now().Add(alive))
			fmt.Fprint(w, "event: pushed\ndata: \n\n")
			_ = control.Flush()
			return false
		case <-tick.C:
			_ = control.SetWriteDeadline(time.Now().Add(alive))
			fmt.Fprint(w, "event: alive\ndata: \n\n")
			if control.Flush() != nil {
				return false
			}
		case <-r.Context().Done():
			return false
		case <-s.ended:
			return false
		}
	}
}
