package main

import (
	"flag"
	"os"
	"path/filepath"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"

	"preship/report/safefile/safefiletest"
)

// shippedWork is passphraseWork before the tests change it.
var shippedWork = passphraseWork

func TestShippedPassphraseWork(t *testing.T) {
	t.Parallel()
	if shippedWork != 0 {
		t.Errorf("passphraseWork is %d, want age's own", shippedWork)
	}
}

func TestMain(m *testing.M) {
	passphraseWork = 10 // age's own takes a second for each try
	if os.Getenv(asPreship) != "" {
		main()
		return
	}
	// The stories wait for handsets far more than they compute.
	if err := flag.Set("test.parallel", "8"); err != nil {
		panic(err)
	}
	testscript.Main(safefiletest.InMemory(m), map[string]func(){"preship": main})
}

// TestScripts runs the stories of the commands. Each gets its own home and
// sees no adb server but the one it starts.
func TestScripts(t *testing.T) {
	t.Parallel()
	examples, err := filepath.Abs(filepath.Join("..", "..", "testdata", "examples"))
	if err != nil {
		t.Fatal(err)
	}
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
			for _, name := range safefiletest.Environment {
				e.Setenv(name, os.Getenv(name))
			}
			e.Setenv("LANG", "C")
			e.Setenv("LC_ALL", "")
			e.Setenv("LC_MESSAGES", "")
			e.Setenv("ANDROID_SERIAL", "")
			// A story that forgets to name its server must not reach anybody's.
			e.Setenv("ADB_SERVER_SOCKET", "tcp:not-an-address")
			e.Setenv("EXAMPLES", examples)
			e.Setenv("ONLY_PRESHIP", filepath.SplitList(e.Getenv("PATH"))[0])
			return nil
		},
		Cmds: withStage(scriptCommands),
		Condition: func(name string) (bool, error) {
			return toolHere(name), nil
		},
	})
}
