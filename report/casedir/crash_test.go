package casedir

import (
	"bufio"
	"fmt"
	"os"
	"os/exec"
	"testing"

	"preship/report"
)

// TestKill works on a case in another process and kills it in the middle of
// things. The child reports each step that is on disk; nothing reported
// may be lost, and nothing may keep the case from opening.
func TestKill(t *testing.T) {
	if dir := os.Getenv("REPORT_TEST_WORK_ON"); dir != "" {
		workUntilKilled(dir)
	}
	t.Parallel()
	c := newCase(t)
	c.Close()
	for round := range 6 {
		cmd := exec.Command(os.Args[0], "-test.run=^TestKill$")
		cmd.Env = append(os.Environ(), "REPORT_TEST_WORK_ON="+c.Dir())
		cmd.Stderr = os.Stderr
		out, err := cmd.StdoutPipe()
		if err != nil {
			t.Fatal(err)
		}
		if err := cmd.Start(); err != nil {
			t.Fatal(err)
		}
		last := 0
		for lines := bufio.NewScanner(out); last < 5+3*round && lines.Scan(); {
			if _, err := fmt.Sscan(lines.Text(), &last); err != nil {
				t.Errorf("child said %q", lines.Text())
				break
			}
		}
		if _, err := Open(c.Dir()); err == nil {
			t.Error("the case opened while another process held it")
		}
		if err := cmd.Process.Kill(); err != nil {
			t.Error(err)
		}
		_ = cmd.Wait()
		c, err = Open(c.Dir())
		if err != nil {
			t.Fatalf("round %d: %v", round, err)
		}
		if c.log.seq < last {
			t.Errorf("round %d: %d answers are left of %d", round, c.log.seq, last)
		}
		if got := c.Step(report.StepBackup).State; got != report.StepRunning {
			t.Errorf("round %d: state %q, want %q", round, got, report.StepRunning)
		}
		c.Close()
	}
}

func workUntilKilled(dir string) {
	c, err := Open(dir)
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	for {
		if err := c.SetStep(report.StepRecord{Name: report.StepBackup, State: report.StepRunning}); err != nil {
			panic(err)
		}
		if _, err := c.Record(sampleEntry("work", "answer")); err != nil {
			panic(err)
		}
		fmt.Println(c.log.seq)
	}
}
