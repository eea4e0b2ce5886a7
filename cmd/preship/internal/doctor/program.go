package doctor

import (
	"bufio"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"preship/report/message"
)

// program is a running program, as far as this user may see it.
type program struct {
	pid  int
	path string
}

func (p program) sentence() message.Sentence {
	return message.Say("doctor.program", "path", p.path, "pid", strconv.Itoa(p.pid))
}

func (p program) name() string { return filepath.Base(p.path) }

// holders finds the programs that have a file open whose name, as /proc gives
// it, is one of names. Those of other users are not seen.
func (m machine) holders(names map[string]bool) []program {
	links, err := filepath.Glob(m.path("/proc/[0-9]*/fd/*"))
	if err != nil || len(names) == 0 {
		return nil
	}
	var found []program
	for _, link := range links {
		target, err := os.Readlink(link)
		if err != nil || !names[target] {
			continue
		}
		dir := filepath.Dir(filepath.Dir(link))
		pid, err := strconv.Atoi(filepath.Base(dir))
		if err != nil || pid == m.pid || len(found) > 0 && found[len(found)-1].pid == pid {
			continue
		}
		exe, err := os.Readlink(filepath.Join(dir, "exe"))
		if err != nil {
			continue
		}
		found = append(found, program{pid, exe})
	}
	return found
}

// listener finds the program that listens at a TCP port of this computer.
func (m machine) listener(port int) (program, bool) {
	names := map[string]bool{}
	for _, table := range []string{"/proc/net/tcp", "/proc/net/tcp6"} {
		f, err := os.Open(m.path(table))
		if err != nil {
			continue // not Linux, or no IPv6
		}
		lines := bufio.NewScanner(f)
		for lines.Scan() {
			if inode, ok := parseListener(lines.Text(), port); ok {
				names["socket:["+inode+"]"] = true
			}
		}
		f.Close()
	}
	if found := m.holders(names); len(found) > 0 {
		return found[0], true
	}
	return program{}, false
}

// parseListener reads a line of /proc/net/tcp: number, local address, remote
// address, state (0A is LISTEN), five more, inode.
func parseListener(line string, port int) (inode string, ok bool) {
	fields := strings.Fields(line)
	if len(fields) < 10 || fields[3] != "0A" {
		return "", false
	}
	_, hex, _ := strings.Cut(fields[1], ":")
	n, err := strconv.ParseUint(hex, 16, 16)
	return fields[9], err == nil && int(n) == port && fields[9] != "0"
}
