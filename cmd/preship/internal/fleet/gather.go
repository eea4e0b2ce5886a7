package fleet

import (
	"context"
	"slices"

	"preship/adb"
	"preship/adb/link"
	"preship/cmd/preship/internal/job"
	"preship/report"
	"preship/report/message"
)

// gather starts the work on every handset there is, or with --watch also on each
// that comes, until the context ends.
func (f *fleet) gather(ctx context.Context) error {
	if f.options.Watch {
		return f.watch(ctx)
	}
	list, err := f.client.Devices(ctx)
	if err != nil {
		return err
	}
	for _, serial := range f.options.Serials {
		if !slices.ContainsFunc(list, func(d adb.DeviceInfo) bool { return d.Serial == serial }) {
			list = append(list, adb.DeviceInfo{Serial: serial}) // it may be plugged in yet
		}
	}
	if len(list) == 0 {
		return adb.ErrNoDevices
	}
	f.see(ctx, list)
	return nil
}

// watch follows the server's list. It outlasts a server that is restarted.
func (f *fleet) watch(ctx context.Context) error {
	f.note(message.Say("fleet.watching"))
	err := link.Track(ctx, f.client, link.Tracking{Tries: link.WatchTries}, func(list []adb.DeviceInfo) error {
		f.see(ctx, list)
		return nil
	})
	if ctx.Err() != nil {
		return nil
	}
	return err
}

// see takes the server's list as it is now.
func (f *fleet) see(ctx context.Context, list []adb.DeviceInfo) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.present(list)
	for _, info := range list {
		if len(f.options.Serials) > 0 && !slices.Contains(f.options.Serials, info.Serial) || ctx.Err() != nil {
			continue
		}
		at := slices.IndexFunc(f.members, func(m *member) bool { return m.serial == info.Serial })
		switch {
		case at < 0:
			f.start(ctx, f.join(info))
		case f.members[at].again():
			f.start(ctx, f.members[at])
		}
	}
}

// present takes which members the server lists, and shows who was unplugged. The caller
// holds mu.
func (f *fleet) present(list []adb.DeviceInfo) {
	for _, m := range f.members {
		here := slices.ContainsFunc(list, func(d adb.DeviceInfo) bool { return d.Serial == m.serial })
		m.left = m.done && (m.left || !here)
		was := m.lost()
		m.away = !here
		switch {
		case m.lost() && !was:
			f.view.tell(m, job.Said{Text: message.Say("fleet.away"), OnHandset: true})
		case was && !m.lost() && !m.done:
			f.view.tell(m, job.Said{Text: message.Say("fleet.back")})
		}
	}
}

// follow keeps up with which members are connected, until the context ends. A server
// that is gone is the jobs' to report.
func (f *fleet) follow(ctx context.Context) {
	_ = link.Track(ctx, f.client, link.Tracking{Tries: link.WatchTries}, func(list []adb.DeviceInfo) error {
		f.mu.Lock()
		defer f.mu.Unlock()
		f.present(list)
		return nil
	})
}

// again reports whether a replugged handset is not READY yet, so that its job resumes.
func (m *member) again() bool { return m.done && m.left && m.verdict != report.VerdictReady }

// note shows a message about no handset in particular.
func (f *fleet) note(text message.Sentence) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.view.note(text)
}

// noteEnd shows, once the context ends, what happens until every report is sealed. It
// returns when over is closed.
func (f *fleet) noteEnd(ctx context.Context, over <-chan struct{}) {
	select {
	case <-ctx.Done():
	case <-over:
		return
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	if slices.ContainsFunc(f.members, func(m *member) bool { return !m.done }) {
		f.view.note(message.Say("fleet.ending"))
	}
}
