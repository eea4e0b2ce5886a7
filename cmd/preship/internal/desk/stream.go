package desk

import (
	"encoding/json"
	"fmt"
	"net/http"
	"sync"
	"time"

	"preship/cmd/preship/internal/desk/page"
)

// hub lets the open pages know that something changed.
type hub struct {
	mu   sync.Mutex
	subs map[chan struct{}]bool
}

func (h *hub) tell() {
	h.mu.Lock()
	defer h.mu.Unlock()
	for c := range h.subs {
		select {
		case c <- struct{}{}:
		default: // the page knows already that it has to look
		}
	}
}

// join returns a channel that gets a value after changes. The caller leaves.
func (h *hub) join() (changed chan struct{}, leave func()) {
	changed = make(chan struct{}, 1)
	h.mu.Lock()
	defer h.mu.Unlock()
	h.subs[changed] = true
	return changed, func() {
		h.mu.Lock()
		defer h.mu.Unlock()
		delete(h.subs, changed)
	}
}

const (
	// calm is the least time between two looks of a page: a copy reports hundreds of times
	// a second.
	calm = 100 * time.Millisecond
	// alive is how often a stream says that it lives; a browser finds out by it that the
	// computer is gone.
	alive = 15 * time.Second
)

// live streams the parts of a page that changed, as server-sent events, until the browser
// leaves or the server ends.
func (s *Server) live(w http.ResponseWriter, r *http.Request) {
	reader := s.reader(r)
	query := r.URL.Query()
	changed, leave := s.desk.hub.join()
	defer leave()
	w.Header().Set("Content-Type", "text/event-stream")
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
		if !s.awaitChange(r, w, control, changed, tick) {
			return
		}
	}
}

// awaitChange waits for a change. It reports false if the stream is over.
func (s *Server) awaitChange(r *http.Request, w http.ResponseWriter, control *http.ResponseController, changed <-chan struct{}, tick *time.Ticker) bool {
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
		case <-changed:
			return true
		case <-tick.C:
			_ = control.SetWriteDeadline(time.Now().Add(alive))
			fmt.Fprint(w, ": alive\n\n")
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
