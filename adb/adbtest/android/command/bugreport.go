package command

import (
	"archive/zip"
	"bytes"
	"errors"
	"fmt"
	"io"
	"path"
	"slices"
	"strings"
	"time"
)

// bugreportFolder is where the shell keeps its bugreports.
const bugreportFolder = "/data/user_de/0/com.android.shell/files/bugreports"

// runBugreportz writes a bugreport: a ZIP file with the properties, the log and the dumps
// that the profile has. Android 7.0 brought the command, and 7.1 its -p.
func runBugreportz(p *process) int {
	switch {
	case slices.Equal(p.Args[1:], []string{"-v"}):
		fmt.Fprintln(p.Stderr, "1.1")
		return 0
	case p.SDK() < 25 || !slices.Equal(p.Args[1:], []string{"-p"}):
		fmt.Fprintln(p.Stderr, "usage: bugreportz [-h | -v]")
		return 1
	}
	file := path.Join(bugreportFolder, fmt.Sprintf("bugreport-%s-%s-%s.zip", p.Prop("ro.product.device"), p.Prop("ro.build.id"), p.Now().Format("2006-01-02-15-04-05")))
	p.Printf("BEGIN:%s\nPROGRESS:5/100\n", file)
	p.Flush()
	if err := p.writeBugreport(file); err != nil {
		p.Printf("FAIL:could not write %s\n", file)
		return 1
	}
	p.Printf("PROGRESS:100/100\nOK:%s\n", file)
	return 0
}

func (p *process) writeBugreport(file string) error {
	main := strings.TrimSuffix(path.Base(file), ".zip") + ".txt"
	rule := strings.Repeat("=", 56)
	text := fmt.Sprintf("%s\n== dumpstate: %s\n%s\n\nBuild: %s\n%s", rule, p.Now().Format(time.DateTime), rule, p.Prop("ro.build.display.id"), p.dumpAll())
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	for _, part := range [][2]string{{"version.txt", "2.0\n"}, {"main_entry.txt", main + "\n"}, {main, text}} {
		w, err := z.Create(part[0])
		if err != nil {
			return err
		}
		if _, err := io.WriteString(w, part[1]); err != nil {
			return err
		}
	}
	return errors.Join(z.Close(), p.WriteFile(file, 0o600, b.Bytes()))
}
