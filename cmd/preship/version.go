package main

import (
	"runtime"
	"runtime/debug"
	"time"

	"github.com/spf13/cobra"
)

// version is set by the linker for a release; otherwise the build says it.
var version string

type versionInfo struct {
	Version string    `json:"version"`
	Commit  string    `json:"commit"`
	Time    time.Time `json:"time,omitzero"` // of the commit
	Go      string    `json:"go"`
	OS      string    `json:"os"`
	Arch    string    `json:"arch"`
}

func buildVersion() versionInfo {
	v := versionInfo{Version: version, Go: runtime.Version(), OS: runtime.GOOS, Arch: runtime.GOARCH}
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return v
	}
	if v.Version == "" {
		v.Version = info.Main.Version
	}
	for _, s := range info.Settings {
		switch s.Key {
		case "vcs.revision":
			v.Commit = s.Value
		case "vcs.time":
			v.Time, _ = time.Parse(time.RFC3339, s.Value) // no time is known where it is none
		}
	}
	return v
}

func newVersionCmd(e *env, g *globals) *cobra.Command {
	return &cobra.Command{
		Use:   "version",
		Short: "say which preship this is",
		RunE: func(*cobra.Command, []string) error {
			v := buildVersion()
			if g.json {
				return e.PrintJSON(v)
			}
			e.Printf("preship %s (%s, %s/%s)", v.Version, v.Go, v.OS, v.Arch)
			return nil
		},
	}
}
