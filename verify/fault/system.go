package fault

import (
	"context"
	_ "embed"
	"strconv"
	"strings"
	"time"

	"preship/adb/handset"
	"preship/adb/handset/dump"
	"preship/adb/handset/health"
	"preship/report"
	"preship/report/check"
	"preship/report/message"
)

const (
	buildKey = "ro.build.version.incremental"
	patchKey = "ro.build.version.security_patch"
)

//go:embed builds.txt
var buildList string

// reported is a public report about a build.
type reported struct{ What, Source string }

// builds are the builds of builds.txt.
func builds() map[string]reported {
	list := map[string]reported{}
	for line := range strings.Lines(buildList) {
		if f := strings.Split(strings.TrimSpace(line), "\t"); len(f) == 4 {
			list[f[0]] = reported{f[1], f[2]}
		}
	}
	return list
}

// reports are the words for the reports.
var reports = map[string]message.ID{"no-start": "fault.build.no-start", "black-screen": "fault.build.black-screen"}

func askSystem(ctx context.Context, c *collection) {
	out := &report.FaultSystem{}
	c.out.System = out
	props := c.properties(ctx)
	if props.Known() {
		for key, to := range map[string]**string{buildKey: &out.Build, patchKey: &out.SecurityPatch} {
			if v, _ := props.Items[0].Text(key); v != "" {
				*to = &v
			}
		}
	}
	if kernel := one(ctx, c, handset.KernelVersion.Must(), health.ParseKernel); kernel.Known() {
		out.Kernel = &kernel.Items[0]
	}
	c.sayBuild(out, props)
	update := one(ctx, c, handset.DumpPolicy.Must(), health.ParsePendingUpdate)
	switch {
	case !update.Known():
		c.unknown(check.FaultUpdate, "fault.update.unknown", update.Why, update.Ref)
	case update.Items[0].IsZero():
		c.unknown(check.FaultUpdate, "fault.update.unknown", message.Say("fault.why.not-noted"), update.Ref)
	default:
		out.UpdateSince = &update.Items[0]
		c.add(check.FaultUpdate, report.StatusWarn, message.Say("fault.update.waits", "date", update.Items[0].Format(time.DateOnly)), message.Sentence{}, update.Ref)
	}
}

// sayBuild says whether something is publicly reported about the build. Only a build that
// the list names in full counts.
func (c *collection) sayBuild(out *report.FaultSystem, props answer[dump.Properties]) {
	if out.Build == nil {
		c.unknown(check.FaultBuild, "fault.build.unknown", props.Why, props.Ref)
		return
	}
	seen := []message.Sentence{message.AsIs(*out.Build)}
	if out.SecurityPatch != nil {
		seen = append(seen, message.Say("fault.seen.patch", "date", *out.SecurityPatch))
	}
	observed := message.Join(message.Comma, seen...)
	known := builds()
	if r, ok := known[*out.Build]; ok {
		out.Reported = &report.FaultReported{What: r.What, Source: r.Source}
		c.add(check.FaultBuild, report.StatusWarn, message.Say(reports[r.What], "source", r.Source), observed, props.Ref)
		return
	}
	c.add(check.FaultBuild, report.StatusPass, message.Say("fault.build.not-listed", "number", strconv.Itoa(len(known))), observed, props.Ref)
}

// kernelLogs are where a kernel's last log is, the one of newer kernels first.
var kernelLogs = []string{"/sys/fs/pstore/console-ramoops-0", "/sys/fs/pstore/console-ramoops", "/proc/last_kmsg"}

// signNames are the signs of a kernel's log in words, the worst one first.
var signNames = []struct {
	sign string
	name message.ID
}{
	{health.SignPanic, "fault.sign.panic"},
	{health.SignWatchdog, "fault.sign.watchdog"},
	{health.SignPower, "fault.sign.power"},
	{health.SignHeat, "fault.sign.heat"},
	{health.SignStorage, "fault.sign.storage"},
	{health.SignOops, "fault.sign.oops"},
}

// askKernelLog reads what the kernel wrote before the handset started last. Most builds
// refuse it to adb.
func (c *collection) askKernelLog(ctx context.Context, out *report.FaultRestarts) {
	var why message.Sentence
	for _, node := range kernelLogs {
		log := one(ctx, c, handset.KernelLog.Must(node), health.ParseKernelLog)
		if !log.Known() {
			if why.Empty() {
				why = log.Why
			}
			continue
		}
		out.KernelLog = &report.FaultKernelLog{File: node, Signs: []report.FaultSign{}}
		if stop := log.Items[0].Stop; stop != "" {
			out.KernelLog.Stop = &stop
		}
		var seen []message.Sentence
		for _, s := range signNames {
			if n := log.Items[0].Signs[s.sign]; n > 0 {
				out.KernelLog.Signs = append(out.KernelLog.Signs, report.FaultSign{Sign: s.sign, Count: n})
				seen = append(seen, message.Say(s.name))
			}
		}
		if len(seen) == 0 {
			c.add(check.FaultKernelLog, report.StatusPass, message.Say("fault.kernel-log.clean"), message.Sentence{}, log.Ref)
			return
		}
		observed := message.Sentence{}
		if out.KernelLog.Stop != nil {
			observed = message.AsIs(*out.KernelLog.Stop)
		}
		c.add(check.FaultKernelLog, report.StatusWarn, message.Say("fault.kernel-log.signs", "signs", message.Join(message.Comma, seen...)), observed, log.Ref)
		return
	}
	c.unknown(check.FaultKernelLog, "fault.kernel-log.unknown", why)
}
