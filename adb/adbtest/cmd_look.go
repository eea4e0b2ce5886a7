package adbtest

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"strings"
)

// psRow is one process.
type psRow struct {
	user      string
	pid, ppid int
	name      string
}

// processes lists a few processes every handset has, and what the shells run.
func (h *Handset) processes() []psRow {
	rows := []psRow{
		{"root", 1, 0, "init"},
		{"root", 2, 0, "kthreadd"},
		{"root", 388, 1, "ueventd"},
		{"system", 470, 1, "servicemanager"},
		{"root", 612, 1, "zygote64"},
		{"system", 1480, 612, "system_server"},
		{"u0_a120", 2210, 612, "com.android.systemui"},
		{"radio", 2402, 612, "com.android.phone"},
		{"u0_a88", 2733, 612, "android.process.acore"},
		{"shell", adbdPID, 1, "adbd"},
	}
	for _, j := range h.jobs.list() {
		rows = append(rows, psRow{"shell", j.pid, j.parent, j.name})
	}
	return rows
}

// psFields are the columns of ps, with how they are aligned: negative is left.
var psFields = map[string]struct {
	width int
	value func(r psRow) string
}{
	"USER":  {-12, func(r psRow) string { return r.user }},
	"PID":   {6, func(r psRow) string { return strconv.Itoa(r.pid) }},
	"TID":   {6, func(r psRow) string { return strconv.Itoa(r.pid) }},
	"PPID":  {6, func(r psRow) string { return strconv.Itoa(r.ppid) }},
	"VSZ":   {10, func(psRow) string { return "10812345" }},
	"RSS":   {7, func(psRow) string { return "4100" }},
	"WCHAN": {-10, func(psRow) string { return "0" }},
	"ADDR":  {10, func(psRow) string { return "0" }},
	"S":     {1, func(psRow) string { return "S" }},
	"NAME":  {-27, func(r psRow) string { return r.name }},
	"ARGS":  {-27, func(r psRow) string { return r.name }},
	"CMD":   {-27, func(r psRow) string { return r.name }},
	"LABEL": {-30, func(r psRow) string {
		if r.user == "shell" {
			return "u:r:shell:s0"
		}
		return "u:r:" + r.name + ":s0"
	}},
	"TIME": {8, func(psRow) string { return "00:00:01" }},
	"TTY":  {-8, func(psRow) string { return "?" }},
	"%CPU": {4, func(psRow) string { return "0.3" }},
	"%MEM": {5, func(psRow) string { return "0.1" }},
}

var psColumns = []string{"USER", "PID", "PPID", "VSZ", "RSS", "WCHAN", "ADDR", "S", "NAME"}

// runPs lists processes: the shell's, or with -A or -e all.
func runPs(_ context.Context, p *process) int {
	opts, args, ok := p.options("AaTeflMno*O*p:P:u:U:wZkt:")
	if !ok {
		return 1
	}
	columns := psColumns
	switch {
	case opts.has('o'):
		columns = nil
		for _, name := range strings.FieldsFunc(strings.ToUpper(opts['o']), func(r rune) bool { return r == ',' || r == '\n' || r == ' ' }) {
			name = strings.TrimSuffix(name, "=")
			if _, ok := psFields[name]; !ok {
				return p.fail("bad -o '%s'", opts['o'])
			}
			columns = append(columns, name)
		}
	case opts.has('Z'):
		columns = append([]string{"LABEL"}, columns...)
	}
	p.psLine(columns, func(name string) string { return name })
	wanted := append(strings.Split(opts['p'], ","), args...)
	for _, one := range p.h.processes() {
		picked := slices.Contains(wanted, strconv.Itoa(one.pid))
		if (opts.has('p') || len(args) > 0) && !picked || !opts.any("Aaep") && len(args) == 0 && one.user != "shell" {
			continue
		}
		p.psLine(columns, func(name string) string { return psFields[name].value(one) })
	}
	return 0
}

// psLine prints one line; the last column is as long as it is.
func (p *process) psLine(columns []string, value func(name string) string) {
	for i, name := range columns {
		width := psFields[name].width
		if i == len(columns)-1 && name != "PID" {
			width = 0
		} else if name == "S" {
			width = 1
		}
		p.printf("%*s", width, value(name))
		if i < len(columns)-1 {
			p.printf(" ")
		}
	}
	p.printf("\n")
}

// runPidof finds processes by name.
func runPidof(_ context.Context, p *process) int {
	_, names, ok := p.options("so:x")
	if !ok {
		return 1
	}
	var found []string
	for _, one := range p.h.processes() {
		if slices.Contains(names, one.name) {
			found = append(found, strconv.Itoa(one.pid))
		}
	}
	if found == nil {
		return 1
	}
	p.printf("%s\n", strings.Join(found, " "))
	return 0
}

// runPgrep finds processes whose name holds a word.
func runPgrep(_ context.Context, p *process) int {
	opts, names, ok := p.options("cflnovxLd:g:P:s:t:u:U:")
	if !ok || !p.needs(names, 1) {
		return 2
	}
	code := 1
	for _, one := range p.h.processes() {
		if !strings.Contains(one.name, names[0]) || one.name == p.args[0] {
			continue
		}
		code = 0
		if opts.has('l') {
			p.printf("%d %s\n", one.pid, one.name)
		} else {
			p.printf("%d\n", one.pid)
		}
	}
	return code
}

// memoryKB is how much memory a handset says it has.
const memoryKB = 5_772_236

func runFree(_ context.Context, p *process) int {
	opts, _, ok := p.options("htgmkb")
	if !ok {
		return 1
	}
	show := func(kb int64) string {
		switch {
		case opts.has('h'):
			return humanSize(kb << 10)
		case opts.has('m'):
			return strconv.FormatInt(kb>>10, 10)
		case opts.has('k'):
			return strconv.FormatInt(kb, 10)
		case opts.has('g'):
			return strconv.FormatInt(kb>>20, 10)
		}
		return strconv.FormatInt(kb<<10, 10)
	}
	p.printf("\t\ttotal        used        free      shared     buffers\n")
	row := func(name string, cells ...int64) {
		p.printf("%-7s", name)
		for _, kb := range cells {
			p.printf(" %11s", show(kb))
		}
		p.printf("\n")
	}
	row("Mem:", memoryKB, memoryKB-312_400, 312_400, 41_236, 5_732)
	row("-/+ buffers/cache:", memoryKB-318_132, 318_132)
	row("Swap:", 2_097_148, 786_432, 1_310_716)
	return 0
}

// runTop prints one screen of top -b; a handset at rest.
func runTop(_ context.Context, p *process) int {
	opts, _, ok := p.options("Obhd:Hk:m:n:o:p:qs:u:t")
	if !ok {
		return 1
	}
	most := 1 << 20
	if n, ok := count(opts['m']); ok && n > 0 {
		most = int(n)
	}
	list := p.h.processes()
	if !opts.has('q') {
		p.printf("Tasks: %d total,   1 running, %d sleeping,   0 stopped,   0 zombie\n", len(list), len(list)-1)
		p.printf("  Mem:  %8dK total, %8dK used,   312400K free,     5732K buffers\n", memoryKB, memoryKB-312_400)
		p.printf(" Swap:  2097148K total,   786432K used,  1310716K free,  2210440K cached\n")
		p.printf("800%%cpu   4%%user   0%%nice   8%%sys 788%%idle   0%%iow   0%%irq   0%%sirq   0%%host\n")
	}
	p.printf("  PID USER         PR  NI VIRT  RES  SHR S[%%CPU] %%MEM     TIME+ ARGS            \n")
	for n, one := range list {
		if n == most {
			break
		}
		p.printf("%5d %-12s 20   0  10G 4.0M 3.1M S  0.3   0.1   0:01.00 %s\n", one.pid, one.user, one.name)
	}
	return 0
}

// runLogcat prints the log there is: the beginnings of its buffers. Without -d it
// goes on for ever.
func runLogcat(ctx context.Context, p *process) int {
	opts, _, ok := p.options("+b:B:cdDe:f:gG:Lm:n:pP:r:sS:t:T:v:", "buffer=b", "clear=c", "pid=\x01", "format=v")
	if !ok {
		return 1
	}
	switch {
	case opts.has('c'):
		return 0
	case opts.has('g'):
		for _, name := range []string{"main", "system", "crash"} {
			p.printf("%s: ring buffer is 256 KiB (2 KiB consumed), max entry is 5120 B, max payload is 4068 B\n", name)
		}
		return 0
	}
	for _, name := range []string{"main", "system"} {
		p.printf("--------- beginning of %s\n", name)
	}
	if opts.any("dtL") {
		return 0
	}
	p.stdout.flush()
	<-ctx.Done()
	return 130
}

// runMount lists what is mounted.
func runMount(_ context.Context, p *process) int {
	if len(p.args) > 1 {
		return p.fail("'%s': %s", p.args[1], ePERM)
	}
	kinds := map[string]string{"/": "ext4 (ro,seclabel,relatime)", "/dev": "tmpfs (rw,seclabel,nosuid,relatime,mode=755)", "/data": "f2fs (rw,lazytime,seclabel,nosuid,nodev,noatime)"}
	for _, m := range p.h.mounts() {
		kind := kinds[m.on]
		if kind == "" {
			kind = "fuse (rw,lazytime,nosuid,nodev,noexec,noatime,user_id=0,group_id=0,allow_other)"
		}
		p.printf("%s on %s type %s\n", m.device, m.on, kind)
	}
	return 0
}

func runGetenforce(_ context.Context, p *process) int {
	p.printf("Enforcing\n")
	return 0
}

// runMonkey opens an app when asked for one event of its launcher, and refuses
// to play.
func runMonkey(_ context.Context, p *process) int {
	at := slices.Index(p.args, "-p")
	if at < 0 || at+1 >= len(p.args) {
		fmt.Fprintln(p.stderr, "** Error: no package was given, and nothing here is to be played with")
		return 253
	}
	name := p.args[at+1]
	if !slices.ContainsFunc(p.h.apps(), func(a app) bool { return a.name == name }) {
		p.printf("** No activities found to run, monkey aborted.\n")
		return 252
	}
	p.h.showPage(name)
	p.printf("Events injected: 1\n## Network stats: elapsed time=14ms (0ms mobile, 0ms wifi, 14ms not connected)\n")
	return 0
}
