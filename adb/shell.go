package adb

import (
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
)

// MaxShellOutput is the most that Shell keeps of a command's stdout and stderr
// together.
const MaxShellOutput = 64 << 20

// ShellResult is the result of a command.
type ShellResult struct {
	Stdout []byte
	Stderr []byte // empty without shell_v2: it is in Stdout then
	Exit   int    // -1: the device does not report it (no shell_v2)
}

// Shell runs a command to its end, with stdin fed to it when it is not nil.
// Exit is the command's own status and no error. Output beyond MaxShellOutput
// is ErrTooLarge; after any error the result holds what had arrived. Shell
// returns only after its last Read of stdin has returned, as exec.Cmd does.
func (d *Device) Shell(ctx context.Context, line string, stdin io.Reader) (ShellResult, error) {
	s, err := d.StartShell(ctx, line)
	if err != nil {
		return ShellResult{Exit: -1}, err
	}
	defer s.Close()
	if stdin != nil && !s.v2 {
		_, err := s.WriteStdin(nil)
		return ShellResult{Exit: -1}, err
	}
	s.limit, s.strict = MaxShellOutput, true
	fed := make(chan error, 1)
	go func() { fed <- s.feed(stdin) }()
	res, err := s.collect()
	s.Close() // wakes the feeder where the command ended without reading it all
	feedErr := <-fed
	s.release()
	if feedErr != nil { // then it, and not the closed stream, is the cause
		res.Exit, err = -1, fmt.Errorf("%s: stdin: %w", s.conn.name, feedErr)
	}
	return res, err
}

// feed copies stdin to the command and ends it. Only errors of stdin itself
// count: a command need not read its input.
func (s *ShellStream) feed(stdin io.Reader) error {
	if stdin == nil {
		s.CloseStdin() //nolint:errcheck // the reader sees the same broken stream
		return nil
	}
	buf := make([]byte, maxStdinPacket)
	for {
		n, err := stdin.Read(buf)
		if n > 0 {
			if _, err := s.WriteStdin(buf[:n]); err != nil {
				return nil
			}
		}
		if errors.Is(err, io.EOF) {
			s.CloseStdin() //nolint:errcheck // as above
			return nil
		}
		if err != nil {
			s.Close() // the command must not take half of it for the whole
			return err
		}
	}
}

func (s *ShellStream) collect() (ShellResult, error) {
	res := ShellResult{Exit: -1}
	var err error
	for err == nil {
		var n int
		out := slices.Grow(res.Stdout, 512) // most answers are shorter
		n, err = s.Read(out[len(out):cap(out)])
		res.Stdout = out[:len(out)+n]
		if len(res.Stdout)+len(s.stderr) > MaxShellOutput {
			err = s.tooLarge()
		}
	}
	res.Stderr = s.stderr
	if errors.Is(err, io.EOF) {
		res.Exit = s.exit
		return res, nil
	}
	return res, err
}
