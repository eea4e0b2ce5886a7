package main

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"
)

func TestMain(m *testing.M) {
	testscript.Main(m, map[string]func(){"preship": main})
}

// TestScripts runs the stories of the commands. Each gets a home of its own and
// sees no adb server but the one it starts.
func TestScripts(t *testing.T) {
	t.Parallel()
	testscript.Run(t, testscript.Params{
		Dir:                 filepath.Join("..", "..", "testdata", "script"),
		RequireExplicitExec: true,
		RequireUniqueNames:  true,
		UpdateScripts:       os.Getenv("PRESHIP_UPDATE_SCRIPTS") != "",
		Setup: func(e *testscript.Env) error {
			e.Setenv("HOME", e.WorkDir)
			e.Setenv("XDG_CONFIG_HOME", filepath.Join(e.WorkDir, ".config"))
			e.Setenv("AppData", filepath.Join(e.WorkDir, ".config"))
			e.Setenv("NO_COLOR", "1")
			e.Setenv("ANDROID_SERIAL", "")
			// Nothing listens on port 1: a story that forgets to name its server fails.
			e.Setenv("ADB_SERVER_SOCKET", "tcp:127.0.0.1:1")
			return nil
		},
		Cmds: scriptCommands,
		Condition: func(name string) (bool, error) {
			return toolHere(name), nil
		},
	})
}
