package job

import (
	"context"
	"errors"
	"fmt"
	"net"
	"path/filepath"
	"strconv"
	"strings"

	"preship/adb"
	"preship/cmd/preship/internal/hold"
	"preship/report"
	"preship/report/casedir"
	"preship/report/message"
	"preship/report/register"
)

// claim takes the handset as its adb server knows it, for a job that must be
// alone with it. Two servers on one computer can know two handsets by one name.
func (j *Job) claim(serial string) error {
	if !j.alone || len(j.holds) > 0 {
		return nil
	}
	return j.take(claimName(j.client, serial))
}

// claimName is what a claim of a handset is named, by its serial at its adb server.
func claimName(client *adb.Client, serial string) string {
	return "server " + sameServer(client.Addr()) + "\x00serial " + serial
}

// Elsewhere returns [hold.ErrBusy], with who it is, while another preship works on the
// handset with a serial, and nil otherwise. It asks no handset and claims nothing.
func Elsewhere(host Host, client *adb.Client, serial string) error {
	dir, err := host.ConfigDir()
	if err != nil {
		return err
	}
	return hold.Look(busyDir(dir), claimName(client, serial))
}

// busyDir is the folder of the claims.
func busyDir(config string) string { return filepath.Join(config, "busy") }

// claimUnit claims the handset by its own numbers: the same handset can be connected by
// cable and over the network at once. An emulated handset shares its numbers with all
// of its profile, so it is not claimed by them.
func (j *Job) claimUnit(u report.Unit) error {
	if !j.alone || len(j.holds) != 1 || j.emulated() {
		return nil
	}
	if err := j.take("unit\x00" + u.String()); err != nil {
		return err
	}
	return j.claimElsewhere(u)
}

// claimElsewhere claims the handset among the desks that share a register. A register that
// does not answer stops no job.
func (j *Job) claimElsewhere(u report.Unit) error {
	if j.host.Shared == nil {
		return nil
	}
	release, err := j.host.Shared.Claim(context.Background(), u)
	switch {
	case errors.Is(err, register.ErrElsewhere):
		return err
	case err != nil:
		j.cutOff(err)
		return nil
	}
	j.unclaim = release
	return nil
}

// cutOff says once that the shared register cannot be used.
func (j *Job) cutOff(err error) {
	if !j.unshared {
		j.unshared = true
		j.waits.Tell(Warned{message.Say("job.no-shared", "error", message.Of(err))})
	}
}

func (j *Job) take(name string) error {
	dir, err := j.host.ConfigDir()
	if err != nil {
		return Usage(message.Say("usage.no-config", "error", message.Of(err)))
	}
	h, err := hold.Take(busyDir(dir), name)
	if err != nil {
		return err
	}
	j.holds = append(j.holds, h)
	return j.noteCase()
}

// noteCase says in this job's claims which case it works on, once it has one.
func (j *Job) noteCase() error {
	n := hold.Note{Page: j.host.Page}
	if j.kept != nil {
		n.Case = j.kept.Dir()
	}
	var errs []error
	for _, h := range j.holds {
		errs = append(errs, h.Note(n))
	}
	return errors.Join(errs...)
}

// heldBy adds to the error of a case that is locked who works on it.
func (j *Job) heldBy(err error, dir string) error {
	config, configErr := j.host.ConfigDir()
	if !errors.Is(err, casedir.ErrLocked) || configErr != nil {
		return err
	}
	if h := hold.OfCase(busyDir(config), dir); h != nil && h.Page {
		return message.Kind(message.Say("error.case-locked.page", "case", dir, "process", strconv.Itoa(h.PID)), errors.Join(err, h))
	}
	return err
}

func (j *Job) releaseHolds() error {
	var errs []error
	for _, h := range j.holds {
		errs = append(errs, h.Release())
	}
	j.holds = nil
	if j.unclaim != nil {
		_ = j.unclaim() // the claim ends with the process at the latest
		j.unclaim = nil
	}
	return errors.Join(errs...)
}

// Claim takes a handset for work on it that is no job, and returns how it is given
// back. The error is [ErrBusy] if another preship works on it.
func Claim(host Host, client *adb.Client, serial string) (release func() error, err error) {
	j := &Job{host: host, client: client, alone: true}
	return j.releaseHolds, j.claim(serial)
}

// sameServer is one name for an adb server on this computer, however it was
// written.
func sameServer(addr string) string {
	host, port, err := net.SplitHostPort(addr)
	if err != nil {
		return addr
	}
	if ip := net.ParseIP(host); host == "" || host == "localhost" || ip != nil && ip.IsLoopback() {
		host = "localhost"
	}
	return net.JoinHostPort(host, port)
}

// pick picks the handset with a serial, or the only one. If several are connected and no
// serial is given, it asks the person which one.
func (j *Job) pick(ctx context.Context, serial string) (*adb.Device, adb.DeviceInfo, error) {
	device, info, err := j.client.Pick(ctx, serial)
	several := (*adb.ManyDevicesError)(nil)
	if !errors.As(err, &several) || !j.person.CanAsk() {
		return device, info, err
	}
	list := make([]message.Sentence, len(several.Devices))
	for i, d := range several.Devices {
		name := strings.TrimSpace(d.Serial + " " + strings.ReplaceAll(d.Model, "_", " "))
		list[i] = message.Say("job.pick.row", "number", strconv.Itoa(i+1), "handset", name)
	}
	j.say(message.Say("job.pick"))
	for _, row := range list {
		j.say(row)
	}
	for {
		answer, askErr := j.person.Ask(ctx, Question{Flag: "--serial", Text: message.Say("job.pick.ask", "last", fmt.Sprint(len(list)))})
		if askErr != nil {
			return nil, adb.DeviceInfo{}, askErr
		}
		if answer == "" {
			return nil, adb.DeviceInfo{}, err
		}
		if n, numErr := strconv.Atoi(answer); numErr == nil && n >= 1 && n <= len(list) {
			return j.client.Pick(ctx, several.Devices[n-1].Serial)
		}
	}
}
