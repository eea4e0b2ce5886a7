package adbtest

import "time"

// uiPage returns the page of the vendor's reset that is shown, and for how long
// it has been. A page that passes by itself has passed when its time is over.
func (h *Handset) uiPage() (name string, page uiPage, age time.Duration, ok bool) {
	for {
		h.mu.Lock()
		name, age = h.state.page, time.Since(h.state.pageAt)
		h.mu.Unlock()
		page, ok = uiPages[name]
		if ok && name == pageAbout && !h.vendorReset() {
			ok = false
		}
		if !ok || page.passes == 0 || age < page.passes {
			return name, page, age, ok
		}
		h.leavePage(name, page.next(h))
	}
}

// vendorReset says whether this is a handset with the vendor's own reset page.
func (h *Handset) vendorReset() bool { return h.prop("ro.miui.ui.version.name") != "" }

// leavePage goes on from a page, unless it is no longer shown.
func (h *Handset) leavePage(from, to string) {
	h.mu.Lock()
	there := h.state.page == from
	if there {
		h.state.page, h.state.pageAt, h.state.pageReads, h.state.scrolled = to, time.Now(), 0, 0
	}
	h.mu.Unlock()
	switch {
	case !there:
	case to == pageWiping:
		h.factoryReset()
		h.reboot("")
	default:
		h.publish(event{eventPage, to})
	}
}

// touch presses what lies at a point of the screen.
func (h *Handset) touch(x, y int) {
	name, page, age, ok := h.uiPage()
	if !ok {
		return
	}
	for n, w := range page.widgets {
		left, top, right, bottom, seen := h.rect(n)
		if w.button && seen && left <= x && x < right && top <= y && y < bottom {
			h.press(name, page, w, age)
		}
	}
}

func (h *Handset) press(name string, page uiPage, w widget, age time.Duration) {
	switch {
	case w.counting != "" && countdown(age) > 0:
	case w.leads != "":
		h.leavePage(name, w.leads)
	default:
		h.leavePage(name, page.next(h))
	}
}

// ownerOnPage lets the owner do what a page of the vendor's reset wants: touch
// what leads on, or give the secret it asks for.
func (h *Handset) ownerOnPage(name string) {
	page, ok := uiPages[name]
	kind := screenReset
	switch {
	case !ok || name == pageAbout && !h.vendorReset() || name == pageNotOff:
		return
	case page.secret:
		kind = screenSecret
	}
	h.person.shown(kind, func() {
		wait := page.passes
		if page.counts {
			wait = countFrom * countStep
		}
		if !h.person.waits(wait) || page.passes == 0 && !h.readBefore(name) {
			return
		}
		now, page, age, ok := h.uiPage()
		if !ok || now != name {
			return
		}
		for _, w := range page.widgets {
			if w.button && (w.leads == "" || name == pageAbout) {
				h.press(name, page, w, age)
				return
			}
		}
		h.leavePage(name, page.next(h)) // the secret is typed
	})
}

// readBefore waits until a computer has read the page as often as its owner wants. It
// reports false if the page left or the owner did.
func (h *Handset) readBefore(name string) bool {
	change := make(chan struct{}, 1)
	defer h.subscribe(func(event) {
		select {
		case change <- struct{}{}:
		default: // the change before it is not looked at yet
		}
	})()
	for {
		h.mu.Lock()
		there, reads := h.state.page == name, h.state.pageReads
		h.mu.Unlock()
		if !there || reads >= h.person.owner.Reads {
			return there
		}
		select {
		case <-change:
		case <-h.person.gone:
			return false
		}
	}
}

// pageRead counts a reading of a page, if it is still shown.
func (h *Handset) pageRead(name string) {
	h.mu.Lock()
	if h.state.page == name {
		h.state.pageReads++
	}
	h.mu.Unlock()
	h.publish(event{kind: eventRead})
}

// ResetByHand is the owner resetting the handset in their own time, without a
// computer telling them to: in the settings, with Find Device as it is.
func (h *Handset) ResetByHand() {
	h.factoryReset()
	h.reboot("")
}

func (h *Handset) switchFindDeviceOff() {
	h.mu.Lock()
	h.state.findDevice = "off"
	h.mu.Unlock()
	h.publish(event{kind: eventChanged})
}
