package adbtest

import (
	"context"
	"path"
	"time"

	"preship/adb/adbtest/shell"
	"preship/adb/adbtest/toybox"
	"preship/adb/adbtest/trouble"
	"preship/adb/adbtest/vfs"
)

// system shows a handset to the processes that run on it.
type system struct{ h *Handset }

func (s system) Tree() *vfs.Tree   { return s.h.state.Tree }
func (s system) Now() time.Time    { return s.h.state.Now() }
func (s system) Hostname() string  { return s.h.state.Prop("ro.product.device") }
func (s system) Jobs() *shell.Jobs { return &s.h.jobs }

// Lookup finds a program by its name or by its path in /system/bin.
func (s system) Lookup(name string) (toybox.Program, bool) {
	if dir, base := path.Split(name); dir != "" {
		if path.Clean(dir) != "/system/bin" && path.Clean(dir) != "/bin" {
			return nil, false
		}
		name = base
	}
	if row, ok := toybox.Applets[name]; ok {
		return row.Run, row.Since <= s.h.state.SDK()
	}
	if name == "sh" {
		return func(ctx context.Context, p *toybox.Process) int { return shell.Sh(ctx, s, p) }, true
	}
	return s.h.commands.Lookup(name)
}

// Processes lists adbd, and the processes of the shells.
func (s system) Processes() []toybox.Running {
	rows := []toybox.Running{{User: "shell", PID: shell.ADBD, Parent: 1, Name: "adbd"}}
	for _, j := range s.h.jobs.List() {
		rows = append(rows, toybox.Running{User: "shell", PID: j.PID, Parent: j.Parent, Name: j.Name})
	}
	return rows
}

// Mounts lists the file systems of the handset and of its SD card.
func (s system) Mounts() []toybox.Mount {
	room := s.h.state.Profile.Storage
	used := room.TotalKB - s.h.state.Tree.FreeKB()
	list := []toybox.Mount{
		{Device: "/dev/block/dm-4", On: "/", Total: 3211264, Used: 3211264},
		{Device: "tmpfs", On: "/dev", Total: 1894040, Used: 1448},
		{Device: "/dev/block/dm-37", On: "/data", Total: room.TotalKB, Used: used},
		{Device: "/dev/fuse", On: "/storage/emulated", Total: room.TotalKB, Used: used},
	}
	for _, v := range s.h.state.Profile.Volumes {
		if v.State == "mounted" && v.Label != "null" {
			list = append(list, toybox.Mount{Device: "/dev/fuse", On: "/storage/" + v.Label, Total: 31154688, Used: 1048576})
		}
	}
	return list
}

func (s system) WrongHash(file string) bool {
	_, ok := s.h.state.Troubles.File(trouble.WrongHash, file)
	return ok
}

func (s system) Flood(command string) (int64, bool) {
	t, ok := s.h.state.Troubles.Output(command)
	return t.Bytes, ok
}
