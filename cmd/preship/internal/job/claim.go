package job

import (
	"context"
	"errors"
	"net"
	"path/filepath"
	"strconv"

	"preship/adb"
	"preship/cmd/preship/internal/hold"
	"preship/report"
	"preship/report/casedir"
	"preship/report/message"
	"preship/report/register"
)

// claims are what other jobs on this computer, and other desks, see of a job: the
// handset that it must have to itself, its case, and the entry of the case in the registers.
type claims struct {
	host    Host
	warn    func(message.Sentence) // nil: no person is warned
	dir     string                 // of the case; empty until it is open
	holds   []*hold.Hold
	unclaim func() error // gives the handset back to the other desks; nil: not claimed

	registered   bool // the register has the case, as this run began it
	unregistered bool // the register cannot be written; warned once
	unshared     bool // the register that desks share cannot be used; warned once
}

// atServer claims a handset as its adb server knows it. Two servers on one computer can
// know two handsets by one name.
func (c *claims) atServer(client *adb.Client, serial string) error {
	if len(c.holds) > 0 {
		return nil
	}
	return c.take(claimName(client, serial))
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

// unit claims a handset by its own numbers, once it is claimed at its server: the same
// handset can be connected by cable and over the network at once.
func (c *claims) unit(u report.Unit) error {
	if len(c.holds) != 1 {
		return nil
	}
	if err := c.take("unit\x00" + u.String()); err != nil {
		return err
	}
	return c.amongDesks(u)
}

// amongDesks claims the handset among the desks that share a register. A register that
// does not answer stops no job.
func (c *claims) amongDesks(u report.Unit) error {
	if c.host.Shared == nil {
		return nil
	}
	release, err := c.host.Shared.Claim(context.Background(), u)
	switch {
	case errors.Is(err, register.ErrElsewhere):
		return err
	case err != nil:
		c.cutOff(err)
		return nil
	}
	c.unclaim = release
	return nil
}

// cutOff says once that the shared register cannot be used.
func (c *claims) cutOff(err error) {
	if !c.unshared {
		c.unshared = true
		c.warn(message.Say("job.no-shared", "error", message.Of(err)))
	}
}

func (c *claims) take(name string) error {
	dir, err := c.host.ConfigDir()
	if err != nil {
		return Usage(message.Say("usage.no-config", "error", message.Of(err)))
	}
	h, err := hold.Take(busyDir(dir), name)
	if err != nil {
		return err
	}
	c.holds = append(c.holds, h)
	return c.note()
}

// ofCase says in the claims which case the job works on.
func (c *claims) ofCase(dir string) error {
	c.dir = dir
	return c.note()
}

func (c *claims) note() error {
	var errs []error
	for _, h := range c.holds {
		errs = append(errs, h.Note(hold.Note{Page: c.host.Page, Case: c.dir}))
	}
	return errors.Join(errs...)
}

// heldBy adds to the error of a case that is locked who works on it.
func (c *claims) heldBy(err error, dir string) error {
	config, configErr := c.host.ConfigDir()
	if !errors.Is(err, casedir.ErrLocked) || configErr != nil {
		return err
	}
	if h := hold.OfCase(busyDir(config), dir); h != nil && h.Page {
		return message.Kind(message.Say("error.case-locked.page", "case", dir, "process", strconv.Itoa(h.PID)), errors.Join(err, h))
	}
	return err
}

// remember writes into the register beside the case how far the job is, when it begins
// and when it ends: in between, whoever reads that register looks at the case itself.
// create makes a register where there is none. The register that desks share learns each
// step. A register that cannot be written stops no job.
func (c *claims) remember(step report.StepRecord, create bool) {
	const registerSize = 1 << 20 // more than one entry takes
	if ends := step.Name == report.StepReport && step.State != report.StepRunning; !c.unregistered && (ends || !c.registered) {
		c.registered = true
		// Also of a job that was interrupted; the wait for others is bounded.
		if err := register.Remember(context.Background(), c.dir, create, c.host.Now()); err != nil {
			c.unregistered = true
			// A full disk ends the job, and is said there.
			if free, spaceErr := c.host.Free(c.dir); spaceErr != nil || free >= registerSize {
				c.warn(message.Say("job.no-register", "error", message.Of(err)))
			}
		}
	}
	if c.host.Shared == nil {
		return
	}
	if err := c.host.Shared.Remember(context.Background(), c.dir); err != nil {
		c.cutOff(err)
	}
}

// release gives the handset back.
func (c *claims) release() error {
	var errs []error
	for _, h := range c.holds {
		errs = append(errs, h.Release())
	}
	c.holds = nil
	if c.unclaim != nil {
		_ = c.unclaim() // the claim ends with the process at the latest
		c.unclaim = nil
	}
	return errors.Join(errs...)
}

// Claim takes a handset for work on it that is no job, and returns how it is given
// back. The error is [ErrBusy] if another preship works on it.
func Claim(host Host, client *adb.Client, serial string) (release func() error, err error) {
	c := &claims{host: host}
	return c.release, c.atServer(client, serial)
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
